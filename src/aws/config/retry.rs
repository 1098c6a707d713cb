use std::sync::atomic::{AtomicBool, Ordering};

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::Intercept;
use aws_smithy_runtime_api::client::interceptors::context::{
    FinalizerInterceptorContextMut, InterceptorContext,
};
use aws_smithy_runtime_api::client::orchestrator::OrchestratorError;
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::retries::RequestAttempts;
use aws_smithy_runtime_api::client::retries::classifiers::{
    ClassifyRetry, RetryAction, RetryClassifierPriority,
};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::ConfigBag;

use crate::aws::error::causes::{find, never_connected};
use crate::aws::error::is_throttled;
use crate::aws::error::transport::NoAnswer;

/// How many attempts a call has if no connection is made.
///
/// A wrong endpoint or a network that is down should be reported soon; throttling, which passes, is
/// retried for much longer. With the SDK's backoff these attempts take about ten seconds.
const CONNECTION_ATTEMPTS: u32 = 4;

/// How many attempts a call has if its endpoint accepts connections and has never answered. Each
/// takes a minute.
const SILENT_ATTEMPTS: u32 = 3;

/// Ends the retries of a call without a connection after [`CONNECTION_ATTEMPTS`], and of one to an
/// endpoint that has never answered after [`SILENT_ATTEMPTS`].
///
/// An interceptor and not a classifier, because a classifier does not see the number of the attempt.
#[derive(Debug, Default)]
pub(in crate::aws) struct GiveUp {
    /// Whether any call of the client was answered.
    answered: AtomicBool,
}

impl Intercept for GiveUp {
    fn name(&self) -> &'static str {
        "give up"
    }

    fn modify_before_attempt_completion(
        &self,
        context: &mut FinalizerInterceptorContextMut<'_>,
        _components: &RuntimeComponents,
        bag: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        if context.response().is_some() {
            self.answered.store(true, Ordering::Relaxed);
        }
        let attempt = bag.load::<RequestAttempts>().map_or(1, RequestAttempts::attempts);
        let Some(Err(error)) = context.output_or_error_mut() else { return Ok(()) };
        let Some(failed) = error.as_connector_error() else { return Ok(()) };
        let most = match find::<NoAnswer>(failed) {
            Some(silent) => {
                if attempt == 2 {
                    tracing::warn!(error = %silent, attempt, "the endpoint does not answer");
                }
                let has_answered = self.answered.load(Ordering::Relaxed);
                if has_answered { u32::MAX } else { SILENT_ATTEMPTS }
            }
            None if never_connected(failed) => CONNECTION_ATTEMPTS,
            None => return Ok(()),
        };
        if attempt >= most && !failed.is_other() {
            // The same error, of a kind that the SDK does not retry.
            let placeholder = OrchestratorError::other("replaced below");
            let source = std::mem::replace(error, placeholder).into();
            *error = OrchestratorError::connector(ConnectorError::other(source, None));
        }
        Ok(())
    }
}

/// Leaves throttled calls to the limiter, which retries them in order; the SDK does not know of the
/// other calls that wait.
#[derive(Debug)]
pub(in crate::aws) struct NotThrottled;

impl ClassifyRetry for NotThrottled {
    fn classify_retry(&self, context: &InterceptorContext) -> RetryAction {
        let code = error_code(context);
        let status = context.response().map_or(0, |response| response.status().as_u16());
        if is_throttled(code.as_deref(), status) {
            RetryAction::RetryForbidden
        } else {
            RetryAction::NoActionIndicated
        }
    }

    fn name(&self) -> &'static str {
        "not throttled"
    }

    fn priority(&self) -> RetryClassifierPriority {
        last_word()
    }
}

/// Retries a call only if it did not reach AWS.
///
/// CreateStandbyWorkspaces has no client token, so a retry after a lost answer can create twice.
#[derive(Debug)]
pub(in crate::aws) struct OnlyIfNotSent;

impl ClassifyRetry for OnlyIfNotSent {
    fn classify_retry(&self, context: &InterceptorContext) -> RetryAction {
        if is_never_connected(context) {
            RetryAction::NoActionIndicated
        } else {
            RetryAction::RetryForbidden
        }
    }

    fn name(&self) -> &'static str {
        "only if not sent"
    }

    fn priority(&self) -> RetryClassifierPriority {
        last_word()
    }
}

/// After every classifier of the SDK, so that this one decides.
fn last_word() -> RetryClassifierPriority {
    RetryClassifierPriority::run_after(RetryClassifierPriority::transient_error_classifier())
}

fn is_never_connected(context: &InterceptorContext) -> bool {
    context
        .output_or_error()
        .and_then(Result::err)
        .and_then(|error| error.as_connector_error())
        .is_some_and(|error| never_connected(error))
}

/// The error code in the `x-amzn-errortype` header or in `__type` of the body.
fn error_code(context: &InterceptorContext) -> Option<String> {
    let response = context.response()?;
    let header = response.headers().get("x-amzn-errortype").map(str::to_owned);
    let code = header.or_else(|| {
        let body = response.body().bytes()?;
        let body: serde_json::Value = serde_json::from_slice(body).ok()?;
        Some(body.get("__type")?.as_str()?.to_owned())
    })?;
    let code = code.rsplit('#').next()?.split(':').next()?;
    Some(code.to_owned())
}

#[cfg(test)]
mod tests;
