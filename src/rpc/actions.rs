use std::sync::Arc;

use futures_util::future::BoxFuture;
use futures_util::stream::BoxStream;
use tonic::Status;

use super::events::{Events, events};
use super::guard::{Call, Guard};
use super::proto::invoke_action::event::{Completed, Progress as Message, Type};
use super::proto::invoke_action::{Event, Request};
use super::{decode, encode};
use crate::provider::{Progress, Provider};

/// The response to InvokeAction: an event for each message, and one at the end with what is wrong.
pub(super) fn invoke(
    provider: Arc<Provider>,
    guard: Arc<Guard>,
    request: Request,
) -> BoxStream<'static, Result<Event, Status>> {
    events(|events| async move {
        let call = Call::action("InvokeAction", &request.action_type);
        let invoking = async {
            let of = decode::action(provider.actions(), &request.action_type)?;
            let config = decode::config(request.config.as_ref(), of.schema)?;
            Ok(provider.invoke(of, &config, &Messages(&events)).await)
        };
        let diagnostics = guard.run_until_stopped(call, invoking).await;
        let completed = Completed {
            diagnostics: encode::diagnostics(diagnostics.unwrap_or_else(|errors| errors)),
        };
        events.put(Event { r#type: Some(Type::Completed(completed)) }).await;
    })
}

/// Puts messages of progress among the events.
struct Messages<'a>(&'a Events<Event>);

impl Progress for Messages<'_> {
    fn report(&self, message: String) -> BoxFuture<'_, ()> {
        Box::pin(self.0.put(Event { r#type: Some(Type::Progress(Message { message })) }))
    }
}
