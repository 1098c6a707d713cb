use futures_util::future::join_all;
use terraform_provider_aws_workspaces::sim::builtin::*;
use terraform_provider_aws_workspaces::sim::{Rate, Settings};
use terraform_provider_aws_workspaces::tf::Value;

use super::{MANY, only, texts};
use crate::support::in_process::{Desk, id, minutes, says, texts as texts_of};

#[tokio::test(start_paused = true)]
async fn nothing_is_no_error_waited_for_or_not() {
    let desk = Desk::new(Settings::default()).await;
    for wait in [Value::Null, false.into(), true.into()] {
        let found = desk.data(MANY, &[("wait_for_ready", wait)]).await.unwrap();
        assert_eq!(found.get("ids"), &Value::List(Vec::new()));
        assert_eq!(found.get("standbys"), &Value::List(Vec::new()));
        assert_eq!(found.get("region"), &Value::from(STANDBY_REGION));
    }
}

#[tokio::test(start_paused = true)]
async fn each_standby_is_shown_as_the_resource_shows_it_in_the_order_of_the_ids() {
    let desk = Desk::new(Settings::default()).await;
    let configs: Vec<_> = PRIMARIES.iter().map(|primary| desk.standby(primary, &[])).collect();
    let mut made = Vec::new();
    for config in &configs {
        let created = desk.created(config).await;
        made.push(desk.read(&created).await.instance.state);
    }
    made.sort_by_key(|state| state.get("id").as_str().unwrap().to_owned());
    let found = desk.data(MANY, &[]).await.unwrap();
    let ids: Vec<_> = made.iter().map(|state| state.get("id").as_str().unwrap()).collect();
    assert_eq!(texts(found.get("ids")), ids);
    let standbys = found.get("standbys").as_items().unwrap();
    assert_eq!(standbys.len(), made.len());
    for (standby, state) in standbys.iter().zip(&made) {
        let shown = standby.as_entries().unwrap();
        for (name, value) in shown.iter().filter(|(name, _)| *name != "tags_all") {
            assert_eq!(value, state.get(name), "{name}");
        }
        assert_eq!(shown.len(), state.as_entries().unwrap().len() - 3, "all but ours");
    }
}

/// What a resource has to set so that the plan of its import is empty.
#[tokio::test(start_paused = true)]
async fn tags_are_shown_if_they_are_asked_for_without_those_of_the_provider() {
    let defaults = Value::object([("tags", texts_of(&[("Owner", "it")]))]);
    let arguments =
        [("default_tags", Value::List(vec![defaults])), ("tag_reads", "tagging_api".into())];
    let desk = Desk::with(Settings::default(), &arguments).await;
    let tags = texts_of(&[("Team", "dr")]);
    for primary in [PRIMARIES[0], PRIMARIES[1]] {
        desk.created(&desk.standby(primary, &[("tags", tags.clone())])).await;
    }
    desk.forget_calls();
    let found = desk.data(MANY, &[("include_tags", true.into())]).await.unwrap();
    for standby in found.get("standbys").as_items().unwrap() {
        assert_eq!(standby.get("tags"), &tags);
        assert_eq!(standby.get("tags_all"), &texts_of(&[("Owner", "it"), ("Team", "dr")]));
    }
    assert_eq!(desk.calls("GetResources").len(), 1);
    assert_eq!(desk.calls("DescribeTags").len(), 0);
    let found = desk.data(MANY, &[]).await.unwrap();
    for standby in found.get("standbys").as_items().unwrap() {
        assert_eq!((standby.get("tags"), standby.get("tags_all")), (&Value::Null, &Value::Null));
    }
}

#[tokio::test(start_paused = true)]
async fn a_standby_is_stale_without_a_recent_snapshot_if_its_data_is_replicated() {
    let settings = Settings { snapshot_after: minutes(60), ..Settings::default() };
    let desk = Desk::new(settings).await;
    let replicated = [("data_replication", Value::from("PRIMARY_AS_SOURCE"))];
    let one = desk.created(&desk.standby(PRIMARIES[0], &replicated)).await;
    desk.created(&desk.standby(PRIMARIES[1], &[])).await;
    // The first snapshot comes after an hour, and the next ones twelve hours apart.
    for (after, stale_after, stale) in
        [(0, "24h", true), (2 * 60, "24h", false), (2 * 60, "1h", true), (0, "4h", false)]
    {
        tokio::time::sleep(minutes(after)).await;
        let found = desk.data(MANY, &[("stale_after", stale_after.into())]).await.unwrap();
        let expected: &[&str] = if stale { &[id(&one)] } else { &[] };
        assert_eq!(texts(found.get("stale")), expected, "{stale_after} after {after} minutes");
    }
    let found = desk.data(MANY, &[]).await.unwrap();
    assert_eq!(found.get("stale"), &Value::Null);
}

