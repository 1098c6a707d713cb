use std::time::Duration;

use futures_util::StreamExt;
use terraform_provider_aws_workspaces::provider::Instance;
use terraform_provider_aws_workspaces::sim::Settings;
use terraform_provider_aws_workspaces::sim::builtin::*;
use terraform_provider_aws_workspaces::tf::{Diagnostics, Value};

use super::{MANY, only, texts};
use crate::support::in_process::{Desk, id, minutes, says, seconds};

/// How many resources Terraform works on at a time.
const PARALLELISM: usize = 10;

/// A desk with this many standbys whose resources did not wait.
async fn fleet(settings: Settings, count: u32) -> (Desk, Vec<Instance>) {
    let desk = Desk::new(Settings { synthetic_primaries: count, ..settings }).await;
    let made = create(&desk, 1..=count).await;
    (desk, made)
}

/// The standbys of these synthetic primaries, as Terraform makes them.
async fn create(desk: &Desk, primaries: impl Iterator<Item = u32>) -> Vec<Instance> {
    let no_wait = [("wait_for_ready", Value::from(false))];
    let configs: Vec<_> =
        primaries.map(|n| desk.standby(&synthetic_primary_id(n), &no_wait)).collect();
    let made = futures_util::stream::iter(configs.iter().map(|config| desk.created(config)));
    made.buffered(PARALLELISM).collect().await
}

/// Waits for all standbys with a timeout, and tells how long it took.
async fn wait(desk: &Desk, timeout: &str) -> (Result<Value, Diagnostics>, Duration) {
    let started = tokio::time::Instant::now();
    let timeouts = Value::object([("read", Value::from(timeout))]);
    let arguments = [("wait_for_ready", Value::from(true)), ("timeouts", timeouts)];
    let read = desk.data(MANY, &arguments).await;
    (read, started.elapsed())
}

/// The ids that were asked for one by one, at each moment at which any were.
fn looks(desk: &Desk) -> Vec<usize> {
    let calls = desk.calls("DescribeWorkspaces");
    calls.iter().map(|call| call.ids().len()).filter(|ids| *ids > 0).collect()
}

#[tokio::test(start_paused = true)]
async fn fifty_standbys_are_ready_in_one_wave_and_not_in_five() {
    let started = tokio::time::Instant::now();
    let settings = Settings {
        provisioning: minutes(5),
        latency: Duration::from_millis(50),
        ..Settings::default()
    };
    let (desk, made) = fleet(settings, 50).await;
    desk.forget_calls();
    let (read, _) = wait(&desk, "10m").await;
    let found = read.unwrap();
    let took = started.elapsed();
    assert!(took < minutes(6), "{took:?}");
    let mut ids: Vec<_> = made.iter().map(id).collect();
    ids.sort_unstable();
    assert_eq!(texts(found.get("ids")), ids);
    for standby in found.get("standbys").as_items().unwrap() {
        assert_eq!(standby.get("state"), &Value::from("AVAILABLE"));
        assert!(!standby.get("computer_name").is_null(), "as it was when it was ready");
    }
    // Two calls for each look, ever more seldom.
    let looks = looks(&desk);
    assert!(looks.len() <= 2 * 50, "{looks:?}");
    assert!(looks.iter().take(2).all(|ids| *ids == 25), "{looks:?}");
    // The listing has a WorkSpace in it that is no standby.
    assert_eq!(desk.all_calls().len(), looks.len() + 3);
}

