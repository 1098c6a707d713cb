//! What Terraform core does with the provider of a desk: plan, apply, read, import, list, invoke.

use futures_util::Stream;
use terraform_provider_aws_workspaces::provider::{
    Checkpoint, ImportTarget, Instance, ListRequest, Listed, Outcome, PlannedChange, ResourceType,
};
use terraform_provider_aws_workspaces::sim::builtin::{PRIMARY_REGION, STANDBY_DIRECTORY_ID};
use terraform_provider_aws_workspaces::tf::plan::Planned;
use terraform_provider_aws_workspaces::tf::{Block, Diagnostics, Nesting, Value, msgpack};
use tokio_util::sync::CancellationToken;

use super::Desk;
use super::outcome::{Applied, Messages};
use crate::support::core_rules::{plan_complaints, proposed_new, result_complaints};

impl Desk {
    /// A configuration with everything absent but the arguments given.
    pub(crate) fn config(&self, arguments: &[(&str, Value)]) -> Value {
        configured(self.block(), arguments)
    }

    /// The configuration of an ordinary standby of this primary, with more arguments.
    pub(crate) fn standby(&self, primary: &str, more: &[(&str, Value)]) -> Value {
        let mut config = self.config(&[
            ("primary_workspace_id", primary.into()),
            ("primary_region", PRIMARY_REGION.into()),
            ("directory_id", STANDBY_DIRECTORY_ID.into()),
        ]);
        for (name, value) in more {
            config.set(name, value.clone());
        }
        config
    }

    fn resource(&self) -> &ResourceType {
        let mut all = self.provider.resources().iter();
        all.find(|of| of.name == self.type_name).unwrap()
    }

