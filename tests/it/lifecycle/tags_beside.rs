//! Tags are read at the same time as the WorkSpace, and what comes of it where one of the two fails.

use terraform_provider_aws_workspaces::provider::Instance;
use terraform_provider_aws_workspaces::sim::Settings;
use terraform_provider_aws_workspaces::sim::builtin::*;
use terraform_provider_aws_workspaces::tf::Value;

use crate::support::in_process::{Desk, id, only_error, says, seconds, texts};

/// A desk that reads tags in this way, and ten standbys with one tag.
async fn ten(tag_reads: &str) -> (Desk, Vec<Instance>) {
    let settings = Settings { synthetic_primaries: 10, ..Settings::default() };
    let desk = Desk::with(settings, &[("tag_reads", tag_reads.into())]).await;
    let more = [("tags", tags())];
    let configs: Vec<Value> =
        (1..=10).map(|n| desk.standby(&synthetic_primary_id(n), &more)).collect();
    let made = futures_util::future::join_all(configs.iter().map(|config| desk.created(config)));
    let made = made.await;
    (desk, made)
}

fn tags() -> Value {
    texts(&[("Team", "dr")])
}

/// Reads all of them at once; each must be as before, without a word.
async fn read_all(desk: &Desk, fleet: &[Instance]) {
    desk.forget_calls();
    for read in futures_util::future::join_all(fleet.iter().map(|one| desk.read(one))).await {
        assert!(read.diagnostics.is_empty(), "{:?}", read.diagnostics);
        assert_eq!(*read.instance.state.get("tags"), tags());
    }
}

/// How many calls of the Resource Groups Tagging API there were, and of DescribeTags.
fn tag_calls(desk: &Desk) -> [usize; 2] {
    ["GetResources", "DescribeTags"].map(|operation| desk.calls(operation).len())
}

#[tokio::test(start_paused = true)]
async fn tags_are_read_beside_the_look() {
    for tag_reads in ["auto", "workspaces", "tagging_api"] {
        let (desk, fleet) = ten(tag_reads).await;
        read_all(&desk, &fleet[..4]).await;
        let look = desk.calls("DescribeWorkspaces")[0].at;
        let operation = if tag_reads == "workspaces" { "DescribeTags" } else { "GetResources" };
        let calls = desk.calls(operation);
        assert!(!calls.is_empty() && calls.iter().all(|call| call.at == look), "{tag_reads}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_tagging_api_that_fails_is_waited_for_once_and_not_called_again() {
    for (fault, longest) in
        [("error=AccessDeniedException", 1), ("slow=10h", 7), ("reset-before", 7)]
    {
        let (desk, fleet) = ten("auto").await;
        desk.faults(&[&format!("GetResources:{fault}:1")]);
        let start = tokio::time::Instant::now();
        read_all(&desk, &fleet).await;
        assert!(start.elapsed() <= seconds(longest), "{fault}: {:?}", start.elapsed());
        assert_eq!(tag_calls(&desk)[1], 10, "{fault}");
        let start = tokio::time::Instant::now();
        read_all(&desk, &fleet).await;
        assert!(start.elapsed() <= seconds(1), "{fault}: {:?}", start.elapsed());
        assert_eq!(tag_calls(&desk), [0, 10], "{fault}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_stored_arn_has_the_account_so_sts_is_not_called_for_it() {
    let (desk, fleet) = ten("auto").await;
    let without_sts = ["skip_credentials_validation", "skip_requesting_account_id"];
    let desk = desk.another(&without_sts.map(|name| (name, true.into()))).await;
    read_all(&desk, &fleet).await;
    assert_eq!(tag_calls(&desk), [1, 0]);
    assert!(desk.calls("STS").is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_standby_that_is_shown_stays_although_its_tags_are_not_found() {
    let (desk, fleet) = ten("workspaces").await;
    desk.faults(&["DescribeTags:error=ResourceNotFoundException:1"]);
    let read = desk.read(&fleet[0]).await;
    says(only_error(&read), &["ResourceNotFoundException"]);
    assert_eq!(read.instance, fleet[0]);
    desk.vanish(id(&fleet[0]));
    assert!(desk.read(&fleet[0]).await.instance.state.is_null());
}
