use std::sync::Arc;

use tokio_util::sync::CancellationToken;
use tonic::{Request, Response, Status};

use super::guard::{Call, Guard};
use super::proto::provider_server::{Provider as Methods, ProviderServer};
use super::proto::{
    apply_resource_change, configure_provider, generate_resource_config, get_metadata,
    get_provider_schema, get_resource_identity_schemas, import_resource_state,
    plan_resource_change, read_data_source, read_resource, stop_provider,
    upgrade_resource_identity, upgrade_resource_state, validate_data_resource_config,
    validate_provider_config, validate_resource_config,
};
use super::{decode, encode, schema};
use crate::provider::{Checkpoint, DataSource, Provider, ResourceType};
use crate::tf::Diagnostics;

/// The largest message taken and given, in bytes: what provider servers in Go allow. A plan of a
/// large object outgrows the 4 MiB that tonic allows by itself.
const MAXIMUM_MESSAGE: usize = 256 << 20;

/// The protocol service of a provider, ready to be served on a connection, and what winds it down:
/// a future that asks the calls in flight to end, as StopProvider does, and waits until they have.
pub fn service(
    provider: Arc<Provider>,
) -> (ProviderServer<Server>, impl Future<Output = ()> + Send + 'static) {
    let guard = Arc::new(Guard::default());
    let winding_down = Arc::clone(&guard);
    let server = ProviderServer::new(Server { provider, guard })
        .max_decoding_message_size(MAXIMUM_MESSAGE)
        .max_encoding_message_size(MAXIMUM_MESSAGE);
    (server, async move { winding_down.wind_down().await })
}

/// The served methods, in the order in which Terraform calls them.
pub struct Server {
    provider: Arc<Provider>,
    guard: Arc<Guard>,
}

type Reply<T> = Result<Response<T>, Status>;

#[tonic::async_trait]
impl Methods for Server {
    async fn get_metadata(
        &self,
        _: Request<get_metadata::Request>,
    ) -> Reply<get_metadata::Response> {
        let listed =
            async { Ok(schema::metadata(self.provider.resources(), self.provider.data_sources())) };
        let answer = self.guard.run(Call::new("GetMetadata"), listed).await;
        Ok(Response::new(answer.unwrap_or_else(encode::no_metadata)))
    }

    async fn get_provider_schema(
        &self,
        _: Request<get_provider_schema::Request>,
    ) -> Reply<get_provider_schema::Response> {
        let declared = async {
            let Self { provider, .. } = self;
            Ok(schema::schemas(provider.schema(), provider.resources(), provider.data_sources()))
        };
        let answer = self.guard.run(Call::new("GetProviderSchema"), declared).await;
        Ok(Response::new(answer.unwrap_or_else(encode::no_schemas)))
    }

    async fn get_resource_identity_schemas(
        &self,
        _: Request<get_resource_identity_schemas::Request>,
    ) -> Reply<get_resource_identity_schemas::Response> {
        let declared = async { Ok(schema::identity_schemas(self.provider.resources())) };
        let answer = self.guard.run(Call::new("GetResourceIdentitySchemas"), declared).await;
        Ok(Response::new(answer.unwrap_or_else(encode::no_identity_schemas)))
    }

    async fn validate_provider_config(
        &self,
        request: Request<validate_provider_config::Request>,
    ) -> Reply<validate_provider_config::Response> {
        let request = request.into_inner();
        let found = self.guard.run(Call::new("ValidateProviderConfig"), async {
            let config = decode::config(request.config.as_ref(), self.provider.schema())?;
            Ok(self.provider.validate(&config))
        });
        let diagnostics = encode::diagnostics(found.await.unwrap_or_else(|problems| problems));
        Ok(Response::new(validate_provider_config::Response { diagnostics }))
    }

    async fn configure_provider(
        &self,
        request: Request<configure_provider::Request>,
    ) -> Reply<configure_provider::Response> {
        let request = request.into_inner();
        let found = self.guard.run_until_stopped(Call::new("ConfigureProvider"), async {
            let config = decode::config(request.config.as_ref(), self.provider.schema())?;
            Ok(self.provider.configure(&request.terraform_version, &config).await)
        });
        let diagnostics = encode::diagnostics(found.await.unwrap_or_else(|problems| problems));
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
        let call = Call::about("ValidateResourceConfig", &request.type_name);
        let found = self.guard.run(call, async {
            let of = self.resource(&request.type_name)?;
            let config = decode::config(request.config.as_ref(), of.schema)?;
            Ok(self.provider.validate_resource(of, &config))
        });
        let diagnostics = encode::diagnostics(found.await.unwrap_or_else(|problems| problems));
        Ok(Response::new(validate_resource_config::Response { diagnostics }))
    }

    async fn validate_data_resource_config(
        &self,
        request: Request<validate_data_resource_config::Request>,
    ) -> Reply<validate_data_resource_config::Response> {
        let request = request.into_inner();
        let call = Call::about_data("ValidateDataResourceConfig", &request.type_name);
        let found = self.guard.run(call, async {
            let of = self.data_source(&request.type_name)?;
            let config = decode::config(request.config.as_ref(), of.schema)?;
            Ok(self.provider.validate_data_source(of, &config))
        });
        let diagnostics = encode::diagnostics(found.await.unwrap_or_else(|problems| problems));
        Ok(Response::new(validate_data_resource_config::Response { diagnostics }))
    }

