//! Plans of random schemas, states and configurations obey Terraform core.

use proptest::prelude::*;
use terraform_provider_aws_workspaces::tf::plan::{Planned, plan};
use terraform_provider_aws_workspaces::tf::{Block, Path, Value, msgpack};

use crate::support::core_rules::{plan_complaints, proposed_new, result_complaints};
use crate::support::values::{self, Choices, any_block, cases, choices, known_config, known_value};

/// One resource on its way through Terraform.
#[derive(Debug)]
struct Case {
    block: Block,
    /// The state before, null where there is none.
    prior: Value,
    /// The configuration as it is known while planning.
    config: Value,
    /// The configuration as it is known while applying.
    final_config: Value,
    /// Decides what else is unknown until then.
    choices: Choices,
}

fn any_case() -> impl Strategy<Value = Case> {
    choices().prop_map(|mut choices| {
        let block = any_block(&mut choices, 2);
        let prior = match choices.below(4) {
            3 => Value::Null,
            _ => values::state(&mut choices, &block),
        };
        let config = values::config(&mut choices, &block, &prior, true);
        let final_config = known_config(&mut choices, &block, &config);
        Case { block, prior, config, final_config, choices }
    })
}

/// Asks for a plan as core does.
fn ask(block: &Block, prior: &Value, config: &Value) -> Planned {
    plan(block, prior, &proposed_new(block, prior, config), config)
}

fn bytes(block: &Block, value: &Value) -> Vec<u8> {
    msgpack::encode(value, &block.value_type()).expect("a value of the block")
}

const NONE: Vec<String> = Vec::new();

proptest! {
    #![proptest_config(cases(1_500))]

    #[test]
    fn core_accepts_every_plan(case in any_case()) {
        let Case { block, prior, config, final_config, .. } = case;
        for config in [config, final_config] {
            for prior in [&prior, &Value::Null] {
                let planned = ask(&block, prior, &config);
                prop_assert_eq!(plan_complaints(&block, prior, &config, &planned), NONE);
                prop_assert!(!prior.is_null() || planned.requires_replace.is_empty());
            }
        }
    }

    #[test]
    fn the_same_question_has_the_same_answer(case in any_case()) {
        let Case { block, prior, config, .. } = case;
        let (first, second) = (ask(&block, &prior, &config), ask(&block, &prior, &config));
        prop_assert_eq!(bytes(&block, &first.state), bytes(&block, &second.state));
        prop_assert_eq!(first.requires_replace, second.requires_replace);
    }

    #[test]
    fn knowing_more_only_fills_in_the_plan(case in any_case()) {
        let Case { block, prior, config, final_config, .. } = case;
        let first = ask(&block, &prior, &config);
        let last = ask(&block, &prior, &final_config);
        prop_assert_eq!(result_complaints(&block, &first.state, &last.state), NONE);
        if config.is_wholly_known() {
            prop_assert_eq!(&first, &last);
        }
        // What was to be updated in place must not turn out to need replacement.
        for path in last.requires_replace {
            let foreseen = |earlier: &Path| path.steps.starts_with(&earlier.steps);
            prop_assert!(first.requires_replace.iter().any(foreseen), "{}", path);
        }
    }

    #[test]
    fn planning_what_was_applied_changes_nothing(case in any_case()) {
        let Case { block, prior, final_config, mut choices, .. } = case;
        for prior in [&prior, &Value::Null] {
            let planned = ask(&block, prior, &final_config).state;
            let applied = known_value(&mut choices, &block.value_type(), &planned);
            prop_assert_eq!(result_complaints(&block, &planned, &applied), NONE);
            let again = ask(&block, &applied, &final_config);
            prop_assert_eq!(bytes(&block, &again.state), bytes(&block, &applied));
            prop_assert_eq!(again.requires_replace, vec![]);
        }
    }
}
