//! Refreshing.

use terraform_provider_aws_workspaces::provider::Instance;
use terraform_provider_aws_workspaces::sim::Settings;
use terraform_provider_aws_workspaces::sim::builtin::*;

use crate::support::in_process::{Desk, id, minutes, only_error, only_warning, says, seconds};

const KEY: &str = "0a1b2c3d-0000-4000-8000-0123456789ab";

#[tokio::test(start_paused = true)]
async fn one_that_is_gone_leaves_the_state_with_a_warning() {
    let desk = Desk::new(Settings::default()).await;
    let prior = desk.created(&desk.standby(PRIMARIES[0], &[])).await;
    desk.vanish(id(&prior));
    let read = desk.read(&prior).await;
    says(only_warning(&read), &[id(&prior), "gone", STANDBY_REGION]);
    assert!(read.instance.state.is_null());
}

#[tokio::test(start_paused = true)]
async fn one_that_is_terminated_counts_as_gone_and_one_that_is_terminating_does_not() {
    let desk = Desk::new(Settings::default()).await;
    let prior = desk.created(&desk.standby(PRIMARIES[0], &[])).await;
    desk.force(id(&prior), "TERMINATING");
    let read = desk.read(&prior).await;
    assert_eq!(read.instance.state.get("state").as_str(), Some("TERMINATING"));
    desk.force(id(&prior), "TERMINATED");
    let read = desk.read(&prior).await;
    only_warning(&read);
    assert!(read.instance.state.is_null());
}

