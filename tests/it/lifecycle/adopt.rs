//! Adopting the standby that a primary already has.

use terraform_provider_aws_workspaces::provider::Instance;
use terraform_provider_aws_workspaces::sim::Settings;
use terraform_provider_aws_workspaces::sim::builtin::*;
use terraform_provider_aws_workspaces::tf::{Diagnostic, Value};

use crate::support::in_process::{Applied, Desk, id, minutes, says, seconds, texts, timeouts};

fn adopting(desk: &Desk, more: &[(&str, Value)]) -> Value {
    let mut arguments = vec![("adopt_existing", Value::from(true))];
    arguments.extend(more.iter().cloned());
    desk.standby(PRIMARIES[0], &arguments)
}

fn warnings(applied: &Applied) -> Vec<&Diagnostic> {
    let all: Vec<&Diagnostic> = applied.outcome.diagnostics.iter().collect();
    assert!(all.iter().all(|one| !one.is_error()), "it would be tainted: {all:?}");
    all
}

/// A standby that one process has made, and another process, whose state does not have it.
async fn made_elsewhere(settings: Settings, more: &[(&str, Value)]) -> (Desk, Instance) {
    let desk = Desk::new(settings).await;
    let made = desk.created(&desk.standby(PRIMARIES[0], more)).await;
    let another = desk.another(&[]).await;
    desk.forget_calls();
    (another, made)
}

#[tokio::test(start_paused = true)]
async fn the_standby_is_taken_over_and_brought_to_what_is_planned() {
    let before = [("tags", texts(&[("team", "ops"), ("old", "1")]))];
    let (desk, made) = made_elsewhere(Settings::default(), &before).await;
    let wanted = [
        ("tags", texts(&[("team", "design")])),
        ("data_replication", Value::from("PRIMARY_AS_SOURCE")),
    ];
    let applied = desk.create(&adopting(&desk, &wanted)).await;
    says(warnings(&applied)[0], &["Adopted", id(&made), "no other Terraform state"]);
    assert_eq!(warnings(&applied).len(), 1);
    assert_eq!(desk.standbys_of(PRIMARIES[0]), [id(&made)]);
    assert!(desk.calls("CreateStandbyWorkspaces").is_empty());
    assert_eq!(desk.calls("ModifyWorkspaceProperties").len(), 1);
    assert_eq!((desk.calls("DeleteTags").len(), desk.calls("CreateTags").len()), (1, 1));
    let instance = applied.outcome.instance;
    assert_eq!(id(&instance), id(&made));
    assert_eq!(instance.identity, made.identity);
    // Nothing is left to change, and a refresh agrees.
    let read = desk.read(&instance).await;
    assert!(read.diagnostics.is_empty(), "{:?}", read.diagnostics);
    assert_eq!(read.instance.state, instance.state);
    assert_eq!(read.instance.state.get("tags_all"), &texts(&[("team", "design")]));
    desk.delete(&instance).await.succeeded();
}

#[tokio::test(start_paused = true)]
async fn one_that_is_as_planned_takes_no_call_that_changes_it() {
    let (desk, made) = made_elsewhere(Settings::default(), &[]).await;
    let applied = desk.create(&adopting(&desk, &[])).await;
    assert_eq!((applied.id(), warnings(&applied).len()), (id(&made), 1));
    for operation in
        ["CreateStandbyWorkspaces", "CreateTags", "DeleteTags", "ModifyWorkspaceProperties"]
    {
        assert!(desk.calls(operation).is_empty(), "{operation}");
    }
}

#[tokio::test(start_paused = true)]
async fn without_a_standby_one_is_created() {
    let desk = Desk::new(Settings::default()).await;
    let applied = desk.create(&adopting(&desk, &[])).await;
    assert!(applied.outcome.diagnostics.is_empty(), "{:?}", applied.outcome.diagnostics);
    assert_eq!(desk.calls("CreateStandbyWorkspaces").len(), 1);
    // The setting is the provider's own: changing it calls nothing.
    desk.forget_calls();
    let prior = applied.succeeded();
    let updated = desk.update(&prior, &desk.standby(PRIMARIES[0], &[])).await.succeeded();
    assert_eq!(updated.state.get("adopt_existing").as_bool(), Some(false));
    assert_eq!(desk.all_calls(), []);
}

#[tokio::test(start_paused = true)]
async fn it_heals_a_process_that_was_killed_while_it_waited() {
    let slow = Settings { provisioning: minutes(30), ..Settings::default() };
    let (killed, desk) = {
        let desk = Desk::new(slow).await;
        let config = desk.standby(PRIMARIES[0], &[("wait_for_ready", false.into())]);
        (desk.created(&config).await, desk.another(&[]).await)
    };
    let applied = desk.create(&adopting(&desk, &[])).await;
    assert_eq!((applied.id(), warnings(&applied).len()), (id(&killed), 1));
    assert_eq!(applied.outcome.instance.state.get("state").as_str(), Some("AVAILABLE"));
    assert!(applied.took > minutes(25) && applied.took < minutes(32), "{:?}", applied.took);
}

