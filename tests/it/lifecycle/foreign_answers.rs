//! Answers that AWS does not give: of a proxy, of a wrong endpoint, or to somebody else's request.
//! Only AWS says that something is gone.

use serde_json::{Value as Json, json};
use terraform_provider_aws_workspaces::provider::Instance;
use terraform_provider_aws_workspaces::sim::Settings;
use terraform_provider_aws_workspaces::sim::builtin::*;
use terraform_provider_aws_workspaces::tf::Value;

use crate::support::in_process::{Desk, id, minutes, only_error, only_warning, says, seconds};

/// What is answered in place of the list `member`, each with what the error says.
fn foreign(member: &str, entry: &Json) -> Vec<(String, &'static str)> {
    vec![
        (String::new(), "has no"),
        ("{}".to_owned(), "has no"),
        (json!({"Other": []}).to_string(), "has no"),
        (json!({member: null}).to_string(), "has no"),
        (json!({member: [{}]}).to_string(), "without an ID"),
        (json!({member: [entry]}).to_string(), "not requested"),
    ]
}

fn workspaces() -> Vec<(String, &'static str)> {
    foreign("Workspaces", &json!({"WorkspaceId": "ws-0another1"}))
}

/// Answers one operation with this.
fn answer(desk: &Desk, operation: &'static str, body: &str) {
    let body = body.to_owned();
    desk.rewrite(move |call, _| (call.operation == operation).then(|| body.clone()));
}

async fn desk_with_one(settings: Settings, arguments: &[(&str, Value)]) -> (Desk, Instance) {
    let desk = Desk::with(settings, arguments).await;
    let prior = desk.created(&desk.standby(PRIMARIES[0], &[])).await;
    // Long enough for the provider to take the standby for visible.
    tokio::time::sleep(minutes(60)).await;
    (desk, prior)
}

#[tokio::test(start_paused = true)]
async fn a_refresh_keeps_the_state() {
    let describe = [("tag_reads", "workspaces".into())];
    let (desk, prior) = desk_with_one(Settings::default(), &describe).await;
    let tags = [("", "TagList"), ("{}", "TagList"), (r#"{"Other": 1}"#, "TagList")];
    let tags = tags.map(|(body, said)| ("DescribeTags", body.to_owned(), said));
    let all = workspaces().into_iter().map(|(body, said)| ("DescribeWorkspaces", body, said));
    for (operation, body, said) in all.chain(tags) {
        answer(&desk, operation, &body);
        let read = desk.read(&prior).await;
        says(only_error(&read), &[said, "not from AWS", operation, id(&prior)]);
        assert_eq!(read.instance, prior, "{body}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_destroy_keeps_the_state() {
    for (body, said) in foreign("FailedRequests", &json!({"WorkspaceId": "ws-0another1"})) {
        let (desk, prior) = desk_with_one(Settings::default(), &[]).await;
        answer(&desk, "TerminateWorkspaces", &body);
        let applied = desk.delete(&prior).await;
        says(applied.error(), &[said, "not from AWS", id(&prior)]);
        assert_eq!(applied.outcome.instance.state, prior.state, "{body}");
    }
    for (body, said) in workspaces() {
        let settings = Settings { termination: minutes(5), ..Settings::default() };
        let (desk, prior) = desk_with_one(settings, &[]).await;
        answer(&desk, "DescribeWorkspaces", &body);
        let applied = desk.delete(&prior).await;
        says(applied.error(), &[said, "not terminated yet", id(&prior)]);
        assert_eq!(applied.outcome.instance.state, prior.state, "{body}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_creation_does_not_believe_that_the_primary_is_absent() {
    for (body, _) in workspaces() {
        let desk = Desk::new(Settings::default()).await;
        desk.rewrite(move |call, _| (call.region == PRIMARY_REGION).then(|| body.clone()));
        desk.created(&desk.standby(PRIMARIES[0], &[])).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_preflight_does_not_believe_that_there_is_nothing() {
    let directory = json!({"DirectoryId": "d-0another12"});
    let directories = foreign("Directories", &directory);
    let directories =
        directories.into_iter().map(|(body, _)| ("DescribeWorkspaceDirectories", body));
    let primaries = workspaces().into_iter().map(|(body, _)| ("DescribeWorkspaces", body));
    for (operation, body) in directories.chain(primaries) {
        let desk = Desk::with(Settings::default(), &[("preflight", true.into())]).await;
        answer(&desk, operation, &body);
        let planned = desk.plan(&Instance::absent(), &desk.standby(PRIMARIES[0], &[])).await;
        let found: Vec<_> = planned.diagnostics.iter().collect();
        assert!(!found.is_empty() && found.iter().all(|found| !found.is_error()), "{found:#?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_list_is_not_believed_to_be_empty() {
    let (desk, _) = desk_with_one(Settings::default(), &[]).await;
    let elsewhere = json!({"WorkspaceId": "ws-0another1", "DirectoryId": "d-0another12"});
    let mut foreign = workspaces();
    *foreign.last_mut().unwrap() = (json!({"Workspaces": [elsewhere]}).to_string(), "directory");
    for (body, said) in foreign {
        answer(&desk, "DescribeWorkspaces", &body);
        let by = [("directory_id", Value::from(STANDBY_DIRECTORY_ID))];
        let found = desk.data("aws_workspaces_standbys", &by).await.unwrap_err();
        says(found.iter().next().unwrap(), &[said, "not from AWS"]);
    }
}

#[tokio::test(start_paused = true)]
async fn tags_of_the_tagging_api_are_read_again_elsewhere() {
    let another = json!({"ResourceARN": "arn:aws:workspaces:us-west-2:1:workspace/ws-0another1"});
    for (body, _) in foreign("ResourceTagMappingList", &another) {
        let arguments = [("tag_reads", "tagging_api".into())];
        let (desk, prior) = desk_with_one(Settings::default(), &arguments).await;
        answer(&desk, "GetResources", &body);
        let read = desk.read(&prior).await;
        says(only_warning(&read), &["not from AWS"]);
        assert_eq!(read.instance.state, prior.state);
    }
}

/// A text of any length and with any letters can come back in an error.
#[tokio::test(start_paused = true)]
async fn a_long_text_is_cut() {
    let settings = Settings { termination: seconds(1), ..Settings::default() };
    let (desk, prior) = desk_with_one(settings, &[]).await;
    let long = "word ".repeat(40_000);
    let failed = json!({"WorkspaceId": id(&prior), "ErrorCode": long, "ErrorMessage": long});
    let body = json!({"FailedRequests": [failed]}).to_string();
    desk.rewrite(move |call, answer| {
        Some(match &*call.operation {
            "TerminateWorkspaces" => body.clone(),
            _ => answer.replace("TERMINATING", "AVAILABLE"),
        })
    });
    let applied = desk.delete(&prior).await;
    says(applied.error(), &["word word", "more bytes"]);
    assert!(applied.error().detail.len() < 20_000, "{}", applied.error().detail.len());
}
