//! Creations whose answer is lost: never two standbys, and never somebody else's.

use serde_json::json;
use terraform_provider_aws_workspaces::sim::Settings;
use terraform_provider_aws_workspaces::sim::builtin::*;

use crate::support::in_process::{Applied, Desk, id, minutes, says, seconds, texts, timeouts};

const KINDS: [&str; 4] = ["reset-before", "5xx-before", "reset-after", "5xx-after"];

/// Somebody else's request for a standby of this primary.
fn made_by_others(desk: &Desk, primary: &str) -> String {
    let body = json!({"PrimaryRegion": PRIMARY_REGION, "StandbyWorkspaces": [
        {"PrimaryWorkspaceId": primary, "DirectoryId": STANDBY_DIRECTORY_ID},
    ]});
    let answer = desk.api(STANDBY_REGION, "CreateStandbyWorkspaces", &body);
    answer["PendingStandbyRequests"][0]["WorkspaceId"].as_str().expect("taken").to_owned()
}

/// The error names the one standby, with its import block, and nothing is in the state.
#[track_caller]
fn named(desk: &Desk, applied: &Applied, primary: &str) {
    let exist = desk.standbys_of(primary);
    assert_eq!(exist.len(), 1, "{exist:?}");
    assert!(applied.outcome.instance.state.is_null(), "{applied:?}");
    says(applied.error(), &["import {", &format!("id = \"{}@{STANDBY_REGION}\"", exist[0])]);
}

#[tokio::test(start_paused = true)]
async fn after_one_lost_answer_the_standby_is_named_or_the_request_is_sent_again_when_that_is_safe()
{
    for kind in KINDS {
        for visible_after in [0, 3, 20, 14 * 60] {
            let settings = Settings {
                visible_after: seconds(visible_after),
                provisioning: minutes(1),
                ..Settings::default()
            };
            let desk = Desk::new(settings).await;
            desk.faults(&[&format!("CreateStandbyWorkspaces:{kind}:1x1")]);
            let config = desk.standby(PRIMARIES[0], &[("tags", texts(&[("team", "design")]))]);
            let applied = desk.create(&config).await;
            let sent = desk.calls("CreateStandbyWorkspaces");
            let case = format!("{kind}, visible after {visible_after} s");
            if kind.ends_with("after") {
                named(&desk, &applied, PRIMARIES[0]);
                assert_eq!(sent.len(), 1, "{case}");
                assert!(applied.took < seconds(visible_after) + minutes(3), "{case}");
            } else {
                assert_eq!(desk.standbys_of(PRIMARIES[0]), [id(&applied.succeeded())], "{case}");
                let [first, second] = &sent[..] else { panic!("{case}: {} calls", sent.len()) };
                // Only then an invisible standby would be visible.
                assert!(second.at - first.at >= minutes(15), "{case}");
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn answers_lost_for_ever_never_make_two() {
    for (kind, visible_after, made) in [
        ("reset-before", 0, 0),
        ("5xx-before", 0, 0),
        ("reset-after", 0, 1),
        ("5xx-after", 0, 1),
        ("reset-after", 600, 1),
        ("5xx-after", 600, 1),
    ] {
        let settings = Settings { visible_after: seconds(visible_after), ..Settings::default() };
        let desk = Desk::new(settings).await;
        desk.faults(&[&format!("CreateStandbyWorkspaces:{kind}:1")]);
        let applied = desk.create(&desk.standby(PRIMARIES[0], &[])).await;
        assert_eq!(desk.standbys_of(PRIMARIES[0]).len(), made, "{kind}: {applied:?}");
        says(applied.error(), &["may or may not have been created", PRIMARIES[0], "import"]);
        if made == 1 {
            named(&desk, &applied, PRIMARIES[0]);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_failed_look_is_not_a_look() {
    // An account that accepts a second standby shows every request that is one too many.
    for visible_after in [0, 45, 14 * 60] {
        for outage in [
            "DescribeWorkspaces@us-west-2:5xx-before:1",
            "DescribeWorkspaces@us-west-2:reset-before:1",
            "DescribeWorkspaces@us-west-2:error=ThrottlingException:1",
        ] {
            let settings =
                Settings { visible_after: seconds(visible_after), ..Settings::default() };
            let desk = Desk::new(settings).await;
            desk.faults(&["CreateStandbyWorkspaces:reset-after:1x1", outage]);
            let config = desk.standby(PRIMARIES[0], &[("timeouts", timeouts("create", "40m"))]);
            let ends = async {
                tokio::time::sleep(minutes(20)).await;
                desk.faults(&[]);
            };
            let (applied, ()) = tokio::join!(desk.create(&config), ends);
            named(&desk, &applied, PRIMARIES[0]);
            assert_eq!(desk.calls("CreateStandbyWorkspaces").len(), 1, "{outage}");
            assert!(applied.took > minutes(20) && applied.took < minutes(30), "{outage}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn an_outage_without_end_is_looked_through_until_the_timeout() {
    let desk = Desk::new(Settings::default()).await;
    let outage = "DescribeWorkspaces@us-west-2:reset-before:1";
    desk.faults(&["CreateStandbyWorkspaces:reset-before:1", outage]);
    let config = desk.standby(PRIMARIES[0], &[("timeouts", timeouts("create", "40m"))]);
    let applied = desk.create(&config).await;
    says(
        applied.error(),
        &["may or may not have been created", PRIMARIES[0], STANDBY_DIRECTORY_ID],
    );
    assert_eq!(desk.calls("CreateStandbyWorkspaces").len(), 1);
    assert!(applied.took >= minutes(40) && applied.took < minutes(41), "{:?}", applied.took);
}

#[tokio::test(start_paused = true)]
async fn two_states_for_the_same_primaries_never_hold_one_standby_together() {
    for faults in [
        &["CreateStandbyWorkspaces:reset-after:1"][..],
        &["CreateStandbyWorkspaces:5xx-after:0.5"],
        &["CreateStandbyWorkspaces:5xx-after:0.5", "CreateStandbyWorkspaces:reset-before:0.3"],
    ] {
        let settings = Settings {
            synthetic_primaries: 10,
            visible_after: seconds(4),
            latency: std::time::Duration::from_millis(40),
            ..Settings::default()
        };
        let one = Desk::new(settings).await;
        let other = one.another(&[]).await;
        one.faults(faults);
        let tags = [("tags", texts(&[("team", "design")]))];
        let configs: Vec<_> =
            (1..=10).map(|n| one.standby(&synthetic_primary_id(n), &tags)).collect();
        let all =
            |desk| configs.iter().map(|config| Desk::create(desk, config)).collect::<Vec<_>>();
        let (mine, theirs) = tokio::join!(
            futures_util::future::join_all(all(&one)),
            futures_util::future::join_all(all(&other))
        );
        for ((mine, theirs), n) in mine.iter().zip(&theirs).zip(1..) {
            let exist = one.standbys_of(&synthetic_primary_id(n));
            let held: Vec<&str> =
                [mine.id(), theirs.id()].into_iter().filter(|id| !id.is_empty()).collect();
            assert!(held.len() <= 1 && exist.len() <= 1, "{faults:?}: {held:?} {exist:?}");
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
    says(applied.error(), &["not ready", "request ID"]);
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
