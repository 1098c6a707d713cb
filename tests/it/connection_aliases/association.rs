//! Creating and refreshing an association.

use terraform_provider_aws_workspaces::provider::{Checkpoint, Instance};
use terraform_provider_aws_workspaces::sim::builtin::*;
use terraform_provider_aws_workspaces::tf::Value;
use tokio_util::sync::CancellationToken;

use super::*;
use crate::support::in_process::{only_error, only_warning, says, seconds};

#[tokio::test(start_paused = true)]
async fn creating_waits_until_the_alias_leads_to_the_directory() {
    let desk = desk().await;
    let applied = desk.create(&association(&desk, ALIAS, STANDBY_DIRECTORY_ID)).await;
    assert!(applied.took >= minutes(3) && applied.took < minutes(4), "{:?}", applied.took);
    let checkpoint = applied.checkpoint.clone().unwrap();
    let created = applied.succeeded();
    for (name, value) in [
        ("alias_id", ALIAS),
        ("directory_id", STANDBY_DIRECTORY_ID),
        ("region", STANDBY_REGION),
        ("connection_string", "desktop1.example.com"),
        ("association_status", "ASSOCIATED_WITH_OWNER_ACCOUNT"),
        ("associated_account_id", ACCOUNT_ID),
        ("owner_account_id", ACCOUNT_ID),
    ] {
        assert_eq!(created.state.get(name), &Value::from(value), "{name}");
    }
    let identifier = created.state.get("connection_identifier");
    assert!(identifier.as_str().is_some());
    assert_eq!(checkpoint.state.get("connection_identifier"), identifier, "recorded at once");
    assert_eq!(
        created.identity,
        Value::object([
            ("account_id", ACCOUNT_ID.into()),
            ("region", STANDBY_REGION.into()),
            ("alias_id", ALIAS.into()),
        ])
    );
    // What was created is what a refresh and a second plan find.
    let read = desk.read(&created).await;
    assert!(read.diagnostics.is_empty(), "{:?}", read.diagnostics);
    assert_eq!(read.instance.state, created.state);
    let config = association(&desk, ALIAS, STANDBY_DIRECTORY_ID);
    assert_eq!(desk.plan(&read.instance, &config).await.instance.state, created.state);
}

#[tokio::test(start_paused = true)]
async fn an_alias_that_another_account_shares_can_be_associated() {
    let foreign =
        FleetConnectionAlias { owner_account_id: Some(OTHER_ACCOUNT.to_owned()), ..alias(ALIAS) };
    let desk = Desk::new(with(vec![foreign])).await.of(ASSOCIATION);
    let created = associated(&desk).await;
    let text = |name: &str| created.state.get(name).as_str().unwrap().to_owned();
    assert_eq!(text("association_status"), "ASSOCIATED_WITH_SHARED_ACCOUNT");
    assert_eq!(text("owner_account_id"), OTHER_ACCOUNT);
    assert_eq!(text("associated_account_id"), ACCOUNT_ID);
}

#[tokio::test(start_paused = true)]
async fn a_stop_leaves_the_association_in_the_state_and_it_is_not_condemned() {
    let desk = desk().await;
    let stop = CancellationToken::new();
    let config = association(&desk, ALIAS, STANDBY_DIRECTORY_ID);
    let absent = Instance::absent();
    let applying = desk.apply(&absent, &config, &stop);
    let stopping = async {
        tokio::time::sleep(seconds(30)).await;
        stop.cancel();
    };
    let (applied, ()) = tokio::join!(applying, stopping);
    assert!(applied.took < seconds(32), "{:?}", applied.took);
    says(only_warning(&applied.outcome), &["not complete yet", "It is in the state"]);
    let state = &applied.outcome.instance.state;
    assert_eq!(state.get("association_status"), &Value::from("PENDING_ASSOCIATION"));
    tokio::time::sleep(minutes(3)).await;
    let read = desk.read(&applied.outcome.instance).await;
    assert!(read.diagnostics.is_empty(), "{:?}", read.diagnostics);
    let status = read.instance.state.get("association_status");
    assert_eq!(status, &Value::from("ASSOCIATED_WITH_OWNER_ACCOUNT"));
}

/// The identifier is optional in the API, and the alias shows it too.
#[tokio::test(start_paused = true)]
async fn an_answer_without_an_identifier_is_an_acceptance() {
    let desk = desk().await;
    desk.rewrite(|call, _| (call.operation == "AssociateConnectionAlias").then(|| "{}".to_owned()));
    let created = associated(&desk).await;
    assert!(created.state.get("connection_identifier").as_str().is_some());
}

