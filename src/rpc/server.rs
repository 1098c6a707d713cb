use std::sync::Arc;

use futures_util::stream;
use tokio_util::sync::CancellationToken;
use tonic::{Request, Response, Status};

use super::guard::{Call, Guard};
use super::proto::provider_server::{Provider as Methods, ProviderServer};
use super::proto::{
    apply_resource_change, call_function, configure_provider, generate_resource_config,
    get_functions, get_metadata, get_provider_schema, get_resource_identity_schemas,
    import_resource_state, invoke_action, list_resource, plan_action, plan_resource_change,
    read_data_source, read_resource, stop_provider, upgrade_resource_identity,
    upgrade_resource_state, validate_action_config, validate_data_resource_config,
    validate_list_resource_config, validate_provider_config, validate_resource_config,
};
use super::{actions, decode, encode, functions, list, schema};
use crate::provider::{Checkpoint, DataSource, Provider, ResourceType};
use crate::tf::Diagnostics;

/// The largest message in either direction, in bytes, as in terraform-plugin-go. The default of
/// tonic, 4 MiB, is too small for the plan of a large resource.
const MAXIMUM_MESSAGE: usize = 256 << 20;

/// The gRPC service of a provider, and a future that shuts it down gracefully: it stops the calls in
/// flight, as StopProvider does, and waits until they have ended.
pub fn service(
    provider: Arc<Provider>,
) -> (ProviderServer<Server>, impl Future<Output = ()> + Send + 'static) {
    let guard = Arc::new(Guard::default());
    let draining = Arc::clone(&guard);
    let server = ProviderServer::new(Server { provider, guard })
        .max_decoding_message_size(MAXIMUM_MESSAGE)
        .max_encoding_message_size(MAXIMUM_MESSAGE);
    (server, async move { draining.drain().await })
}

/// The implemented RPCs, in the order in which Terraform calls them.
pub struct Server {
    provider: Arc<Provider>,
    guard: Arc<Guard>,
}

type Reply<T> = Result<Response<T>, Status>;
type BoxStream<T> = stream::BoxStream<'static, Result<T, Status>>;

#[tonic::async_trait]
impl Methods for Server {
    async fn get_metadata(
        &self,
        _: Request<get_metadata::Request>,
    ) -> Reply<get_metadata::Response> {
        let metadata = async { Ok(schema::metadata(&self.provider)) };
        let response = self.guard.run(Call::new("GetMetadata"), metadata).await;
        Ok(Response::new(response.unwrap_or_else(encode::no_metadata)))
    }

    async fn get_provider_schema(
        &self,
        _: Request<get_provider_schema::Request>,
    ) -> Reply<get_provider_schema::Response> {
        let schemas = async { Ok(schema::schemas(&self.provider)) };
        let response = self.guard.run(Call::new("GetProviderSchema"), schemas).await;
        Ok(Response::new(response.unwrap_or_else(encode::no_schemas)))
    }

    async fn get_resource_identity_schemas(
        &self,
        _: Request<get_resource_identity_schemas::Request>,
    ) -> Reply<get_resource_identity_schemas::Response> {
        let schemas = async { Ok(schema::identity_schemas(self.provider.resources())) };
        let response = self.guard.run(Call::new("GetResourceIdentitySchemas"), schemas).await;
        Ok(Response::new(response.unwrap_or_else(encode::no_identity_schemas)))
    }

    async fn validate_provider_config(
        &self,
        request: Request<validate_provider_config::Request>,
    ) -> Reply<validate_provider_config::Response> {
        let request = request.into_inner();
        let diagnostics = self.guard.run(Call::new("ValidateProviderConfig"), async {
            let config = decode::config(request.config.as_ref(), self.provider.schema())?;
            Ok(self.provider.validate(&config))
        });
        let diagnostics = encode::diagnostics(diagnostics.await.unwrap_or_else(|errors| errors));
        Ok(Response::new(validate_provider_config::Response { diagnostics }))
    }

