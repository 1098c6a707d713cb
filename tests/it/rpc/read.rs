//! ReadResource.

use terraform_provider_aws_workspaces::sim::builtin;
use terraform_provider_aws_workspaces::tf::Value;

use super::session::{Session, map};
use crate::support::requests::{Stored, errors, no_errors, warnings, with};

#[tokio::test]
async fn what_exists_is_wholly_known_and_reads_the_same_again() {
    let session = Session::start().await;
    let config = with(
        &session.config(),
        [
            ("tags", map([("Name", "ana"), ("Team", "design")])),
            ("timeouts", session.timeouts([("create", "2h"), ("delete", "30m")])),
        ],
    );
    let created = session.create(&config).await;
    let first = session.core.read(&created).await.succeeded();
    assert!(first.state.is_wholly_known());
    assert_eq!(first, created, "nothing has changed since it was made");
    assert_eq!(session.core.read(&first).await.succeeded(), first);
}

#[tokio::test]
async fn what_is_gone_is_null_with_a_warning() {
    let session = Session::start().await;
    let created = session.create(&session.config()).await;
    let id = created.state.get("id").as_str().expect("it has an id").to_owned();
    session.vanish(&id);
    let read = session.core.read(&created).await;
    assert_eq!(errors(&read.diagnostics), no_errors());
    assert_eq!(warnings(&read.diagnostics).len(), 1);
    assert_eq!(read.stored.state, Value::Null);
}

#[tokio::test]
async fn a_failed_read_is_an_error_and_loses_nothing() {
    let session = Session::start().await;
    let created = session.create(&session.config()).await;
    let created = Stored { private: b"bytes of another time".to_vec(), ..created };
    for code in ["AccessDeniedException", "InvalidParameterValuesException"] {
        session.break_with(&[&format!("DescribeWorkspaces:error={code}:1")]);
        let read = session.core.read(&created).await;
        assert!(!errors(&read.diagnostics).is_empty(), "{code}");
        assert!(
            read.diagnostics.iter().any(|diagnostic| diagnostic.detail.contains(code)),
            "{:?}",
            read.diagnostics
        );
        assert_eq!(read.stored, created, "{code}");
    }
    session.break_with(&[]);
    assert_eq!(session.core.read(&created).await.succeeded().state, created.state);
}

#[tokio::test]
async fn a_refresh_asks_only_the_standby_region() {
    let session = Session::start().await;
    let created = session.create(&session.config()).await;
    session.simulator.reset_stats();
    session.break_with(&[&format!("*@{}:5xx-before:1", builtin::PRIMARY_REGION)]);
    session.core.read(&created).await.succeeded();
    let asked: Vec<_> =
        session.simulator.stats().operations.into_values().flat_map(|all| all.regions).collect();
    assert!(asked.iter().all(|(region, _)| region != builtin::PRIMARY_REGION), "{asked:?}");
}

#[tokio::test]
async fn private_state_and_identity_come_back() {
    let session = Session::start().await;
    let created = session.create(&session.config()).await;
    let identity = Value::object([
        ("account_id", Value::from(builtin::ACCOUNT_ID)),
        ("region", builtin::STANDBY_REGION.into()),
        ("id", created.state.get("id").clone()),
    ]);
    assert_eq!(created.identity, identity);
    let old = Stored { identity: Value::Null, ..created.clone() };
    assert_eq!(
        session.core.read(&old).await.succeeded().identity,
        identity,
        "a request of an old Terraform has none"
    );
    let again = session.core.read(&created).await.succeeded();
    assert_eq!((again.private, again.identity), (created.private, identity));
}

#[tokio::test]
async fn drift_shows_and_the_configured_spelling_stays() {
    let session = Session::start().await;
    let key = [("volume_encryption_key", Value::from("alias/workspaces"))];
    let created = session.create(&with(&session.config_for(builtin::ENCRYPTED_PRIMARY), key)).await;
    let id = created.state.get("id").as_str().expect("it has an id").to_owned();
    assert_eq!(*created.state.get("volume_encryption_key"), Value::from("alias/workspaces"));

    session.force(&id, "STOPPED", "", "");
    let read = session.core.read(&created).await.succeeded();
    assert_eq!(*read.state.get("state"), Value::from("STOPPED"));
    let kept = |stored: &Stored| with(&stored.state, [("state", Value::Null)]);
    assert_eq!(kept(&read), kept(&created));
}

#[tokio::test]
async fn a_broken_standby_stays_with_a_warning_that_says_why() {
    let session = Session::start().await;
    let created = session.create(&session.config()).await;
    let id = created.state.get("id").as_str().expect("it has an id").to_owned();
    session.force(&id, "ERROR", "DiskFull.X", "The disk of the desktop is full.");
    let read = session.core.read(&created).await;
    assert_eq!(errors(&read.diagnostics), no_errors());
    let [warning] = &read.diagnostics[..] else {
        panic!("one warning was expected: {:?}", read.diagnostics)
    };
    for part in ["DiskFull.X", "The disk of the desktop is full."] {
        assert!(warning.detail.contains(part), "{warning:?}");
    }
    assert_eq!(*read.stored.state.get("state"), Value::from("ERROR"));
}
