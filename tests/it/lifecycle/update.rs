//! Changing in place.

use serde_json::json;
use terraform_provider_aws_workspaces::sim::builtin::*;
use terraform_provider_aws_workspaces::sim::{ReplicationTarget, Settings};
use terraform_provider_aws_workspaces::tf::Value;

use crate::support::in_process::{Desk, id, minutes, says, seconds, texts, timeouts};

fn replicated() -> (&'static str, Value) {
    ("data_replication", "PRIMARY_AS_SOURCE".into())
}

#[tokio::test(start_paused = true)]
async fn only_the_difference_is_sent() {
    for (before, after, deleted, set) in [
        (&[("a", "1"), ("b", "2")][..], &[("a", "1"), ("b", "2")][..], None, None),
        (&[("a", "1")], &[("a", "2")], None, Some(json!([{"Key": "a", "Value": "2"}]))),
        (&[("a", "1"), ("b", "2")], &[("a", "1")], Some(json!(["b"])), None),
        (&[], &[("a", "")], None, Some(json!([{"Key": "a", "Value": ""}]))),
        (&[("a", "1"), ("b", "2")], &[], Some(json!(["a", "b"])), None),
        (
            &[("a", "1"), ("b", "2"), ("c", "3")],
            &[("a", "1"), ("b", "3"), ("d", "4")],
            Some(json!(["c"])),
            Some(json!([{"Key": "b", "Value": "3"}, {"Key": "d", "Value": "4"}])),
        ),
    ] {
        let desk = Desk::new(Settings::default()).await;
        let prior = desk.created(&desk.standby(PRIMARIES[0], &[("tags", texts(before))])).await;
        desk.forget_calls();
        // Something changes in any case, so that there is an update.
        let more = [("tags", texts(after)), ("wait_for_ready", false.into())];
        let updated = desk.update(&prior, &desk.standby(PRIMARIES[0], &more)).await.succeeded();
        let body = |operation: &str, member: &str| {
            let calls = desk.calls(operation);
            assert!(calls.len() <= 1);
            calls.first().map(|call| call.body[member].clone())
        };
        assert_eq!(body("DeleteTags", "TagKeys"), deleted, "{before:?} {after:?}");
        assert_eq!(body("CreateTags", "Tags"), set, "{before:?} {after:?}");
        let expected = usize::from(deleted.is_some()) + usize::from(set.is_some());
        assert_eq!(desk.all_calls().len(), expected, "{:?}", desk.all_calls());
        assert_eq!(updated.state.get("tags_all"), &texts(after));
        assert_eq!(desk.read(&updated).await.instance.state, updated.state);
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_ours_alone_needs_no_call() {
    let desk = Desk::new(Settings::default()).await;
    let prior = desk.created(&desk.standby(PRIMARIES[0], &[])).await;
    desk.forget_calls();
    let more = [("wait_for_ready", false.into()), ("timeouts", timeouts("delete", "1h"))];
    let updated = desk.update(&prior, &desk.standby(PRIMARIES[0], &more)).await.succeeded();
    assert_eq!(desk.all_calls(), []);
    let mut expected = prior.state.clone();
    expected.set("wait_for_ready", false.into());
    expected.set("timeouts", timeouts("delete", "1h"));
    assert_eq!(updated.state, expected);
}

#[tokio::test(start_paused = true)]
async fn replication_is_switched_in_the_primary_region_and_waited_for() {
    let settings = Settings { modification: minutes(7), ..Settings::default() };
    let desk = Desk::new(settings).await;
    let prior = desk.created(&desk.standby(PRIMARIES[0], &[])).await;
    for (config, value) in [
        (desk.standby(PRIMARIES[0], &[replicated()]), "PRIMARY_AS_SOURCE"),
        (desk.standby(PRIMARIES[0], &[]), "NO_REPLICATION"),
    ] {
        desk.forget_calls();
        let before = if value == "NO_REPLICATION" {
            desk.read(&prior).await.instance
        } else {
            prior.clone()
        };
        let applied = desk.update(&before, &config).await;
        assert!(applied.took >= minutes(7) && applied.took < minutes(8), "{:?}", applied.took);
        let updated = applied.succeeded();
        assert_eq!(updated.state.get("data_replication").as_str(), Some(value));
        assert_eq!(updated.state.get("state").as_str(), Some("AVAILABLE"));
        let calls = desk.calls("ModifyWorkspaceProperties");
        assert_eq!(calls.len(), 1);
        assert_eq!(calls[0].region, PRIMARY_REGION);
        assert_eq!(calls[0].body, json!({"WorkspaceId": PRIMARIES[0], "DataReplication": value}));
        let read = desk.read(&updated).await.instance;
        assert_eq!(read.state.get("data_replication").as_str(), Some(value));
    }
}

#[tokio::test(start_paused = true)]
async fn only_a_standby_that_is_being_updated_is_waited_for_once_the_change_shows() {
    for (state, outcome) in [
        ("UPDATING", "wait"),
        ("AVAILABLE", "done"),
        ("STOPPED", "done"),
        ("STOPPING", "done"),
        ("STARTING", "done"),
        ("REBOOTING", "done"),
        ("REBUILDING", "done"),
        ("RESTORING", "done"),
        ("MAINTENANCE", "done"),
        ("ADMIN_MAINTENANCE", "done"),
        ("PENDING", "done"),
        ("SUSPENDED", "done"),
        ("ERROR", "done"),
        ("UNHEALTHY", "done"),
        ("IMPAIRED", "done"),
        ("TERMINATING", "done"),
        ("TERMINATED", "done"),
        // One that AWS has not invented yet.
        ("HIBERNATING", "done"),
    ] {
        let settings = Settings { modification: seconds(20), ..Settings::default() };
        let desk = Desk::new(settings).await;
        let prior = desk.created(&desk.standby(PRIMARIES[0], &[])).await;
        let change = async {
            tokio::time::sleep(seconds(40)).await;
            if state == "HIBERNATING" {
                desk.force(id(&prior), "STARTING");
                desk.rewrite(|_, body| Some(body.replace("STARTING", "HIBERNATING")));
            } else {
                desk.force(id(&prior), state);
            }
        };
        // Until then AWS goes on saying UPDATING.
        desk.force(id(&prior), "UPDATING");
        let config = desk.standby(PRIMARIES[0], &[replicated()]);
        let (applied, ()) = tokio::join!(desk.update(&prior, &config), change);
        let now = applied.outcome.instance.state.clone();
        assert_eq!(now.get("state").as_str(), Some(state));
        assert_eq!(now.get("data_replication").as_str(), Some("PRIMARY_AS_SOURCE"), "{state}");
        if outcome == "done" {
            assert!(applied.took >= seconds(40), "{state} {:?}", applied.took);
            assert!(applied.took < minutes(1), "{state} {:?}", applied.took);
            applied.succeeded();
        } else {
            assert_eq!(applied.took, minutes(30));
            says(applied.error(), &["UPDATING"]);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn where_the_primary_is_refused_the_standby_is_named() {
    for target in [ReplicationTarget::Standby, ReplicationTarget::Both] {
        let settings = Settings { replication_target: target, ..Settings::default() };
        let desk = Desk::new(settings).await;
        let prior = desk.created(&desk.standby(PRIMARIES[0], &[])).await;
        let config = desk.standby(PRIMARIES[0], &[replicated()]);
        let updated = desk.update(&prior, &config).await.succeeded();
        assert_eq!(updated.state.get("data_replication").as_str(), Some("PRIMARY_AS_SOURCE"));
        let asked: Vec<_> =
            desk.calls("ModifyWorkspaceProperties").into_iter().map(|call| call.region).collect();
        match target {
            ReplicationTarget::Standby => assert_eq!(asked, [PRIMARY_REGION, STANDBY_REGION]),
            _ => assert_eq!(asked, [PRIMARY_REGION]),
        }
    }
}

#[tokio::test(start_paused = true)]
async fn where_both_are_refused_the_error_says_both_and_the_state_what_holds() {
    let desk = Desk::new(Settings::default()).await;
    let prior = desk.created(&desk.standby(PRIMARIES[0], &[("tags", texts(&[("a", "1")]))])).await;
    desk.faults(&[
        "ModifyWorkspaceProperties@us-east-1:error=AccessDeniedException:1",
        "ModifyWorkspaceProperties@us-west-2:error=UnsupportedWorkspaceConfigurationException:1",
    ]);
    let more = [replicated(), ("tags", texts(&[("b", "2")]))];
    let applied = desk.update(&prior, &desk.standby(PRIMARIES[0], &more)).await;
    says(
        applied.error(),
        &[
            "AccessDeniedException",
            "us-east-1",
            "UnsupportedWorkspaceConfigurationException",
            "us-west-2",
            "workspaces:ModifyWorkspaceProperties",
        ],
    );
    assert_eq!(applied.error().path.as_ref().unwrap().to_string(), "data_replication");
    let mut expected = prior.state.clone();
    expected.set("tags", texts(&[("b", "2")]));
    expected.set("tags_all", texts(&[("b", "2")]));
    assert_eq!(applied.outcome.instance.state, expected);
    desk.faults(&[]);
    assert_eq!(desk.read(&applied.outcome.instance).await.instance.state, expected);
}

#[tokio::test(start_paused = true)]
async fn another_change_under_way_is_waited_for() {
    let settings = Settings { modification: minutes(5), ..Settings::default() };
    let desk = Desk::new(settings).await;
    let prior = desk.created(&desk.standby(PRIMARIES[0], &[])).await;
    desk.faults(&["ModifyWorkspaceProperties:error=OperationInProgressException:1x20"]);
    let config = desk.standby(PRIMARIES[0], &[replicated()]);
    let applied = desk.update(&prior, &config).await;
    applied.succeeded();
    // For ever, it is an error once the timeout is over.
    desk.faults(&["ModifyWorkspaceProperties:error=OperationInProgressException:1"]);
    let prior = desk.read(&prior).await.instance;
    let off = desk.standby(PRIMARIES[0], &[("timeouts", timeouts("update", "4m"))]);
    let applied = desk.update(&prior, &off).await;
    says(applied.error(), &["OperationInProgressException"]);
    assert!(applied.took <= minutes(4) + seconds(1), "{:?}", applied.took);
    assert_eq!(applied.outcome.instance.state.get("data_replication"), &"PRIMARY_AS_SOURCE".into());
}

#[tokio::test(start_paused = true)]
async fn tags_half_changed_leave_in_the_state_what_really_holds() {
    let defaults =
        Value::List(vec![Value::object([("tags", texts(&[("team", "x"), ("old", "1")]))])]);
    let desk = Desk::with(Settings::default(), &[("default_tags", defaults)]).await;
    let cases = [
        (texts(&[("a", "1"), ("b", "2")]), texts(&[("a", "3")])),
        (texts(&[("a", "1")]), texts(&[("c", "3")])),
        (texts(&[]), texts(&[("c", "3")])),
        (Value::Null, texts(&[("c", "3")])),
    ];
    // Another process, whose provider block has one default tag less and one more.
    let defaults = Value::List(vec![Value::object([("tags", texts(&[("team", "y")]))])]);
    let later = desk.another(&[("default_tags", defaults)]).await;
    for ((before, after), primary) in cases.into_iter().zip(PRIMARIES) {
        desk.faults(&[]);
        let prior = desk.created(&desk.standby(primary, &[("tags", before)])).await;
        desk.faults(&["CreateTags:error=AccessDeniedException:1"]);
        let config = later.standby(primary, &[("tags", after)]);
        let applied = later.update(&prior, &config).await;
        says(applied.error(), &["AccessDeniedException", "workspaces:CreateTags"]);
        assert_eq!(applied.error().path.as_ref().unwrap().to_string(), "tags");
        desk.faults(&[]);
        let holds = applied.outcome.instance;
        let read = desk.read(&holds).await.instance;
        assert_eq!(holds.state.get("tags_all"), read.state.get("tags_all"));
        assert_eq!(holds.state.get("tags"), read.state.get("tags"), "{primary}");
        // Applied again, it ends well.
        let updated = later.update(&holds, &config).await.succeeded();
        assert_eq!(later.read(&updated).await.instance.state, updated.state);
    }
}

#[tokio::test(start_paused = true)]
async fn a_primary_region_that_is_down_fails_only_the_replication() {
    for kind in ["reset-before", "5xx-before", "slow=10h"] {
        let desk = Desk::new(Settings::default()).await;
        let prior = desk.created(&desk.standby(PRIMARIES[0], &[])).await;
        desk.faults(&[&format!("*@us-east-1:{kind}:1")]);
        let more = [replicated(), ("tags", texts(&[("b", "2")]))];
        let applied = desk.update(&prior, &desk.standby(PRIMARIES[0], &more)).await;
        says(
            applied.error(),
            &[PRIMARY_REGION, "does not answer", "All other changes of this update are complete"],
        );
        assert!(applied.took <= seconds(62), "{kind} {:?}", applied.took);
        let state = &applied.outcome.instance.state;
        assert_eq!(state.get("tags"), &texts(&[("b", "2")]), "{kind}");
        assert_eq!(state.get("data_replication").as_str(), Some("NO_REPLICATION"), "{kind}");
        assert_eq!(id(&applied.outcome.instance), id(&prior));
    }
}

#[tokio::test(start_paused = true)]
async fn the_timeout_names_the_last_state() {
    for (more, limit, text) in [(None, minutes(30), "30m"), (Some("90s"), seconds(90), "1m30s")] {
        let settings = Settings { modification: minutes(600), ..Settings::default() };
        let desk = Desk::new(settings).await;
        let prior = desk.created(&desk.standby(PRIMARIES[0], &[])).await;
        let mut arguments = vec![replicated()];
        arguments.extend(more.map(|text| ("timeouts", timeouts("update", text))));
        let applied = desk.update(&prior, &desk.standby(PRIMARIES[0], &arguments)).await;
        assert_eq!(applied.took, limit);
        says(applied.error(), &[text, "UPDATING", "timeouts"]);
        let state = &applied.outcome.instance.state;
        assert_eq!(state.get("data_replication").as_str(), Some("NO_REPLICATION"));
        assert_eq!(state.get("state").as_str(), Some("UPDATING"));
    }
}

#[tokio::test(start_paused = true)]
async fn the_timeout_covers_a_primary_region_that_hangs() {
    let desk = Desk::new(Settings::default()).await;
    let prior = desk.created(&desk.standby(PRIMARIES[0], &[])).await;
    desk.faults(&["*@us-east-1:slow=10h:1"]);
    let more = [replicated(), ("timeouts", timeouts("update", "5m"))];
    let applied = desk.update(&prior, &desk.standby(PRIMARIES[0], &more)).await;
    applied.error();
    assert!(applied.took <= minutes(5) + seconds(1), "{:?}", applied.took);
}

#[tokio::test(start_paused = true)]
async fn one_that_is_still_being_made_is_waited_for_before_replication_is_switched() {
    let settings = Settings { provisioning: minutes(5), ..Settings::default() };
    let desk = Desk::new(settings).await;
    let at_once = ("wait_for_ready", Value::from(false));
    let created = desk.created(&desk.standby(PRIMARIES[0], std::slice::from_ref(&at_once))).await;
    assert_eq!(created.state.get("state").as_str(), Some("PENDING"));
    let on = [at_once, ("data_replication", "PRIMARY_AS_SOURCE".into())];
    let updated = desk.update(&created, &desk.standby(PRIMARIES[0], &on)).await.succeeded();
    assert_eq!(updated.state.get("data_replication").as_str(), Some("PRIMARY_AS_SOURCE"));
    assert_eq!(desk.calls("ModifyWorkspaceProperties").len(), 1);
    // A configuration that says nothing of it switches it off, which is told.
    let off = desk.plan(&updated, &desk.standby(PRIMARIES[0], &[])).await;
    let warnings: Vec<_> = off.diagnostics.iter().collect();
    says(warnings[0], &["will be switched off", "PRIMARY_AS_SOURCE"]);
}
