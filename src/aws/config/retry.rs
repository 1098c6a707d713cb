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

use crate::aws::error::causes::never_connected;
use crate::aws::error::is_throttled;

/// How often a connection that is never made is tried.
///
/// A wrong endpoint or a network that is down should be reported while the user is still looking;
/// throttling, which passes, is tried for much longer. The figure keeps the whole to about ten
/// seconds with the SDK's backoff.
const CONNECTION_ATTEMPTS: u32 = 4;

/// Ends the retries of a call whose connection is never made after [`CONNECTION_ATTEMPTS`].
///
/// An interceptor and not a classifier, because a classifier is not told which attempt it is: the
/// request is gone by the time it is asked.
#[derive(Debug)]
pub(in crate::aws) struct GiveUpConnecting;

impl Intercept for GiveUpConnecting {
    fn name(&self) -> &'static str {
        "give up connecting"
    }

    fn modify_before_attempt_completion(
        &self,
        context: &mut FinalizerInterceptorContextMut<'_>,
        _components: &RuntimeComponents,
        bag: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let attempt = bag.load::<RequestAttempts>().map_or(1, RequestAttempts::attempts);
        let Some(Err(error)) = context.output_or_error_mut() else { return Ok(()) };
        let Some(refused) = error.as_connector_error().filter(|error| never_connected(*error))
        else {
            return Ok(());
        };
        if attempt >= CONNECTION_ATTEMPTS && !refused.is_other() {
            // The same error, as one of no kind that the SDK would try again.
            let placeholder = OrchestratorError::other("replaced below");
            let source = std::mem::replace(error, placeholder).into();
            *error = OrchestratorError::connector(ConnectorError::other(source, None));
        }
        Ok(())
    }
}

/// Leaves a throttled call to the [limiter](super::limiter), which sends it again when its turn has
/// come; the SDK would know nothing of the other calls that wait.
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

/// Lets a call be sent again only when it never reached AWS.
///
/// CreateStandbyWorkspaces takes no client token, so sending it twice after a lost answer could
/// create twice.
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

/// After every classifier of the SDK, so that a refusal to retry stands.
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

/// The code in the answer's `x-amzn-errortype` header or in its body's `__type`.
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
