use terraform_provider_aws_workspaces::sim::builtin::*;
use terraform_provider_aws_workspaces::sim::{FleetDirectory, FleetWorkspace, Settings};
use terraform_provider_aws_workspaces::tf::Value;

use super::{PRIMARIES_OF, only};
use crate::support::in_process::{Desk, id, says, texts};

/// A second directory of the primary Region.
const SECOND_DIRECTORY: &str = "d-90672f1a02";

/// The ids that are listed, in order.
#[track_caller]
fn ids(found: &Value) -> Vec<&str> {
    let primaries = found.get("primaries").as_items().unwrap();
    primaries.iter().map(|primary| primary.get("id").as_str().unwrap()).collect()
}

/// The item with this id.
#[track_caller]
fn item<'a>(found: &'a Value, id: &str) -> &'a Value {
    let primaries = found.get("primaries").as_items().unwrap();
    primaries.iter().find(|primary| primary.get("id").as_str() == Some(id)).expect(id)
}

async fn read(desk: &Desk, more: &[(&str, Value)]) -> Value {
    let region = ("region", Value::from(PRIMARY_REGION));
    let arguments: Vec<_> = [region].into_iter().chain(more.iter().cloned()).collect();
    desk.data(PRIMARIES_OF, &arguments).await.unwrap()
}

#[tokio::test(start_paused = true)]
async fn each_primary_is_shown_with_its_standby_and_whether_it_can_have_one() {
    let desk = Desk::new(Settings::default()).await;
    let standby = desk.created(&desk.standby(PRIMARIES[0], &[])).await;
    let found = read(&desk, &[]).await;
    let expected = Value::object([
        ("id", Value::from(PRIMARIES[0])),
        ("user_name", USERS[0].into()),
        ("directory_id", PRIMARY_DIRECTORY_ID.into()),
        ("state", "AVAILABLE".into()),
        ("running_mode", "AUTO_STOP".into()),
        ("compute_type", item(&found, PRIMARIES[1]).get("compute_type").clone()),
        ("operating_system", item(&found, PRIMARIES[1]).get("operating_system").clone()),
        ("bundle_id", item(&found, PRIMARIES[1]).get("bundle_id").clone()),
        ("has_standby", true.into()),
        ("standby_id", id(&standby).into()),
        ("standby_region", STANDBY_REGION.into()),
        ("eligible", true.into()),
        ("ineligible_reason", Value::Null),
        ("tags", Value::Null),
    ]);
    assert_eq!(item(&found, PRIMARIES[0]), &expected);
    assert_eq!(item(&found, PRIMARIES[1]).get("has_standby"), &Value::from(false));
    for (primary, why) in [
        (LINUX_PRIMARY, "UBUNTU_22_04"),
        (GRAPHICS_PRIMARY, "GRAPHICS_G4DN"),
        (GENERAL_PURPOSE_PRIMARY, "GENERALPURPOSE_8XLARGE"),
    ] {
        let shown = item(&found, primary);
        assert_eq!(shown.get("eligible"), &Value::from(false), "{primary}");
        assert!(shown.get("ineligible_reason").as_str().unwrap().contains(why), "{primary}");
    }
    let all = ids(&found);
    assert!(all.is_sorted(), "{all:?}");

    // For for_each: a primary stays in the map when it has a standby, and those that cannot have
    // one are not in it.
    let by_user = found.get("by_user").as_entries().unwrap();
    assert_eq!(by_user[USERS[0]], Value::from(PRIMARIES[0]));
    assert_eq!(by_user.len(), all.len() - 3, "{by_user:?}");
    assert!(!by_user.contains_key("gil"), "the user of the Linux WorkSpace");

    // A standby is not a primary.
    let there = desk.data(PRIMARIES_OF, &[("region", STANDBY_REGION.into())]).await.unwrap();
    assert_eq!(ids(&there), [ORDINARY_WORKSPACE]);
}

#[tokio::test(start_paused = true)]
async fn arguments_narrow_what_is_listed_and_all_must_match() {
    let desk = Desk::new(Settings::default()).await;
    desk.created(&desk.standby(PRIMARIES[1], &[])).await;
    let users = |users: &[&str]| Value::Set(users.iter().map(|user| Value::from(*user)).collect());
    let design = || ("tags", texts(&[("Team", "design")]));
    for (arguments, expected) in [
        (vec![("has_standby", true.into())], vec![PRIMARIES[1]]),
        (vec![("user_names", users(&["ana", "bo", "nobody"]))], vec![PRIMARIES[0], PRIMARIES[1]]),
        (
            vec![("user_names", users(&["ana", "bo"])), ("has_standby", false.into())],
            vec![PRIMARIES[0]],
        ),
        (vec![design()], vec![PRIMARIES[0]]),
        (vec![design(), ("has_standby", true.into())], vec![]),
        (vec![("tags", texts(&[("Team", "art")]))], vec![]),
        (vec![("running_mode", "ALWAYS_ON".into())], vec![]),
        (vec![("directory_id", SECOND_DIRECTORY.into())], vec![]),
        (
            vec![("directory_id", PRIMARY_DIRECTORY_ID.into()), ("user_names", users(&["chen"]))],
            vec![PRIMARIES[2]],
        ),
    ] {
        assert_eq!(ids(&read(&desk, &arguments).await), expected, "{arguments:?}");
    }
    let has_none = [("has_standby", Value::from(false))];
    let uncovered = read(&desk, &has_none).await;
    assert!(!ids(&uncovered).contains(&PRIMARIES[1]) && ids(&uncovered).contains(&PRIMARIES[0]));
}