#[tokio::test(start_paused = true)]
async fn nothing_is_sent_after_a_stop() {
    let desk = desk().await;
    let stop = CancellationToken::new();
    stop.cancel();
    let config = association(&desk, ALIAS, STANDBY_DIRECTORY_ID);
    let applied = desk.apply(&Instance::absent(), &config, &stop).await;
    says(applied.error(), &["Apply again"]);
    assert!(applied.outcome.instance.is_absent());
    assert!(desk.calls("AssociateConnectionAlias").is_empty());
}

#[tokio::test(start_paused = true)]
async fn what_is_in_the_way_is_named() {
    let region = STANDBY_REGION;
    let elsewhere = SIMPLE_AD_DIRECTORY_ID;
    for (others, expected) in [
        // The alias leads to another directory, to this one, or the directory has another alias.
        ((ALIAS, elsewhere), vec![ALIAS, elsewhere]),
        ((ALIAS, STANDBY_DIRECTORY_ID), vec!["import {", "wsca-0desktop1@us-west-2"]),
        ((OTHER_ALIAS, STANDBY_DIRECTORY_ID), vec![OTHER_ALIAS, "desktop2.example.com"]),
    ] {
        let desk = desk().await;
        associate(&desk, others.0, others.1);
        let applied = desk.create(&association(&desk, ALIAS, STANDBY_DIRECTORY_ID)).await;
        says(applied.error(), &["ResourceAssociatedException", region]);
        says(applied.error(), &expected);
        assert!(applied.outcome.instance.is_absent());
    }
}

