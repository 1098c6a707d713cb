//! The provider: its configuration block, its resources and data sources, and its messages.
//!
//! This module knows what a standby WorkSpace and a connection alias are. It uses the types of
//! [`crate::tf`] and of [`crate::aws`], and knows neither protobuf nor the AWS SDK.
//!
//! - `config` is the provider block, `session` the provider once its block is in use.
//! - `resource`, `list`, `function` and `action` are what every type offers; `types` lists all of them.
//! - `standby` and `connection_alias` are the managed resources, and `managed` is what these have in
//!   common.
//! - `data_sources` reads what exists, `actions` starts and stops desktops.
//! - `attr` decodes and encodes models, `wait` waits, `explain` puts AWS's errors into words.

mod access_errors;
mod action;
mod actions;
mod attr;
mod chosen_region;
mod claims;
mod clock;
pub(crate) mod config;
mod connection_alias;
mod data_sources;
mod explain;
mod function;
mod functions;
mod instance;
mod list;
mod managed;
mod recent;
pub(crate) mod region;
mod resource;
mod session;
mod standby;
mod tag_reads;
mod tags;
mod twice;
mod types;
mod wait;

use std::sync::{Arc, PoisonError, RwLock};

use futures_util::stream::{self, Stream, StreamExt};
use tokio_util::sync::CancellationToken;

pub use action::{ActionType, Progress};
pub use clock::Clock;
pub use config::Environment;
pub use function::{Function, FunctionError, Parameter};
pub use instance::{Checkpoint, ImportTarget, Instance, Outcome, PlannedChange};
pub use list::{ListRequest, ListResource, Listed};
pub use resource::{DataSource, ResourceType};

pub use crate::aws::{end_programs, hide_secrets};

use crate::aws::HttpClient;
use crate::tf::{self, Diagnostic, Diagnostics, Path, Schema, Value};
use config::Configuration;
use resource::Apply;
use session::Session;
use types::Types;

/// The name under which Terraform knows this provider.
pub const ADDRESS: &str = "registry.terraform.io/workspaces-dr/aws-workspaces";

/// The provider of one process: what is configured, and the operations on its resources.
pub struct Provider {
    environment: Environment,
    http_client: Option<HttpClient>,
    clock: Clock,
    types: Types,
    session: RwLock<Option<Arc<Session>>>,
}

impl Provider {
    /// A provider that is not configured yet. The HTTP client replaces the AWS SDK's own in tests.
    pub fn new(environment: Environment, clock: Clock, http_client: Option<HttpClient>) -> Self {
        Self { environment, http_client, clock, types: Types::all(), session: RwLock::new(None) }
    }

