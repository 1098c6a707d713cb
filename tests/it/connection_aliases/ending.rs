//! Removing an association.

use terraform_provider_aws_workspaces::tf::Value;
use tokio_util::sync::CancellationToken;

use super::*;
use crate::support::in_process::{only_error, says, seconds};

#[tokio::test(start_paused = true)]
async fn deleting_waits_until_the_alias_can_be_deleted() {
    let desk = desk().await;
    let created = associated(&desk).await;
    let applied = desk.delete(&created).await;
    assert!(applied.took >= minutes(3) && applied.took < minutes(4), "{:?}", applied.took);
    assert!(applied.succeeded().is_absent());
    desk.api(STANDBY_REGION, "DeleteConnectionAlias", &json!({"AliasId": ALIAS}));
}

#[tokio::test(start_paused = true)]
async fn what_is_gone_or_ending_already_is_a_success() {
    for later in [seconds(1), minutes(4)] {
        let desk = desk().await;
        let created = associated(&desk).await;
        disassociate(&desk);
        tokio::time::sleep(later).await;
        assert!(desk.delete(&created).await.succeeded().is_absent());
        assert!(desk.calls("DisassociateConnectionAlias").is_empty(), "{later:?}");
        assert_eq!(status(&desk), "NOT_ASSOCIATED");
    }
}

#[tokio::test(start_paused = true)]
async fn an_alias_that_is_gone_is_a_success() {
    let desk = desk().await;
    let created = associated(&desk).await;
    disassociate(&desk);
    tokio::time::sleep(minutes(3)).await;
    desk.api(STANDBY_REGION, "DeleteConnectionAlias", &json!({"AliasId": ALIAS}));
    tokio::time::sleep(minutes(3)).await;
    assert!(desk.delete(&created).await.succeeded().is_absent());
}

#[tokio::test(start_paused = true)]
async fn an_association_with_another_directory_is_left_alone() {
    let desk = desk().await;
    let created = associated(&desk).await;
    disassociate(&desk);
    tokio::time::sleep(minutes(3)).await;
    associate(&desk, ALIAS, SIMPLE_AD_DIRECTORY_ID);
    tokio::time::sleep(minutes(3)).await;
    assert!(desk.delete(&created).await.succeeded().is_absent());
    assert!(desk.calls("DisassociateConnectionAlias").is_empty());
    assert_eq!(status(&desk), "ASSOCIATED_WITH_OWNER_ACCOUNT");
}

/// One that AWS has accepted and not shown is removed by a request that names the alias alone.
#[tokio::test(start_paused = true)]
async fn an_association_with_another_directory_is_left_alone_also_when_ours_was_never_shown() {
    for (stopped_after, is_shown) in [(seconds(0), false), (seconds(30), true)] {
        let desk = desk().await;
        let stop = CancellationToken::new();
        let config = association(&desk, ALIAS, STANDBY_DIRECTORY_ID);
        let absent = Instance::absent();
        if !is_shown {
            desk.faults(&["DescribeConnectionAliases:error=AccessDeniedException:1"]);
        }
        let stopping = async {
            tokio::time::sleep(stopped_after + seconds(1)).await;
            stop.cancel();
        };
        let (applied, ()) = tokio::join!(desk.apply(&absent, &config, &stop), stopping);
        desk.faults(&[]);
        let created = applied.outcome.instance;
        let private = String::from_utf8(created.private.clone()).unwrap();
        assert_eq!(private.contains("unseen_since"), !is_shown, "{private}");
        tokio::time::sleep(minutes(3)).await;
        disassociate(&desk);
        tokio::time::sleep(minutes(3)).await;
        associate(&desk, ALIAS, SIMPLE_AD_DIRECTORY_ID);
        assert!(desk.read(&created).await.instance.is_absent());
        assert!(desk.delete(&created).await.succeeded().is_absent());
        assert!(desk.calls("DisassociateConnectionAlias").is_empty());
        assert_eq!(status(&desk), "PENDING_ASSOCIATION");
    }
}

#[tokio::test(start_paused = true)]
async fn a_refusal_counts_only_while_the_association_holds() {
    let desk = desk().await;
    let created = associated(&desk).await;
    desk.faults(&["DisassociateConnectionAlias:error=InvalidResourceStateException:1"]);
    let applied = desk.delete(&created).await;
    says(applied.error(), &["InvalidResourceStateException", "apply again"]);
    assert_eq!(applied.outcome.instance, created, "it stays in the state");
    // The answer of a request that was carried out is lost.
    desk.faults(&["DisassociateConnectionAlias:reset-after:1"]);
    assert!(desk.delete(&created).await.succeeded().is_absent());
    assert_eq!(status(&desk), "NOT_ASSOCIATED");
}

#[tokio::test(start_paused = true)]
async fn a_stop_and_a_timeout_keep_the_association_in_the_state() {
    let desk = desk().await;
    let mut created = associated(&desk).await;
    let stop = CancellationToken::new();
    stop.cancel();
    let applied = desk.apply(&created, &Value::Null, &stop).await;
    says(applied.error(), &["interrupted", "It stays in the state"]);
    assert!(desk.calls("DisassociateConnectionAlias").is_empty());
    let timeouts = [("create", Value::Null), ("delete", "1m".into())];
    created.state.set("timeouts", Value::object(timeouts));
    let applied = desk.delete(&created).await;
    says(applied.error(), &["Timed out after 1m", "PENDING_DISASSOCIATION"]);
    assert_eq!(applied.outcome.instance, created);
}

