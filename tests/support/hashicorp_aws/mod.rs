//! A stand-in for the provider hashicorp/aws, which the tests cannot download: the few types that the
//! examples use, served by this process. Terraform finds it through `TF_REATTACH_PROVIDERS`.
//!
//! Connection aliases and directories are those of the simulator, so an alias that is still associated
//! cannot be deleted. Route 53 has no simulator: its types have their schema, and keep what is planned.

mod types;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Value as Json, json};
use terraform_provider_aws_workspaces::rpc::proto::provider_server::Provider as Methods;
use terraform_provider_aws_workspaces::rpc::proto::{
    AttributePath, Diagnostic, DynamicValue, apply_resource_change, attribute_path,
    configure_provider, get_provider_schema, plan_resource_change, read_data_source, read_resource,
    stop_provider, upgrade_resource_state, validate_data_resource_config, validate_provider_config,
    validate_resource_config,
};
use terraform_provider_aws_workspaces::rpc::schema_message;
use terraform_provider_aws_workspaces::sim::{Outcome, Simulator};
use terraform_provider_aws_workspaces::tf::{Schema, Value, msgpack, plan};
use tonic::{Request, Response, Status};

use super::api;
use super::reattached::Reattached;

/// The address of the provider.
const ADDRESS: &str = "registry.terraform.io/hashicorp/aws";

/// Longer than the simulator takes for any change.
const PATIENCE: Duration = Duration::from_secs(60);

/// The provider, served until this is dropped.
pub(crate) struct HashicorpAws {
    pub(crate) reattached: Reattached,
    account: Account,
}

impl HashicorpAws {
    /// Serves the account of a simulator.
    pub(crate) fn start(simulator: Simulator) -> Self {
        let account = Account { simulator, region: Arc::default() };
        Self { reattached: Reattached::start(ADDRESS, account.clone()), account }
    }

    /// The connection aliases of a Region as AWS describes them.
    pub(crate) fn aliases(&self, region: &str) -> Vec<Json> {
        let described = self.account.api(region, "DescribeConnectionAliases", &json!({}));
        let mut described = described.expect("no fault is in force");
        described["ConnectionAliases"].take().as_array().cloned().unwrap_or_default()
    }
}

/// The account that the provider manages, and the Region of its provider block.
#[derive(Clone)]
struct Account {
    simulator: Simulator,
    region: Arc<Mutex<String>>,
}

impl Account {
    /// Calls the API; the error is what AWS says.
    fn api(&self, region: &str, operation: &str, body: &Json) -> Result<Json, String> {
        let request = api::request(region, operation, body);
        match self.simulator.respond(&request, Timestamp::now()).outcome {
            Outcome::Response(response) => {
                let text = String::from_utf8_lossy(response.body()).into_owned();
                match response.status().is_success() {
                    true => Ok(serde_json::from_str(&text).unwrap()),
                    false => Err(format!("{operation} in {region}: {text}")),
                }
            }
            Outcome::Reset => Err(format!("{operation} in {region} was reset")),
        }
    }

    /// The connection alias of a state; none if it is gone.
    fn alias(&self, state: &Value) -> Result<Option<Json>, String> {
        let (region, id) = (text(state, "region"), text(state, "id"));
        let found = self.api(region, "DescribeConnectionAliases", &json!({"AliasIds": [id]}))?;
        Ok(found["ConnectionAliases"].as_array().and_then(|all| all.first().cloned()))
    }

