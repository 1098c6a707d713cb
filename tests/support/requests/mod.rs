//! Plays Terraform core's part on the wire: makes the requests that core makes, in its order, from values.
//!
//! What it knows of types and modes comes from the answer to GetProviderSchema, never from the provider's code, so a
//! schema that is served wrong shows as a request that goes wrong.

use std::collections::BTreeMap;

use futures_util::StreamExt;
use terraform_provider_aws_workspaces::rpc::proto::{
    self, DynamicValue, RawState, ResourceIdentityData, apply_resource_change, configure_provider,
    get_provider_schema, get_resource_identity_schemas, import_resource_state, invoke_action,
    list_resource, plan_resource_change, provider_client::ProviderClient, read_data_source,
    read_resource, upgrade_resource_identity, upgrade_resource_state,
    validate_data_resource_config, validate_provider_config, validate_resource_config,
};
use terraform_provider_aws_workspaces::tf::{Type, Value};
use tonic::transport::Channel;

mod diagnostics;
mod shape;

pub(crate) use diagnostics::{errors, no_errors, shown, warnings};
pub(crate) use shape::{Shape, type_from_json, with};
use shape::{decode, encode};

/// The resource type all requests are about.
pub(crate) const STANDBY: &str = "aws_workspaces_standby";

/// One end of the connection and the schemas that came over it.
#[derive(Clone)]
pub(crate) struct Core {
    /// The generated client, for requests that core would not make.
    pub(crate) client: ProviderClient<Channel>,
    /// The provider block.
    pub(crate) provider: Shape,
    /// The resource.
    pub(crate) standby: Shape,
    /// Its identity.
    pub(crate) identity: Type,
    /// The data sources.
    pub(crate) data: BTreeMap<String, Shape>,
    /// The list resources.
    pub(crate) lists: BTreeMap<String, Shape>,
    /// The actions.
    pub(crate) actions: BTreeMap<String, Shape>,
}

/// What core stores of one object.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Stored {
    pub(crate) state: Value,
    pub(crate) private: Vec<u8>,
    pub(crate) identity: Value,
}

/// What core makes of an answer that carries an object.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) stored: Stored,
    pub(crate) diagnostics: Vec<proto::Diagnostic>,
}

fn shapes(schemas: &BTreeMap<String, proto::Schema>) -> BTreeMap<String, Shape> {
    schemas.iter().map(|(name, schema)| (name.clone(), Shape::of(Some(schema)))).collect()
}

