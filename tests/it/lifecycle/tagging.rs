//! Reading tags through the Resource Groups Tagging API: always, and where it agrees with the state.

use serde_json::json;
use terraform_provider_aws_workspaces::provider::Instance;
use terraform_provider_aws_workspaces::sim::Settings;
use terraform_provider_aws_workspaces::sim::builtin::*;
use terraform_provider_aws_workspaces::tf::Value;

use crate::support::in_process::{Desk, id, only_warning, says, texts};

const FLEET: u32 = 100;

async fn desk() -> Desk {
    let settings = Settings { synthetic_primaries: FLEET, ..Settings::default() };
    Desk::with(settings, &[("tag_reads", "tagging_api".into())]).await
}

/// Standbys of the first synthetic primaries, with these tags.
async fn fleet(desk: &Desk, size: u32, tags: &Value) -> Vec<Instance> {
    let more = [("tags", tags.clone())];
    let configs: Vec<Value> =
        (1..=size).map(|n| desk.standby(&synthetic_primary_id(n), &more)).collect();
    futures_util::future::join_all(configs.iter().map(|config| desk.created(config))).await
}

#[tokio::test(start_paused = true)]
async fn a_hundred_are_refreshed_with_one_call_for_their_tags() {
    for tag_reads in ["tagging_api", "auto"] {
        for tags in [texts(&[("Team", "dr")]), Value::Null] {
            let settings = Settings { synthetic_primaries: FLEET, ..Settings::default() };
            let desk = Desk::with(settings, &[("tag_reads", tag_reads.into())]).await;
            let fleet = fleet(&desk, FLEET, &tags).await;
            desk.forget_calls();
            let reads = futures_util::future::join_all(fleet.iter().map(|one| desk.read(one)));
            for (before, read) in fleet.iter().zip(reads.await) {
                assert!(read.diagnostics.is_empty(), "{:?}", read.diagnostics);
                assert_eq!(read.instance, *before);
            }
            assert_eq!(desk.calls("GetResources").len(), 1, "{tag_reads}");
            assert_eq!(desk.calls("DescribeTags").len(), 0, "{tag_reads}");
            assert_eq!(desk.calls("DescribeWorkspaces").len(), 4, "{tag_reads}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn each_of_two_reads_of_one_standby_gets_its_tags() {
    let desk = desk().await;
    let one = fleet(&desk, 1, &texts(&[("Of", "one")])).await.remove(0);
    let config = desk.standby(PRIMARIES[0], &[("tags", texts(&[("Of", "other")]))]);
    let other = desk.created(&config).await;
    let all = [&one, &one, &other, &one];
    let reads = futures_util::future::join_all(all.map(|stored| desk.read(stored))).await;
    for (read, stored) in reads.iter().zip(all) {
        assert_eq!(read.instance, *stored);
    }
}

#[tokio::test(start_paused = true)]
async fn tags_that_others_set_or_remove_are_seen() {
    let desk = desk().await;
    let tagged = fleet(&desk, 1, &texts(&[("Team", "dr")])).await.remove(0);
    let more = [("tags", Value::Null)];
    let untagged = desk.created(&desk.standby(PRIMARIES[0], &more)).await;
    let keys = json!({"ResourceId": id(&tagged), "TagKeys": ["Team"]});
    desk.api(STANDBY_REGION, "DeleteTags", &keys);
    let tags = json!({"ResourceId": id(&untagged), "Tags": [{"Key": "By", "Value": "hand"}]});
    desk.api(STANDBY_REGION, "CreateTags", &tags);
    let read = desk.read(&tagged).await;
    assert_eq!(*read.instance.state.get("tags"), texts(&[]));
    let read = desk.read(&untagged).await;
    assert_eq!(*read.instance.state.get("tags"), texts(&[("By", "hand")]));
    assert_eq!(desk.calls("DescribeTags").len(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_refusal_falls_back_to_describe_tags_with_one_warning() {
    let desk = desk().await;
    let tags = texts(&[("Team", "dr")]);
    let fleet = fleet(&desk, 10, &tags).await;
    desk.faults(&["GetResources:error=AccessDeniedException:1"]);
    for _ in 0..2 {
        desk.forget_calls();
        let reads = futures_util::future::join_all(fleet.iter().map(|one| desk.read(one))).await;
        let warned: Vec<_> = reads.iter().filter(|read| !read.diagnostics.is_empty()).collect();
        for read in &reads {
            assert_eq!(*read.instance.state.get("tags"), tags);
        }
        if let [only] = warned[..] {
            says(only_warning(only), &["AccessDeniedException", "tag:GetResources", "request ID"]);
            assert_eq!(desk.calls("GetResources").len(), 1);
        } else {
            assert!(warned.is_empty(), "{warned:?}");
            assert_eq!(desk.calls("GetResources").len(), 0);
        }
        assert_eq!(desk.calls("DescribeTags").len(), 10);
    }
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_lacks_a_tagged_one_is_checked_with_describe_tags() {
    let desk = desk().await;
    let tags = texts(&[("Team", "dr")]);
    let standby = fleet(&desk, 1, &tags).await.remove(0);
    desk.rewrite(|call, _| {
        (call.operation == "GetResources")
            .then(|| json!({"ResourceTagMappingList": [], "PaginationToken": ""}).to_string())
    });
    let read = desk.read(&standby).await;
    says(only_warning(&read), &["does not show a WorkSpace that has tags"]);
    assert_eq!(*read.instance.state.get("tags"), tags);
}

#[tokio::test(start_paused = true)]
async fn without_an_account_id_describe_tags_is_used() {
    let arguments =
        [("tag_reads", "tagging_api".into()), ("skip_requesting_account_id", true.into())];
    let desk = Desk::with(Settings::default(), &arguments).await;
    let standby = desk.created(&desk.standby(PRIMARIES[0], &[])).await;
    says(only_warning(&desk.read(&standby).await), &["account ID", "skip_requesting_account_id"]);
    assert!(desk.read(&standby).await.diagnostics.is_empty());
    assert_eq!(desk.calls("GetResources").len(), 0);
}

/// The default: the index where it agrees with the state.
async fn auto() -> Desk {
    Desk::new(Settings { synthetic_primaries: FLEET, ..Settings::default() }).await
}

#[tokio::test(start_paused = true)]
async fn an_index_that_is_behind_makes_no_false_difference_and_real_ones_are_seen() {
    let desk = auto().await;
    let tags = texts(&[("Team", "dr")]);
    let fleet = fleet(&desk, 10, &tags).await;
    let changed = &fleet[3];
    let by_hand = json!({"ResourceId": id(changed), "Tags": [{"Key": "By", "Value": "hand"}]});
    desk.api(STANDBY_REGION, "CreateTags", &by_hand);
    // The real answer: one differs, and DescribeTags decides for that one alone.
    desk.forget_calls();
    let reads = futures_util::future::join_all(fleet.iter().map(|one| desk.read(one))).await;
    assert_eq!(desk.calls("DescribeTags").len(), 1);
    let expected = texts(&[("By", "hand"), ("Team", "dr")]);
    assert_eq!(*reads[3].instance.state.get("tags"), expected);
    // An index that has nothing yet.
    desk.rewrite(|call, _| {
        (call.operation == "GetResources")
            .then(|| json!({"ResourceTagMappingList": [], "PaginationToken": ""}).to_string())
    });
    desk.forget_calls();
    let reads = futures_util::future::join_all(fleet.iter().map(|one| desk.read(one))).await;
    assert_eq!(desk.calls("DescribeTags").len(), 10);
    for (index, read) in reads.iter().enumerate() {
        assert!(read.diagnostics.is_empty(), "{:?}", read.diagnostics);
        let expected = if index == 3 { &expected } else { &tags };
        assert_eq!(read.instance.state.get("tags"), expected);
    }
}

#[tokio::test(start_paused = true)]
async fn by_default_a_missing_permission_costs_one_call_and_is_no_warning() {
    let desk = auto().await;
    let fleet = fleet(&desk, 10, &texts(&[("Team", "dr")])).await;
    desk.faults(&["GetResources:error=AccessDeniedException:1"]);
    desk.forget_calls();
    for _ in 0..2 {
        let reads = futures_util::future::join_all(fleet.iter().map(|one| desk.read(one))).await;
        assert!(reads.iter().all(|read| read.diagnostics.is_empty()), "{reads:?}");
    }
    assert_eq!(desk.calls("GetResources").len(), 1);
    assert_eq!(desk.calls("DescribeTags").len(), 20);
}

#[tokio::test(start_paused = true)]
async fn by_default_a_silent_index_holds_up_a_refresh_for_seconds_at_most() {
    let desk = auto().await;
    let standby = fleet(&desk, 1, &Value::Null).await.remove(0);
    desk.faults(&["GetResources:slow=10m:1"]);
    let start = tokio::time::Instant::now();
    let read = desk.read(&standby).await;
    assert!(read.diagnostics.is_empty(), "{:?}", read.diagnostics);
    assert!(start.elapsed().as_secs() <= 6, "{:?}", start.elapsed());
    assert_eq!(desk.calls("DescribeTags").len(), 1);
}

#[tokio::test(start_paused = true)]
async fn by_default_no_index_is_asked_where_only_amazon_workspaces_has_an_endpoint() {
    let endpoints = |services: &[&'static str]| {
        let address = Value::from("http://simulator.invalid");
        let all = services.iter().map(|service| (*service, address.clone()));
        ("endpoints", Value::List(vec![Value::object(all.collect::<Vec<_>>())]))
    };
    for (services, calls) in [
        (&["workspaces", "sts"][..], 0),
        (&["workspaces", "sts", "resourcegroupstaggingapi"][..], 1),
    ] {
        let desk = Desk::with(Settings::default(), &[endpoints(services)]).await;
        let standby = desk.created(&desk.standby(PRIMARIES[0], &[])).await;
        desk.forget_calls();
        assert!(desk.read(&standby).await.diagnostics.is_empty());
        assert_eq!(desk.calls("GetResources").len(), calls, "{services:?}");
        assert_eq!(desk.calls("DescribeTags").len(), 1 - calls, "{services:?}");
    }
}
