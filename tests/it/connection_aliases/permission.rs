//! Sharing an alias with another account.

use terraform_provider_aws_workspaces::provider::{ImportTarget, Instance};
use terraform_provider_aws_workspaces::tf::Value;
use tokio_util::sync::CancellationToken;

use super::*;
use crate::support::in_process::{only_error, only_warning, says};

async fn desk() -> Desk {
    super::desk().await.of(PERMISSION)
}

fn permission(desk: &Desk, account: &str) -> Value {
    desk.config(&[("alias_id", ALIAS.into()), ("shared_account_id", account.into())])
}

/// The accounts that the usual alias is shared with.
fn shared_with(desk: &Desk) -> Vec<String> {
    let request = json!({"AliasId": ALIAS});
    let shown = desk.api(STANDBY_REGION, "DescribeConnectionAliasPermissions", &request);
    let all = shown["ConnectionAliasPermissions"].as_array().cloned().unwrap_or_default();
    all.iter().map(|one| one["SharedAccountId"].as_str().unwrap().to_owned()).collect()
}

fn share(desk: &Desk, account: &str, allow: bool) {
    let permission = json!({"SharedAccountId": account, "AllowAssociation": allow});
    let request = json!({"AliasId": ALIAS, "ConnectionAliasPermission": permission});
    desk.api(STANDBY_REGION, "UpdateConnectionAliasPermission", &request);
}

#[tokio::test(start_paused = true)]
async fn an_alias_is_shared_with_accounts_and_no_longer() {
    let desk = desk().await;
    let one = desk.created(&permission(&desk, OTHER_ACCOUNT)).await;
    let two = desk.created(&permission(&desk, "111122223333")).await;
    assert_eq!(shared_with(&desk), ["111122223333", OTHER_ACCOUNT]);
    assert_eq!(one.state.get("region"), &Value::from(STANDBY_REGION));
    assert_eq!(
        one.identity,
        Value::object([
            ("account_id", ACCOUNT_ID.into()),
            ("region", STANDBY_REGION.into()),
            ("alias_id", ALIAS.into()),
            ("shared_account_id", OTHER_ACCOUNT.into()),
        ])
    );
    let later = desk.another(&[]).await.of(PERMISSION);
    desk.forget_calls();
    let (first, second) = tokio::join!(later.read(&one), later.read(&two));
    assert_eq!(first.instance.state, one.state);
    assert_eq!(second.instance.state, two.state);
    let calls = desk.calls("DescribeConnectionAliasPermissions").len();
    assert_eq!(calls, 1, "one call serves all permissions of an alias");
    assert!(desk.delete(&one).await.succeeded().is_absent());
    assert_eq!(shared_with(&desk), ["111122223333"]);
}

#[tokio::test(start_paused = true)]
async fn a_permission_that_is_gone_leaves_the_state_and_deleting_it_is_a_success() {
    let desk = desk().await;
    let created = desk.created(&permission(&desk, OTHER_ACCOUNT)).await;
    let seen = desk.read(&created).await.instance;
    share(&desk, OTHER_ACCOUNT, false);
    // AWS may not show a new one yet: one that was never shown stays.
    let read = desk.read(&created).await;
    says(only_warning(&read), &["not visible yet"]);
    assert!(!read.instance.is_absent());
    let read = desk.read(&seen).await;
    says(only_warning(&read), &["no longer shared"]);
    assert!(read.instance.is_absent());
    assert!(desk.delete(&seen).await.succeeded().is_absent());
    desk.faults(&["UpdateConnectionAliasPermission:error=InvalidParameterValuesException:1"]);
    assert!(desk.delete(&seen).await.succeeded().is_absent());
}

