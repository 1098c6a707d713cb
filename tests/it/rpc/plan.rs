//! PlanResourceChange.

use terraform_provider_aws_workspaces::rpc::proto::plan_resource_change;
use terraform_provider_aws_workspaces::sim::builtin;
use terraform_provider_aws_workspaces::tf::Value;

use super::session::{Session, departures, map};
use crate::support::requests::{Stored, errors, no_errors, shown, with};

#[tokio::test]
async fn a_create_plans_the_configuration_and_leaves_the_rest_unknown() {
    let session = Session::start().await;
    let config = with(
        &session.config(),
        [
            ("tags", map([("Name", "ana")])),
            ("timeouts", session.timeouts([("create", "2h")])),
            ("volume_encryption_key", "alias/workspaces".into()),
        ],
    );
    let planned = session.core.plan(&Stored::absent(), &config).await;
    assert_eq!(errors(&planned.diagnostics), no_errors());
    assert_eq!(planned.requires_replace, []);
    let state = session.core.standby.value(planned.planned_state.as_ref());
    let known = [
        ("region", Value::from(builtin::STANDBY_REGION)),
        ("data_replication", "NO_REPLICATION".into()),
        ("wait_for_ready", Value::Bool(true)),
        ("adopt_existing", Value::Bool(false)),
        ("tags_all", map([("Name", "ana")])),
    ];
    let mut expected = with(&config, known);
    for attribute in &session.core.standby.block.attributes {
        if attribute.computed && expected.get(&attribute.name).is_null() {
            expected.set(&attribute.name, Value::Unknown);
        }
    }
    assert_eq!(state, expected);
    let identity = session.core.known_as(planned.planned_identity.as_ref());
    assert!(identity.is_null() || !identity.is_wholly_known(), "{identity:?}");
}

#[tokio::test]
async fn no_change_plans_the_prior_state_byte_for_byte() {
    let session = Session::start().await;
    let configs = [
        session.config(),
        with(
            &session.config_for(builtin::PRIMARIES[1]),
            [
                ("tags", map([("Name", "bo"), ("aB", "")])),
                ("timeouts", session.timeouts([("create", "2h")])),
                ("data_replication", "PRIMARY_AS_SOURCE".into()),
                ("region", builtin::STANDBY_REGION.into()),
            ],
        ),
    ];
    for config in configs {
        let created = session.create(&config).await;
        let read = session.core.read(&created).await.succeeded();
        for prior in [created, read] {
            let planned = session.core.plan(&prior, &config).await;
            assert_eq!(errors(&planned.diagnostics), no_errors());
            assert_eq!(planned.planned_state, session.core.standby.message(&prior.state));
            assert_eq!(planned.requires_replace, []);
            assert_eq!(planned.planned_private, prior.private);
            assert_eq!(session.core.known_as(planned.planned_identity.as_ref()), prior.identity);
        }
    }
}

#[tokio::test]
async fn an_update_in_place_changes_only_what_it_must() {
    let session = Session::start().await;
    let created = session.create(&session.config()).await;
    let tags = map([("Name", "ana")]);
    let replicated = [("data_replication", Value::from("PRIMARY_AS_SOURCE"))];
    let cases = [
        (
            with(&session.config(), [("tags", tags.clone())]),
            with(&created.state, [("tags", tags.clone()), ("tags_all", tags)]),
        ),
        (
            with(&session.config(), [("wait_for_ready", Value::Bool(false))]),
            with(&created.state, [("wait_for_ready", Value::Bool(false))]),
        ),
        (
            with(&session.config(), [("timeouts", session.timeouts([("update", "1h")]))]),
            with(&created.state, [("timeouts", session.timeouts([("update", "1h")]))]),
        ),
        (
            with(&session.config(), replicated.clone()),
            with(
                &with(&created.state, replicated),
                [("state", Value::Unknown), ("recovery_snapshot_time", Value::Unknown)],
            ),
        ),
    ];
    for (config, expected) in cases {
        let planned = session.core.plan(&created, &config).await;
        assert_eq!(errors(&planned.diagnostics), no_errors());
        let state = session.core.standby.value(planned.planned_state.as_ref());
        // What may change with the update may be unknown; nothing else may differ.
        assert_eq!(departures(&state, &expected), Vec::<String>::new());
        assert_eq!(departures(&expected, &state), Vec::<String>::new());
        assert_eq!(planned.requires_replace, []);
        assert_eq!(session.core.known_as(planned.planned_identity.as_ref()), created.identity);
    }
}