#[tokio::test(start_paused = true)]
async fn arguments_narrow_what_is_listed() {
    let desk = Desk::new(Settings::default()).await;
    let one = desk.created(&desk.standby(PRIMARIES[0], &[])).await;
    let two = desk.created(&desk.standby(PRIMARIES[1], &[])).await;
    let simple = [("directory_id", Value::from(SIMPLE_AD_DIRECTORY_ID))];
    let three = desk.created(&desk.standby(PRIMARIES[2], &simple)).await;
    let irish = [("primary_region", Value::from(IRELAND))];
    let four = desk.created(&desk.standby(IRELAND_PRIMARIES[0], &irish)).await;
    desk.force(id(&two), "STOPPED");
    let all = [&one, &two, &three, &four].map(id);
    for (arguments, expected) in [
        (vec![], all.to_vec()),
        (vec![("directory_id", STANDBY_DIRECTORY_ID)], vec![all[0], all[1], all[3]]),
        (vec![("directory_id", SIMPLE_AD_DIRECTORY_ID)], vec![all[2]]),
        (vec![("primary_region", IRELAND)], vec![all[3]]),
        (vec![("primary_region", FRANKFURT)], vec![]),
        (vec![("state", "STOPPED")], vec![all[1]]),
        (vec![("state", "A_NEW_STATE")], vec![]),
        (
            vec![("state", "AVAILABLE"), ("directory_id", STANDBY_DIRECTORY_ID)],
            vec![all[0], all[3]],
        ),
        (vec![("region", FRANKFURT)], vec![]),
        (vec![("region", STANDBY_REGION)], all.to_vec()),
    ] {
        let told = format!("{arguments:?}");
        let arguments: Vec<_> =
            arguments.into_iter().map(|(name, value)| (name, Value::from(value))).collect();
        let found = desk.data(MANY, &arguments).await.unwrap();
        let mut expected = expected;
        expected.sort_unstable();
        assert_eq!(texts(found.get("ids")), expected, "{told}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_no_standby_is_not_listed() {
    let desk = Desk::new(Settings::default()).await;
    let found = desk.data(MANY, &[("region", PRIMARY_REGION.into())]).await.unwrap();
    assert_eq!(found.get("ids"), &Value::List(Vec::new()));
    assert!(!desk.calls("DescribeWorkspaces").is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_hundred_standbys_are_a_call_for_each_page_of_25_in_the_standby_region_alone() {
    let desk = Desk::new(Settings { synthetic_primaries: 100, ..Settings::default() }).await;
    let configs: Vec<_> = (1..=100).map(|n| desk.standby(&synthetic_primary_id(n), &[])).collect();
    join_all(configs.iter().map(|config| desk.created(config))).await;
    desk.forget_calls();
    let all = [("directory_id", Value::from(STANDBY_DIRECTORY_ID))];
    let found = desk.data(MANY, &all).await.unwrap();
    assert_eq!(found.get("ids").as_items().unwrap().len(), 100);
    let calls = desk.all_calls();
    // The directory holds one WorkSpace that is no standby.
    assert_eq!(calls, vec![("DescribeWorkspaces".to_owned(), STANDBY_REGION.to_owned()); 5]);
}

#[tokio::test(start_paused = true)]
async fn what_aws_refuses_is_an_error_with_its_words() {
    let desk = Desk::new(Settings::default()).await;
    desk.faults(&["DescribeWorkspaces:error=AccessDeniedException:1"]);
    let error = only(desk.data(MANY, &[]).await);
    says(
        &error,
        &["list the standbys in us-west-2", "AccessDeniedException", "DescribeWorkspaces"],
    );
}

#[tokio::test(start_paused = true)]
async fn a_listing_that_is_throttled_comes_through() {
    let rate = Rate { per_second: 1.0, burst: 1.0 };
    let desk = Desk::new(Settings { rate: Some(rate), ..Settings::default() }).await;
    for _ in 0..3 {
        desk.data(MANY, &[]).await.unwrap();
    }
    assert!(desk.calls("DescribeWorkspaces").len() > 3, "some were refused");
}
