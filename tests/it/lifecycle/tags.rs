//! Tags: the provider's, the resource's, and those that are nobody's business here.

use serde_json::json;
use terraform_provider_aws_workspaces::sim::Settings;
use terraform_provider_aws_workspaces::sim::builtin::*;
use terraform_provider_aws_workspaces::tf::Value;

use crate::support::in_process::{Desk, id, texts};

/// A provider block's arguments for tags.
fn arguments() -> [(&'static str, Value); 2] {
    let set = |items: &[&str]| Value::Set(items.iter().map(|item| Value::from(*item)).collect());
    let defaults = texts(&[("team", "desktops"), ("env", "prod")]);
    let ignored = [("keys", set(&["patched"])), ("key_prefixes", set(&["scan/"]))];
    [
        ("default_tags", Value::List(vec![Value::object([("tags", defaults)])])),
        ("ignore_tags", Value::List(vec![Value::object(ignored)])),
    ]
}

/// What others set behind Terraform.
fn set_by_others(desk: &Desk, id: &str, pairs: &[(&str, &str)]) {
    let tags: Vec<_> =
        pairs.iter().map(|(key, value)| json!({"Key": key, "Value": value})).collect();
    desk.api(STANDBY_REGION, "CreateTags", &json!({"ResourceId": id, "Tags": tags}));
}

#[tokio::test(start_paused = true)]
async fn what_is_configured_comes_back_and_plans_no_change() {
    let both = [("team", "desktops"), ("env", "prod")];
    for (own, all) in [
        (Value::Null, vec![both[0], both[1]]),
        (texts(&[]), vec![both[0], both[1]]),
        (texts(&[("a", "1")]), vec![both[0], both[1], ("a", "1")]),
        (texts(&[("env", "test")]), vec![both[0], ("env", "test")]),
        // The resource repeats a default.
        (texts(&[("env", "prod"), ("a", "1")]), vec![both[0], both[1], ("a", "1")]),
        (texts(&[("empty", "")]), vec![both[0], both[1], ("empty", "")]),
    ] {
        let desk = Desk::with(Settings::default(), &arguments()).await;
        let config = desk.standby(PRIMARIES[0], &[("tags", own.clone())]);
        let made = desk.created(&config).await;
        assert_eq!(made.state.get("tags"), &own);
        assert_eq!(made.state.get("tags_all"), &texts(&all));
        // Tags of AWS and of other programs are not seen, whoever set them.
        set_by_others(&desk, id(&made), &[("patched", "yes"), ("scan/last", "today")]);
        desk.rewrite(|call, body| {
            let aws = r#""TagList":[{"Key":"aws:cloudformation:stack-name","Value":"x"},"#;
            (call.operation == "DescribeTags").then(|| body.replace(r#""TagList":["#, aws))
        });
        let read = desk.read(&made).await;
        assert!(read.diagnostics.is_empty(), "{:?}", read.diagnostics);
        assert_eq!(read.instance.state, made.state);
        let planned = desk.plan(&read.instance, &config).await;
        assert_eq!(planned.instance.state, read.instance.state);
    }
}

#[tokio::test(start_paused = true)]
async fn no_tags_at_all_stay_null_or_empty() {
    for own in [Value::Null, texts(&[])] {
        let desk = Desk::new(Settings::default()).await;
        let config = desk.standby(PRIMARIES[0], &[("tags", own.clone())]);
        let made = desk.created(&config).await;
        let read = desk.read(&made).await;
        assert_eq!(read.instance.state.get("tags"), &own);
        assert_eq!(read.instance.state.get("tags_all"), &texts(&[]));
        assert_eq!(read.instance.state, made.state);
    }
}

#[tokio::test(start_paused = true)]
async fn tags_set_by_others_show_and_are_planned_away() {
    let desk = Desk::with(Settings::default(), &arguments()).await;
    let config = desk.standby(PRIMARIES[0], &[("tags", texts(&[("a", "1")]))]);
    let made = desk.created(&config).await;
    set_by_others(&desk, id(&made), &[("strange", "one"), ("env", "changed"), ("patched", "yes")]);
    let read = desk.read(&made).await.instance;
    let all = [("a", "1"), ("env", "changed"), ("strange", "one"), ("team", "desktops")];
    assert_eq!(read.state.get("tags_all"), &texts(&all));
    desk.forget_calls();
    let updated = desk.update(&read, &config).await.succeeded();
    assert_eq!(updated.state.get("tags_all"), made.state.get("tags_all"));
    let removed = &desk.calls("DeleteTags")[0].body["TagKeys"];
    assert_eq!(removed, &json!(["strange"]));
    let set = &desk.calls("CreateTags")[0].body["Tags"];
    assert_eq!(set, &json!([{"Key": "env", "Value": "prod"}]));
    assert_eq!(desk.read(&updated).await.instance.state, updated.state);
}

#[tokio::test(start_paused = true)]
async fn the_environment_adds_default_tags_and_tags_to_ignore() {
    let variables = [
        ("TF_AWS_DEFAULT_TAGS_team", "desktops"),
        ("TF_AWS_DEFAULT_TAGS_env", "dev"),
        ("TF_AWS_IGNORE_TAGS_KEYS", "patched, seen"),
        ("TF_AWS_IGNORE_TAGS_KEY_PREFIXES", "scan/,audit/"),
    ];
    // The provider block comes before the environment, and adds to what is ignored.
    let defaults = Value::List(vec![Value::object([("tags", texts(&[("env", "prod")]))])]);
    let none = Value::Set(Vec::new());
    let ignored =
        Value::object([("keys", Value::Set(vec!["mine".into()])), ("key_prefixes", none)]);
    let arguments = [("default_tags", defaults), ("ignore_tags", Value::List(vec![ignored]))];
    let desk = Desk::in_environment(Settings::default(), &variables, &arguments).await;
    let config = desk.standby(PRIMARIES[0], &[("tags", texts(&[("a", "1")]))]);
    let created = desk.created(&config).await;
    let all = texts(&[("team", "desktops"), ("env", "prod"), ("a", "1")]);
    assert_eq!(*created.state.get("tags_all"), all);
    let by_others = ["patched", "seen", "scan/last", "audit/by", "mine"].map(|key| (key, "x"));
    set_by_others(&desk, id(&created), &by_others);
    let read = desk.read(&created).await;
    assert_eq!(read.instance, created);
    assert_eq!(desk.plan(&read.instance, &config).await.instance.state, created.state);
}