    async fn configure_provider(
        &self,
        request: Request<configure_provider::Request>,
    ) -> Reply<configure_provider::Response> {
        let request = request.into_inner();
        let diagnostics = self.guard.run_until_stopped(Call::new("ConfigureProvider"), async {
            let config = decode::config(request.config.as_ref(), self.provider.schema())?;
            Ok(self.provider.configure(&request.terraform_version, &config).await)
        });
        let diagnostics = encode::diagnostics(diagnostics.await.unwrap_or_else(|errors| errors));
        Ok(Response::new(configure_provider::Response { diagnostics }))
    }

    async fn stop_provider(
        &self,
        _: Request<stop_provider::Request>,
    ) -> Reply<stop_provider::Response> {
        self.guard.stop();
        Ok(Response::new(stop_provider::Response { error: String::new() }))
    }

    async fn validate_resource_config(
        &self,
        request: Request<validate_resource_config::Request>,
    ) -> Reply<validate_resource_config::Response> {
        let request = request.into_inner();
        let call = Call::resource("ValidateResourceConfig", &request.type_name);
        let diagnostics = self.guard.run(call, async {
            let resource = self.resource(&request.type_name)?;
            let config = decode::config(request.config.as_ref(), resource.schema)?;
            Ok(self.provider.validate_resource(resource, &config))
        });
        let diagnostics = encode::diagnostics(diagnostics.await.unwrap_or_else(|errors| errors));
        Ok(Response::new(validate_resource_config::Response { diagnostics }))
    }

    async fn validate_data_resource_config(
        &self,
        request: Request<validate_data_resource_config::Request>,
    ) -> Reply<validate_data_resource_config::Response> {
        let request = request.into_inner();
        let call = Call::data_source("ValidateDataResourceConfig", &request.type_name);
        let diagnostics = self.guard.run(call, async {
            let data_source = self.data_source(&request.type_name)?;
            let config = decode::config(request.config.as_ref(), data_source.schema)?;
            Ok(self.provider.validate_data_source(data_source, &config))
        });
        let diagnostics = encode::diagnostics(diagnostics.await.unwrap_or_else(|errors| errors));
        Ok(Response::new(validate_data_resource_config::Response { diagnostics }))
    }

    async fn upgrade_resource_state(
        &self,
        request: Request<upgrade_resource_state::Request>,
    ) -> Reply<upgrade_resource_state::Response> {
        let request = request.into_inner();
        let call = Call::resource("UpgradeResourceState", &request.type_name);
        let response = self.guard.run(call, async {
            let resource = self.resource(&request.type_name)?;
            let json = decode::raw(request.raw_state.as_ref(), "state")?;
            encode::upgraded_state(
                resource,
                self.provider.upgrade_state(resource, request.version, json),
            )
        });
        Ok(Response::new(response.await.unwrap_or_else(encode::no_upgraded_state)))
    }

    async fn upgrade_resource_identity(
        &self,
        request: Request<upgrade_resource_identity::Request>,
    ) -> Reply<upgrade_resource_identity::Response> {
        let request = request.into_inner();
        let call = Call::resource("UpgradeResourceIdentity", &request.type_name);
        let response = self.guard.run(call, async {
            let resource = self.resource(&request.type_name)?;
            let json = decode::raw(request.raw_identity.as_ref(), "identity")?;
            encode::upgraded_identity(
                resource,
                self.provider.upgrade_identity(resource, request.version, json),
            )
        });
        Ok(Response::new(response.await.unwrap_or_else(encode::no_upgraded_identity)))
    }

    async fn read_resource(
        &self,
        request: Request<read_resource::Request>,
    ) -> Reply<read_resource::Response> {
        let request = request.into_inner();
        let call = Call::resource("ReadResource", &request.type_name);
        let response = self.guard.run_until_stopped(call, async {
            let resource = self.resource(&request.type_name)?;
            let prior = decode::read(&request, resource)?;
            encode::read(resource, self.provider.read(resource, prior).await)
        });
        let response = response.await;
        Ok(Response::new(response.unwrap_or_else(|errors| encode::not_read(request, errors))))
    }

