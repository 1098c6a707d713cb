//! Waiting for a new standby.

use std::collections::BTreeSet;
use std::time::Duration;

use terraform_provider_aws_workspaces::provider::{Checkpoint, Instance};
use terraform_provider_aws_workspaces::sim::builtin::*;
use terraform_provider_aws_workspaces::sim::{Rate, Settings};
use tokio_util::sync::CancellationToken;

use crate::support::in_process::{Desk, id, minutes, only_warning, says, seconds, timeouts};

/// What the API gives for a new standby that stays PENDING until it is forced to another state.
fn pending_for_ever() -> Settings {
    Settings { provisioning: minutes(60 * 24 * 30), ..Settings::default() }
}

#[tokio::test(start_paused = true)]
async fn a_new_standby_is_complete_once_it_is_ready() {
    let settings =
        Settings { visible_after: seconds(20), provisioning: minutes(25), ..Settings::default() };
    let desk = Desk::new(settings).await;
    let replicated = [("data_replication", "PRIMARY_AS_SOURCE".into())];
    let applied = desk.create(&desk.standby(PRIMARIES[0], &replicated)).await;
    let (took, id) = (applied.took, applied.id().to_owned());
    assert!(took >= minutes(25) && took < minutes(26), "{took:?}");
    let instance = applied.succeeded();
    let state = &instance.state;
    assert_eq!(vec![id.clone()], desk.standbys_of(PRIMARIES[0]));
    let arn = format!("arn:aws:workspaces:us-west-2:{ACCOUNT_ID}:workspace/{id}");
    for (name, value) in [
        ("region", STANDBY_REGION),
        ("state", "AVAILABLE"),
        ("primary_state", "AVAILABLE"),
        ("user_name", USERS[0]),
        ("data_replication", "PRIMARY_AS_SOURCE"),
        ("arn", &arn),
    ] {
        assert_eq!(state.get(name).as_str(), Some(value), "{name}");
    }
    for name in ["bundle_id", "subnet_id", "computer_name", "ip_address"] {
        assert!(state.get(name).as_str().is_some(), "{name}");
    }
    assert_eq!(instance.identity.get("id").as_str(), Some(&*id));
    assert_eq!(instance.identity.get("account_id").as_str(), Some(ACCOUNT_ID));
    assert_eq!(instance.identity.get("region").as_str(), Some(STANDBY_REGION));
    // One look at the primary, and nothing else, goes to its Region.
    let calls = desk.all_calls().into_iter();
    let elsewhere: Vec<_> = calls.filter(|(_, region)| region != STANDBY_REGION).collect();
    assert_eq!(elsewhere, [("DescribeWorkspaces".to_owned(), PRIMARY_REGION.to_owned())]);
}

#[tokio::test(start_paused = true)]
async fn the_id_is_in_the_checkpoint_before_anything_else_is_done() {
    // Even finding out the account is later: here STS never answers.
    let skip = [("skip_credentials_validation", true.into())];
    let desk = Desk::with(pending_for_ever(), &skip).await;
    desk.faults(&["GetCallerIdentity:slow=10h:1"]);
    let (checkpoint, stop) = (Checkpoint::new(), CancellationToken::new());
    let (absent, config) = (Instance::absent(), desk.standby(PRIMARIES[0], &[]));
    tokio::select! {
        applied = desk.apply_with(&absent, &config, &checkpoint, &stop) => {
            panic!("{applied:?}");
        }
        () = tokio::time::sleep(seconds(5)) => {}
    }
    let saved = checkpoint.take().expect("an instance");
    assert_eq!(desk.standbys_of(PRIMARIES[0]), [id(&saved)]);
    assert!(saved.state.is_wholly_known());
    assert_eq!(saved.identity.get("id").as_str(), Some(id(&saved)));
}