    fn block(&self) -> &'static Block {
        &self.resource().schema.block
    }

    /// Plans as Terraform core does, and holds the plan to core's rules.
    pub(crate) async fn plan(&self, prior: &Instance, config: &Value) -> PlannedChange {
        let of = self.resource();
        let proposed = proposed_new(self.block(), &prior.state, config);
        let planned = self.provider.plan(of, prior.clone(), proposed, config.clone()).await;
        if !planned.diagnostics.has_errors() && !config.is_null() {
            let state = planned.instance.state.clone();
            let requires_replace = planned.requires_replace.clone();
            let plain = Planned { state, requires_replace };
            let complaints = plan_complaints(self.block(), &prior.state, config, &plain);
            assert!(complaints.is_empty(), "core would refuse the plan: {complaints:?}");
        }
        planned
    }

    /// Plans and applies; what comes of it must be what was planned. A null configuration destroys.
    pub(crate) async fn apply(
        &self,
        prior: &Instance,
        config: &Value,
        stop: &CancellationToken,
    ) -> Applied {
        let checkpoint = Checkpoint::new();
        self.apply_with(prior, config, &checkpoint, stop).await
    }

    /// The same with a checkpoint that the test looks into.
    pub(crate) async fn apply_with(
        &self,
        prior: &Instance,
        config: &Value,
        checkpoint: &Checkpoint,
        stop: &CancellationToken,
    ) -> Applied {
        let planned = self.plan(prior, config).await;
        assert!(!planned.diagnostics.has_errors(), "{:?}", planned.diagnostics);
        assert!(planned.requires_replace.is_empty(), "{:?}", planned.requires_replace);
        let started = tokio::time::Instant::now();
        let of = self.resource();
        let state = planned.instance.state.clone();
        let outcome = self
            .provider
            .apply(of, prior.state.clone(), planned.instance, config.clone(), checkpoint, stop)
            .await;
        let took = started.elapsed();
        assert!(outcome.instance.state.is_wholly_known(), "{:?}", outcome.instance.state);
        if !outcome.diagnostics.has_errors() {
            let complaints = result_complaints(self.block(), &state, &outcome.instance.state);
            assert!(complaints.is_empty(), "core would refuse the result: {complaints:?}");
        }
        Applied { outcome, checkpoint: checkpoint.take(), took }
    }

    /// Creates, with nobody asking to stop.
    pub(crate) async fn create(&self, config: &Value) -> Applied {
        self.apply(&Instance::absent(), config, &CancellationToken::new()).await
    }

    /// Creates, which must succeed.
    pub(crate) async fn created(&self, config: &Value) -> Instance {
        self.create(config).await.succeeded()
    }

    /// Updates, with nobody asking to stop.
    pub(crate) async fn update(&self, prior: &Instance, config: &Value) -> Applied {
        self.apply(prior, config, &CancellationToken::new()).await
    }

    /// Destroys, with nobody asking to stop.
    pub(crate) async fn delete(&self, prior: &Instance) -> Applied {
        self.apply(prior, &Value::Null, &CancellationToken::new()).await
    }

    /// Reads a data source whose configuration sets these arguments and no other, and checks that
    /// its answer holds what was configured.
    pub(crate) async fn data(
        &self,
        name: &str,
        arguments: &[(&str, Value)],
    ) -> Result<Value, Diagnostics> {
        let (state, warnings) = self.data_and_warnings(name, arguments).await?;
        assert!(warnings.is_empty(), "{warnings:?}");
        Ok(state)
    }

    /// The same for a read that may warn.
    pub(crate) async fn data_and_warnings(
        &self,
        name: &str,
        arguments: &[(&str, Value)],
    ) -> Result<(Value, Diagnostics), Diagnostics> {
        let of = self.provider.data_sources().iter().find(|of| of.name == name).unwrap();
        let config = configured(&of.schema.block, arguments);
        let found = self.provider.validate_data_source(of, &config);
        assert!(found.is_empty(), "{found:?}");
        let (state, warnings) = self.provider.read_data_source(of, &config).await?;
        assert!(state.is_wholly_known(), "{state:?}");
        assert!(msgpack::encode(&state, &of.schema.value_type()).is_ok(), "{state:?}");
        for (name, value) in arguments {
            assert_eq!(state.get(name), value, "{name}");
        }
        Ok((state, warnings))
    }

    /// Lists with these arguments in the `config` block, at most `limit`.
    pub(crate) fn list(
        &self,
        arguments: &[(&str, Value)],
        include_resource: bool,
        limit: usize,
    ) -> impl Stream<Item = Result<Listed, Diagnostics>> + Send {
        let of =
            self.provider.list_resources().iter().find(|of| of.name == self.type_name).unwrap();
        let configuration = configured(&of.schema.block, arguments);
        assert!(self.provider.validate_list_resource(of, &configuration).is_empty());
        self.provider.list(of, ListRequest { configuration, include_resource, limit })
    }

    /// Invokes an action with these arguments: its messages, and what it says at the end.
    pub(crate) async fn invoke(
        &self,
        name: &str,
        arguments: &[(&str, Value)],
    ) -> (Vec<String>, Diagnostics) {
        let of = self.provider.actions().iter().find(|of| of.name == name).unwrap();
        let config = configured(&of.schema.block, arguments);
        let found = self.provider.validate_action(of, &config);
        assert!(found.is_empty(), "{found:?}");
        let messages = Messages::default();
        let diagnostics = self.provider.invoke(of, &config, &messages).await;
        (messages.0.into_inner().unwrap(), diagnostics)
    }

    /// Imports, and reads as Terraform does right after.
    pub(crate) async fn imported(&self, id: &str) -> Instance {
        let of = self.resource();
        let found = self.provider.import(of, ImportTarget::Id(id.to_owned())).await;
        assert!(found.diagnostics.is_empty(), "{:?}", found.diagnostics);
        let read = self.read(&found.instance).await;
        assert!(read.diagnostics.is_empty(), "{:?}", read.diagnostics);
        read.instance
    }

    /// Reads.
    pub(crate) async fn read(&self, prior: &Instance) -> Outcome {
        self.provider.read(self.resource(), prior.clone()).await
    }
}

/// A block in which these arguments are set and no other.
fn configured(block: &Block, arguments: &[(&str, Value)]) -> Value {
    let mut config = empty(block);
    for (name, value) in arguments {
        assert!(config.as_entries().unwrap().contains_key(*name), "{name}");
        config.set(name, value.clone());
    }
    config
}

/// A block in which nothing is set.
pub(super) fn empty(block: &Block) -> Value {
    let mut value =
        Value::object(block.attributes.iter().map(|attribute| (attribute.name, Value::Null)));
    for nested in &block.blocks {
        let none = match nested.nesting {
            Nesting::Single => Value::Null,
            Nesting::List { .. } => Value::List(Vec::new()),
        };
        value.set(nested.name, none);
    }
    value
}