#[tokio::test(start_paused = true)]
async fn what_this_run_has_made_is_waited_for_before_aws_shows_it() {
    let settings =
        Settings { provisioning: minutes(2), visible_after: minutes(1), ..Settings::default() };
    // Asked for one by one, each has its id before it is shown.
    let (desk, mut made) = fleet(settings, 0).await;
    for primary in &PRIMARIES[1..] {
        let config = desk.standby(primary, &[("wait_for_ready", false.into())]);
        made.push(desk.created(&config).await);
    }
    let without = desk.data(MANY, &[]).await.unwrap();
    assert_eq!(texts(without.get("ids")), Vec::<&str>::new(), "AWS shows none");

    let elsewhere = [
        ("directory_id", Value::from(SIMPLE_AD_DIRECTORY_ID)),
        ("wait_for_ready", Value::from(true)),
    ];
    let started = tokio::time::Instant::now();
    desk.data(MANY, &elsewhere).await.unwrap();
    assert!(started.elapsed() < seconds(1), "these are in another directory");

    let (read, took) = wait(&desk, "10m").await;
    assert_eq!(read.unwrap().get("ids").as_items().unwrap().len(), made.len());
    assert!(took > seconds(100) && took < seconds(150), "{took:?}");

    // Another process can only know what AWS shows.
    desk.created(&desk.standby(PRIMARIES[0], &[("wait_for_ready", false.into())])).await;
    let (read, took) = wait(&desk.another(&[]).await, "10m").await;
    assert_eq!(read.unwrap().get("ids").as_items().unwrap().len(), made.len());
    assert!(took < seconds(1), "{took:?}");
}

#[tokio::test(start_paused = true)]
async fn one_that_this_run_has_made_and_destroyed_is_not_waited_for() {
    let settings = Settings { visible_after: seconds(30), ..Settings::default() };
    let (desk, made) = fleet(settings, 2).await;
    desk.delete(&made[0]).await.succeeded();
    let (read, took) = wait(&desk, "10m").await;
    assert_eq!(texts(read.unwrap().get("ids")), [id(&made[1])]);
    assert!(took < minutes(1), "{took:?}");
}

#[tokio::test(start_paused = true)]
async fn the_state_narrows_the_answer_and_not_the_wait() {
    let (desk, made) = fleet(Settings { provisioning: minutes(5), ..Settings::default() }, 2).await;
    desk.force(id(&made[0]), "STOPPED");
    let arguments = [("wait_for_ready", Value::from(true)), ("state", "STOPPED".into())];
    let started = tokio::time::Instant::now();
    let found = desk.data(MANY, &arguments).await.unwrap();
    assert_eq!(texts(found.get("ids")), [id(&made[0])]);
    assert!(started.elapsed() > minutes(4));
}

#[tokio::test(start_paused = true)]
async fn those_that_are_not_ready_in_time_are_named_with_what_was_seen() {
    let settings = Settings { provisioning: minutes(60), ..Settings::default() };
    let (desk, made) = fleet(settings, 22).await;
    desk.force(id(&made[0]), "STOPPED");
    let (read, took) = wait(&desk, "5m").await;
    assert!(took >= minutes(5) && took < minutes(5) + seconds(1), "{took:?}");
    let error = only(read);
    says(
        &error,
        &[
            "21 of 22 standbys in us-west-2 are not ready",
            "after 5m",
            ", standby of ws-synthetic",
            ": PENDING",
            "and 1 more",
            "timeouts { read = \"6h\" }",
        ],
    );
    assert!(!error.detail.contains(id(&made[0])), "{}", error.detail);
}

#[tokio::test(start_paused = true)]
async fn a_timeout_says_which_ones_aws_did_not_show() {
    let settings = Settings { visible_after: minutes(60), ..Settings::default() };
    let (desk, made) = fleet(settings, 1).await;
    let (read, _) = wait(&desk, "1m").await;
    says(&only(read), &["1 of 1", &format!("{}: AWS does not show it yet", id(&made[0]))]);
}