#[tokio::test(start_paused = true)]
async fn another_key_is_an_error_and_nothing_is_touched() {
    let key = "arn:aws:kms:us-west-2:123456789012:key/1a2b3c4d-0000-0000-0000-000000000000";
    let (desk, made) = made_elsewhere(Settings::default(), &[]).await;
    let applied = desk.create(&adopting(&desk, &[("volume_encryption_key", key.into())])).await;
    says(applied.error(), &["Could not adopt", id(&made), "volume_encryption_key"]);
    assert!(applied.outcome.instance.state.is_null() && applied.checkpoint.is_none());
    assert!(desk.calls("CreateStandbyWorkspaces").is_empty());
}

#[tokio::test(start_paused = true)]
async fn another_directory_is_an_error() {
    let (desk, made) = made_elsewhere(Settings::default(), &[]).await;
    let other = [("directory_id", Value::from(SIMPLE_AD_DIRECTORY_ID))];
    let applied = desk.create(&adopting(&desk, &other)).await;
    let said = ["Could not adopt", id(&made), STANDBY_DIRECTORY_ID, SIMPLE_AD_DIRECTORY_ID];
    says(applied.error(), &said);
    assert!(applied.outcome.instance.state.is_null() && applied.checkpoint.is_none());
    assert!(desk.calls("CreateStandbyWorkspaces").is_empty());
}

#[tokio::test(start_paused = true)]
async fn what_fails_after_the_adoption_is_a_warning_and_the_next_plan_shows_it() {
    let wanted = [
        ("tags", texts(&[("team", "design")])),
        ("data_replication", Value::from("PRIMARY_AS_SOURCE")),
    ];
    for (fault, count, attribute) in [
        ("DescribeTags:error=AccessDeniedException:1x1", 2, "tags"),
        ("CreateTags:error=AccessDeniedException:1", 2, "tags"),
        ("ModifyWorkspaceProperties:error=AccessDeniedException:1", 2, "data_replication"),
    ] {
        let (desk, made) = made_elsewhere(Settings::default(), &[]).await;
        desk.faults(&[fault]);
        let config = adopting(&desk, &wanted);
        let applied = desk.create(&config).await;
        assert_eq!((applied.id(), warnings(&applied).len()), (id(&made), count), "{fault}");
        says(warnings(&applied)[1], &["AccessDenied", "next plan", "is in the state"]);
        desk.faults(&[]);
        let read = desk.read(&applied.outcome.instance).await;
        let planned = desk.plan(&read.instance, &config).await;
        assert!(planned.requires_replace.is_empty(), "{fault}");
        let differs =
            |name: &str| planned.instance.state.get(name) != read.instance.state.get(name);
        assert!(differs(attribute), "{fault}");
    }
}

#[tokio::test(start_paused = true)]
async fn one_that_is_in_trouble_or_not_ready_in_time_is_not_tainted() {
    for (state, more) in
        [("ERROR", vec![]), ("REBUILDING", vec![("timeouts", timeouts("create", "10m"))])]
    {
        let (desk, made) = made_elsewhere(Settings::default(), &[]).await;
        desk.force(id(&made), state);
        let applied = desk.create(&adopting(&desk, &more)).await;
        assert_eq!((applied.id(), warnings(&applied).len()), (id(&made), 2), "{state}");
        says(warnings(&applied)[1], &[state, "adopted"]);
    }
}

#[tokio::test(start_paused = true)]
async fn two_resources_of_one_apply_never_adopt_the_same_standby() {
    let (desk, made) = made_elsewhere(Settings::default(), &[]).await;
    let config = adopting(&desk, &[]);
    let (one, other) = tokio::join!(desk.create(&config), desk.create(&config));
    let (kept, refused) = if one.id().is_empty() { (other, one) } else { (one, other) };
    assert_eq!(kept.id(), id(&made));
    says(refused.error(), &["Two resources have the primary", id(&made)]);
    assert!(refused.outcome.instance.state.is_null() && refused.checkpoint.is_none());
}

#[tokio::test(start_paused = true)]
async fn a_stop_before_the_adoption_changes_nothing() {
    let (desk, _) = made_elsewhere(Settings::default(), &[]).await;
    desk.faults(&["DescribeWorkspaces:slow=50s:1"]);
    let stop = tokio_util::sync::CancellationToken::new();
    let absent = Instance::absent();
    let stopping = async {
        tokio::time::sleep(seconds(3)).await;
        stop.cancel();
    };
    let config = adopting(&desk, &[]);
    let (applied, ()) = tokio::join!(desk.apply(&absent, &config, &stop), stopping);
    says(applied.error(), &["interrupted"]);
    assert!(applied.outcome.instance.state.is_null());
    assert_eq!(applied.took, seconds(3));
}

#[tokio::test(start_paused = true)]
async fn a_plan_with_preflight_says_which_one_will_be_adopted() {
    let (desk, made) = made_elsewhere(Settings::default(), &[]).await;
    let desk = desk.another(&[("preflight", true.into())]).await;
    let planned = desk.plan(&Instance::absent(), &adopting(&desk, &[])).await;
    let all: Vec<_> = planned.diagnostics.iter().collect();
    assert_eq!(all.len(), 1, "{all:?}");
    says(all[0], &[id(&made), "will be adopted"]);
    let refused = desk.create(&desk.standby(PRIMARIES[0], &[])).await;
    says(refused.error(), &["adopt_existing = true", "import {", id(&made)]);
    assert!(desk.calls("CreateStandbyWorkspaces").is_empty());
}