#[tokio::test(start_paused = true)]
async fn each_state_means_ready_failed_or_wait() {
    for (state, outcome) in [
        ("AVAILABLE", "ready"),
        ("STOPPED", "ready"),
        ("ERROR", "failed"),
        ("TERMINATING", "failed"),
        ("TERMINATED", "failed"),
        ("SUSPENDED", "failed"),
        ("PENDING", "wait"),
        ("IMPAIRED", "wait"),
        ("UNHEALTHY", "wait"),
        ("REBOOTING", "wait"),
        ("STARTING", "wait"),
        ("REBUILDING", "wait"),
        ("RESTORING", "wait"),
        ("MAINTENANCE", "wait"),
        ("ADMIN_MAINTENANCE", "wait"),
        ("UPDATING", "wait"),
        ("STOPPING", "wait"),
        // One that AWS has not invented yet.
        ("HIBERNATING", "wait"),
    ] {
        let desk = Desk::new(pending_for_ever()).await;
        let config = desk.standby(PRIMARIES[0], &[("timeouts", timeouts("create", "5m"))]);
        let change = async {
            tokio::time::sleep(minutes(2)).await;
            let id = desk.standbys_of(PRIMARIES[0]).remove(0);
            if state == "HIBERNATING" {
                desk.force(&id, "STARTING");
                desk.rewrite(|_, body| Some(body.replace("STARTING", "HIBERNATING")));
            } else {
                desk.force(&id, state);
            }
        };
        let (applied, ()) = tokio::join!(desk.create(&config), change);
        assert_eq!(desk.standbys_of(PRIMARIES[0]), [applied.id()], "{state}");
        assert_eq!(applied.outcome.instance.state.get("state").as_str(), Some(state));
        match outcome {
            "ready" => {
                assert!(applied.took < minutes(3), "{state} {:?}", applied.took);
                applied.succeeded();
            }
            "failed" => {
                assert!(applied.took < minutes(3), "{state} {:?}", applied.took);
                let mut said = vec![state];
                if state == "ERROR" {
                    said.extend(["Broken.Code", "It is broken"]);
                }
                says(applied.error(), &said);
            }
            _ => {
                assert_eq!(applied.took, minutes(5), "{state}");
                says(applied.error(), &[state, "5m", "timeouts"]);
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn one_that_cannot_be_made_is_an_error_with_the_reason_and_is_replaced_next() {
    let settings = Settings { provisioning: minutes(20), ..Settings::default() };
    let desk = Desk::new(settings).await;
    desk.faults(&["CreateStandbyWorkspaces:fails-provisioning:1x1"]);
    let config = desk.standby(PRIMARIES[0], &[]);
    let applied = desk.create(&config).await;
    says(applied.error(), &["ERROR", "ProvisioningFailed", "could not be provisioned", "tainted"]);
    assert_eq!(desk.standbys_of(PRIMARIES[0]), [applied.id()]);
    // What Terraform does with a tainted one.
    desk.delete(&applied.outcome.instance).await.succeeded();
    desk.created(&config).await;
}

#[tokio::test(start_paused = true)]
async fn creating_may_take_three_hours_unless_configured() {
    for (more, limit, text) in [
        (None, minutes(180), "3h"),
        (Some("2h"), minutes(120), "2h"),
        (Some("45s"), seconds(45), "45s"),
    ] {
        let desk = Desk::new(pending_for_ever()).await;
        let more: Vec<_> =
            more.map(|text| ("timeouts", timeouts("create", text))).into_iter().collect();
        let applied = desk.create(&desk.standby(PRIMARIES[0], &more)).await;
        assert_eq!(applied.took, limit);
        says(
            applied.error(),
            &[text, "PENDING", "terraform untaint aws_workspaces_standby.", "timeouts {"],
        );
        assert_eq!(desk.standbys_of(PRIMARIES[0]), [applied.id()]);
    }
}

#[tokio::test(start_paused = true)]
async fn an_id_may_stay_invisible_for_long() {
    let settings = Settings { visible_after: minutes(40), ..Settings::default() };
    let desk = Desk::new(settings).await;
    let applied = desk.create(&desk.standby(PRIMARIES[0], &[])).await;
    assert!(applied.took >= minutes(40) && applied.took <= minutes(41), "{:?}", applied.took);
    applied.succeeded();
    // One that never shows is an error that says so, with the id kept.
    let applied =
        desk.create(&desk.standby(PRIMARIES[1], &[("timeouts", timeouts("create", "10m"))])).await;
    says(applied.error(), &["does not show it", "10m"]);
    assert_eq!(desk.standbys_of(PRIMARIES[1]).len(), 1);
    assert!(applied.id().starts_with("ws-"));
}

#[tokio::test(start_paused = true)]
async fn incomplete_first_answers_are_waited_out() {
    let desk = Desk::new(Settings::default()).await;
    desk.faults(&["DescribeWorkspaces:incomplete:1x12"]);
    let instance = desk.created(&desk.standby(PRIMARIES[0], &[])).await;
    for name in ["subnet_id", "ip_address", "computer_name", "primary_state"] {
        assert!(!instance.state.get(name).is_null(), "{name}");
    }
    // Known once, it is never lost to a later incomplete answer.
    desk.faults(&["DescribeWorkspaces:incomplete:1"]);
    let read = desk.read(&instance).await;
    assert!(read.diagnostics.is_empty(), "{:?}", read.diagnostics);
    assert_eq!(read.instance.state, instance.state);
    // Incomplete for ever is not waited for for ever.
    let applied = desk.create(&desk.standby(PRIMARIES[1], &[])).await;
    assert!(applied.took < minutes(20), "{:?}", applied.took);
    applied.succeeded();
}

#[tokio::test(start_paused = true)]
async fn one_that_vanishes_while_waited_for_is_an_error_with_the_id_kept() {
    let desk = Desk::new(pending_for_ever()).await;
    let config = desk.standby(PRIMARIES[0], &[]);
    let vanish = async {
        tokio::time::sleep(minutes(3)).await;
        let id = desk.standbys_of(PRIMARIES[0]).remove(0);
        desk.vanish(&id);
        id
    };
    let (applied, id) = tokio::join!(desk.create(&config), vanish);
    says(applied.error(), &[&id, "disappeared"]);
    assert_eq!(applied.id(), id);
    assert!(applied.took < minutes(4));
}

#[tokio::test(start_paused = true)]
async fn a_wait_survives_faults_that_pass_and_keeps_the_id_where_they_do_not() {
    let settings = Settings { provisioning: minutes(10), ..Settings::default() };
    let desk = Desk::new(settings).await;
    desk.faults(&["DescribeWorkspaces:5xx-before:0.4", "DescribeWorkspaces:reset-before:0.3"]);
    desk.created(&desk.standby(PRIMARIES[0], &[])).await;
    let config = desk.standby(PRIMARIES[1], &[]);
    let refuse = async {
        tokio::time::sleep(minutes(2)).await;
        desk.faults(&["DescribeWorkspaces:error=AccessDeniedException:1"]);
    };
    desk.faults(&[]);
    let (applied, ()) = tokio::join!(desk.create(&config), refuse);
    // It is not tainted for that.
    let said = ["AccessDeniedException", "request ID", STANDBY_REGION, "apply -refresh-only"];
    says(only_warning(&applied.outcome), &said);
    assert_eq!(desk.standbys_of(PRIMARIES[1]), [applied.id()]);
}

#[tokio::test(start_paused = true)]
async fn not_waiting_ends_as_soon_as_the_id_is_known() {
    let settings =
        Settings { visible_after: minutes(2), provisioning: minutes(30), ..Settings::default() };
    let desk = Desk::new(settings).await;
    let config = desk.standby(PRIMARIES[0], &[("wait_for_ready", false.into())]);
    let applied = desk.create(&config).await;
    assert!(applied.took < seconds(1), "{:?}", applied.took);
    let instance = applied.succeeded();
    assert_eq!(instance.state.get("state").as_str(), Some("PENDING"));
    // The next refresh, once it is ready, brings the rest, and there is nothing to change.
    tokio::time::sleep(minutes(31)).await;
    let read = desk.read(&instance).await;
    assert!(read.diagnostics.is_empty(), "{:?}", read.diagnostics);
    assert_eq!(read.instance.state.get("state").as_str(), Some("AVAILABLE"));
    let planned = desk.plan(&read.instance, &config).await;
    assert_eq!(planned.instance.state, read.instance.state);
}

#[tokio::test(start_paused = true)]
async fn throttling_for_a_while_is_waited_out() {
    let desk = Desk::new(Settings::default()).await;
    desk.faults(&[
        "CreateStandbyWorkspaces:error=ThrottlingException:1x12",
        "DescribeWorkspaces:error=ThrottlingException:0.7x40",
        "DescribeTags:error=ThrottlingException:0.7x20",
    ]);
    let instance = desk.created(&desk.standby(PRIMARIES[0], &[])).await;
    assert_eq!(desk.standbys_of(PRIMARIES[0]), [id(&instance)]);
    assert!(desk.read(&instance).await.diagnostics.is_empty());
    // For ever, it is an error that says how often was tried, and what to do.
    desk.faults(&["CreateStandbyWorkspaces:error=ThrottlingException:1"]);
    let applied = desk.create(&desk.standby(PRIMARIES[1], &[])).await;
    says(applied.error(), &["ThrottlingException", "25 times", "AWS Support", "parallelism"]);
    assert!(applied.outcome.instance.state.is_null());
}

#[tokio::test(start_paused = true)]
async fn a_fleet_gets_through_the_rate_limit() {
    let settings = Settings {
        rate: Some(Rate { per_second: 2.0, burst: 3.0 }),
        synthetic_primaries: 30,
        latency: Duration::from_millis(80),
        provisioning: minutes(20),
        ..Settings::default()
    };
    let desk = Desk::new(settings).await;
    let all = (1..=30).map(|n| desk.standby(&synthetic_primary_id(n), &[])).collect::<Vec<_>>();
    let created =
        futures_util::future::join_all(all.iter().map(|config| desk.create(config))).await;
    let ids: BTreeSet<String> =
        created.into_iter().map(|applied| id(&applied.succeeded()).to_owned()).collect();
    assert_eq!(ids.len(), 30);
}
