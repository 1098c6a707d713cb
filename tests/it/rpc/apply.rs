//! ApplyResourceChange.

use std::time::Duration;

use terraform_provider_aws_workspaces::sim::{Settings, builtin};
use terraform_provider_aws_workspaces::tf::Value;

use super::session::{Session, departures, map};
use crate::support::requests::{Stored, errors, no_errors, with};

#[tokio::test]
async fn a_create_is_wholly_known_and_keeps_to_its_plan() {
    let session = Session::start().await;
    let configs = [
        session.config(),
        with(
            &session.config_for(builtin::ENCRYPTED_PRIMARY),
            [
                ("tags", map([("Name", "fatou")])),
                ("volume_encryption_key", "alias/workspaces".into()),
                ("data_replication", "PRIMARY_AS_SOURCE".into()),
                ("region", builtin::STANDBY_REGION.into()),
                ("timeouts", session.timeouts([("create", "2h")])),
            ],
        ),
        with(&session.config_for(builtin::PRIMARIES[2]), [("wait_for_ready", Value::Bool(false))]),
    ];
    for config in configs {
        let (planned, answer) = session.core.change(&Stored::absent(), &config).await;
        let created = answer.succeeded();
        assert!(created.state.is_wholly_known());
        assert_eq!(departures(&planned, &created.state), Vec::<String>::new());
        assert!(created.identity.is_wholly_known());
        assert_eq!(created.identity.get("id"), created.state.get("id"));
        session.shown(created.state.get("id").as_str().expect("it has an id"));
    }
}

#[tokio::test]
async fn an_update_keeps_to_its_plan_and_shows_in_aws() {
    let session = Session::start().await;
    let config = with(&session.config(), [("tags", map([("Name", "ana"), ("Old", "x")]))]);
    let created = session.create(&config).await;
    let id = created.state.get("id").as_str().expect("it has an id");
    let config = with(
        &config,
        [
            ("tags", map([("Name", "ann"), ("New", "y")])),
            ("data_replication", "PRIMARY_AS_SOURCE".into()),
        ],
    );
    let (planned, answer) = session.core.change(&created, &config).await;
    let updated = answer.succeeded();
    assert!(updated.state.is_wholly_known());
    assert_eq!(departures(&planned, &updated.state), Vec::<String>::new());
    assert_eq!(updated.identity, created.identity);
    let shown = session.shown(id);
    assert_eq!(shown["Tags"], serde_json::json!({"Name": "ann", "New": "y"}));
    assert_eq!(shown["DataReplicationSettings"]["DataReplication"], "PRIMARY_AS_SOURCE");
    let read = session.core.read(&updated).await.succeeded();
    let planned = session.core.plan(&read, &config).await;
    assert_eq!(
        planned.planned_state,
        session.core.standby.message(&read.state),
        "no change is left"
    );
}

#[tokio::test]
async fn a_change_of_wait_for_ready_or_timeouts_calls_nothing() {
    let session = Session::start().await;
    let created = session.create(&session.config()).await;
    session.simulator.reset_stats();
    let config = with(
        &session.config(),
        [
            ("wait_for_ready", Value::Bool(false)),
            ("timeouts", session.timeouts([("update", "1h")])),
        ],
    );
    let updated = session.core.change(&created, &config).await.1.succeeded();
    assert_eq!(*updated.state.get("wait_for_ready"), Value::Bool(false));
    assert_eq!(session.changes(), 0);
}

#[tokio::test]
async fn a_create_that_fails_with_an_id_leaves_it_in_the_state() {
    let session = Session::with_faults(&["CreateStandbyWorkspaces:fails-provisioning:1"]).await;
    let (_, answer) = session.core.change(&Stored::absent(), &session.config()).await;
    assert!(!errors(&answer.diagnostics).is_empty());
    let id = session.standbys().pop().expect("it was made");
    assert_eq!(*answer.stored.state.get("id"), Value::from(id.as_str()));
    assert_eq!(*answer.stored.identity.get("id"), Value::from(id));
    assert!(answer.stored.state.is_wholly_known());
}

#[tokio::test]
async fn a_create_that_fails_before_there_is_an_id_leaves_nothing() {
    let refusals = [
        ("an unknown primary", "ws-0nowhere01", builtin::STANDBY_DIRECTORY_ID),
        ("a Linux primary", builtin::LINUX_PRIMARY, builtin::STANDBY_DIRECTORY_ID),
        (
            "a user who has a desktop there",
            builtin::OCCUPIED_PRIMARY,
            builtin::STANDBY_DIRECTORY_ID,
        ),
        ("a deregistered directory", builtin::PRIMARIES[0], builtin::DEREGISTERED_DIRECTORY_ID),
    ];
    let session = Session::start().await;
    for (about, primary, directory) in refusals {
        let config = with(&session.config_for(primary), [("directory_id", directory.into())]);
        let (_, answer) = session.core.change(&Stored::absent(), &config).await;
        assert!(!errors(&answer.diagnostics).is_empty(), "{about}");
        assert_eq!(answer.stored.state, Value::Null, "{about}");
    }
    for fault in ["error=AccessDeniedException", "error=OperationNotSupportedException"] {
        session.break_with(&[&format!("CreateStandbyWorkspaces:{fault}:1")]);
        let (_, answer) = session.core.change(&Stored::absent(), &session.config()).await;
        assert!(!errors(&answer.diagnostics).is_empty(), "{fault}");
        assert_eq!(answer.stored.state, Value::Null, "{fault}");
    }
    assert_eq!(session.standbys(), Vec::<String>::new());
}