    /// The schema of the provider block.
    pub fn schema(&self) -> &'static Schema {
        config::schema()
    }

    /// The managed resource types.
    pub fn resources(&self) -> &[ResourceType] {
        &self.types.resources
    }

    /// The data sources.
    pub fn data_sources(&self) -> &[DataSource] {
        &self.types.data_sources
    }

    /// The list resources. Each has the name of a managed resource type.
    pub fn list_resources(&self) -> &[ListResource] {
        &self.types.list_resources
    }

    /// The functions, which work before the provider is configured.
    pub fn functions(&self) -> &[Function] {
        &self.types.functions
    }

    /// The actions.
    pub fn actions(&self) -> &[ActionType] {
        &self.types.actions
    }

    /// Checks a provider block without any network call; unknown values pass.
    pub fn validate(&self, block: &Value) -> Diagnostics {
        let mut diagnostics = errors_of(block);
        if !diagnostics.has_errors() {
            // The environment is that of the machine that plans, which may be another one.
            let block = config::without_empty(block);
            let alone = Configuration::from_block(&block, &Environment::new(), Vec::new());
            diagnostics.extend(session::problems(&alone));
        }
        // Not repeated when the provider is configured: Terraform shows the warnings of both.
        diagnostics.extend(config::without_effect(block));
        diagnostics
    }

    /// Configures the provider. A later configuration replaces an earlier one.
    ///
    /// Region, credentials and account are checked if the block is wholly known. While Terraform
    /// plans it may not be; they are then checked when they are first needed.
    pub async fn configure(&self, terraform_version: &str, block: &Value) -> Diagnostics {
        let mut diagnostics = errors_of(block);
        if diagnostics.has_errors() {
            return diagnostics;
        }
        let user_agent = vec![
            ("Terraform".to_owned(), terraform_version.to_owned()),
            (env!("CARGO_PKG_NAME").to_owned(), env!("CARGO_PKG_VERSION").to_owned()),
        ];
        let mut configuration = Configuration::from_block(block, &self.environment, user_agent);
        configuration.settings.http_client.clone_from(&self.http_client);
        let session = Session::new(configuration, self.clock);
        if session.configuration.is_complete() {
            diagnostics.extend(session.check().await);
        }
        if !diagnostics.has_errors() {
            // Nothing that can panic runs under this lock.
            let mut slot = self.session.write().unwrap_or_else(PoisonError::into_inner);
            *slot = Some(Arc::new(session));
        }
        diagnostics
    }

    /// Checks a resource's configuration without any network call; unknown values pass.
    pub fn validate_resource(&self, of: &ResourceType, configuration: &Value) -> Diagnostics {
        let mut diagnostics = tf::validate::check(&of.schema.block, configuration);
        diagnostics.extend((of.operations.validate)(configuration));
        diagnostics
    }

    /// Upgrades stored state of any version to the current schema.
    pub fn upgrade_state(
        &self,
        of: &ResourceType,
        version: i64,
        json: &[u8],
    ) -> (Value, Diagnostics) {
        let (current, ty) = (of.schema.version, of.schema.value_type());
        let upgraded = tf::upgrade::upgrade(version, current, json, &ty);
        stored("state", of, upgraded)
    }

    /// Upgrades a stored identity of any version to the current schema.
    pub fn upgrade_identity(
        &self,
        of: &ResourceType,
        version: i64,
        json: &[u8],
    ) -> (Value, Diagnostics) {
        let (current, ty) = (of.identity.version, of.identity.value_type());
        let upgraded = tf::upgrade::upgrade(version, current, json, &ty);
        stored("identity", of, upgraded)
    }

    /// The configuration for an instance that exists, for `-generate-config-out`.
    pub fn generate_configuration(&self, of: &ResourceType, state: &Value) -> Value {
        tf::configuration::from_state(&of.schema.block, state)
    }

    /// Refreshes an instance from AWS; an absent instance means that it is gone.
    pub async fn read(&self, of: &ResourceType, prior: Instance) -> Outcome {
        match self.session() {
            Ok(session) => {
                let _in_flight = session.client.operation();
                (of.operations.read)(&session, prior).await
            }
            Err(error) => Outcome { instance: prior, diagnostics: error.into() },
        }
    }

    /// Plans a change. Makes no call unless the provider block asks for a preflight check; a null
    /// `proposed` plans the destruction.
    pub async fn plan(
        &self,
        of: &ResourceType,
        prior: Instance,
        proposed: Value,
        configuration: Value,
    ) -> PlannedChange {
        let (prior, diagnostics) = match self.session_or_deferred() {
            Ok(_) if proposed.is_null() => {
                (Instance { state: Value::Null, ..prior }, Diagnostics::new())
            }
            Ok(session) => {
                return (of.operations.plan)(&session, prior, proposed, configuration).await;
            }
            Err(error) => (prior, error.into()),
        };
        PlannedChange { instance: prior, requires_replace: Vec::new(), diagnostics }
    }

    /// Applies a plan: creates if there is no prior state, deletes if the planned state is null,
    /// updates otherwise.
    ///
    /// The instance is recorded in the checkpoint as soon as there is something to lose. A stop ends
    /// every wait within two seconds.
    pub async fn apply(
        &self,
        of: &ResourceType,
        prior: Value,
        planned: Instance,
        configuration: Value,
        checkpoint: &Checkpoint,
        stop: &CancellationToken,
    ) -> Outcome {
        let session = match self.session() {
            Ok(session) => session,
            Err(error) => {
                let instance = Instance { state: prior, ..planned };
                return Outcome { instance, diagnostics: error.into() };
            }
        };
        let _in_flight = session.client.operation();
        // The configuration adds nothing here: no attribute is write-only.
        drop(configuration);
        let apply = Apply { session: &session, checkpoint, stop };
        if prior.is_null() {
            (of.operations.create)(apply, planned).await
        } else if planned.state.is_null() {
            (of.operations.delete)(apply, Instance { state: prior, ..planned }).await
        } else {
            (of.operations.update)(apply, prior, planned).await
        }
    }

    /// Finds an existing instance for Terraform to import.
    pub async fn import(&self, of: &ResourceType, target: ImportTarget) -> Outcome {
        match self.session() {
            Ok(session) => {
                let _in_flight = session.client.operation();
                (of.operations.import)(&session, target).await
            }
            Err(error) => Outcome { instance: Instance::absent(), diagnostics: error.into() },
        }
    }

    /// Checks a data source's configuration without any network call; unknown values pass.
    pub fn validate_data_source(&self, of: &DataSource, configuration: &Value) -> Diagnostics {
        let mut diagnostics = tf::validate::check(&of.schema.block, configuration);
        diagnostics.extend((of.validate)(configuration));
        diagnostics
    }

    /// Reads a data source: its state, wholly known, and warnings. Dropping the future ends a wait
    /// in it.
    ///
    /// # Errors
    /// Diagnostics that say why there is no state.
    pub async fn read_data_source(
        &self,
        of: &DataSource,
        configuration: &Value,
    ) -> Result<(Value, Diagnostics), Diagnostics> {
        let session = self.session()?;
        let _in_flight = session.client.operation();
        is_known("data source", of.name, configuration)?;
        (of.read)(&session, configuration).await
    }

    /// Checks the configuration of a list resource without any network call; unknown values pass.
    pub fn validate_list_resource(&self, of: &ListResource, configuration: &Value) -> Diagnostics {
        tf::validate::check(&of.schema.block, configuration)
    }

    /// Lists instances that exist, at most as many as the request allows. Dropping the stream ends the
    /// list.
    ///
    /// # Errors
    /// Diagnostics that say why the list ends early, as the last item.
    pub fn list(
        &self,
        of: &ListResource,
        request: ListRequest,
    ) -> impl Stream<Item = Result<Listed, Diagnostics>> + Send + use<> {
        let limit = request.limit;
        let known = is_known("list block", of.name, &request.configuration);
        let listed = match known.and_then(|()| self.session()) {
            Ok(session) => (of.list)(session, request),
            Err(error) => stream::once(async { Err(error.into()) }).boxed(),
        };
        listed.take(limit)
    }

    /// Checks the configuration of an action without any network call; unknown values pass.
    pub fn validate_action(&self, of: &ActionType, configuration: &Value) -> Diagnostics {
        tf::validate::check(&of.schema.block, configuration)
    }

    /// Invokes an action, which reports its progress. Dropping the future ends it.
    pub async fn invoke(
        &self,
        of: &ActionType,
        configuration: &Value,
        progress: &dyn Progress,
    ) -> Diagnostics {
        let known = is_known("action", of.name, configuration);
        match known.and_then(|()| self.session()) {
            Ok(session) => of.operations.invoke(&session, configuration, progress).await,
            Err(error) => error.into(),
        }
    }

    /// The configuration in use, wholly known.
    fn session(&self) -> Result<Arc<Session>, Diagnostic> {
        let session = self.session_or_deferred()?;
        match session.configuration.unknown.as_slice() {
            [] => Ok(session),
            [first, ..] => Err(Diagnostic::error(
                "Provider configuration not known yet",
                format!(
                    "The provider block depends on values that are known only after another \
                     apply: {}. Apply the resources that these values come from first, for example \
                     with -target, or set the values directly.",
                    session.configuration.unknown.join(", "),
                ),
            )
            .at(Path::attribute(*first))),
        }
    }

    /// The configuration in use, as far as it is known.
    fn session_or_deferred(&self) -> Result<Arc<Session>, Diagnostic> {
        let slot = self.session.read().unwrap_or_else(PoisonError::into_inner);
        slot.clone().ok_or_else(|| {
            Diagnostic::error(
                "Provider not configured",
                "The provider received a request for a resource before it was configured. This is a \
                 bug in the program that started the provider. Report it, with the command that you \
                 ran.",
            )
        })
    }
}