#[tokio::test]
async fn what_cannot_change_in_place_requires_replacement() {
    let session = Session::start().await;
    let created = session.create(&session.config()).await;
    let changes = [
        ("primary_workspace_id", builtin::PRIMARIES[1]),
        ("primary_region", "eu-central-1"),
        ("directory_id", "d-92672f1b09"),
        ("region", "eu-west-1"),
        ("volume_encryption_key", "alias/workspaces"),
    ];
    for (name, changed) in changes {
        for value in [Value::from(changed), Value::Unknown] {
            let config = with(&session.config(), [(name, value.clone())]);
            let planned = session.core.plan(&created, &config).await;
            assert_eq!(errors(&planned.diagnostics), no_errors(), "{name}");
            let paths: Vec<_> = planned.requires_replace.iter().map(shown).collect();
            assert_eq!(paths, [name]);
            let state = session.core.standby.value(planned.planned_state.as_ref());
            assert_eq!(*state.get(name), value);
        }
    }
    for same in ["region", "volume_encryption_key"] {
        let same = [(same, created.state.get(same).clone())];
        let planned = session.core.plan(&created, &with(&session.config(), same)).await;
        assert_eq!(planned.requires_replace, [], "the same value, now written down");
    }
}

#[tokio::test]
async fn what_is_not_known_yet_stays_unknown_and_a_later_plan_refines_it() {
    let session = Session::start().await;
    let all = session.core.standby.block.attributes.iter();
    let settable: Vec<_> =
        all.filter(|of| of.optional || of.required).map(|of| of.name.clone()).collect();
    for prior in [Stored::absent(), session.create(&session.config()).await] {
        for name in &settable {
            let known = session.config();
            let unknown = with(&known, [(name.as_str(), Value::Unknown)]);
            let first = session.core.plan(&prior, &unknown).await;
            assert_eq!(errors(&first.diagnostics), no_errors(), "{name}");
            let first = session.core.standby.value(first.planned_state.as_ref());
            assert_eq!(*first.get(name), Value::Unknown);
            let second = session.core.plan(&prior, &known).await;
            let second = session.core.standby.value(second.planned_state.as_ref());
            assert_eq!(departures(&first, &second), Vec::<String>::new(), "{name}");
        }
        let nested = Value::map([("Name", Value::Unknown), ("Team", "design".into())]);
        let first =
            session.core.plan(&prior, &with(&session.config(), [("tags", nested.clone())])).await;
        let first = session.core.standby.value(first.planned_state.as_ref());
        assert_eq!(*first.get("tags"), nested);
        let known = with(&session.config(), [("tags", map([("Name", "ana"), ("Team", "design")]))]);
        let second = session.core.plan(&prior, &known).await;
        let second = session.core.standby.value(second.planned_state.as_ref());
        assert_eq!(departures(&first, &second), Vec::<String>::new());
    }
}

#[tokio::test]
async fn a_destroy_plans_nothing_and_keeps_private_state() {
    let session = Session::start().await;
    let created = session.create(&session.config()).await;
    let stored = Stored { private: b"kept".to_vec(), ..created };
    let planned = session.core.plan(&stored, &Value::Null).await;
    assert_eq!(errors(&planned.diagnostics), no_errors());
    assert_eq!(planned.planned_state, session.core.standby.message(&Value::Null));
    assert_eq!(planned.planned_private, b"kept");
    assert_eq!(planned.requires_replace, []);
    assert_eq!(session.core.known_as(planned.planned_identity.as_ref()), stored.identity);
}

#[tokio::test]
async fn the_same_question_gets_the_same_answer_and_changes_nothing() {
    let session = Session::start().await;
    let created = session.create(&session.config()).await;
    session.simulator.reset_stats();
    let changed = with(
        &session.config(),
        [("tags", map([("b", "2"), ("a", "1")])), ("directory_id", Value::Unknown)],
    );
    for (prior, config) in
        [(&Stored::absent(), &session.config()), (&created, &changed), (&created, &Value::Null)]
    {
        let mut answers: Vec<plan_resource_change::Response> = Vec::new();
        for _ in 0..2 {
            // Within one configuration the next question would be about another resource.
            session.configure().await;
            answers.push(session.core.plan(prior, config).await);
        }
        assert_eq!(answers[0], answers[1]);
    }
    assert_eq!(session.changes(), 0);
}

#[tokio::test]
async fn a_plan_works_while_the_primary_region_is_down() {
    let session = Session::start().await;
    let created = session.create(&session.config()).await;
    session.break_with(&[&format!("*@{}:5xx-before:1", builtin::PRIMARY_REGION)]);
    let config = with(&session.config(), [("tags", map([("Name", "ana")]))]);
    for (prior, config) in
        [(&created, &config), (&created, &Value::Null), (&Stored::absent(), &config)]
    {
        assert_eq!(errors(&session.core.plan(prior, config).await.diagnostics), no_errors());
    }
}

#[tokio::test]
async fn rules_that_need_the_provider_block_are_checked_by_the_plan() {
    let session = Session::start().await;
    let cases = [
        (
            "primary_region",
            with(&session.config(), [("primary_region", builtin::STANDBY_REGION.into())]),
        ),
        (
            "tags",
            with(
                &session.config(),
                [("tags", Value::map((0..51).map(|n| (n.to_string(), "x".into()))))],
            ),
        ),
    ];
    for (about, config) in cases {
        let planned = session.core.plan(&Stored::absent(), &config).await;
        assert!(
            !errors(&planned.diagnostics).is_empty(),
            "{about}: the standby Region is the provider's"
        );
    }
}
