use std::pin::pin;
use std::sync::Arc;

use futures_util::StreamExt;
use futures_util::stream::BoxStream;
use tonic::Status;

use super::decode;
use super::encode::{self, Encoder};
use super::events::events;
use super::guard::{Call, Guard};
use super::proto::list_resource::{Event, Request};
use crate::provider::{ListRequest, Listed, Provider, ResourceType};
use crate::tf::Diagnostics;

/// The response to ListResource: an event for each instance, and an error as the last event.
pub(super) fn list(
    provider: Arc<Provider>,
    guard: Arc<Guard>,
    request: Request,
) -> BoxStream<'static, Result<Event, Status>> {
    events(|events| async move {
        let call = Call::list_resource("ListResource", &request.type_name);
        let listing = async {
            let of = decode::list_resource(provider.list_resources(), &request.type_name)?;
            let resource = decode::resource_type(provider.resources(), of.name)?;
            let limit = usize::try_from(request.limit).ok().filter(|limit| *limit > 0);
            let request = ListRequest {
                configuration: decode::config(request.config.as_ref(), of.schema)?,
                include_resource: request.include_resource_object,
                limit: limit.unwrap_or(usize::MAX),
            };
            let mut found = pin!(provider.list(of, request));
            while let Some(listed) = found.next().await {
                events.put(event(resource, listed?)?).await;
            }
            Ok(())
        };
        if let Err(errors) = guard.run_until_stopped(call, listing).await {
            let diagnostic = encode::diagnostics(errors);
            events.put(Event { diagnostic, ..Event::default() }).await;
        }
    })
}

fn event(resource: &ResourceType, listed: Listed) -> Result<Event, Diagnostics> {
    let mut encoder = Encoder::new(listed.diagnostics);
    let identity = encoder.identity(&listed.identity, resource.identity);
    let ty = resource.schema.value_type();
    let resource_object = listed.resource.map(|state| encoder.value(&state, &ty, "state"));
    let display_name = listed.display_name;
    encoder.finish(|diagnostic| Event { identity, display_name, resource_object, diagnostic })
}
