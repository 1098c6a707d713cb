//! A timeout bounds everything that an operation does, also while AWS is silent.

use std::time::Duration;

use terraform_provider_aws_workspaces::sim::Settings;
use terraform_provider_aws_workspaces::sim::builtin::*;
use terraform_provider_aws_workspaces::tf::Value;

use crate::support::in_process::{Desk, id, says, seconds, timeouts};

/// How much longer than its timeout a creation can take: the answer to a request that was sent is
/// waited for, and the standby is looked for.
const GRACE: Duration = Duration::from_secs(11);

#[tokio::test(start_paused = true)]
async fn a_creation_ends_with_its_timeout_whatever_is_silent() {
    for silent in [
        &["DescribeWorkspaces:slow=10m:1"][..],
        &["CreateStandbyWorkspaces:slow=10m:1"],
        &["CreateStandbyWorkspaces:slow-before=10m:1"],
        &["DescribeWorkspaces:slow=10m:1", "CreateStandbyWorkspaces:slow=10m:1"],
        &["DescribeWorkspaces:slow=9s:1", "CreateStandbyWorkspaces:slow=9s:1"],
        &["CreateStandbyWorkspaces:error=ThrottlingException:1"],
        &["CreateStandbyWorkspaces:5xx-after:1", "DescribeWorkspaces:slow=10m:1"],
    ] {
        for adopts in [false, true] {
            let desk = Desk::new(Settings::default()).await;
            desk.faults(silent);
            let more =
                [("timeouts", timeouts("create", "4s")), ("adopt_existing", Value::from(adopts))];
            let applied = desk.create(&desk.standby(PRIMARIES[0], &more)).await;
            assert!(applied.took <= seconds(4) + GRACE, "{silent:?}: {:?}", applied.took);
            assert!(applied.outcome.diagnostics.has_errors(), "{silent:?}");
        }
    }
}

/// What AWS answers a little later than the timeout is not lost.
#[tokio::test(start_paused = true)]
async fn an_id_that_comes_shortly_after_the_timeout_is_in_the_state() {
    let desk = Desk::new(Settings::default()).await;
    desk.faults(&["CreateStandbyWorkspaces:slow=6s:1"]);
    let more = [("timeouts", timeouts("create", "4s"))];
    let applied = desk.create(&desk.standby(PRIMARIES[0], &more)).await;
    assert_eq!(desk.standbys_of(PRIMARIES[0]), [id(&applied.outcome.instance)]);
    assert!(applied.took <= seconds(4) + GRACE, "{:?}", applied.took);
}

#[tokio::test(start_paused = true)]
async fn a_list_ends_with_timeouts_read() {
    for fault in ["DescribeWorkspaces:slow=10m:1", "DescribeWorkspaces:error=ThrottlingException:1"]
    {
        let desk = Desk::new(Settings::default()).await;
        desk.created(&desk.standby(PRIMARIES[0], &[])).await;
        desk.faults(&[fault]);
        for wait in [false, true] {
            let timeouts = Value::object([("read", Value::from("4s"))]);
            let arguments = [("wait_for_ready", Value::from(wait)), ("timeouts", timeouts)];
            let begun = tokio::time::Instant::now();
            let found = desk.data("aws_workspaces_standbys", &arguments).await.unwrap_err();
            assert!(begun.elapsed() < seconds(6), "{fault}: {:?}", begun.elapsed());
            says(found.iter().next().unwrap(), &["within 4s", STANDBY_REGION]);
        }
    }
}