#[tokio::test(start_paused = true)]
async fn tags_are_shown_if_they_are_asked_for() {
    let desk = Desk::new(Settings::default()).await;
    for (arguments, tags) in [
        (vec![], Value::Null),
        (vec![("include_tags", Value::from(false))], Value::Null),
        (vec![("include_tags", true.into())], texts(&[("Team", "design")])),
        (vec![("tags", texts(&[("Team", "design")]))], texts(&[("Team", "design")])),
    ] {
        let found = read(&desk, &arguments).await;
        assert_eq!(item(&found, PRIMARIES[0]).get("tags"), &tags, "{arguments:?}");
    }
    let found = read(&desk, &[("include_tags", true.into())]).await;
    assert_eq!(item(&found, PRIMARIES[1]).get("tags"), &texts(&[]), "it has none");
}

/// The built-in fleet has ten WorkSpaces in the primary Region.
#[tokio::test(start_paused = true)]
async fn a_thousand_primaries_take_forty_calls_and_their_tags_ten_more() {
    let settings = Settings { synthetic_primaries: 990, ..Settings::default() };
    let desk = Desk::with(settings, &[("tag_reads", "tagging_api".into())]).await;
    assert_eq!(ids(&read(&desk, &[]).await).len(), 1000);
    let calls = vec![("DescribeWorkspaces".to_owned(), PRIMARY_REGION.to_owned()); 40];
    assert_eq!(desk.all_calls(), calls);

    desk.forget_calls();
    let found = read(&desk, &[("include_tags", true.into())]).await;
    assert_eq!(item(&found, PRIMARIES[0]).get("tags"), &texts(&[("Team", "design")]));
    assert_eq!(desk.calls("DescribeWorkspaces").len(), 40);
    assert_eq!(desk.calls("GetResources").len(), 10);
    assert_eq!(desk.calls("DescribeTags").len(), 0);

    desk.forget_calls();
    let one = Value::Set(vec!["ana".into()]);
    let one = [("directory_id", PRIMARY_DIRECTORY_ID.into()), ("user_names", one)];
    assert_eq!(ids(&read(&desk, &one).await), [PRIMARIES[0]]);
    assert_eq!(desk.calls("DescribeWorkspaces").len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_user_with_several_workspaces_is_left_out_of_the_map_with_a_warning() {
    let mut settings = Settings::default();
    let region = settings.fleet.regions.get_mut(PRIMARY_REGION).unwrap();
    region.directories.push(FleetDirectory::new(SECOND_DIRECTORY));
    region.workspaces.push(FleetWorkspace::new("ws-0second001", USERS[0], SECOND_DIRECTORY));
    let desk = Desk::new(settings).await;
    let arguments = [("region", Value::from(PRIMARY_REGION))];
    let (found, warnings) = desk.data_and_warnings(PRIMARIES_OF, &arguments).await.unwrap();
    let warnings: Vec<_> = warnings.iter().collect();
    assert_eq!(warnings.len(), 1, "{warnings:?}");
    says(warnings[0], &["ana", "Set directory_id", PRIMARY_REGION]);
    assert!(!found.get("by_user").as_entries().unwrap().contains_key(USERS[0]));
    assert!(ids(&found).contains(&"ws-0second001") && ids(&found).contains(&PRIMARIES[0]));
    let here = read(&desk, &[("directory_id", SECOND_DIRECTORY.into())]).await;
    assert_eq!(here.get("by_user"), &texts(&[(USERS[0], "ws-0second001")]));
}

#[tokio::test(start_paused = true)]
async fn what_aws_refuses_is_an_error_with_its_words() {
    let desk = Desk::new(Settings::default()).await;
    desk.faults(&["DescribeWorkspaces:error=AccessDeniedException:1"]);
    let error = only(desk.data(PRIMARIES_OF, &[("region", PRIMARY_REGION.into())]).await);
    says(&error, &["list the WorkSpaces in us-east-1", "AccessDeniedException"]);
}

/// A `check` block would hold up each plan otherwise.
#[tokio::test(start_paused = true)]
async fn a_region_that_is_down_is_waited_for_until_the_timeout() {
    for fault in ["5xx-before", "slow=10h"] {
        let desk = Desk::new(Settings::default()).await;
        desk.faults(&[&format!("DescribeWorkspaces@{PRIMARY_REGION}:{fault}:1")]);
        let start = tokio::time::Instant::now();
        let timeouts = Value::object([("read", "30s".into())]);
        let arguments = [("region", PRIMARY_REGION.into()), ("timeouts", timeouts)];
        let error = only(desk.data(PRIMARIES_OF, &arguments).await);
        says(&error, &["did not answer within 30s", "timeouts"]);
        assert_eq!(start.elapsed().as_secs(), 30, "{fault}");
    }
}
