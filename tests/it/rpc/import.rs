//! ImportResourceState and what follows it.

use terraform_provider_aws_workspaces::rpc::proto::move_resource_state;
use terraform_provider_aws_workspaces::sim::builtin;
use terraform_provider_aws_workspaces::tf::Value;
use tonic::Code;

use super::session::{Session, map};
use crate::support::requests::{STANDBY, errors, with};

#[tokio::test]
async fn an_imported_standby_reads_and_plans_no_change() {
    let session = Session::start().await;
    let config = with(&session.config(), [("tags", map([("Name", "ana")]))]);
    let created = session.create(&config).await;
    let id = created.state.get("id").as_str().expect("it has an id").to_owned();
    let identity = |region: Value| {
        Value::object([
            ("account_id", Value::Null),
            ("region", region),
            ("id", Value::from(id.as_str())),
        ])
    };
    let answers = [
        session.core.import(&id).await,
        session.core.import(&format!("{id}@{}", builtin::STANDBY_REGION)).await,
        session.core.import_by("", Some(&identity(Value::Null))).await,
        session.core.import_by("", Some(&identity(builtin::STANDBY_REGION.into()))).await,
        session.core.import_by("", Some(&created.identity)).await,
    ];
    for answer in answers {
        let imported = session.core.imported(&answer);
        assert!(imported.state.is_wholly_known());
        assert!(!imported.state.is_null());
        assert!(imported.identity.is_wholly_known());
        let read = session.core.read(&imported).await.succeeded();
        assert_eq!(read.identity, created.identity);
        let planned = session.core.plan(&read, &config).await;
        assert_eq!(planned.planned_state, session.core.standby.message(&read.state), "no change");
        assert_eq!(planned.requires_replace, []);
        assert_eq!(read.state, created.state, "nothing is lost on the way");
    }
}

#[tokio::test]
async fn an_import_of_another_region_goes_there() {
    let session = Session::start().await;
    let there = [
        ("region", builtin::IRELAND.into()),
        ("directory_id", builtin::IRELAND_DIRECTORY_ID.into()),
    ];
    let created = session.create(&with(&session.config(), there)).await;
    let id = created.state.get("id").as_str().expect("it has an id").to_owned();
    let imported =
        session.core.imported(&session.core.import(&format!("{id}@{}", builtin::IRELAND)).await);
    assert_eq!(session.core.read(&imported).await.succeeded().state, created.state);
}

#[tokio::test]
async fn a_malformed_id_is_an_error_that_tells_the_form() {
    let session = Session::start().await;
    for id in [
        "i-0123456789",
        "ws-",
        "ws-0standby1@",
        "ws-0standby1@nowhere",
        "@us-west-2",
        "ws-0standby1,us-west-2",
    ] {
        let answer = session.core.import(id).await;
        assert!(!errors(&answer.diagnostics).is_empty(), "{id}");
        assert!(answer.diagnostics[0].detail.contains("ws-"), "{id}: {:?}", answer.diagnostics);
        assert_eq!(answer.imported_resources, [], "{id}");
    }
}

#[tokio::test]
async fn an_identity_of_another_account_is_refused() {
    let session = Session::start().await;
    let created = session.create(&session.config()).await;
    let other = with(&created.identity, [("account_id", "210987654321".into())]);
    let answer = session.core.import_by("", Some(&other)).await;
    assert!(!errors(&answer.diagnostics).is_empty(), "{answer:?}");
}

#[tokio::test]
async fn an_id_and_an_identity_are_one_too_many_and_neither_is_too_few() {
    let session = Session::start().await;
    let created = session.create(&session.config()).await;
    let id = created.state.get("id").as_str().expect("it has an id").to_owned();
    for answer in
        [session.core.import("").await, session.core.import_by(&id, Some(&created.identity)).await]
    {
        assert_eq!(errors(&answer.diagnostics).len(), 1, "{answer:?}");
        assert_eq!(answer.imported_resources, []);
    }
}

/// Either the import says so, or Terraform does when it finds that the read object is null.
#[tokio::test]
async fn what_does_not_exist_is_not_imported() {
    let session = Session::start().await;
    let answer = session.core.import("ws-0nowhere01").await;
    if errors(&answer.diagnostics).is_empty() {
        let imported = session.core.imported(&answer);
        assert!(session.core.read(&imported).await.succeeded().state.is_null());
    }
}

#[tokio::test]
async fn a_workspace_that_is_no_standby_is_refused() {
    let session = Session::start().await;
    let answer = session.core.import(builtin::ORDINARY_WORKSPACE).await;
    let mut found = answer.diagnostics.clone();
    if errors(&found).is_empty() {
        let imported = session.core.imported(&answer);
        found = session.core.read(&imported).await.diagnostics;
    }
    assert!(!errors(&found).is_empty(), "it has no primary");
}

#[tokio::test]
async fn a_move_from_elsewhere_is_not_offered() {
    let mut session = Session::unconfigured().await;
    let request = move_resource_state::Request {
        target_type_name: STANDBY.to_owned(),
        ..move_resource_state::Request::default()
    };
    let status =
        session.core.client.move_resource_state(request).await.expect_err("it is not served");
    assert_eq!(status.code(), Code::Unimplemented);
}