/// Fails if a configuration has values that are not known yet.
fn is_known(what: &str, name: &str, configuration: &Value) -> Result<(), Diagnostic> {
    if configuration.is_wholly_known() {
        return Ok(());
    }
    let detail = format!(
        "The {what} depends on values that are known only after another apply. Apply the resources \
         that these values come from first, for example with -target."
    );
    Err(Diagnostic::error(format!("The arguments of {name} are not known yet"), detail))
}

/// What is wrong with a provider block.
fn errors_of(block: &Value) -> Diagnostics {
    let block = &config::without_empty(block);
    let mut diagnostics = tf::validate::check(&config::schema().block, block);
    diagnostics.extend(config::validate(block));
    diagnostics
}

/// What was stored, or what is wrong with it.
fn stored(
    what: &str,
    of: &ResourceType,
    upgraded: Result<Value, tf::Error>,
) -> (Value, Diagnostics) {
    match upgraded {
        Ok(value) => (value, Diagnostics::new()),
        Err(error) => {
            let summary = format!("Could not read the stored {what} of {}", of.name);
            let detail = format!(
                "The stored {what} is not valid: {error}.\n\nIf the state was edited or damaged, \
                 restore it from a backup, or remove the resource from the state with `terraform \
                 state rm` and import it."
            );
            (Value::Null, Diagnostic::error(summary, detail).into())
        }
    }
}
