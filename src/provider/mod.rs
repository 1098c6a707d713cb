//! The provider: its configuration block, its resource and data sources, and how AWS's answers
//! read to a user.
//!
//! This room knows what a standby WorkSpace is. It speaks [`crate::tf`] to the one side and
//! [`crate::aws`] to the other, and knows neither protobuf nor the AWS SDK.

mod access_errors;
mod clock;
mod config;
mod data_sources;
mod explain;
mod instance;
mod recent;
mod session;
mod standby;
mod tags;
mod wait;

use std::sync::{Arc, PoisonError, RwLock};

use tokio_util::sync::CancellationToken;

pub use clock::Clock;
pub use config::Environment;
pub use instance::{Checkpoint, ImportTarget, Instance, Outcome, PlannedChange};

use crate::aws::HttpClient;
use crate::tf::{self, Diagnostic, Diagnostics, IdentitySchema, Path, Schema, Value};
use config::Configuration;
use session::Session;

/// The name under which Terraform knows this provider.
pub const ADDRESS: &str = "registry.terraform.io/workspaces-dr/aws-workspaces";

/// A managed resource type: its name and what Terraform has to know of it.
#[derive(Debug)]
pub struct ResourceType {
    /// Type name in configuration.
    pub name: &'static str,
    /// Attributes and blocks.
    pub schema: &'static Schema,
    /// What finds an instance again.
    pub identity: &'static IdentitySchema,
}

/// A data source: its name and what Terraform has to know of it.
#[derive(Debug)]
pub struct DataSource {
    /// Type name in configuration.
    pub name: &'static str,
    /// Attributes and blocks.
    pub schema: &'static Schema,
    reads: Reads,
}

/// What a data source reads.
#[derive(Clone, Copy, Debug)]
enum Reads {
    One,
    Many,
}

/// The provider of one process: what is configured, and the operations on its resources.
pub struct Provider {
    environment: Environment,
    http_client: Option<HttpClient>,
    clock: Clock,
    resources: [ResourceType; 1],
    data_sources: [DataSource; 2],
    session: RwLock<Option<Arc<Session>>>,
}

impl Provider {
    /// A provider that is not configured yet. The HTTP client replaces the AWS SDK's own, for tests
    /// that stand in for the network.
    pub fn new(environment: Environment, clock: Clock, http_client: Option<HttpClient>) -> Self {
        let standby = ResourceType {
            name: standby::TYPE_NAME,
            schema: standby::schema(),
            identity: standby::identity_schema(),
        };
        let data_sources = [
            DataSource {
                name: standby::TYPE_NAME,
                schema: data_sources::one_schema(),
                reads: Reads::One,
            },
            DataSource {
                name: data_sources::MANY,
                schema: data_sources::many_schema(),
                reads: Reads::Many,
            },
        ];
        Self {
            environment,
            http_client,
            clock,
            resources: [standby],
            data_sources,
            session: RwLock::new(None),
        }
    }

    /// The schema of the provider block.
    pub fn schema(&self) -> &'static Schema {
        config::schema()
    }

    /// The managed resource types.
    pub fn resources(&self) -> &[ResourceType] {
        &self.resources
    }

    /// The data sources.
    pub fn data_sources(&self) -> &[DataSource] {
        &self.data_sources
    }

    /// Checks a provider block without any network call; unknown values pass.
    pub fn validate(&self, block: &Value) -> Diagnostics {
        let mut diagnostics = errors_of(block);
        // Not again when the block is taken into use: Terraform shows the warnings of both.
        diagnostics.extend(config::without_effect(block));
        diagnostics
    }

    /// Takes a provider block into use. A later one replaces an earlier one.
    ///
    /// Region, credentials and account are checked once the block is wholly known; while Terraform
    /// plans it may not be, and then they are checked when they are first needed.
    pub async fn configure(&self, terraform_version: &str, block: &Value) -> Diagnostics {
        let mut diagnostics = errors_of(block);
        if block.get("access_key").is_null() && block.get("profile").is_null() {
            diagnostics.extend(config::validate_environment(&self.environment));
        }
        diagnostics.extend(config::validate_endpoints(&self.environment));
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
        diagnostics.extend(standby::validate(configuration));
        diagnostics
    }

    /// Brings stored state of any version to the present form.
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

    /// Brings a stored identity of any version to the present form.
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

    /// Brings an instance up to date with AWS; an absent instance means that it is gone.
    pub async fn read(&self, _of: &ResourceType, prior: Instance) -> Outcome {
        match self.session() {
            Ok(session) => standby::read(&session, prior).await,
            Err(error) => Outcome { instance: prior, diagnostics: error.into() },
        }
    }

    /// Decides what a change will do, without any call; a null `proposed` plans the destruction.
    pub async fn plan(
        &self,
        _of: &ResourceType,
        prior: Instance,
        proposed: Value,
        configuration: Value,
    ) -> PlannedChange {
        match self.session_or_deferred() {
            Ok(session) => standby::plan(&session, prior, proposed, &configuration).await,
            Err(error) => PlannedChange {
                instance: prior,
                requires_replace: Vec::new(),
                diagnostics: error.into(),
            },
        }
    }

    /// Does what was planned: creates where there is no prior state, deletes where the planned
    /// state is null, updates otherwise.
    ///
    /// The instance is left in the checkpoint as soon as there is something to lose. A stop ends
    /// every wait within two seconds.
    pub async fn apply(
        &self,
        _of: &ResourceType,
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
        // The configuration adds nothing here: no attribute is write-only.
        drop(configuration);
        if prior.is_null() {
            standby::create(&session, planned, checkpoint, stop).await
        } else if planned.state.is_null() {
            standby::delete(&session, Instance { state: prior, ..planned }, stop).await
        } else {
            standby::update(&session, prior, planned, checkpoint, stop).await
        }
    }

    /// Finds an existing instance for Terraform to take over.
    pub async fn import(&self, _of: &ResourceType, target: ImportTarget) -> Outcome {
        match self.session() {
            Ok(session) => standby::import(&session, target).await,
            Err(error) => Outcome { instance: Instance::absent(), diagnostics: error.into() },
        }
    }

    /// Checks a data source's configuration without any network call; unknown values pass.
    pub fn validate_data_source(&self, of: &DataSource, configuration: &Value) -> Diagnostics {
        let mut diagnostics = tf::validate::check(&of.schema.block, configuration);
        if let Reads::One = of.reads {
            diagnostics.extend(data_sources::validate_one(configuration));
        }
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
        if !configuration.is_wholly_known() {
            let detail = "The data source depends on values that are known only after another \
                          apply. Apply the resources they come from first, for example with -target.";
            let summary = format!("The arguments of {} are not known yet", of.name);
            return Err(Diagnostic::error(summary, detail).into());
        }
        match of.reads {
            Reads::One => data_sources::read_one(&session, configuration).await,
            Reads::Many => data_sources::read_many(&session, configuration).await,
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
                     apply: {}. Apply the resources they come from first, for example with \
                     -target, or give the values directly.",
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
                "The provider was asked for a resource before it was configured. This is a bug in \
                 whatever started it; please report it together with the command that was run.",
            )
        })
    }
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
                "What is wrong with it: {error}.\n\nIf the state was edited or damaged, restore it \
                 from a backup, or remove the resource from the state with `terraform state rm` \
                 and import it."
            );
            (Value::Null, Diagnostic::error(summary, detail).into())
        }
    }
}
