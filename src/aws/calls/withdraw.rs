//! Requests that a stop withdraws until they are sent; after that their answer is waited for.

use std::future::Future;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::Intercept;
use aws_smithy_runtime_api::client::interceptors::context::{
    BeforeTransmitInterceptorContextRef, FinalizerInterceptorContextRef,
};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::ConfigBag;

use crate::aws::error::causes::never_connected;
use crate::aws::lock::lock;

/// How often is checked, after a stop, whether a request whose attempt has failed can be withdrawn.
const INTERVAL: Duration = Duration::from_millis(100);

/// Whether a request is wanted and whether it was sent. Clones are the same request.
#[derive(Clone, Debug)]
pub(in crate::aws) struct Withdrawable(Arc<Mutex<State>>);

#[derive(Debug)]
struct State {
    wanted: bool,
    sent: bool,
    in_doubt: bool,
}

impl Withdrawable {
    pub(in crate::aws) fn new() -> Self {
        Self(Arc::new(Mutex::new(State { wanted: true, sent: false, in_doubt: false })))
    }

    /// Withdraws the request. False if it was sent, so that AWS may carry it out.
    pub(in crate::aws) fn withdraw(&self) -> bool {
        let mut state = lock(&self.0);
        state.wanted = false;
        !state.sent
    }

    /// Marks it as sent, unless it was withdrawn.
    pub(in crate::aws) fn mark_sent(&self) -> bool {
        let mut state = lock(&self.0);
        state.sent = state.wanted;
        state.wanted
    }

    /// It can be sent again: AWS has not carried it out, or carrying it out again changes nothing.
    pub(in crate::aws) fn mark_unsent(&self) {
        lock(&self.0).sent = false;
    }

    /// An attempt was sent whose answer was lost, so AWS may have carried it out.
    fn mark_in_doubt(&self) {
        lock(&self.0).in_doubt = true;
    }

    /// Whether AWS may have carried out an attempt whose answer was lost.
    pub(in crate::aws) fn is_in_doubt(&self) -> bool {
        lock(&self.0).in_doubt
    }

    /// Waits for the answer. `None` if `over` ends while the request can be withdrawn; a caller that
    /// stops waiting withdraws it too.
    pub(in crate::aws) async fn answer<T>(
        &self,
        answer: impl Future<Output = T>,
        over: impl Future<Output = ()>,
    ) -> Option<T> {
        let _guard = Withdrawal(self);
        let withdrawn = async {
            over.await;
            // After a failed attempt it is not sent any more, and is not sent again.
            while !self.withdraw() {
                tokio::time::sleep(INTERVAL).await;
            }
        };
        tokio::select! {
            // First: after a stop nothing is sent. An answer that is there is not lost by that, because
            // its request was sent.
            biased;
            () = withdrawn => None,
            answer = answer => Some(answer),
        }
    }
}

struct Withdrawal<'a>(&'a Withdrawable);

impl Drop for Withdrawal<'_> {
    fn drop(&mut self) {
        self.0.withdraw();
    }
}

/// Notes for requests in one call when each attempt of the SDK is sent and when it has failed, so that
/// a stop ends the pause between two attempts and waits for an attempt that was sent.
///
/// For changes that can be repeated: after a failed attempt such a request counts as not sent. If its answer
/// was lost, it is in doubt from then on.
#[derive(Debug)]
pub(in crate::aws) struct Attempts(pub(in crate::aws) Vec<Withdrawable>);

impl Intercept for Attempts {
    fn name(&self) -> &'static str {
        "attempts of withdrawable requests"
    }

    fn read_before_attempt(
        &self,
        _context: &BeforeTransmitInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        _bag: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let wanted = self.0.iter().filter(|request| request.mark_sent()).count();
        if wanted == 0 { Err("the request was withdrawn".into()) } else { Ok(()) }
    }

    fn read_after_attempt(
        &self,
        context: &FinalizerInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        _bag: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let Some(Err(error)) = context.output_or_error() else { return Ok(()) };
        let is_refused = context.response().is_some_and(|answer| answer.status().is_client_error());
        let is_connected = error.as_connector_error().is_none_or(|error| !never_connected(error));
        if !is_refused && is_connected {
            self.0.iter().for_each(Withdrawable::mark_in_doubt);
        }
        self.0.iter().for_each(Withdrawable::mark_unsent);
        Ok(())
    }
}