#[tokio::test]
async fn a_create_whose_answer_is_lost_makes_one_standby_and_adopt_existing_takes_it() {
    for fault in ["reset-after", "5xx-after"] {
        let session =
            Session::with_faults(&[&format!("CreateStandbyWorkspaces:{fault}:1x1")]).await;
        let (_, lost) = session.core.change(&Stored::absent(), &session.config()).await;
        let made = session.standbys();
        assert_eq!(made.len(), 1, "{fault}");
        // Nothing proves that this process made it, so it is named and not taken.
        assert!(lost.diagnostics[0].detail.contains(&made[0]), "{fault}: {:?}", lost.diagnostics);
        assert_eq!(lost.stored.state, Value::Null);
        let config = with(&session.config(), [("adopt_existing", Value::Bool(true))]);
        let (_, applied) = session.core.change(&Stored::absent(), &config).await;
        assert_eq!(errors(&applied.diagnostics), no_errors(), "{fault}");
        assert_eq!(applied.stored.state.get("id").as_str(), Some(made[0].as_str()), "{fault}");
        assert_eq!(session.standbys(), made, "{fault}");
    }
}

#[tokio::test]
async fn an_update_that_fails_half_way_leaves_what_holds() {
    let session = Session::start().await;
    let created = session.create(&session.config()).await;
    session.break_with(&["ModifyWorkspaceProperties:error=AccessDeniedException:1"]);
    let config = with(
        &session.config(),
        [("tags", map([("Name", "ana")])), ("data_replication", "PRIMARY_AS_SOURCE".into())],
    );
    let (_, answer) = session.core.change(&created, &config).await;
    assert!(!errors(&answer.diagnostics).is_empty());
    session.break_with(&[]);
    let held = session.core.read(&created).await.succeeded().state;
    for name in ["id", "tags", "tags_all", "data_replication"] {
        assert_eq!(answer.stored.state.get(name), held.get(name), "{name}");
    }
    assert!(answer.stored.state.is_wholly_known());
    assert_eq!(answer.stored.identity, created.identity);

    let updated = session.core.change(&answer.stored, &config).await.1.succeeded();
    assert_eq!(
        *updated.state.get("data_replication"),
        Value::from("PRIMARY_AS_SOURCE"),
        "a second apply finishes it"
    );
}

#[tokio::test]
async fn a_delete_leaves_null_also_when_it_was_gone_already() {
    let session = Session::start().await;
    let created = session.create(&session.config()).await;
    let gone = session.core.change(&created, &Value::Null).await.1.succeeded();
    assert_eq!(gone.state, Value::Null);
    assert_eq!(session.standbys(), Vec::<String>::new());
    let again = session.core.change(&created, &Value::Null).await.1.succeeded();
    assert_eq!(again.state, Value::Null);
}

#[tokio::test]
async fn a_failed_delete_keeps_the_prior_state() {
    let session = Session::start().await;
    let created = session.create(&session.config()).await;
    let id = created.state.get("id").as_str().expect("it has an id").to_owned();
    session.break_with(&["TerminateWorkspaces:error=AccessDeniedException:1"]);
    let refused = session.core.change(&created, &Value::Null).await.1;
    session.break_with(&[]);
    session.force(&id, "SUSPENDED", "", "");
    let suspended = session.core.change(&created, &Value::Null).await.1;
    for answer in [refused, suspended] {
        assert!(!errors(&answer.diagnostics).is_empty());
        assert_eq!(answer.stored.state.get("id"), created.state.get("id"));
        assert_eq!(answer.stored.identity, created.identity);
    }
    assert_eq!(session.standbys(), [id]);
}

#[tokio::test]
async fn a_timeout_is_kept_and_the_error_names_the_last_state() {
    let slow = Settings { provisioning: Duration::from_secs(3600), ..Settings::default() };
    let session = Session::with(slow).await;
    let config = with(&session.config(), [("timeouts", session.timeouts([("create", "3s")]))]);
    let (_, answer) = session.core.change(&Stored::absent(), &config).await;
    let id = session.standbys().pop().expect("it was made");
    assert_eq!(*answer.stored.state.get("id"), Value::from(id));
    assert_eq!(*answer.stored.state.get("timeouts"), session.timeouts([("create", "3s")]));
    let [problem] = &answer.diagnostics[..] else {
        panic!("one problem was expected: {:?}", answer.diagnostics)
    };
    assert!(format!("{} {}", problem.summary, problem.detail).contains("PENDING"), "{problem:?}");
}

#[tokio::test]
async fn a_destroy_works_while_the_primary_region_is_down() {
    let session = Session::start().await;
    let created = session.create(&session.config()).await;
    session.break_with(&[&format!("*@{}:5xx-before:1", builtin::PRIMARY_REGION)]);
    let gone = session.core.change(&created, &Value::Null).await.1;
    assert_eq!(errors(&gone.diagnostics), no_errors());
    assert_eq!(gone.stored.state, Value::Null);
}
