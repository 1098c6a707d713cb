use std::pin::pin;

use futures_util::future::join_all;
use futures_util::{StreamExt, TryStreamExt};
use terraform_provider_aws_workspaces::provider::Listed;
use terraform_provider_aws_workspaces::sim::Settings;
use terraform_provider_aws_workspaces::sim::builtin::*;
use terraform_provider_aws_workspaces::tf::Value;

use crate::support::in_process::{Desk, id, says, texts};

const NO_LIMIT: usize = usize::MAX;

/// As many standbys, of synthetic primaries, with these tags.
async fn fleet(size: u32, tag_reads: &str, tags: &Value) -> Desk {
    let settings = Settings { synthetic_primaries: size, ..Settings::default() };
    let desk = Desk::with(settings, &[("tag_reads", tag_reads.into())]).await;
    let more = [("tags", tags.clone())];
    let configs: Vec<_> =
        (1..=size).map(|n| desk.standby(&synthetic_primary_id(n), &more)).collect();
    join_all(configs.iter().map(|config| desk.created(config))).await;
    desk.forget_calls();
    desk
}

async fn all(desk: &Desk, arguments: &[(&str, Value)], whole: bool) -> Vec<Listed> {
    desk.list(arguments, whole, NO_LIMIT).try_collect().await.unwrap()
}

fn ids(listed: &[Listed]) -> Vec<&str> {
    listed.iter().map(|one| one.identity.get("id").as_str().unwrap()).collect()
}

#[tokio::test(start_paused = true)]
async fn a_standby_is_listed_under_its_user_and_primary_with_what_a_read_gives() {
    let tags = texts(&[("Team", "design")]);
    let desk = Desk::new(Settings::default()).await;
    let created = desk.created(&desk.standby(PRIMARIES[0], &[("tags", tags)])).await;
    let [plain] = &all(&desk, &[], false).await[..] else { panic!("one standby") };
    assert_eq!(plain.identity, created.identity);
    assert_eq!(plain.display_name, format!("ana, standby of {} in {PRIMARY_REGION}", PRIMARIES[0]));
    assert_eq!(plain.resource, None, "it was not asked for");
    let [whole] = &all(&desk, &[], true).await[..] else { panic!("one standby") };
    let imported = desk.imported(id(&created)).await;
    assert_eq!(whole.resource.as_ref(), Some(&imported.state));
    assert_eq!(whole.identity, imported.identity);
}

#[tokio::test(start_paused = true)]
async fn arguments_narrow_what_is_listed_and_what_is_being_terminated_is_left_out() {
    let desk = Desk::new(Settings::default()).await;
    let one = desk.created(&desk.standby(PRIMARIES[0], &[])).await;
    let simple = [("directory_id", Value::from(SIMPLE_AD_DIRECTORY_ID))];
    let two = desk.created(&desk.standby(PRIMARIES[1], &simple)).await;
    let irish = [("primary_region", Value::from(IRELAND))];
    let three = desk.created(&desk.standby(IRELAND_PRIMARIES[0], &irish)).await;
    let ending = desk.created(&desk.standby(PRIMARIES[2], &[])).await;
    desk.force(id(&ending), "TERMINATING");
    let wanted = [&one, &two, &three].map(id);
    for (arguments, expected) in [
        (vec![], wanted.to_vec()),
        (vec![("region", STANDBY_REGION)], wanted.to_vec()),
        (vec![("region", FRANKFURT)], vec![]),
        (vec![("directory_id", SIMPLE_AD_DIRECTORY_ID)], vec![wanted[1]]),
        (vec![("primary_region", IRELAND)], vec![wanted[2]]),
    ] {
        let told = format!("{arguments:?}");
        let arguments: Vec<_> =
            arguments.into_iter().map(|(name, value)| (name, Value::from(value))).collect();
        let found = all(&desk, &arguments, false).await;
        let (mut found, mut expected) = (ids(&found), expected);
        found.sort_unstable();
        expected.sort_unstable();
        assert_eq!(found, expected, "{told}");
    }
}

/// The Region has one WorkSpace that is not a standby.
#[tokio::test(start_paused = true)]
async fn a_thousand_standbys_take_a_call_for_each_page_of_25_and_no_other() {
    let desk = fleet(1000, "workspaces", &Value::Null).await;
    let found = all(&desk, &[], false).await;
    assert_eq!(found.len(), 1000);
    let calls = vec![("DescribeWorkspaces".to_owned(), STANDBY_REGION.to_owned()); 41];
    assert_eq!(desk.all_calls(), calls);
}

#[tokio::test(start_paused = true)]
async fn the_attributes_of_a_page_take_one_call_through_the_tagging_api() {
    let desk = fleet(100, "tagging_api", &texts(&[("Team", "dr")])).await;
    let found = all(&desk, &[], true).await;
    assert_eq!(found.len(), 100);
    for one in &found {
        assert_eq!(one.resource.as_ref().unwrap().get("tags"), &texts(&[("Team", "dr")]));
    }
    assert_eq!(desk.calls("DescribeWorkspaces").len(), 5);
    assert!(desk.calls("GetResources").len() <= 5, "{}", desk.calls("GetResources").len());
    assert_eq!(desk.calls("DescribeTags").len(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_limit_and_a_client_that_cancels_stop_the_calls() {
    let desk = fleet(100, "workspaces", &Value::Null).await;
    for (limit, calls) in [(1, 1), (20, 1), (60, 3), (99, 4)] {
        desk.forget_calls();
        let found: Vec<_> = desk.list(&[], false, limit).try_collect().await.unwrap();
        assert_eq!(found.len(), limit);
        let made = desk.calls("DescribeWorkspaces").len();
        assert!(made == calls || made == calls + 1, "{made} for {limit}");
    }
    // Attributes are read only for what is listed.
    desk.forget_calls();
    let found: Vec<_> = desk.list(&[], true, 3).try_collect().await.unwrap();
    assert_eq!((found.len(), desk.calls("DescribeTags").len()), (3, 3));

    desk.forget_calls();
    {
        let mut listing = pin!(desk.list(&[], false, NO_LIMIT));
        assert!(listing.next().await.unwrap().is_ok());
    }
    tokio::time::sleep(std::time::Duration::from_secs(600)).await;
    assert_eq!(desk.calls("DescribeWorkspaces").len(), 1);
}

#[tokio::test(start_paused = true)]
async fn an_error_comes_after_what_was_found_and_is_the_last_item() {
    let desk = fleet(60, "workspaces", &Value::Null).await;
    let mut listing = pin!(desk.list(&[], false, NO_LIMIT));
    let mut found = 0;
    let error = loop {
        match listing.next().await.expect("an error comes") {
            Ok(_) => found += 1,
            Err(error) => break error,
        }
        desk.faults(&["DescribeWorkspaces:error=AccessDeniedException:1"]);
    };
    assert!((24..=25).contains(&found), "{found}: the first page");
    let error = error.iter().next().unwrap();
    says(error, &["list the standbys in us-west-2", "AccessDeniedException"]);
    assert!(listing.next().await.is_none());
}