    async fn plan_resource_change(
        &self,
        request: Request<plan_resource_change::Request>,
    ) -> Reply<plan_resource_change::Response> {
        let request = request.into_inner();
        let call = Call::resource("PlanResourceChange", &request.type_name);
        let response = self.guard.run_until_stopped(call, async {
            let resource = self.resource(&request.type_name)?;
            let decode::Plan { prior, proposed, config } = decode::plan(&request, resource)?;
            encode::plan(resource, self.provider.plan(resource, prior, proposed, config).await)
        });
        let response = response.await;
        Ok(Response::new(response.unwrap_or_else(|errors| encode::not_planned(request, errors))))
    }

    async fn apply_resource_change(
        &self,
        request: Request<apply_resource_change::Request>,
    ) -> Reply<apply_resource_change::Response> {
        let request = request.into_inner();
        let call = Call::resource("ApplyResourceChange", &request.type_name);
        let (checkpoint, stop) = (Checkpoint::new(), self.guard.stop_token());
        // A stop does not abandon an apply: the provider ends it and returns what it has done.
        let response = self.guard.run(call, self.apply(&request, &checkpoint, &stop)).await;
        Ok(Response::new(response.unwrap_or_else(|errors| {
            let resource = self.resource(&request.type_name).ok();
            encode::not_applied(resource, request, checkpoint.take(), errors)
        })))
    }

    async fn import_resource_state(
        &self,
        request: Request<import_resource_state::Request>,
    ) -> Reply<import_resource_state::Response> {
        let request = request.into_inner();
        let call = Call::resource("ImportResourceState", &request.type_name);
        let response = self.guard.run_until_stopped(call, async {
            let resource = self.resource(&request.type_name)?;
            let target = decode::import(&request, resource)?;
            encode::import(resource, self.provider.import(resource, target).await)
        });
        Ok(Response::new(response.await.unwrap_or_else(encode::not_imported)))
    }

    async fn read_data_source(
        &self,
        request: Request<read_data_source::Request>,
    ) -> Reply<read_data_source::Response> {
        let request = request.into_inner();
        let call = Call::data_source("ReadDataSource", &request.type_name);
        let response = self.guard.run_until_stopped(call, async {
            let data_source = self.data_source(&request.type_name)?;
            let config = decode::config(request.config.as_ref(), data_source.schema)?;
            encode::data(data_source, self.provider.read_data_source(data_source, &config).await?)
        });
        Ok(Response::new(response.await.unwrap_or_else(encode::no_data)))
    }

    async fn validate_list_resource_config(
        &self,
        request: Request<validate_list_resource_config::Request>,
    ) -> Reply<validate_list_resource_config::Response> {
        let request = request.into_inner();
        let call = Call::list_resource("ValidateListResourceConfig", &request.type_name);
        let diagnostics = self.guard.run(call, async {
            let of = decode::list_resource(self.provider.list_resources(), &request.type_name)?;
            let config = decode::config(request.config.as_ref(), of.schema)?;
            Ok(self.provider.validate_list_resource(of, &config))
        });
        let diagnostics = encode::diagnostics(diagnostics.await.unwrap_or_else(|errors| errors));
        Ok(Response::new(validate_list_resource_config::Response { diagnostics }))
    }

    async fn list_resource(
        &self,
        request: Request<list_resource::Request>,
    ) -> Reply<BoxStream<list_resource::Event>> {
        let (provider, guard) = (Arc::clone(&self.provider), Arc::clone(&self.guard));
        Ok(Response::new(list::list(provider, guard, request.into_inner())))
    }