#[tokio::test(start_paused = true)]
async fn an_alias_that_another_account_does_not_show_is_not_taken_for_gone() {
    let desk = desk().await;
    let mut foreign = desk.created(&permission(&desk, OTHER_ACCOUNT)).await;
    foreign.identity.set("account_id", "111122223333".into());
    foreign.state.set("alias_id", "wsca-0unknown01".into());
    foreign.identity.set("alias_id", "wsca-0unknown01".into());
    for code in ["ResourceNotFoundException", "InvalidParameterValuesException"] {
        desk.faults(&[&format!("UpdateConnectionAliasPermission:error={code}:1")]);
        let unchecked = desk.another(&[("skip_credentials_validation", true.into())]).await;
        let applied = unchecked.of(PERMISSION).delete(&foreign).await;
        says(applied.error(), &["111122223333", ACCOUNT_ID]);
        assert_eq!(applied.outcome.instance, foreign, "{code}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_refusal_says_what_to_do() {
    let desk = desk().await;
    let created = desk.created(&permission(&desk, OTHER_ACCOUNT)).await;
    for (code, expected) in [
        ("ResourceAssociatedException", &[OTHER_ACCOUNT, "Remove the association there"][..]),
        ("AccessDeniedException", &["workspaces:UpdateConnectionAliasPermission"]),
    ] {
        desk.faults(&[&format!("UpdateConnectionAliasPermission:error={code}:1")]);
        let applied = desk.delete(&created).await;
        says(applied.error(), expected);
        assert_eq!(applied.outcome.instance, created);
    }
    desk.faults(&[]);
    let applied = desk.create(&permission(&desk, ACCOUNT_ID)).await;
    says(applied.error(), &["InvalidParameterValuesException", "the account that owns it"]);
    assert!(applied.outcome.instance.is_absent());
}

#[tokio::test(start_paused = true)]
async fn nothing_is_sent_after_a_stop_and_a_lost_answer_does_no_harm() {
    let desk = desk().await;
    let stop = CancellationToken::new();
    stop.cancel();
    let config = permission(&desk, OTHER_ACCOUNT);
    let applied = desk.apply(&Instance::absent(), &config, &stop).await;
    says(applied.error(), &["interrupted", "Apply again"]);
    assert!(desk.calls("UpdateConnectionAliasPermission").is_empty());
    for (fault, expected) in [
        ("reset-before", &["does not show that", "Apply again"][..]),
        ("reset-after", &["by this request or by another one", "import {"]),
        // The next apply finds it.
        ("reset-before", &["is shared with", "already", "import {"]),
    ] {
        desk.faults(&[&format!("UpdateConnectionAliasPermission:{fault}:1")]);
        let applied = desk.create(&config).await;
        says(applied.error(), expected);
        assert!(applied.outcome.instance.is_absent(), "{fault}");
    }
    assert_eq!(shared_with(&desk), [OTHER_ACCOUNT]);
}

/// The first attempt is carried out and its answer is lost; the stop prevents the second.
#[tokio::test(start_paused = true)]
async fn a_stop_between_two_attempts_does_not_say_that_nothing_was_sent() {
    let desk = desk().await;
    desk.faults(&["UpdateConnectionAliasPermission:reset-after:1"]);
    let stop = CancellationToken::new();
    let (config, absent) = (permission(&desk, OTHER_ACCOUNT), Instance::absent());
    let stopping = async {
        while desk.calls("UpdateConnectionAliasPermission").is_empty() {
            tokio::time::sleep(std::time::Duration::from_millis(1)).await;
        }
        stop.cancel();
    };
    let (applied, ()) = tokio::join!(desk.apply(&absent, &config, &stop), stopping);
    says(applied.error(), &["the answer was lost", "is shared with", "import {"]);
    assert_eq!(shared_with(&desk), [OTHER_ACCOUNT]);
}

#[tokio::test(start_paused = true)]
async fn a_permission_that_aws_has_made_is_named_after_a_timeout_and_a_refusal_of_the_second_attempt()
 {
    for (faults, expected) in [
        (&["UpdateConnectionAliasPermission:slow-after=10h:1"][..], "within 10 minutes"),
        (
            &[
                "UpdateConnectionAliasPermission:reset-after:1x1",
                "UpdateConnectionAliasPermission:error=AccessDeniedException:1",
            ],
            "AccessDeniedException",
        ),
    ] {
        let desk = desk().await;
        desk.faults(faults);
        let applied = desk.create(&permission(&desk, OTHER_ACCOUNT)).await;
        assert_eq!(shared_with(&desk), [OTHER_ACCOUNT], "{faults:?}");
        says(applied.error(), &[expected, "is shared with", "import {"]);
    }
}

/// AWS accepts a second request too, and removing one resource would end the permission of both.
#[tokio::test(start_paused = true)]
async fn one_of_two_resources_for_the_same_permission_is_refused() {
    let desk = desk().await;
    let config = permission(&desk, OTHER_ACCOUNT);
    let (one, other) = tokio::join!(desk.create(&config), desk.create(&config));
    let (refused, created) = match one.outcome.diagnostics.has_errors() {
        true => (one, other),
        false => (other, one),
    };
    says(refused.error(), &["Another resource of the configuration"]);
    assert!(refused.outcome.instance.is_absent());
    let created = created.succeeded();
    // A replacement creates it again, also while AWS still shows it.
    assert!(desk.delete(&created).await.succeeded().is_absent());
    share(&desk, OTHER_ACCOUNT, true);
    desk.created(&config).await;
}

#[tokio::test(start_paused = true)]
async fn a_permission_is_imported_by_alias_and_account() {
    let desk = desk().await;
    let created = desk.created(&permission(&desk, OTHER_ACCOUNT)).await;
    for id in
        [format!("{ALIAS}/{OTHER_ACCOUNT}"), format!("{ALIAS}/{OTHER_ACCOUNT}@{STANDBY_REGION}")]
    {
        let imported = desk.imported(&id).await;
        assert_eq!(imported.state, created.state, "{id}");
        assert_eq!(imported.identity, created.identity);
    }
    let of = desk.provider.resources().iter().find(|of| of.name == PERMISSION).unwrap();
    for (id, expected) in [
        (ALIAS.to_owned(), &["not an alias ID, a slash and an account ID"][..]),
        (format!("{ALIAS}/111122223333"), &["It is shared with", OTHER_ACCOUNT]),
        (format!("{OTHER_ALIAS}/111122223333"), &["not shared with any account"]),
        (
            "wsca-0unknown01/111122223333".to_owned(),
            &["AWS shows no connection alias wsca-0unknown01 in"],
        ),
    ] {
        let outcome = desk.provider.import(of, ImportTarget::Id(id)).await;
        says(only_error(&outcome), expected);
    }
}
