//! This provider without AWS: it validates and plans as usual, and what was planned is done at once.
//! What Terraform takes for a fleet of it is the least that it can take.

use std::collections::BTreeMap;
use std::sync::Arc;

use terraform_provider_aws_workspaces::provider::{Clock, Provider};
use terraform_provider_aws_workspaces::rpc::proto::provider_client::ProviderClient;
use terraform_provider_aws_workspaces::rpc::proto::provider_server::{
    Provider as Methods, ProviderServer,
};
use terraform_provider_aws_workspaces::rpc::proto::{
    DynamicValue, apply_resource_change, configure_provider, get_provider_schema,
    get_resource_identity_schemas, plan_resource_change, read_resource, stop_provider,
    upgrade_resource_identity, upgrade_resource_state, validate_provider_config,
    validate_resource_config,
};
use terraform_provider_aws_workspaces::rpc::{self, Server};
use terraform_provider_aws_workspaces::tf::{Schema, Type, Value, msgpack};
use tonic::{Request, Response, Status};

/// The provider, for `TF_REATTACH_PROVIDERS`.
pub(super) struct WithoutCalls {
    provider: ProviderClient<ProviderServer<Server>>,
    standby: Schema,
}

impl WithoutCalls {
    pub(super) fn new() -> Self {
        let keys = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"];
        let environment = BTreeMap::from(keys.map(|name| (name.to_owned(), "AKIAEXAMPLE".into())));
        let clock = Clock::starting_at(jiff::Timestamp::now());
        let provider = Arc::new(Provider::new(environment, clock, None));
        let named = |name| provider.resources().iter().find(move |of| of.name == name);
        let standby = named("aws_workspaces_standby").unwrap().schema.clone();
        let (service, _) = rpc::service(provider);
        Self { provider: ProviderClient::new(service), standby }
    }

    /// The state after a change: what AWS would tell has the usual length.
    fn done(&self, planned: &DynamicValue) -> DynamicValue {
        let of = self.standby.value_type();
        let mut state = msgpack::decode(&planned.msgpack, &of).unwrap();
        for attribute in &self.standby.block.attributes {
            if !state.is_null() && state.get(attribute.name).is_unknown() {
                let value = match attribute.ty {
                    Type::Bool => false.into(),
                    Type::String if attribute.name == "arn" => "a".repeat(65).into(),
                    Type::String => "a".repeat(15).into(),
                    _ => Value::map::<String>([]),
                };
                state.set(attribute.name, value);
            }
        }
        DynamicValue { msgpack: msgpack::encode(&state, &of).unwrap(), ..DynamicValue::default() }
    }
}

type Reply<T> = Result<Response<T>, Status>;

/// The methods that the provider itself answers.
macro_rules! as_usual {
    ($($method:ident),+ $(,)?) => {
        #[tonic::async_trait]
        impl Methods for WithoutCalls {
            $(
                async fn $method(
                    &self,
                    request: Request<$method::Request>,
                ) -> Reply<$method::Response> {
                    self.provider.clone().$method(request.into_inner()).await
                }
            )+

            async fn read_resource(
                &self,
                request: Request<read_resource::Request>,
            ) -> Reply<read_resource::Response> {
                let request = request.into_inner();
                Ok(Response::new(read_resource::Response {
                    new_state: request.current_state,
                    private: request.private,
                    new_identity: request.current_identity,
                    ..read_resource::Response::default()
                }))
            }

            async fn apply_resource_change(
                &self,
                request: Request<apply_resource_change::Request>,
            ) -> Reply<apply_resource_change::Response> {
                let request = request.into_inner();
                Ok(Response::new(apply_resource_change::Response {
                    new_state: request.planned_state.as_ref().map(|planned| self.done(planned)),
                    private: request.planned_private,
                    new_identity: request.planned_identity,
                    ..apply_resource_change::Response::default()
                }))
            }
        }
    };
}

as_usual!(
    get_provider_schema,
    get_resource_identity_schemas,
    validate_provider_config,
    configure_provider,
    validate_resource_config,
    upgrade_resource_state,
    upgrade_resource_identity,
    plan_resource_change,
    stop_provider,
);
