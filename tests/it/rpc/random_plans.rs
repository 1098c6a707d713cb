//! PlanResourceChange for a thousand random pairs of state and configuration, judged by Terraform core's rules.
//!
//! `plan_rules` does the same with random schemas; here it is the real one, with what the provider adds to the generic
//! plan: its Region, default values, tags.

use std::collections::BTreeMap;

use jiff::Timestamp;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use terraform_provider_aws_workspaces::provider::{Clock, Provider};
use terraform_provider_aws_workspaces::rpc::proto::{self, plan_resource_change};
use terraform_provider_aws_workspaces::tf::plan::Planned;
use terraform_provider_aws_workspaces::tf::{Path, Value};

use super::session::{Session, map};
use crate::support::core_rules::{plan_complaints, result_complaints};
use crate::support::requests::{Stored, errors, no_errors};
use crate::support::values::{Choices, choices};

/// How many pairs are tried.
const PAIRS: usize = 1000;

#[tokio::test]
async fn random_plans_satisfy_terraform() {
    let session = Session::start().await;
    let mut runner = TestRunner::deterministic();
    let mut updates = 0;
    for _ in 0..PAIRS {
        let mut pair = choices().new_tree(&mut runner).expect("there is always one");
        match judged(&session, pair.current()).await {
            Ok(is_update) => updates += usize::from(is_update),
            Err(why) => panic!("{}", simplest(&session, &mut pair, why).await),
        }
    }
    assert!(updates > PAIRS / 2, "{updates} pairs with a prior state are too few");
    assert_eq!(session.changes(), 0);
}

/// The complaint about the simplest pair that still has one.
async fn simplest(
    session: &Session,
    pair: &mut impl ValueTree<Value = Choices>,
    mut why: String,
) -> String {
    let mut is_simpler = pair.simplify();
    while is_simpler {
        is_simpler = match judged(session, pair.current()).await {
            Ok(_) => pair.complicate(),
            Err(still) => {
                why = still;
                pair.simplify()
            }
        };
    }
    why
}

/// Whether there was a prior state, or what Terraform would say of the plans for a prior state and
/// a configuration that these choices make.
async fn judged(session: &Session, mut choices: Choices) -> Result<bool, String> {
    let clock = Clock::starting_at(Timestamp::UNIX_EPOCH);
    let provider = Provider::new(BTreeMap::new(), clock, None);
    let block = &provider.resources()[0].schema.block;
    let prior = prior(session, &mut choices);
    let (config, known) =
        (config(session, &mut choices, true), config(session, &mut choices, false));
    let about = format!("{prior:?}\n{config:?}\n{known:?}");
    let holds = |is_so: bool, what: &str| {
        if is_so { Ok(()) } else { Err(format!("not so: {what}\n{about}")) }
    };

    let answer = session.core.plan(&prior, &config).await;
    holds(errors(&answer.diagnostics) == no_errors(), "there is no error")?;
    let again = session.core.plan(&prior, &config).await;
    holds(answer == again, "planning is deterministic")?;
    let first = planned(session, &answer);
    let complaints = plan_complaints(block, &prior.state, &config, &first);
    holds(complaints.is_empty(), &format!("the plan is valid: {complaints:?}"))?;

    let known = known_instead(&config, &known);
    let final_answer = session.core.plan(&prior, &known).await;
    let second = planned(session, &final_answer);
    let complaints = result_complaints(block, &first.state, &second.state);
    holds(complaints.is_empty(), &format!("knowing more fills in the plan: {complaints:?}"))?;

    let stored = Stored {
        state: second.state.unknown_as_null(),
        private: final_answer.planned_private,
        ..prior.clone()
    };
    let again = session.core.plan(&stored, &known).await;
    let is_reached = again.planned_state == session.core.standby.message(&stored.state);
    holds(is_reached && again.requires_replace.is_empty(), "what was planned plans no change")?;
    Ok(!prior.state.is_null())
}