    /// Waits until the connection alias of a state is as wanted, as hashicorp/aws does.
    async fn alias_becomes(
        &self,
        state: &Value,
        wanted: impl Fn(Option<&Json>) -> bool,
    ) -> Result<(), String> {
        let waited = tokio::time::timeout(PATIENCE, async {
            while !wanted(self.alias(state)?.as_ref()) {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            Ok(())
        });
        waited.await.unwrap_or_else(|_| Err("timed out".to_owned()))
    }

    /// Creates what is planned.
    async fn create(&self, name: &str, planned: &mut Value) -> Result<(), String> {
        match name {
            types::ALIAS => {
                let region = text(planned, "region").to_owned();
                let body = json!({"ConnectionString": text(planned, "connection_string")});
                let created = self.api(&region, "CreateConnectionAlias", &body)?;
                planned.set("id", Value::optional_string(created["AliasId"].as_str()));
                let is_created =
                    |alias: Option<&Json>| alias.is_some_and(|alias| alias["State"] == "CREATED");
                self.alias_becomes(planned, is_created).await?;
                planned.set("state", "CREATED".into());
                let alias = self.alias(planned)?.unwrap_or_default();
                let owner = alias["OwnerAccountId"].as_str();
                planned.set("owner_account_id", Value::optional_string(owner));
            }
            types::RECORD => {
                let parts = ["zone_id", "name", "type", "set_identifier"];
                planned.set("id", parts.map(|part| text(planned, part)).join("_").into());
                planned.set("fqdn", planned.get("name").clone());
            }
            _ => {
                planned.set("id", "abcdef11-2222-3333-4444-555555fedcba".into());
                planned.set("arn", "arn:aws:route53:::healthcheck/abcdef11".into());
            }
        }
        Ok(())
    }

    async fn delete(&self, name: &str, prior: &Value) -> Result<(), String> {
        if name == types::ALIAS {
            let body = json!({"AliasId": text(prior, "id")});
            self.api(text(prior, "region"), "DeleteConnectionAlias", &body)?;
            self.alias_becomes(prior, |alias| alias.is_none()).await?;
        }
        Ok(())
    }

    /// The directory of a configuration.
    fn directory(&self, mut state: Value) -> Result<Value, String> {
        self.set_region(&mut state);
        let id = text(&state, "directory_id").to_owned();
        let body = json!({"DirectoryIds": [id]});
        let found = self.api(text(&state, "region"), "DescribeWorkspaceDirectories", &body)?;
        let directory = found["Directories"].get(0).ok_or(format!("no directory {id}"))?;
        for (name, member) in [
            ("id", "DirectoryId"),
            ("directory_name", "DirectoryName"),
            ("directory_type", "DirectoryType"),
            ("registration_code", "RegistrationCode"),
        ] {
            state.set(name, Value::optional_string(directory[member].as_str()));
        }
        Ok(state)
    }

    /// The Region of the provider block is the default.
    fn set_region(&self, state: &mut Value) {
        if state.as_entries().is_some_and(|entries| entries.contains_key("region"))
            && state.get("region").as_str().is_none()
        {
            let region = self.region.lock().unwrap().clone();
            state.set("region", region.into());
        }
    }
}

/// The text of an attribute, empty where there is none.
fn text<'a>(of: &'a Value, name: &str) -> &'a str {
    of.get(name).as_str().unwrap_or_default()
}

fn decode(value: Option<&DynamicValue>, schema: &Schema) -> Value {
    let value = value.expect("Terraform sends it");
    msgpack::decode(&value.msgpack, &schema.value_type()).expect("Terraform knows the schema")
}

fn encode(value: &Value, schema: &Schema) -> Option<DynamicValue> {
    let msgpack = msgpack::encode(value, &schema.value_type()).expect("a value of the schema");
    Some(DynamicValue { msgpack, ..DynamicValue::default() })
}

fn errors(result: Result<(), String>) -> Vec<Diagnostic> {
    let error = |detail| Diagnostic {
        severity: 1,
        summary: "The stand-in for hashicorp/aws failed".to_owned(),
        detail,
        attribute: None,
    };
    result.err().map(error).into_iter().collect()
}

type Reply<T> = Result<Response<T>, Status>;

#[tonic::async_trait]
impl Methods for Account {
    async fn get_provider_schema(
        &self,
        _: Request<get_provider_schema::Request>,
    ) -> Reply<get_provider_schema::Response> {
        let message = |(name, schema): (&str, Schema)| (name.to_owned(), schema_message(&schema));
        Ok(Response::new(get_provider_schema::Response {
            provider: Some(schema_message(&types::provider())),
            resource_schemas: types::resources().map(message).into(),
            data_source_schemas: [message((types::DIRECTORY, types::directory()))].into(),
            ..get_provider_schema::Response::default()
        }))
    }

    async fn validate_provider_config(
        &self,
        _: Request<validate_provider_config::Request>,
    ) -> Reply<validate_provider_config::Response> {
        Ok(Response::new(Default::default()))
    }

    async fn configure_provider(
        &self,
        request: Request<configure_provider::Request>,
    ) -> Reply<configure_provider::Response> {
        let config = decode(request.get_ref().config.as_ref(), &types::provider());
        *self.region.lock().unwrap() = text(&config, "region").to_owned();
        Ok(Response::new(Default::default()))
    }