#[tokio::test(start_paused = true)]
async fn those_that_have_failed_are_named_with_their_reasons_and_end_the_wait() {
    let settings = Settings { provisioning: minutes(60), ..Settings::default() };
    let (desk, made) = fleet(settings, 4).await;
    // Before the wait has begun.
    desk.force(id(&made[0]), "ERROR");
    let (read, took) = wait(&desk, "30m").await;
    assert!(took < seconds(1), "{took:?}");
    let reason = |index: usize| {
        let made = id(&made[index]);
        format!(
            "{made}, standby of {}: ERROR (Broken.Code: It is broken)",
            synthetic_primary_id(u32::try_from(index).unwrap() + 1)
        )
    };
    says(
        &only(read),
        &["4 of 4", "will not become ready", &reason(0), "3 others are not ready yet"],
    );
    desk.force(id(&made[0]), "AVAILABLE");

    // While it goes on: all that failed are named, not only the first.
    let breaking = async {
        tokio::time::sleep(minutes(2)).await;
        desk.force(id(&made[1]), "ERROR");
        desk.force(id(&made[2]), "ERROR");
    };
    let ((read, took), ()) = tokio::join!(wait(&desk, "30m"), breaking);
    assert!(took < minutes(3), "{took:?}");
    says(&only(read), &["3 of 4", &reason(1), &reason(2), "1 other is not ready yet"]);
}

#[tokio::test(start_paused = true)]
async fn one_that_ends_is_not_waited_for_unless_it_ends_meanwhile() {
    let settings =
        Settings { provisioning: minutes(10), termination: minutes(60), ..Settings::default() };
    let (desk, made) = fleet(settings, 2).await;
    desk.force(id(&made[0]), "TERMINATING");
    let (read, _) = wait(&desk, "30m").await;
    assert_eq!(read.unwrap().get("ids").as_items().unwrap().len(), 2, "it is shown all the same");

    for (ending, expected) in [("vanish", "no longer shows it"), ("end", "TERMINATING")] {
        let settings = Settings { provisioning: minutes(10), ..Settings::default() };
        let (desk, made) = fleet(settings, 2).await;
        let ending = async {
            tokio::time::sleep(minutes(2)).await;
            match ending {
                "vanish" => desk.vanish(id(&made[0])),
                _ => desk.force(id(&made[0]), "TERMINATING"),
            }
        };
        let ((read, _), ()) = tokio::join!(wait(&desk, "30m"), ending);
        says(&only(read), &[id(&made[0]), expected]);
    }
}

#[tokio::test(start_paused = true)]
async fn an_outage_in_the_middle_is_survived_and_one_that_lasts_is_named() {
    let settings = Settings { provisioning: minutes(10), ..Settings::default() };
    let (desk, _) = fleet(settings.clone(), 2).await;
    let outage = async {
        tokio::time::sleep(minutes(1)).await;
        desk.faults(&["DescribeWorkspaces:5xx-before:1"]);
        tokio::time::sleep(minutes(5)).await;
        desk.faults(&[]);
    };
    let ((read, _), ()) = tokio::join!(wait(&desk, "60m"), outage);
    assert_eq!(read.unwrap().get("ids").as_items().unwrap().len(), 2);

    let retries = [("max_retries", Value::from(1_i64))];
    let desk = Desk::with(Settings { synthetic_primaries: 2, ..settings }, &retries).await;
    create(&desk, 1..=2).await;
    let outage = async {
        tokio::time::sleep(minutes(1)).await;
        desk.faults(&["DescribeWorkspaces:5xx-before:1"]);
    };
    let ((read, _), ()) = tokio::join!(wait(&desk, "5m"), outage);
    says(&only(read), &["2 of 2", "PENDING", "Since then AWS could not be reached", "after 5m"]);
}

#[tokio::test(start_paused = true)]
async fn a_refusal_ends_the_wait_at_once() {
    let settings = Settings { provisioning: minutes(10), ..Settings::default() };
    let (desk, _) = fleet(settings, 2).await;
    let refusing = async {
        tokio::time::sleep(minutes(1)).await;
        desk.faults(&["DescribeWorkspaces:error=AccessDeniedException:1"]);
    };
    let ((read, took), ()) = tokio::join!(wait(&desk, "60m"), refusing);
    assert!(took < minutes(2), "{took:?}");
    says(&only(read), &["2 of 2", "AccessDeniedException", "PENDING"]);
}