#[tokio::test(start_paused = true)]
async fn each_state_is_kept_with_or_without_a_warning_or_counts_as_gone() {
    let desk = Desk::new(Settings::default()).await;
    let prior = desk.created(&desk.standby(PRIMARIES[0], &[])).await;
    for (state, outcome) in [
        ("AVAILABLE", "kept"),
        ("STOPPED", "kept"),
        ("STOPPING", "kept"),
        ("STARTING", "kept"),
        ("REBOOTING", "kept"),
        ("REBUILDING", "kept"),
        ("RESTORING", "kept"),
        ("MAINTENANCE", "kept"),
        ("ADMIN_MAINTENANCE", "kept"),
        ("UPDATING", "kept"),
        ("PENDING", "kept"),
        ("SUSPENDED", "kept"),
        ("ERROR", "kept with a warning"),
        ("UNHEALTHY", "kept with a warning"),
        ("IMPAIRED", "kept with a warning"),
        ("TERMINATING", "kept with a warning"),
        ("TERMINATED", "gone"),
        // One that AWS has not invented yet.
        ("HIBERNATING", "kept"),
    ] {
        if state == "HIBERNATING" {
            desk.force(id(&prior), "STARTING");
            desk.rewrite(|_, body| Some(body.replace("STARTING", "HIBERNATING")));
        } else {
            desk.force(id(&prior), state);
        }
        let read = desk.read(&prior).await;
        if outcome == "kept" {
            assert!(read.diagnostics.is_empty(), "{state}: {:?}", read.diagnostics);
        } else {
            says(only_warning(&read), &[id(&prior)]);
        }
        let now = read.instance.state.get("state").as_str();
        assert_eq!(now, (outcome != "gone").then_some(state), "{state}");
        assert_eq!(read.instance.private, prior.private, "{state}");
        assert_eq!(read.instance.identity, prior.identity, "{state}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_new_one_that_is_not_visible_yet_is_kept_for_a_quarter_of_an_hour() {
    let settings = Settings { visible_after: minutes(60 * 24), ..Settings::default() };
    let desk = Desk::new(settings).await;
    let config = desk.standby(PRIMARIES[0], &[("wait_for_ready", false.into())]);
    let prior = desk.created(&config).await;
    for wait in [0, 5, 9] {
        tokio::time::sleep(minutes(wait)).await;
        let read = desk.read(&prior).await;
        says(only_warning(&read), &["not visible yet", id(&prior)]);
        assert_eq!(read.instance, prior);
        let planned = desk.plan(&read.instance, &config).await;
        assert_eq!(planned.instance.state, prior.state);
    }
    tokio::time::sleep(minutes(2)).await;
    let read = desk.read(&prior).await;
    says(only_warning(&read), &["gone"]);
    assert!(read.instance.state.is_null());
}

#[tokio::test(start_paused = true)]
async fn one_that_was_seen_once_and_is_absent_is_gone_however_new_it_is() {
    let settings = Settings { visible_after: seconds(10), ..Settings::default() };
    let desk = Desk::new(settings).await;
    let config = desk.standby(PRIMARIES[0], &[("wait_for_ready", false.into())]);
    let prior = desk.created(&config).await;
    tokio::time::sleep(seconds(11)).await;
    let seen = desk.read(&prior).await;
    assert!(seen.diagnostics.is_empty(), "{:?}", seen.diagnostics);
    desk.vanish(id(&prior));
    let read = desk.read(&seen.instance).await;
    says(only_warning(&read), &["gone"]);
    assert!(read.instance.state.is_null());
}

#[tokio::test(start_paused = true)]
async fn an_error_keeps_everything_as_it_was() {
    for (fault, said) in [
        ("DescribeWorkspaces:error=AccessDeniedException:1", "workspaces:DescribeWorkspaces"),
        ("DescribeWorkspaces:5xx-before:1", "InternalFailure"),
        ("DescribeWorkspaces:reset-before:1", "DescribeWorkspaces"),
        ("DescribeWorkspaces:error=ThrottlingException:1", "parallelism"),
        ("DescribeTags:error=AccessDeniedException:1", "workspaces:DescribeTags"),
        ("DescribeTags:5xx-before:1", "InternalFailure"),
        ("DescribeTags:error=ThrottlingException:1", "parallelism"),
    ] {
        let settings = Settings { visible_after: minutes(1), ..Settings::default() };
        let desk = Desk::with(settings, &[("tag_reads", "workspaces".into())]).await;
        // Not seen yet, so that there is private state to keep.
        let config = desk.standby(PRIMARIES[0], &[("wait_for_ready", false.into())]);
        let prior = desk.created(&config).await;
        assert!(!prior.private.is_empty());
        tokio::time::sleep(minutes(2)).await;
        desk.faults(&[fault]);
        let read = desk.read(&prior).await;
        says(only_error(&read), &[said, id(&prior), STANDBY_REGION]);
        assert_eq!(read.instance, prior, "{fault}");
    }
}

#[tokio::test(start_paused = true)]
async fn one_in_trouble_is_kept_with_a_warning() {
    let desk = Desk::new(Settings::default()).await;
    let prior = desk.created(&desk.standby(PRIMARIES[0], &[])).await;
    for state in ["ERROR", "UNHEALTHY", "IMPAIRED"] {
        desk.force(id(&prior), state);
        let read = desk.read(&prior).await;
        says(only_warning(&read), &[state, id(&prior), "Broken.Code", "It is broken"]);
        let mut expected = prior.state.clone();
        expected.set("state", state.into());
        assert_eq!(read.instance.state, expected);
    }
    for state in ["STOPPED", "STARTING", "MAINTENANCE", "SUSPENDED"] {
        desk.force(id(&prior), state);
        let read = desk.read(&prior).await;
        assert!(!read.diagnostics.has_errors());
        assert_eq!(read.instance.state.get("state").as_str(), Some(state));
    }
    // A new state is kept as text.
    desk.rewrite(|_, body| Some(body.replace("SUSPENDED", "HIBERNATING")));
    let read = desk.read(&prior).await;
    assert_eq!(read.instance.state.get("state").as_str(), Some("HIBERNATING"));
}

#[tokio::test(start_paused = true)]
async fn while_the_primary_region_is_down_reading_planning_and_deleting_work() {
    let settings = Settings { termination: minutes(3), ..Settings::default() };
    let desk = Desk::new(settings).await;
    let config = desk.standby(PRIMARIES[0], &[]);
    let prior = desk.created(&config).await;
    desk.forget_calls();
    desk.faults(&["*@us-east-1:reset-before:1"]);
    let read = desk.read(&prior).await;
    assert!(read.diagnostics.is_empty(), "{:?}", read.diagnostics);
    assert_eq!(read.instance, prior);
    let planned = desk.plan(&read.instance, &config).await;
    assert_eq!(planned.instance.state, prior.state);
    assert!(planned.diagnostics.is_empty());
    // So do the changes that have nothing to do with the primary.
    let tagged = desk
        .standby(PRIMARIES[0], &[("tags", crate::support::in_process::texts(&[("drill", "yes")]))]);
    let prior = desk.update(&prior, &tagged).await.succeeded();
    assert!(desk.delete(&prior).await.succeeded().state.is_null());
    let elsewhere: Vec<_> =
        desk.all_calls().into_iter().filter(|(_, region)| region != STANDBY_REGION).collect();
    assert_eq!(elsewhere, []);
}

#[tokio::test(start_paused = true)]
async fn reading_what_was_read_changes_nothing() {
    let settings = Settings { visible_after: seconds(5), ..Settings::default() };
    let desk = Desk::new(settings).await;
    let key = ("volume_encryption_key", "alias/desktops".into());
    let not_waiting = ("wait_for_ready", false.into());
    for (primary, more) in [
        (PRIMARIES[0], vec![]),
        (PRIMARIES[1], vec![key.clone()]),
        (PRIMARIES[2], vec![not_waiting.clone()]),
        (PRIMARIES[3], vec![key, not_waiting]),
        (ENCRYPTED_PRIMARY, vec![]),
    ] {
        let config = desk.standby(primary, &more);
        let made = desk.created(&config).await;
        tokio::time::sleep(seconds(10)).await;
        let once = desk.read(&made).await;
        assert!(once.diagnostics.is_empty(), "{:?}", once.diagnostics);
        let twice = desk.read(&once.instance).await;
        assert_eq!(twice.instance, once.instance, "{primary}");
        let planned = desk.plan(&once.instance, &config).await;
        assert_eq!(planned.instance.state, once.instance.state, "{primary}");
        assert!(planned.requires_replace.is_empty(), "{primary}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_configured_spelling_of_the_key_stays() {
    let arn = format!("arn:aws:kms:us-west-2:{ACCOUNT_ID}:key/{KEY}");
    let alias_arn = format!("arn:aws:kms:us-west-2:{ACCOUNT_ID}:alias/desktops");
    for spelling in [KEY, &arn, "alias/desktops", &alias_arn] {
        for wait in [true, false] {
            let settings = Settings { visible_after: seconds(5), ..Settings::default() };
            let desk = Desk::new(settings).await;
            let config = desk.standby(
                PRIMARIES[0],
                &[("volume_encryption_key", spelling.into()), ("wait_for_ready", wait.into())],
            );
            let made = desk.created(&config).await;
            tokio::time::sleep(seconds(10)).await;
            let read = desk.read(&made).await.instance;
            let case = format!("{spelling}, waiting {wait}");
            assert_eq!(read.state.get("volume_encryption_key").as_str(), Some(spelling), "{case}");
            assert_eq!(read.state.get("root_volume_encryption_enabled").as_bool(), Some(true));
            let planned = desk.plan(&read, &config).await;
            assert_eq!(planned.instance.state, read.state, "{case}");
            assert!(planned.requires_replace.is_empty(), "{case}");
            // Another key is a replacement.
            let other = desk.standby(
                PRIMARIES[0],
                &[("volume_encryption_key", "alias/other".into()), ("wait_for_ready", wait.into())],
            );
            assert_eq!(desk.plan(&read, &other).await.requires_replace.len(), 1, "{case}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn what_changed_behind_terraform_shows() {
    let desk = Desk::new(Settings::default()).await;
    let config = desk.standby(PRIMARIES[0], &[]);
    let prior = desk.created(&config).await;
    desk.api(
        PRIMARY_REGION,
        "ModifyWorkspaceProperties",
        &serde_json::json!({"WorkspaceId": PRIMARIES[0], "DataReplication": "PRIMARY_AS_SOURCE"}),
    );
    tokio::time::sleep(minutes(1)).await;
    let read = desk.read(&prior).await.instance;
    assert_eq!(read.state.get("data_replication").as_str(), Some("PRIMARY_AS_SOURCE"));
    assert!(read.state.get("recovery_snapshot_time").as_str().is_some());
    let planned = desk.plan(&read, &config).await;
    assert_eq!(planned.instance.state.get("data_replication").as_str(), Some("NO_REPLICATION"));
    assert!(planned.requires_replace.is_empty());
}

#[tokio::test(start_paused = true)]
async fn an_imported_one_is_read_and_plans_no_change() {
    use terraform_provider_aws_workspaces::provider::ImportTarget;
    let desk = Desk::new(Settings::default()).await;
    let config = desk.standby(PRIMARIES[0], &[]);
    let made = desk.created(&config).await;
    let of = &desk.provider.resources()[0];
    for target in [
        ImportTarget::Id(id(&made).to_owned()),
        ImportTarget::Id(format!("{}@{STANDBY_REGION}", id(&made))),
        ImportTarget::Identity(made.identity.clone()),
    ] {
        let imported = desk.provider.import(of, target).await;
        assert!(imported.diagnostics.is_empty(), "{:?}", imported.diagnostics);
        let read = desk.read(&imported.instance).await;
        assert_eq!(
            read.instance,
            Instance { private: read.instance.private.clone(), ..made.clone() }
        );
        let planned = desk.plan(&read.instance, &config).await;
        assert_eq!(planned.instance.state, read.instance.state);
    }
    for refused in [PRIMARIES[0], ORDINARY_WORKSPACE, "ws-0unknown1", "nonsense"] {
        let region = if refused == PRIMARIES[0] { "@us-east-1" } else { "" };
        let target = ImportTarget::Id(format!("{refused}{region}"));
        let imported = desk.provider.import(of, target).await;
        only_error(&imported);
        assert!(imported.instance.state.is_null());
    }
}

#[tokio::test(start_paused = true)]
async fn a_state_that_contradicts_itself_or_is_of_another_account_is_an_error_and_never_gone() {
    let desk = Desk::new(Settings::default()).await;
    let created = desk.created(&desk.standby(PRIMARIES[0], &[])).await;
    let arn = created.state.get("arn").as_str().unwrap().to_owned();
    let with = |name: &str, value: &str| {
        let mut stored = created.clone();
        stored.state.set(name, value.into());
        stored
    };
    for (stored, texts) in [
        (with("region", IRELAND), ["inconsistent", IRELAND]),
        (with("id", "ws-0another1"), ["inconsistent", "ws-0another1"]),
        (
            with("arn", &arn.replace(ACCOUNT_ID, "999999999999")),
            ["belongs to the account 999999999999", ACCOUNT_ID],
        ),
    ] {
        let read = desk.read(&stored).await;
        says(only_error(&read), &texts);
        assert_eq!(read.instance, stored);
        let deleted = desk.delete(&stored).await;
        says(deleted.error(), &texts);
        assert_eq!(deleted.outcome.instance, stored);
    }
    assert_eq!(desk.standbys_of(PRIMARIES[0]), [id(&created)]);
    // A Region that is missing was the provider's.
    let mut stored = created.clone();
    stored.state.set("region", terraform_provider_aws_workspaces::tf::Value::Null);
    assert!(desk.delete(&stored).await.succeeded().state.is_null());
    assert_eq!(desk.standbys_of(PRIMARIES[0]), [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn sts_is_asked_for_the_account_only_where_a_standby_is_missing() {
    let unchecked = [("skip_credentials_validation", true.into())];
    let first = Desk::new(Settings::default()).await;
    let mut created = first.created(&first.standby(PRIMARIES[0], &[])).await;
    first.forget_calls();
    let desk = first.another(&unchecked).await;
    assert!(desk.read(&created).await.diagnostics.is_empty());
    assert_eq!(desk.calls("STS").len(), 0);
    first.vanish(id(&created));
    let arn = created.state.get("arn").as_str().unwrap().replace(ACCOUNT_ID, "999999999999");
    created.state.set("arn", arn.as_str().into());
    let texts = ["belongs to the account 999999999999", ACCOUNT_ID];
    let read = desk.read(&created).await;
    says(only_error(&read), &texts);
    assert_eq!(read.instance, created);
    let desk = first.another(&unchecked).await;
    let deleted = desk.delete(&created).await;
    says(deleted.error(), &texts);
    assert_eq!(deleted.outcome.instance, created);
    assert_eq!(desk.calls("STS").len(), 2);
}

#[tokio::test(start_paused = true)]
async fn an_alias_for_the_key_of_an_imported_one_is_taken_for_that_key_with_a_warning() {
    let desk = Desk::new(Settings::default()).await;
    let key = [("volume_encryption_key", "alias/desktops".into())];
    let config = desk.standby(ENCRYPTED_PRIMARY, &key);
    let created = desk.created(&config).await;
    let of = &desk.provider.resources()[0];
    let target = terraform_provider_aws_workspaces::provider::ImportTarget::Id(id(&created).into());
    let imported = desk.read(&desk.provider.import(of, target).await.instance).await.instance;
    let planned = desk.plan(&imported, &config).await;
    assert!(planned.requires_replace.is_empty(), "{:?}", planned.requires_replace);
    let warnings: Vec<_> = planned.diagnostics.iter().collect();
    says(warnings[0], &["Cannot verify", "alias/desktops", "arn:aws:kms"]);
    desk.forget_calls();
    let updated = desk.update(&imported, &config).await.outcome.instance;
    assert_eq!(desk.calls("ModifyWorkspaceProperties").len(), 0);
    let read = desk.read(&updated).await;
    assert_eq!(read.instance.state, updated.state);
    let planned = desk.plan(&read.instance, &config).await;
    assert!(planned.diagnostics.is_empty(), "{:?}", planned.diagnostics);
    assert_eq!(planned.instance.state, read.instance.state);
    // Another alias is another key, as far as anybody can tell.
    let other =
        desk.standby(ENCRYPTED_PRIMARY, &[("volume_encryption_key", "alias/others".into())]);
    assert!(!desk.plan(&read.instance, &other).await.requires_replace.is_empty());
}
