//! ValidateDataResourceConfig and ReadDataSource.

use std::time::{Duration, Instant};

use terraform_provider_aws_workspaces::rpc::proto::{
    read_data_source, stop_provider, validate_data_resource_config,
};
use terraform_provider_aws_workspaces::sim::{Settings, builtin};
use terraform_provider_aws_workspaces::tf::Value;

use super::session::Session;
use crate::support::requests::{STANDBY, errors, no_errors, with};

const ONE: &str = STANDBY;
const MANY: &str = "aws_workspaces_standbys";

#[tokio::test]
async fn a_configuration_is_checked_without_a_call_and_unknown_values_pass() {
    let session = Session::unconfigured().await;
    let (one, many) = (&session.core.data[ONE], &session.core.data[MANY]);
    let timeouts = session.block_of("timeouts", &many.object, [("read", "soon".into())]);
    let id = Value::from("ws-0a1b2c3d4");
    for (name, config, expected) in [
        (ONE, one.nothing(), vec!["id"]),
        (ONE, one.config([("id", id.clone())]), vec![]),
        (ONE, one.config([("id", Value::Unknown)]), vec![]),
        (ONE, one.config([("id", "i-1".into())]), vec!["id"]),
        (ONE, one.config([("primary_workspace_id", id.clone())]), vec!["primary_workspace_id"]),
        (ONE, one.config([("directory_id", "d-90670a1b2c".into())]), vec!["id"]),
        (
            ONE,
            one.config([("primary_workspace_id", id.clone()), ("directory_id", Value::Unknown)]),
            vec![],
        ),
        (
            ONE,
            one.config([("id", id.clone()), ("directory_id", "d-90670a1b2c".into())]),
            vec!["id"],
        ),
        (ONE, one.config([("id", id.clone()), ("state", "ERROR".into())]), vec!["state"]),
        (MANY, many.nothing(), vec![]),
        (MANY, many.config([("directory_id", Value::Unknown)]), vec![]),
        (MANY, many.config([("directory_id", "here".into())]), vec!["directory_id"]),
        (MANY, many.config([("primary_region", "there".into())]), vec!["primary_region"]),
        (MANY, many.config([("region", "there".into())]), vec!["region"]),
        (MANY, many.config([("state", "available".into())]), vec!["state"]),
        (MANY, many.config([("timeouts", timeouts.clone())]), vec!["timeouts.read"]),
        (MANY, many.config([("ids", Value::List(vec![id.clone()]))]), vec!["ids"]),
    ] {
        let found = errors(&session.core.validate_data(name, &config).await);
        let paths: Vec<_> = found.iter().map(|(path, _)| path.as_str()).collect();
        assert_eq!(paths, expected, "{name}: {config:?}: {found:?}");
    }
    assert_eq!(session.calls(), 0);
}

#[tokio::test]
async fn a_read_is_wholly_known_and_holds_what_was_configured() {
    let session = Session::start().await;
    let created = session.create(&session.config()).await;
    let many = &session.core.data[MANY];
    let timeouts = session.block_of("timeouts", &many.object, [("read", "1m".into())]);
    let config = many.config([
        ("directory_id", builtin::STANDBY_DIRECTORY_ID.into()),
        ("wait_for_ready", true.into()),
        ("timeouts", timeouts),
    ]);
    let (state, diagnostics) = session.core.read_data(MANY, &config).await;
    assert_eq!(errors(&diagnostics), no_errors());
    assert!(state.is_wholly_known());
    let ids = Value::List(vec![created.state.get("id").clone()]);
    assert_eq!(state.get("ids"), &ids);
    let computed = [
        ("ids", ids),
        ("standbys", state.get("standbys").clone()),
        ("region", builtin::STANDBY_REGION.into()),
    ];
    assert_eq!(state, with(&config, computed));

    let one = session.core.data[ONE].config([("id", created.state.get("id").clone())]);
    let (state, diagnostics) = session.core.read_data(ONE, &one).await;
    assert_eq!(errors(&diagnostics), no_errors());
    assert!(state.is_wholly_known());
    assert_eq!(state.get("arn"), created.state.get("arn"));
    assert_eq!(session.core.read_data(ONE, &one).await.0, state, "it reads the same again");
}

#[tokio::test]
async fn a_stop_ends_a_wait_and_the_process_serves_on() {
    let slow = Settings { provisioning: Duration::from_secs(3600), ..Settings::default() };
    let session = Session::with(slow).await;
    session.create(&with(&session.config(), [("wait_for_ready", false.into())])).await;
    let config = session.core.data[MANY].config([("wait_for_ready", true.into())]);
    session.simulator.reset_stats();
    let core = session.core.clone();
    let waiting = {
        let config = config.clone();
        tokio::spawn(async move { core.read_data(MANY, &config).await })
    };
    // The listing, and one look.
    while session.calls() < 2 {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let stopped = Instant::now();
    let stop = session.core.client.clone().stop_provider(stop_provider::Request {}).await;
    assert_eq!(stop.expect("OK").into_inner().error, "");
    let (state, diagnostics) = waiting.await.expect("the read is answered");
    assert!(stopped.elapsed() < Duration::from_secs(2), "{:?}", stopped.elapsed());
    assert_eq!((errors(&diagnostics).len(), state), (1, Value::Null), "{diagnostics:?}");

    let listing = with(&config, [("wait_for_ready", false.into())]);
    let (state, diagnostics) = session.core.read_data(MANY, &listing).await;
    assert_eq!(errors(&diagnostics), no_errors());
    assert_eq!(state.get("ids").as_items().map(<[_]>::len), Some(1));
}

#[tokio::test]
async fn what_cannot_be_read_is_a_diagnostic_and_never_a_failed_call() {
    let session = Session::unconfigured().await;
    let listing = session.core.data[MANY].nothing();
    let (state, diagnostics) = session.core.read_data(MANY, &listing).await;
    assert_eq!(state, Value::Null);
    assert_eq!(errors(&diagnostics)[0].1, "Provider not configured");

    session.configure().await;
    let unknown = session.core.data[MANY].config([("directory_id", Value::Unknown)]);
    let (state, diagnostics) = session.core.read_data(MANY, &unknown).await;
    assert_eq!((state, errors(&diagnostics).len()), (Value::Null, 1), "{diagnostics:?}");
    assert_eq!(session.calls(), session.simulator.stats().operation("GetCallerIdentity").calls);

    let mut client = session.core.client.clone();
    let type_name = "aws_workspaces_nothing".to_owned();
    let request = read_data_source::Request { type_name: type_name.clone(), ..Default::default() };
    let answer = client.read_data_source(request).await.expect("OK").into_inner();
    assert_eq!(errors(&answer.diagnostics)[0].1, "Unknown data source");
    let request = validate_data_resource_config::Request { type_name, config: None };
    let answer = client.validate_data_resource_config(request).await.expect("OK").into_inner();
    assert_eq!(errors(&answer.diagnostics)[0].1, "Unknown data source");
}