    async fn validate_action_config(
        &self,
        request: Request<validate_action_config::Request>,
    ) -> Reply<validate_action_config::Response> {
        let request = request.into_inner();
        let call = Call::action("ValidateActionConfig", &request.type_name);
        let diagnostics = self.guard.run(call, async {
            let of = decode::action(self.provider.actions(), &request.type_name)?;
            let config = decode::config(request.config.as_ref(), of.schema)?;
            Ok(self.provider.validate_action(of, &config))
        });
        let diagnostics = encode::diagnostics(diagnostics.await.unwrap_or_else(|errors| errors));
        Ok(Response::new(validate_action_config::Response { diagnostics }))
    }

    async fn plan_action(
        &self,
        request: Request<plan_action::Request>,
    ) -> Reply<plan_action::Response> {
        let request = request.into_inner();
        let call = Call::action("PlanAction", &request.action_type);
        let diagnostics = self.guard.run(call, async {
            let of = decode::action(self.provider.actions(), &request.action_type)?;
            let config = decode::config(request.config.as_ref(), of.schema)?;
            // Validated before, with values that may have been unknown.
            Ok(self.provider.validate_action(of, &config))
        });
        let diagnostics = encode::diagnostics(diagnostics.await.unwrap_or_else(|errors| errors));
        Ok(Response::new(plan_action::Response { diagnostics, deferred: None }))
    }

    async fn invoke_action(
        &self,
        request: Request<invoke_action::Request>,
    ) -> Reply<BoxStream<invoke_action::Event>> {
        let (provider, guard) = (Arc::clone(&self.provider), Arc::clone(&self.guard));
        Ok(Response::new(actions::invoke(provider, guard, request.into_inner())))
    }

    async fn get_functions(
        &self,
        _: Request<get_functions::Request>,
    ) -> Reply<get_functions::Response> {
        let functions = async { Ok(schema::functions(self.provider.functions())) };
        let response = match self.guard.run(Call::new("GetFunctions"), functions).await {
            Ok(functions) => get_functions::Response { functions, diagnostics: Vec::new() },
            Err(errors) => get_functions::Response {
                diagnostics: encode::diagnostics(errors),
                ..get_functions::Response::default()
            },
        };
        Ok(Response::new(response))
    }

    async fn call_function(
        &self,
        request: Request<call_function::Request>,
    ) -> Reply<call_function::Response> {
        let request = request.into_inner();
        let call = Call::function("CallFunction", &request.name);
        let called = async { functions::call(self.provider.functions(), &request) };
        let response = self.guard.run(call, called).await;
        Ok(Response::new(response.unwrap_or_else(functions::not_called)))
    }

    async fn generate_resource_config(
        &self,
        request: Request<generate_resource_config::Request>,
    ) -> Reply<generate_resource_config::Response> {
        let request = request.into_inner();
        let call = Call::resource("GenerateResourceConfig", &request.type_name);
        let response = self.guard.run(call, async {
            let resource = self.resource(&request.type_name)?;
            let state = decode::state(request.state.as_ref(), resource.schema)?;
            encode::generated(resource, &self.provider.generate_configuration(resource, &state))
        });
        Ok(Response::new(response.await.unwrap_or_else(encode::not_generated)))
    }
}

impl Server {
    async fn apply(
        &self,
        request: &apply_resource_change::Request,
        checkpoint: &Checkpoint,
        stop: &CancellationToken,
    ) -> Result<apply_resource_change::Response, Diagnostics> {
        let resource = self.resource(&request.type_name)?;
        let decode::Apply { prior, planned, config } = decode::apply(request, resource)?;
        let outcome = self.provider.apply(resource, prior, planned, config, checkpoint, stop).await;
        encode::apply(resource, outcome)
    }

    fn resource(&self, type_name: &str) -> Result<&ResourceType, Diagnostics> {
        decode::resource_type(self.provider.resources(), type_name)
    }

    fn data_source(&self, type_name: &str) -> Result<&DataSource, Diagnostics> {
        decode::data_source(self.provider.data_sources(), type_name)
    }
}