    async fn upgrade_resource_state(
        &self,
        request: Request<upgrade_resource_state::Request>,
    ) -> Reply<upgrade_resource_state::Response> {
        let request = request.into_inner();
        let call = Call::about("UpgradeResourceState", &request.type_name);
        let answer = self.guard.run(call, async {
            let of = self.resource(&request.type_name)?;
            let json = decode::raw(request.raw_state.as_ref(), "state")?;
            encode::upgraded_state(of, self.provider.upgrade_state(of, request.version, json))
        });
        Ok(Response::new(answer.await.unwrap_or_else(encode::no_upgraded_state)))
    }

    async fn upgrade_resource_identity(
        &self,
        request: Request<upgrade_resource_identity::Request>,
    ) -> Reply<upgrade_resource_identity::Response> {
        let request = request.into_inner();
        let call = Call::about("UpgradeResourceIdentity", &request.type_name);
        let answer = self.guard.run(call, async {
            let of = self.resource(&request.type_name)?;
            let json = decode::raw(request.raw_identity.as_ref(), "identity")?;
            encode::upgraded_identity(of, self.provider.upgrade_identity(of, request.version, json))
        });
        Ok(Response::new(answer.await.unwrap_or_else(encode::no_upgraded_identity)))
    }

    async fn read_resource(
        &self,
        request: Request<read_resource::Request>,
    ) -> Reply<read_resource::Response> {
        let request = request.into_inner();
        let call = Call::about("ReadResource", &request.type_name);
        let answer = self.guard.run_until_stopped(call, async {
            let of = self.resource(&request.type_name)?;
            let prior = decode::read(&request, of)?;
            encode::read(of, self.provider.read(of, prior).await)
        });
        let answer = answer.await;
        Ok(Response::new(answer.unwrap_or_else(|problems| encode::not_read(request, problems))))
    }

    async fn plan_resource_change(
        &self,
        request: Request<plan_resource_change::Request>,
    ) -> Reply<plan_resource_change::Response> {
        let request = request.into_inner();
        let call = Call::about("PlanResourceChange", &request.type_name);
        let answer = self.guard.run_until_stopped(call, async {
            let of = self.resource(&request.type_name)?;
            let decode::Plan { prior, proposed, config } = decode::plan(&request, of)?;
            encode::plan(of, self.provider.plan(of, prior, proposed, config).await)
        });
        let answer = answer.await;
        Ok(Response::new(answer.unwrap_or_else(|problems| encode::not_planned(request, problems))))
    }

    async fn apply_resource_change(
        &self,
        request: Request<apply_resource_change::Request>,
    ) -> Reply<apply_resource_change::Response> {
        let request = request.into_inner();
        let call = Call::about("ApplyResourceChange", &request.type_name);
        let (checkpoint, stop) = (Checkpoint::new(), self.guard.stop_token());
        // Not ended from outside when Terraform stops: only the provider knows what is done by then.
        let answer = self.guard.run(call, self.apply(&request, &checkpoint, &stop)).await;
        Ok(Response::new(answer.unwrap_or_else(|problems| {
            let of = self.resource(&request.type_name).ok();
            encode::not_applied(of, request, checkpoint.take(), problems)
        })))
    }

    async fn import_resource_state(
        &self,
        request: Request<import_resource_state::Request>,
    ) -> Reply<import_resource_state::Response> {
        let request = request.into_inner();
        let call = Call::about("ImportResourceState", &request.type_name);
        let answer = self.guard.run_until_stopped(call, async {
            let of = self.resource(&request.type_name)?;
            let target = decode::import(&request, of)?;
            encode::import(of, self.provider.import(of, target).await)
        });
        Ok(Response::new(answer.await.unwrap_or_else(encode::not_imported)))
    }

    async fn read_data_source(
        &self,
        request: Request<read_data_source::Request>,
    ) -> Reply<read_data_source::Response> {
        let request = request.into_inner();
        let call = Call::about_data("ReadDataSource", &request.type_name);
        let answer = self.guard.run_until_stopped(call, async {
            let of = self.data_source(&request.type_name)?;
            let config = decode::config(request.config.as_ref(), of.schema)?;
            encode::data(of, self.provider.read_data_source(of, &config).await?)
        });
        Ok(Response::new(answer.await.unwrap_or_else(encode::no_data)))
    }

    async fn generate_resource_config(
        &self,
        request: Request<generate_resource_config::Request>,
    ) -> Reply<generate_resource_config::Response> {
        let request = request.into_inner();
        let call = Call::about("GenerateResourceConfig", &request.type_name);
        let answer = self.guard.run(call, async {
            let of = self.resource(&request.type_name)?;
            let state = decode::state(request.state.as_ref(), of.schema)?;
            encode::generated(of, &self.provider.generate_configuration(of, &state))
        });
        Ok(Response::new(answer.await.unwrap_or_else(encode::not_generated)))
    }
}

impl Server {
    async fn apply(
        &self,
        request: &apply_resource_change::Request,
        checkpoint: &Checkpoint,
        stop: &CancellationToken,
    ) -> Result<apply_resource_change::Response, Diagnostics> {
        let of = self.resource(&request.type_name)?;
        let decode::Apply { prior, planned, config } = decode::apply(request, of)?;
        let outcome = self.provider.apply(of, prior, planned, config, checkpoint, stop).await;
        encode::apply(of, outcome)
    }

    fn resource(&self, type_name: &str) -> Result<&ResourceType, Diagnostics> {
        decode::resource_type(self.provider.resources(), type_name)
    }

    fn data_source(&self, type_name: &str) -> Result<&DataSource, Diagnostics> {
        decode::data_source(self.provider.data_sources(), type_name)
    }
}
