//! GenerateResourceConfig: the configuration for an instance that exists.

use terraform_provider_aws_workspaces::rpc::proto::generate_resource_config;
use terraform_provider_aws_workspaces::sim::builtin;
use terraform_provider_aws_workspaces::tf::Value;

use super::session::{Session, map};
use crate::support::requests::{STANDBY, errors, no_errors, with};

#[tokio::test]
async fn a_generated_configuration_is_valid_sets_nothing_computed_and_plans_no_change() {
    let session = Session::start().await;
    for (primary, argument) in [
        (builtin::PRIMARIES[0], ("tags", Value::Null)),
        (builtin::PRIMARIES[1], ("tags", map([("Name", "bo")]))),
        (builtin::PRIMARIES[2], ("data_replication", "PRIMARY_AS_SOURCE".into())),
        (builtin::ENCRYPTED_PRIMARY, ("volume_encryption_key", "alias/desktops".into())),
        (builtin::PRIMARIES[3], ("timeouts", session.timeouts([("create", "5m")]))),
    ] {
        let created = session.create(&with(&session.config_for(primary), [argument])).await;
        let request = generate_resource_config::Request {
            type_name: STANDBY.to_owned(),
            state: session.core.standby.message(&created.state),
        };
        let answer = session.core.client.clone().generate_resource_config(request).await;
        let answer = answer.expect("OK").into_inner();
        assert_eq!(errors(&answer.diagnostics), no_errors(), "{primary}");
        let config = session.core.standby.value(answer.config.as_ref());
        for attribute in &session.core.standby.block.attributes {
            if attribute.computed && !attribute.optional {
                assert!(config.get(&attribute.name).is_null(), "{primary}: {}", attribute.name);
            }
        }
        assert_eq!(errors(&session.core.validate(&config).await), no_errors());
        let planned = session.core.plan(&created, &config).await;
        let unchanged = session.core.standby.message(&created.state);
        assert_eq!(planned.planned_state, unchanged, "{primary}");
    }
}

#[tokio::test]
async fn what_cannot_be_decoded_is_a_diagnostic() {
    let session = Session::start().await;
    let request =
        generate_resource_config::Request { type_name: "aws_nothing".to_owned(), state: None };
    let answer = session.core.client.clone().generate_resource_config(request).await;
    let answer = answer.expect("OK").into_inner();
    assert!(!errors(&answer.diagnostics).is_empty());
    assert_eq!(answer.config, None);
}