impl Core {
    /// Asks for the schemas.
    pub(crate) async fn meet(mut client: ProviderClient<Channel>) -> Self {
        let schemas = client
            .get_provider_schema(get_provider_schema::Request {})
            .await
            .expect("OK")
            .into_inner();
        let identities = client
            .get_resource_identity_schemas(get_resource_identity_schemas::Request {})
            .await
            .expect("OK")
            .into_inner();
        let identity = identities.identity_schemas[STANDBY]
            .identity_attributes
            .iter()
            .map(|attribute| (attribute.name.clone(), type_from_json(&attribute.r#type)))
            .collect();
        Self {
            client,
            provider: Shape::of(schemas.provider.as_ref()),
            standby: Shape::of(schemas.resource_schemas.get(STANDBY)),
            identity: Type::Object(identity),
            data: shapes(&schemas.data_source_schemas),
            lists: shapes(&schemas.list_resource_schemas),
            actions: schemas
                .action_schemas
                .iter()
                .map(|(name, action)| (name.clone(), Shape::of(action.schema.as_ref())))
                .collect(),
        }
    }

    pub(crate) async fn validate_provider(&self, config: &Value) -> Vec<proto::Diagnostic> {
        let request = validate_provider_config::Request { config: self.provider.message(config) };
        self.client
            .clone()
            .validate_provider_config(request)
            .await
            .expect("OK")
            .into_inner()
            .diagnostics
    }

    pub(crate) async fn configure(&self, config: &Value) -> Vec<proto::Diagnostic> {
        let request = configure_provider::Request {
            terraform_version: "1.99.0".to_owned(),
            config: self.provider.message(config),
            client_capabilities: None,
        };
        self.client.clone().configure_provider(request).await.expect("OK").into_inner().diagnostics
    }

    pub(crate) async fn validate(&self, config: &Value) -> Vec<proto::Diagnostic> {
        let request = validate_resource_config::Request {
            type_name: STANDBY.to_owned(),
            config: self.standby.message(config),
            client_capabilities: None,
        };
        self.client
            .clone()
            .validate_resource_config(request)
            .await
            .expect("OK")
            .into_inner()
            .diagnostics
    }

    /// Checks the configuration of a data source.
    pub(crate) async fn validate_data(&self, name: &str, config: &Value) -> Vec<proto::Diagnostic> {
        let request = validate_data_resource_config::Request {
            type_name: name.to_owned(),
            config: self.data[name].message(config),
        };
        let answer = self.client.clone().validate_data_resource_config(request).await;
        answer.expect("OK").into_inner().diagnostics
    }

    /// Reads a data source; what it read, null where nothing was answered.
    pub(crate) async fn read_data(
        &self,
        name: &str,
        config: &Value,
    ) -> (Value, Vec<proto::Diagnostic>) {
        let request = read_data_source::Request {
            type_name: name.to_owned(),
            config: self.data[name].message(config),
            ..read_data_source::Request::default()
        };
        let answer = self.client.clone().read_data_source(request).await.expect("OK").into_inner();
        assert_eq!(answer.deferred, None);
        (self.data[name].value(answer.state.as_ref()), answer.diagnostics)
    }

    /// Lists; the events as they came.
    pub(crate) async fn list(
        &self,
        config: &Value,
        include_resource_object: bool,
        limit: i64,
    ) -> Vec<list_resource::Event> {
        let request = list_resource::Request {
            type_name: STANDBY.to_owned(),
            config: self.lists[STANDBY].message(config),
            include_resource_object,
            limit,
        };
        let answer = self.client.clone().list_resource(request).await.expect("OK").into_inner();
        answer.map(|event| event.expect("an event")).collect().await
    }

    /// Invokes an action; the events as they came.
    pub(crate) async fn invoke(&self, name: &str, config: &Value) -> Vec<invoke_action::Event> {
        let request = invoke_action::Request {
            action_type: name.to_owned(),
            config: self.actions[name].message(config),
            client_capabilities: None,
        };
        let answer = self.client.clone().invoke_action(request).await.expect("OK").into_inner();
        answer.map(|event| event.expect("an event")).collect().await
    }

    /// Upgrades a stored state; the value is what was answered, unknown where nothing was.
    pub(crate) async fn upgrade(
        &self,
        version: i64,
        json: &str,
    ) -> (Value, Vec<proto::Diagnostic>) {
        let raw_state =
            Some(RawState { json: json.as_bytes().to_vec(), flatmap: Default::default() });
        let request =
            upgrade_resource_state::Request { type_name: STANDBY.to_owned(), version, raw_state };
        let answer =
            self.client.clone().upgrade_resource_state(request).await.expect("OK").into_inner();
        let state =
            answer.upgraded_state.map_or(Value::Unknown, |state| self.standby.value(Some(&state)));
        (state, answer.diagnostics)
    }

    /// Upgrades a stored identity, in the same way.
    pub(crate) async fn upgrade_identity(
        &self,
        version: i64,
        json: &str,
    ) -> (Value, Vec<proto::Diagnostic>) {
        let raw_identity =
            Some(RawState { json: json.as_bytes().to_vec(), flatmap: Default::default() });
        let request = upgrade_resource_identity::Request {
            type_name: STANDBY.to_owned(),
            version,
            raw_identity,
        };
        let answer =
            self.client.clone().upgrade_resource_identity(request).await.expect("OK").into_inner();
        let identity = answer
            .upgraded_identity
            .map_or(Value::Unknown, |identity| self.known_as(Some(&identity)));
        (identity, answer.diagnostics)
    }

    pub(crate) fn read_request(&self, stored: &Stored) -> read_resource::Request {
        read_resource::Request {
            type_name: STANDBY.to_owned(),
            current_state: self.standby.message(&stored.state),
            private: stored.private.clone(),
            current_identity: self.identify(&stored.identity),
            ..read_resource::Request::default()
        }
    }

    pub(crate) async fn read(&self, stored: &Stored) -> Answer {
        let answer = self
            .client
            .clone()
            .read_resource(self.read_request(stored))
            .await
            .expect("OK")
            .into_inner();
        assert_eq!(answer.deferred, None);
        self.answer(
            answer.new_state.as_ref(),
            answer.private,
            answer.new_identity.as_ref(),
            answer.diagnostics,
        )
    }

    pub(crate) fn plan_request(
        &self,
        prior: &Stored,
        config: &Value,
    ) -> plan_resource_change::Request {
        plan_resource_change::Request {
            type_name: STANDBY.to_owned(),
            prior_state: self.standby.message(&prior.state),
            proposed_new_state: self.standby.message(&self.standby.proposed(&prior.state, config)),
            config: self.standby.message(config),
            prior_private: prior.private.clone(),
            prior_identity: self.identify(&prior.identity),
            ..plan_resource_change::Request::default()
        }
    }

    /// Plans the way from what is stored to a configuration; a null one destroys.
    pub(crate) async fn plan(
        &self,
        prior: &Stored,
        config: &Value,
    ) -> plan_resource_change::Response {
        let request = self.plan_request(prior, config);
        let answer =
            self.client.clone().plan_resource_change(request).await.expect("OK").into_inner();
        assert!(!answer.legacy_type_system, "the checks of Terraform hold");
        assert_eq!(answer.deferred, None);
        answer
    }

    pub(crate) fn apply_request(
        &self,
        prior: &Stored,
        planned: &plan_resource_change::Response,
        config: &Value,
    ) -> apply_resource_change::Request {
        apply_resource_change::Request {
            type_name: STANDBY.to_owned(),
            prior_state: self.standby.message(&prior.state),
            planned_state: planned.planned_state.clone(),
            config: self.standby.message(config),
            planned_private: planned.planned_private.clone(),
            planned_identity: planned.planned_identity.clone(),
            ..apply_resource_change::Request::default()
        }
    }

    pub(crate) async fn apply(
        &self,
        prior: &Stored,
        planned: &plan_resource_change::Response,
        config: &Value,
    ) -> Answer {
        let request = self.apply_request(prior, planned, config);
        let answer =
            self.client.clone().apply_resource_change(request).await.expect("OK").into_inner();
        assert!(!answer.legacy_type_system, "the checks of Terraform hold");
        self.answer(
            answer.new_state.as_ref(),
            answer.private,
            answer.new_identity.as_ref(),
            answer.diagnostics,
        )
    }

    /// Plans and applies; what was planned is returned too.
    pub(crate) async fn change(&self, prior: &Stored, config: &Value) -> (Value, Answer) {
        let planned = self.plan(prior, config).await;
        assert_eq!(errors(&planned.diagnostics), no_errors(), "the plan holds");
        let answer = self.apply(prior, &planned, config).await;
        (self.standby.value(planned.planned_state.as_ref()), answer)
    }

    /// Imports by id.
    pub(crate) async fn import(&self, id: &str) -> import_resource_state::Response {
        self.import_by(id, None).await
    }

    pub(crate) async fn import_by(
        &self,
        id: &str,
        identity: Option<&Value>,
    ) -> import_resource_state::Response {
        let request = import_resource_state::Request {
            type_name: STANDBY.to_owned(),
            id: id.to_owned(),
            client_capabilities: None,
            identity: identity.and_then(|identity| self.identify(identity)),
        };
        self.client.clone().import_resource_state(request).await.expect("OK").into_inner()
    }

    /// What core stores after an import, before it reads.
    pub(crate) fn imported(&self, answer: &import_resource_state::Response) -> Stored {
        assert_eq!(errors(&answer.diagnostics), no_errors());
        let [object] = &answer.imported_resources[..] else {
            panic!("exactly one object is imported: {answer:?}")
        };
        assert_eq!(object.type_name, STANDBY);
        Stored {
            state: self.standby.value(object.state.as_ref()),
            private: object.private.clone(),
            identity: self.known_as(object.identity.as_ref()),
        }
    }

    /// The message of an identity; none for null.
    pub(crate) fn identify(&self, identity: &Value) -> Option<ResourceIdentityData> {
        let data = || DynamicValue { msgpack: encode(identity, &self.identity), json: Vec::new() };
        (!identity.is_null()).then(|| ResourceIdentityData { identity_data: Some(data()) })
    }

    /// The identity in a message.
    pub(crate) fn known_as(&self, message: Option<&ResourceIdentityData>) -> Value {
        let data = message.and_then(|message| message.identity_data.as_ref());
        data.map_or(Value::Null, |data| decode(data, &self.identity))
    }

    fn answer(
        &self,
        state: Option<&DynamicValue>,
        private: Vec<u8>,
        identity: Option<&ResourceIdentityData>,
        diagnostics: Vec<proto::Diagnostic>,
    ) -> Answer {
        let (state, identity) = (self.standby.value(state), self.known_as(identity));
        Answer { stored: Stored { state, private, identity }, diagnostics }
    }
}

impl Stored {
    /// No object.
    pub(crate) fn absent() -> Self {
        Self { state: Value::Null, private: Vec::new(), identity: Value::Null }
    }
}

impl Answer {
    /// The object, where nothing went wrong.
    #[track_caller]
    pub(crate) fn succeeded(self) -> Stored {
        assert_eq!(errors(&self.diagnostics), no_errors());
        self.stored
    }
}