    async fn validate_resource_config(
        &self,
        _: Request<validate_resource_config::Request>,
    ) -> Reply<validate_resource_config::Response> {
        Ok(Response::new(Default::default()))
    }

    async fn validate_data_resource_config(
        &self,
        _: Request<validate_data_resource_config::Request>,
    ) -> Reply<validate_data_resource_config::Response> {
        Ok(Response::new(Default::default()))
    }

    async fn upgrade_resource_state(
        &self,
        request: Request<upgrade_resource_state::Request>,
    ) -> Reply<upgrade_resource_state::Response> {
        let stored = request.into_inner().raw_state.expect("Terraform sends it");
        Ok(Response::new(upgrade_resource_state::Response {
            upgraded_state: Some(DynamicValue { json: stored.json, ..DynamicValue::default() }),
            ..upgrade_resource_state::Response::default()
        }))
    }

    async fn read_resource(
        &self,
        request: Request<read_resource::Request>,
    ) -> Reply<read_resource::Response> {
        let request = request.into_inner();
        let schema = types::resource(&request.type_name);
        let mut state = decode(request.current_state.as_ref(), &schema);
        let mut result = Ok(());
        if request.type_name == types::ALIAS {
            match self.alias(&state) {
                Ok(Some(alias)) => {
                    state.set("state", Value::optional_string(alias["State"].as_str()));
                }
                Ok(None) => state = Value::Null,
                Err(error) => result = Err(error),
            }
        }
        Ok(Response::new(read_resource::Response {
            new_state: encode(&state, &schema),
            diagnostics: errors(result),
            ..read_resource::Response::default()
        }))
    }

    async fn plan_resource_change(
        &self,
        request: Request<plan_resource_change::Request>,
    ) -> Reply<plan_resource_change::Response> {
        let request = request.into_inner();
        let schema = types::resource(&request.type_name);
        let [prior, proposed, config] =
            [&request.prior_state, &request.proposed_new_state, &request.config]
                .map(|value| decode(value.as_ref(), &schema));
        let mut planned = plan::plan(&schema.block, &prior, &proposed, &config);
        self.set_region(&mut planned.state);
        let requires_replace = planned.requires_replace.iter().map(|path| {
            let selector = attribute_path::step::Selector::AttributeName(path.to_string());
            AttributePath { steps: vec![attribute_path::Step { selector: Some(selector) }] }
        });
        Ok(Response::new(plan_resource_change::Response {
            planned_state: encode(&planned.state, &schema),
            requires_replace: requires_replace.collect(),
            ..plan_resource_change::Response::default()
        }))
    }

    async fn apply_resource_change(
        &self,
        request: Request<apply_resource_change::Request>,
    ) -> Reply<apply_resource_change::Response> {
        let request = request.into_inner();
        let schema = types::resource(&request.type_name);
        let [prior, mut planned] =
            [&request.prior_state, &request.planned_state].map(|it| decode(it.as_ref(), &schema));
        let result = match (prior.is_null(), planned.is_null()) {
            (true, _) => self.create(&request.type_name, &mut planned).await,
            (false, true) => self.delete(&request.type_name, &prior).await,
            (false, false) => Ok(()),
        };
        let state = if result.is_ok() { planned } else { prior };
        Ok(Response::new(apply_resource_change::Response {
            new_state: encode(&state, &schema),
            diagnostics: errors(result),
            ..apply_resource_change::Response::default()
        }))
    }

    async fn read_data_source(
        &self,
        request: Request<read_data_source::Request>,
    ) -> Reply<read_data_source::Response> {
        let schema = types::directory();
        let config = decode(request.get_ref().config.as_ref(), &schema);
        let (state, result) = match self.directory(config) {
            Ok(state) => (state, Ok(())),
            Err(error) => (Value::Null, Err(error)),
        };
        Ok(Response::new(read_data_source::Response {
            state: encode(&state, &schema),
            diagnostics: errors(result),
            ..read_data_source::Response::default()
        }))
    }

    async fn stop_provider(
        &self,
        _: Request<stop_provider::Request>,
    ) -> Reply<stop_provider::Response> {
        Ok(Response::new(Default::default()))
    }
}
