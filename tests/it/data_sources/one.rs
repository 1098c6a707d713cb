use terraform_provider_aws_workspaces::sim::Settings;
use terraform_provider_aws_workspaces::sim::builtin::*;
use terraform_provider_aws_workspaces::tf::Value;

use super::{ONE, only};
use crate::support::in_process::{Desk, id, says, texts};

/// The ways to name the standby of the first primary.
fn namings(id: &str) -> [Vec<(&'static str, Value)>; 2] {
    [
        vec![("id", id.into())],
        vec![
            ("primary_workspace_id", PRIMARIES[0].into()),
            ("directory_id", STANDBY_DIRECTORY_ID.into()),
        ],
    ]
}

#[tokio::test(start_paused = true)]
async fn it_shows_what_the_resource_shows_however_it_is_named() {
    let desk = Desk::new(Settings::default()).await;
    let config = desk.standby(PRIMARIES[0], &[("tags", texts(&[("Team", "design")]))]);
    let made = desk.created(&config).await;
    let read = desk.read(&made).await.instance;
    for naming in namings(id(&made)) {
        let found = desk.data(ONE, &naming).await.unwrap();
        for (name, value) in found.as_entries().unwrap() {
            assert_eq!(value, read.state.get(name), "{name}");
        }
        assert_eq!(found.get("region"), &Value::from(STANDBY_REGION));
    }
}

#[tokio::test(start_paused = true)]
async fn tags_are_all_but_the_ignored_ones() {
    let defaults = Value::object([("tags", texts(&[("Owner", "it")]))]);
    let ignored =
        Value::object([("keys", Value::Set(vec!["Secret".into()])), ("key_prefixes", Value::Null)]);
    let arguments = [
        ("default_tags", Value::List(vec![defaults])),
        ("ignore_tags", Value::List(vec![ignored])),
    ];
    let desk = Desk::with(Settings::default(), &arguments).await;
    let made =
        desk.created(&desk.standby(PRIMARIES[0], &[("tags", texts(&[("Team", "design")]))])).await;
    desk.api(
        STANDBY_REGION,
        "CreateTags",
        &serde_json::json!({"ResourceId": id(&made), "Tags": [{"Key": "Secret", "Value": "x"}]}),
    );
    let found = desk.data(ONE, &[("id", id(&made).into())]).await.unwrap();
    let all = texts(&[("Owner", "it"), ("Team", "design")]);
    assert_eq!((found.get("tags"), found.get("tags_all")), (&all, &all));
}

#[tokio::test(start_paused = true)]
async fn only_the_standby_region_is_asked() {
    let desk = Desk::new(Settings::default()).await;
    let made = desk.created(&desk.standby(PRIMARIES[0], &[])).await;
    desk.forget_calls();
    for naming in namings(id(&made)) {
        desk.data(ONE, &naming).await.unwrap();
    }
    let call = |operation: &str| (operation.to_owned(), STANDBY_REGION.to_owned());
    let each = [call("DescribeWorkspaces"), call("DescribeTags")];
    assert_eq!(desk.all_calls(), [each.clone(), each].concat());
}

#[tokio::test(start_paused = true)]
async fn what_is_not_exactly_one_standby_is_an_error_that_says_what_there_is() {
    let desk = Desk::new(Settings::default()).await;
    let made = desk.created(&desk.standby(PRIMARIES[0], &[])).await;
    let by_primary = |primary: &str| {
        vec![
            ("primary_workspace_id", Value::from(primary)),
            ("directory_id", STANDBY_DIRECTORY_ID.into()),
        ]
    };
    let in_region = |id: &str, region: &str| vec![("id", id.into()), ("region", region.into())];
    for (arguments, expected) in [
        (in_region("ws-0nowhere1", STANDBY_REGION), ["shows no WorkSpace ws-0nowhere1", "region"]),
        (in_region(id(&made), IRELAND), ["shows no WorkSpace", IRELAND]),
        (in_region(ORDINARY_WORKSPACE, STANDBY_REGION), ["ordinary WorkSpace", ""]),
        (in_region(PRIMARIES[0], PRIMARY_REGION), ["is a primary WorkSpace", id(&made)]),
        (by_primary(PRIMARIES[1]), ["AWS shows no standby of", PRIMARIES[1]]),
    ] {
        says(&only(desk.data(ONE, &arguments).await), &expected);
    }
}

/// The answer of a day on which AWS has made two of one: the second is `AVAILABLE`.
fn doubled(desk: &Desk) {
    desk.rewrite(|call, body| {
        call.body.get("DirectoryId")?;
        let mut answer: serde_json::Value = serde_json::from_str(body).unwrap();
        let all = answer["Workspaces"].as_array_mut().unwrap();
        let is_standby =
            |workspace: &&serde_json::Value| workspace["RelatedWorkspaces"][0]["Type"] == "PRIMARY";
        let mut second = all.iter().find(is_standby).unwrap().clone();
        second["WorkspaceId"] = "ws-0second01".into();
        second["State"] = "AVAILABLE".into();
        all.push(second);
        Some(answer.to_string())
    });
}

#[tokio::test(start_paused = true)]
async fn several_standbys_of_a_primary_are_named_and_one_that_ends_does_not_count() {
    let desk = Desk::new(Settings::default()).await;
    let made = desk.created(&desk.standby(PRIMARIES[0], &[])).await;
    doubled(&desk);
    let [_, by_primary] = namings(id(&made));
    let error = only(desk.data(ONE, &by_primary).await);
    says(
        &error,
        &["more than one", id(&made), "ws-0second01 (AVAILABLE)", "Set id to one of them"],
    );

    desk.force(id(&made), "TERMINATING");
    // It is found, but the simulator does not know it and so has no tags of it.
    says(&only(desk.data(ONE, &by_primary).await), &["read the tags of ws-0second01"]);
}
