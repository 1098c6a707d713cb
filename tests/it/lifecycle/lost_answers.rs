//! Creations whose answer is lost: never two standbys, and never somebody else's.

use serde_json::json;
use terraform_provider_aws_workspaces::sim::Settings;
use terraform_provider_aws_workspaces::sim::builtin::*;

use crate::support::in_process::{Desk, id, minutes, says, seconds, texts, timeouts};

const KINDS: [&str; 4] = ["reset-before", "5xx-before", "reset-after", "5xx-after"];

/// Somebody else's request for a standby of this primary.
fn made_by_others(desk: &Desk, primary: &str) -> String {
    let body = json!({"PrimaryRegion": PRIMARY_REGION, "StandbyWorkspaces": [
        {"PrimaryWorkspaceId": primary, "DirectoryId": STANDBY_DIRECTORY_ID},
    ]});
    let answer = desk.api(STANDBY_REGION, "CreateStandbyWorkspaces", &body);
    answer["PendingStandbyRequests"][0]["WorkspaceId"].as_str().expect("taken").to_owned()
}

#[tokio::test(start_paused = true)]
async fn one_lost_answer_ends_in_exactly_one_standby() {
    for kind in KINDS {
        for visible_after in [0, 3, 20] {
            let settings = Settings {
                visible_after: seconds(visible_after),
                provisioning: minutes(1),
                ..Settings::default()
            };
            let desk = Desk::new(settings).await;
            desk.faults(&[&format!("CreateStandbyWorkspaces:{kind}:1x1")]);
            let config = desk.standby(PRIMARIES[0], &[("tags", texts(&[("team", "design")]))]);
            let instance = desk.created(&config).await;
            let case = format!("{kind}, visible after {visible_after} s");
            assert_eq!(desk.standbys_of(PRIMARIES[0]), [id(&instance)], "{case}");
            let sent = if kind.ends_with("after") { 1 } else { 2 };
            assert_eq!(desk.calls("CreateStandbyWorkspaces").len(), sent, "{case}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn answers_lost_for_ever_never_make_two() {
    for (kind, visible_after, made) in [
        ("reset-before", 0, 0),
        ("5xx-before", 0, 0),
        // It is found, and adopted.
        ("reset-after", 0, 1),
        ("5xx-after", 0, 1),
        // It cannot be found in time.
        ("reset-after", 600, 1),
        ("5xx-after", 600, 1),
    ] {
        let settings = Settings { visible_after: seconds(visible_after), ..Settings::default() };
        let desk = Desk::new(settings).await;
        desk.faults(&[&format!("CreateStandbyWorkspaces:{kind}:1")]);
        let applied = desk.create(&desk.standby(PRIMARIES[0], &[])).await;
        let exist = desk.standbys_of(PRIMARIES[0]);
        let case = format!("{kind}, visible after {visible_after} s: {applied:?}");
        assert_eq!(exist.len(), made, "{case}");
        if made == 1 && visible_after == 0 {
            assert_eq!(exist, [id(&applied.succeeded())], "{case}");
        } else {
            says(
                applied.error(),
                &["may or may not have been created", PRIMARIES[0], STANDBY_DIRECTORY_ID, "import"],
            );
            assert!(applied.outcome.instance.state.is_null(), "{case}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn what_was_there_before_is_never_adopted() {
    for kind in KINDS {
        let desk = Desk::new(Settings::default()).await;
        let others = made_by_others(&desk, PRIMARIES[0]);
        desk.faults(&[&format!("CreateStandbyWorkspaces:{kind}:1x1")]);
        let applied = desk.create(&desk.standby(PRIMARIES[0], &[])).await;
        assert!(applied.outcome.instance.state.is_null(), "{kind}: {applied:?}");
        let import = format!("id = \"{others}@{STANDBY_REGION}\"");
        says(applied.error(), &["import {", "aws_workspaces_standby.", &import]);
        assert_eq!(desk.standbys_of(PRIMARIES[0]), [others], "{kind}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_others_made_meanwhile_is_never_adopted() {
    // Our process has worked in the directory long before, so it knows what was there then; the
    // standby is made by somebody else after that, without tags, as ours would be.
    for kind in KINDS {
        let desk = Desk::new(Settings::default()).await;
        desk.created(&desk.standby(PRIMARIES[1], &[])).await;
        tokio::time::sleep(minutes(10)).await;
        let others = made_by_others(&desk, PRIMARIES[0]);
        tokio::time::sleep(minutes(10)).await;
        desk.faults(&[&format!("CreateStandbyWorkspaces:{kind}:1x1")]);
        let applied = desk.create(&desk.standby(PRIMARIES[0], &[])).await;
        assert!(applied.outcome.instance.state.is_null(), "{kind}: {applied:?}");
        says(applied.error(), &["import {", &format!("id = \"{others}@{STANDBY_REGION}\"")]);
    }
}

#[tokio::test(start_paused = true)]
async fn one_with_other_tags_is_never_adopted() {
    let settings = Settings { latency: seconds(1), ..Settings::default() };
    let desk = Desk::new(settings).await;
    // Somebody else's is made between our look at the directory and our request.
    desk.faults(&["CreateStandbyWorkspaces:reset-before:1x1"]);
    let config = desk.standby(PRIMARIES[0], &[("tags", texts(&[("team", "design")]))]);
    let others = async {
        while desk.calls("CreateStandbyWorkspaces").is_empty() {
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
        made_by_others(&desk, PRIMARIES[0])
    };
    let (applied, others) = tokio::join!(desk.create(&config), others);
    assert!(applied.outcome.instance.state.is_null(), "{applied:?}");
    says(applied.error(), &["import {", &others]);
}

#[tokio::test(start_paused = true)]
async fn where_the_directory_could_not_be_listed_nothing_is_adopted() {
    let desk = Desk::new(Settings::default()).await;
    desk.faults(&[
        "DescribeWorkspaces:error=AccessDeniedException:1x1",
        "CreateStandbyWorkspaces:reset-after:1x1",
    ]);
    let applied = desk.create(&desk.standby(PRIMARIES[0], &[])).await;
    assert!(applied.outcome.instance.state.is_null(), "{applied:?}");
    let made = desk.standbys_of(PRIMARIES[0]);
    says(applied.error(), &["import {", &made[0]]);
}

#[tokio::test(start_paused = true)]
async fn two_resources_for_one_primary_never_share_an_id() {
    for faults in [&[][..], &["CreateStandbyWorkspaces:reset-after:1x1"]] {
        for latency in [0, 2] {
            let settings = Settings { latency: seconds(latency), ..Settings::default() };
            let desk = Desk::new(settings).await;
            desk.faults(faults);
            let config = desk.standby(PRIMARIES[0], &[]);
            let (one, other) = tokio::join!(desk.create(&config), desk.create(&config));
            let made: Vec<&str> = [&one, &other]
                .into_iter()
                .filter(|applied| !applied.outcome.diagnostics.has_errors())
                .map(|applied| applied.id())
                .collect();
            assert_eq!(desk.standbys_of(PRIMARIES[0]).len(), 1, "{faults:?}");
            let ids: Vec<&str> = [&one, &other]
                .into_iter()
                .map(|applied| applied.id())
                .filter(|id| !id.is_empty())
                .collect();
            assert!(ids.len() <= 1, "{faults:?} {ids:?}");
            if faults.is_empty() {
                assert_eq!(made.len(), 1, "{one:?} {other:?}");
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn many_lost_answers_at_once_never_mix_ids() {
    let settings = Settings {
        synthetic_primaries: 40,
        latency: std::time::Duration::from_millis(30),
        visible_after: seconds(4),
        ..Settings::default()
    };
    let desk = Desk::new(settings).await;
    desk.faults(&[
        "CreateStandbyWorkspaces:reset-after:0.5",
        "CreateStandbyWorkspaces:5xx-before:0.3",
    ]);
    let primaries: Vec<String> = (1..=40).map(synthetic_primary_id).collect();
    let configs: Vec<_> = primaries.iter().map(|primary| desk.standby(primary, &[])).collect();
    let created = futures_util::future::join_all(configs.iter().map(|config| desk.create(config)));
    for (applied, primary) in created.await.iter().zip(&primaries) {
        let exist = desk.standbys_of(primary);
        assert!(exist.len() <= 1, "{primary}: {exist:?}");
        if applied.outcome.diagnostics.has_errors() {
            says(applied.error(), &["may or may not have been created"]);
        } else {
            assert_eq!(exist, [applied.id()], "{primary}");
        }
    }
}

/// Such an answer is not believed where it says that there is nothing; an id in it counts.
#[tokio::test(start_paused = true)]
async fn an_id_in_an_answer_without_a_request_id_is_kept() {
    let desk = Desk::new(Settings::default()).await;
    desk.answers_without_request_ids();
    let timeouts = timeouts("create", "10m");
    let applied = desk.create(&desk.standby(PRIMARIES[0], &[("timeouts", timeouts)])).await;
    says(applied.error(), &["not ready", "request id"]);
    assert_eq!(desk.standbys_of(PRIMARIES[0]), [applied.id()]);
}

#[tokio::test(start_paused = true)]
async fn pages_that_lead_to_themselves_end() {
    let desk = Desk::new(Settings::default()).await;
    desk.rewrite(|call, text| {
        let mut answer: serde_json::Value = serde_json::from_str(text).ok()?;
        (call.operation == "DescribeWorkspaces" && call.ids().is_empty()).then(|| {
            answer["NextToken"] = "again".into();
            answer.to_string()
        })
    });
    // The list before the creation is not worth failing for.
    let applied = desk.created(&desk.standby(PRIMARIES[0], &[])).await;
    assert_eq!(desk.standbys_of(PRIMARIES[0]), [id(&applied)]);
}