#[tokio::test(start_paused = true)]
async fn an_alias_that_another_account_does_not_show_is_not_taken_for_gone() {
    let desk = desk().await;
    let mut foreign = associated(&desk).await;
    foreign.identity.set("account_id", OTHER_ACCOUNT.into());
    foreign.state.set("directory_id", SIMPLE_AD_DIRECTORY_ID.into());
    let unchecked = desk.another(&[("skip_credentials_validation", true.into())]).await;
    let applied = unchecked.of(ASSOCIATION).delete(&foreign).await;
    says(applied.error(), &[OTHER_ACCOUNT, ACCOUNT_ID]);
    assert_eq!(applied.outcome.instance, foreign);
}

/// OpenTofu and Terraform before 1.12 store no identity.
#[tokio::test(start_paused = true)]
async fn another_account_is_named_and_nothing_is_sent_also_without_an_identity() {
    let desk = desk().await;
    let mut with_identity = associated(&desk).await;
    let mut without = Instance { identity: Value::Null, ..with_identity.clone() };
    with_identity.identity.set("account_id", OTHER_ACCOUNT.into());
    let private = String::from_utf8(without.private.clone()).unwrap();
    without.private = private.replace(ACCOUNT_ID, OTHER_ACCOUNT).into_bytes();
    for foreign in [with_identity, without] {
        let applied = desk.delete(&foreign).await;
        says(applied.error(), &["the association of", OTHER_ACCOUNT, ACCOUNT_ID]);
        assert!(desk.calls("DisassociateConnectionAlias").is_empty());
        let read = desk.read(&foreign).await;
        says(only_error(&read), &["the association of", OTHER_ACCOUNT, ACCOUNT_ID]);
        assert_eq!(read.instance, foreign);
    }
}

/// The request names the alias alone, so it is not repeated without a look.
#[tokio::test(start_paused = true)]
async fn a_throttled_request_is_not_sent_again_to_an_alias_that_was_moved() {
    for fault in ["error=ThrottlingException", "5xx-before"] {
        let desk = desk().await;
        let created = associated(&desk).await;
        desk.faults(&[&format!("DisassociateConnectionAlias:{fault}:1")]);
        let moving = async {
            tokio::time::sleep(seconds(2)).await;
            desk.faults(&[]);
            disassociate(&desk);
            tokio::time::sleep(minutes(3)).await;
            associate(&desk, ALIAS, SIMPLE_AD_DIRECTORY_ID);
        };
        let (applied, ()) = tokio::join!(desk.delete(&created), moving);
        assert!(applied.succeeded().is_absent());
        tokio::time::sleep(minutes(3)).await;
        assert_eq!(status(&desk), "ASSOCIATED_WITH_OWNER_ACCOUNT", "{fault}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_request_that_was_not_carried_out_is_sent_again_after_a_look() {
    for code in ["ThrottlingException", "OperationInProgressException"] {
        let desk = desk().await;
        let created = associated(&desk).await;
        desk.faults(&[&format!("DisassociateConnectionAlias:error={code}:1x5")]);
        assert!(desk.delete(&created).await.succeeded().is_absent());
        assert_eq!(status(&desk), "NOT_ASSOCIATED", "{code}");
    }
}

/// What another account does not see must not count as gone.
#[tokio::test(start_paused = true)]
async fn nothing_is_gone_while_the_account_of_the_credentials_is_not_known() {
    let desk = desk().await;
    let created = associated(&desk).await;
    disassociate(&desk);
    tokio::time::sleep(minutes(3)).await;
    desk.faults(&["GetCallerIdentity:error=AccessDenied:1"]);
    let arguments = [("skip_credentials_validation", true.into())];
    let unchecked = || async { desk.another(&arguments).await.of(ASSOCIATION) };
    for outcome in
        [unchecked().await.read(&created).await, unchecked().await.delete(&created).await.outcome]
    {
        says(
            only_error(&outcome),
            &["GetCallerIdentity", ACCOUNT_ID, "skip_requesting_account_id"],
        );
        assert_eq!(outcome.instance, created);
    }
    let skipped = ["skip_credentials_validation", "skip_requesting_account_id"];
    let without = desk.another(&skipped.map(|name| (name, true.into()))).await.of(ASSOCIATION);
    assert!(without.read(&created).await.instance.is_absent());
}

/// What AWS does not show there would count as gone.
#[tokio::test(start_paused = true)]
async fn a_state_that_contradicts_its_identity_is_an_error_and_nothing_is_sent() {
    let desk = desk().await;
    let created = associated(&desk).await;
    for (name, value) in [("region", "eu-west-1"), ("alias_id", OTHER_ALIAS)] {
        let mut edited = created.clone();
        edited.state.set(name, value.into());
        for outcome in [desk.read(&edited).await, desk.delete(&edited).await.outcome] {
            says(only_error(&outcome), &["inconsistent", name, value, "backup"]);
            assert_eq!(outcome.instance, edited);
        }
    }
    assert!(desk.calls("DisassociateConnectionAlias").is_empty());
}