/// An alias or a directory is handed over: Terraform removes one association and creates the other at the
/// same time.
#[tokio::test(start_paused = true)]
async fn an_association_in_the_way_that_is_being_removed_is_waited_for() {
    for (others, removed_after) in [
        ((ALIAS, SIMPLE_AD_DIRECTORY_ID), seconds(0)),
        ((ALIAS, STANDBY_DIRECTORY_ID), seconds(0)),
        ((OTHER_ALIAS, STANDBY_DIRECTORY_ID), seconds(4)),
    ] {
        let desk = desk().await;
        associate(&desk, others.0, others.1);
        tokio::time::sleep(minutes(3)).await;
        let removing = async {
            tokio::time::sleep(removed_after).await;
            desk.api(STANDBY_REGION, "DisassociateConnectionAlias", &json!({"AliasId": others.0}));
        };
        let config = association(&desk, ALIAS, STANDBY_DIRECTORY_ID);
        let ((), applied) = tokio::join!(removing, desk.create(&config));
        assert!(applied.took < minutes(7), "{:?}", applied.took);
        let created = applied.succeeded();
        let status = created.state.get("association_status");
        assert_eq!(status, &Value::from("ASSOCIATED_WITH_OWNER_ACCOUNT"), "{others:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn another_change_of_the_alias_is_waited_for() {
    let desk = desk().await;
    desk.faults(&["AssociateConnectionAlias:error=OperationInProgressException:1x3"]);
    associated(&desk).await;
    desk.faults(&["AssociateConnectionAlias:error=OperationInProgressException:1"]);
    let mut config = association(&desk, OTHER_ALIAS, SIMPLE_AD_DIRECTORY_ID);
    config.set("timeouts", Value::object([("create", "1m".into()), ("delete", Value::Null)]));
    let applied = desk.create(&config).await;
    says(applied.error(), &["OperationInProgressException", "change of the connection alias"]);
}

#[tokio::test(start_paused = true)]
async fn the_wait_for_an_association_in_the_way_ends_with_the_timeout_and_a_stop() {
    let desk = desk().await;
    associate(&desk, ALIAS, STANDBY_DIRECTORY_ID);
    tokio::time::sleep(minutes(3)).await;
    disassociate(&desk);
    let mut config = association(&desk, ALIAS, STANDBY_DIRECTORY_ID);
    config.set("timeouts", Value::object([("create", "1m".into()), ("delete", Value::Null)]));
    let applied = desk.create(&config).await;
    says(applied.error(), &["being removed", "Apply again later"]);
    let stop = CancellationToken::new();
    let absent = Instance::absent();
    let stopping = async {
        tokio::time::sleep(seconds(7)).await;
        stop.cancel();
    };
    let (applied, ()) = tokio::join!(desk.apply(&absent, &config, &stop), stopping);
    says(applied.error(), &["interrupted", "Apply again"]);
    assert!(applied.outcome.instance.is_absent());
}

#[tokio::test(start_paused = true)]
async fn a_refusal_says_what_to_do() {
    for (fault, alias, directory, expected) in [
        (None, "wsca-0unknown01", STANDBY_DIRECTORY_ID, &["another account", "share it"][..]),
        (None, ALIAS, "d-0123456789", &["ResourceNotFoundException", "d-0123456789"]),
        (None, ALIAS, DEREGISTERED_DIRECTORY_ID, &["REGISTERED"]),
        (
            Some("AccessDeniedException"),
            ALIAS,
            STANDBY_DIRECTORY_ID,
            &["workspaces:AssociateConnectionAlias in us-west-2", "explicit deny"],
        ),
        (
            Some("OperationNotSupportedException"),
            ALIAS,
            STANDBY_DIRECTORY_ID,
            &["Cross-Region redirection"],
        ),
    ] {
        let desk = desk().await;
        if let Some(code) = fault {
            desk.faults(&[&format!("AssociateConnectionAlias:error={code}:1")]);
        }
        let applied = desk.create(&association(&desk, alias, directory)).await;
        says(applied.error(), expected);
        assert!(applied.outcome.instance.is_absent());
        assert_eq!(applied.checkpoint, None);
    }
}

#[tokio::test(start_paused = true)]
async fn a_lost_answer_is_never_sent_again_and_what_aws_shows_is_named() {
    for (fault, expected) in [
        ("reset-after", &["import {", "wsca-0desktop1@us-west-2"][..]),
        ("5xx-after", &["import {", "wsca-0desktop1@us-west-2"]),
        ("reset-before", &["Apply again"]),
        // AWS cannot be asked, so nothing is said about what it shows.
        (
            "reset-after:1 DescribeConnectionAliases:error=AccessDeniedException",
            &[
                "could not look up the alias",
                "Allow workspaces:DescribeConnectionAliases",
                "import {",
            ],
        ),
        (
            "reset-after:1 DescribeConnectionAliases:error=ExpiredTokenException",
            &["could not look up the alias", "Renew the credentials", "import {"],
        ),
        (
            "reset-after:1 DescribeConnectionAliases:5xx-before",
            &["AWS did not answer the look-up", "import {"],
        ),
    ] {
        let desk = desk().await;
        let faults = format!("AssociateConnectionAlias:{fault}:1");
        desk.faults(&faults.split(' ').collect::<Vec<_>>());
        let applied = desk.create(&association(&desk, ALIAS, STANDBY_DIRECTORY_ID)).await;
        says(applied.error(), expected);
        assert_eq!(desk.calls("AssociateConnectionAlias").len(), 1, "{fault}");
        assert!(applied.outcome.instance.is_absent());
        assert!(applied.took < seconds(15), "{:?}", applied.took);
    }
}

#[tokio::test(start_paused = true)]
async fn an_association_that_aws_gives_up_is_an_error_and_in_the_state() {
    let desk = desk().await;
    let config = association(&desk, ALIAS, STANDBY_DIRECTORY_ID);
    let applying = desk.create(&config);
    let removing = async {
        tokio::time::sleep(seconds(30)).await;
        disassociate(&desk);
    };
    let (applied, ()) = tokio::join!(applying, removing);
    says(applied.error(), &["PENDING_DISASSOCIATION", "apply again"]);
    assert_eq!(applied.outcome.instance.state.get("alias_id"), &Value::from(ALIAS));
}

#[tokio::test(start_paused = true)]
async fn the_wait_ends_when_the_alias_is_deleted() {
    let desk = desk().await;
    let config = association(&desk, ALIAS, STANDBY_DIRECTORY_ID);
    let deleting = async {
        tokio::time::sleep(seconds(10)).await;
        desk.rewrite(|call, _| {
            (call.operation == "DescribeConnectionAliases")
                .then(|| json!({"ConnectionAliases": []}).to_string())
        });
    };
    let (applied, ()) = tokio::join!(desk.create(&config), deleting);
    says(applied.error(), &["the alias is gone", "apply again"]);
    assert!(applied.took < minutes(1), "{:?}", applied.took);
}

#[tokio::test(start_paused = true)]
async fn an_association_that_takes_too_long_stays_in_the_state() {
    let desk = desk().await;
    let mut config = association(&desk, ALIAS, STANDBY_DIRECTORY_ID);
    let timeouts = [("create", "1m".into()), ("delete", Value::Null)];
    config.set("timeouts", Value::object(timeouts));
    let applied = desk.create(&config).await;
    says(applied.error(), &["Timed out after 1m", "PENDING_ASSOCIATION", "terraform untaint"]);
    assert!(!applied.outcome.instance.is_absent());
}

#[tokio::test(start_paused = true)]
async fn a_panic_after_the_answer_finds_the_association_in_the_checkpoint() {
    let desk = desk().await;
    let checkpoint = Checkpoint::new();
    let stop = CancellationToken::new();
    let (absent, config) = (Instance::absent(), association(&desk, ALIAS, STANDBY_DIRECTORY_ID));
    let applying = desk.apply_with(&absent, &config, &checkpoint, &stop);
    // Dropped while it waits, as a panic would.
    assert!(tokio::time::timeout(seconds(5), applying).await.is_err());
    let recorded = checkpoint.take().unwrap();
    assert_eq!(recorded.state.get("alias_id"), &Value::from(ALIAS));
    assert!(recorded.state.get("connection_identifier").as_str().is_some());
}

#[tokio::test(start_paused = true)]
async fn a_refresh_removes_what_is_gone_and_keeps_what_is_ending() {
    let desk = desk().await;
    let created = associated(&desk).await;
    disassociate(&desk);
    let read = desk.read(&created).await;
    says(only_warning(&read), &["AWS is removing"]);
    let status = read.instance.state.get("association_status");
    assert_eq!(status, &Value::from("PENDING_DISASSOCIATION"));
    tokio::time::sleep(minutes(3)).await;
    let read = desk.read(&created).await;
    says(only_warning(&read), &["no longer associated with", STANDBY_DIRECTORY_ID]);
    assert!(read.instance.is_absent());
    // One that leads to another directory is not this association.
    associate(&desk, ALIAS, SIMPLE_AD_DIRECTORY_ID);
    assert!(desk.read(&created).await.instance.is_absent());
}

#[tokio::test(start_paused = true)]
async fn a_refresh_that_fails_keeps_the_state() {
    let desk = desk().await;
    let created = associated(&desk).await;
    desk.faults(&["DescribeConnectionAliases:error=AccessDeniedException:1"]);
    let read = desk.read(&created).await;
    says(only_error(&read), &["workspaces:DescribeConnectionAliases"]);
    assert_eq!(read.instance, created);
}

#[tokio::test(start_paused = true)]
async fn a_hundred_associations_are_refreshed_in_four_calls() {
    let ids: Vec<String> = (0..100).map(|number| format!("wsca-0many{number:05}")).collect();
    let aliases = ids.iter().map(|id| FleetConnectionAlias {
        resource_id: Some(format!("d-{:010}", id.len())),
        ..alias(id)
    });
    let desk = Desk::new(with(aliases.collect())).await.of(ASSOCIATION);
    let mut stored = Vec::new();
    for id in &ids {
        let identity = Value::object([
            ("account_id", ACCOUNT_ID.into()),
            ("region", STANDBY_REGION.into()),
            ("alias_id", id.as_str().into()),
        ]);
        let directory = format!("d-{:010}", id.len());
        let mut state = association(&desk, id, &directory);
        state.set("region", STANDBY_REGION.into());
        stored.push(Instance { state, private: Vec::new(), identity });
    }
    let reads = stored.iter().map(|prior| desk.read(prior));
    let read = futures_util::future::join_all(reads).await;
    assert!(read.iter().all(|one| !one.instance.is_absent() && one.diagnostics.is_empty()));
    assert_eq!(desk.calls("DescribeConnectionAliases").len(), 4);
}

#[tokio::test(start_paused = true)]
async fn every_argument_but_the_timeouts_replaces_the_association() {
    let desk = desk().await;
    let created = associated(&desk).await;
    for (name, value, replaces) in [
        ("alias_id", Value::from(OTHER_ALIAS), true),
        ("directory_id", SIMPLE_AD_DIRECTORY_ID.into(), true),
        ("region", IRELAND.into(), true),
        ("timeouts", Value::object([("create", "1h".into()), ("delete", Value::Null)]), false),
    ] {
        let mut config = association(&desk, ALIAS, STANDBY_DIRECTORY_ID);
        config.set(name, value);
        let planned = desk.plan(&created, &config).await;
        assert!(planned.diagnostics.is_empty(), "{:?}", planned.diagnostics);
        assert_eq!(planned.requires_replace.is_empty(), !replaces, "{name}");
        if !replaces {
            let updated = desk.update(&created, &config).await;
            assert_eq!(updated.succeeded().state.get(name), config.get(name));
        }
    }
}