/// A configuration with whatever may be in one; the required arguments are there.
fn config(session: &Session, choices: &mut Choices, unknowns: bool) -> Value {
    let text = |texts: &[&str]| texts.iter().map(|text| Value::from(*text)).collect::<Vec<_>>();
    let or_null = |mut pool: Vec<Value>| {
        pool.push(Value::Null);
        pool
    };
    let mut tags = vec![map([]), map([("a", "1")]), map([("a", "2"), ("b", "1")])];
    if unknowns {
        tags.push(Value::map([("a", Value::Unknown), ("b", "1".into())]));
    }
    let timeouts = vec![
        session.timeouts([]),
        session.timeouts([("create", "2h")]),
        session.timeouts([("delete", "1h")]),
    ];
    let pools = [
        ("primary_workspace_id", text(&["ws-0primary1", "ws-0primary2"])),
        ("primary_region", text(&["us-east-1"])),
        ("directory_id", text(&["d-92672f1b01", "d-92672f1b02"])),
        ("region", or_null(text(&["us-west-2", "eu-west-1"]))),
        (
            "volume_encryption_key",
            or_null(text(&["alias/workspaces", "1a2b3c4d-0000-0000-0000-000000000000"])),
        ),
        ("data_replication", or_null(text(&["NO_REPLICATION", "PRIMARY_AS_SOURCE"]))),
        ("tags", or_null(tags)),
        ("wait_for_ready", vec![Value::Null, Value::Bool(true), Value::Bool(false)]),
        ("adopt_existing", vec![Value::Null, Value::Bool(true), Value::Bool(false)]),
        ("timeouts", or_null(timeouts)),
    ];
    let mut config = session.core.standby.nothing();
    for (name, pool) in pools {
        let unknown = unknowns && name != "timeouts" && choices.once_in(6);
        let value = if unknown { Value::Unknown } else { pool[choices.below(pool.len())].clone() };
        config.set(name, value);
    }
    config
}

/// The configuration once all of it is known.
fn known_instead(config: &Value, known: &Value) -> Value {
    match (config, known) {
        (Value::Unknown, Value::Map(_) | Value::Object(_)) => known.clone(),
        (Value::Unknown, known) => known.clone(),
        (Value::Map(entries), _) => Value::map(entries.iter().map(|(key, value)| {
            (key, if value.is_unknown() { Value::from("3") } else { value.clone() })
        })),
        (Value::Object(attributes), _) => Value::object(
            attributes.iter().map(|(name, value)| (name, known_instead(value, known.get(name)))),
        ),
        (value, _) => value.clone(),
    }
}

/// No standby, or one as some configuration has made it.
fn prior(session: &Session, choices: &mut Choices) -> Stored {
    if choices.once_in(3) {
        return Stored::absent();
    }
    let mut state = config(session, choices, false);
    for attribute in
        session.core.standby.block.attributes.iter().filter(|attribute| attribute.computed)
    {
        if !state.get(&attribute.name).is_null() {
            continue;
        }
        let value = match attribute.name.as_str() {
            "region" => "us-west-2".into(),
            "data_replication" => "NO_REPLICATION".into(),
            "wait_for_ready" => Value::Bool(true),
            "adopt_existing" => Value::Bool(false),
            "tags_all" if !state.get("tags").is_null() => state.get("tags").clone(),
            "tags_all" => map([]),
            "root_volume_encryption_enabled" | "user_volume_encryption_enabled" => {
                Value::Bool(choices.once_in(2))
            }
            "recovery_snapshot_time" | "volume_encryption_key" if choices.once_in(2) => Value::Null,
            name => format!("the {name}").into(),
        };
        state.set(&attribute.name, value);
    }
    Stored { state, ..Stored::absent() }
}

fn planned(session: &Session, answer: &plan_resource_change::Response) -> Planned {
    Planned {
        state: session.core.standby.value(answer.planned_state.as_ref()),
        requires_replace: answer.requires_replace.iter().map(path).collect(),
    }
}

/// The paths that require replacement here are those of root attributes.
fn path(message: &proto::AttributePath) -> Path {
    use proto::attribute_path::step::Selector;
    let [proto::attribute_path::Step { selector: Some(Selector::AttributeName(name)) }] =
        &message.steps[..]
    else {
        panic!("{message:?} is no root attribute")
    };
    Path::attribute(name)
}
