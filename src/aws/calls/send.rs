use std::error::Error as StdError;
use std::future::Future;
use std::time::Duration;

use aws_sdk_workspaces::Client;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use aws_types::request_id::RequestId;

use crate::aws::calls::limiter::{Limiter, Priority};
use crate::aws::error::is_throttled;
use crate::aws::error::{Error, Kind};

/// The way to one service of AWS in one Region: every call goes through here, at the pace that AWS
/// allows. Cheap to clone.
#[derive(Clone)]
pub(in crate::aws) struct Api<C = Client> {
    pub(in crate::aws) client: C,
    pub(in crate::aws) region: String,
    /// How often a call is tried in all.
    pub(in crate::aws) attempts: u32,
    pub(in crate::aws) limiter: Limiter,
}

impl<C> Api<C> {
    /// Sends a call when its turn has come, and again while AWS throttles it, until all attempts
    /// are used up. Each attempt is signed when it is sent, not when it begins to wait.
    ///
    /// # Errors
    /// Whatever AWS, or the way to it, refused.
    pub(in crate::aws) async fn ask<T, E, F>(
        &self,
        operation: &'static str,
        priority: Priority,
        send: impl Fn() -> F,
    ) -> Result<T, Error>
    where
        F: Future<Output = Result<T, SdkError<E, HttpResponse>>>,
        T: RequestId,
        E: StdError + ProvideErrorMetadata + 'static,
    {
        let answer = self.ask_while(operation, priority, || Some(send())).await?;
        // The call is always wanted.
        let unwanted = || Error::local(Kind::Stopped, operation, &self.region, "nobody asked");
        let answer = answer.ok_or_else(unwanted)?;
        // An empty answer would read as "there is nothing", and a state would be lost. What comes
        // with ids is not sent this way: they count, whoever gave them.
        if answer.request_id().is_none() {
            let told = "the answer has no request id, so it is not from AWS; a proxy on the way or \
                        the endpoint may have given it";
            return Err(Error::local(Kind::Ambiguous, operation, &self.region, told));
        }
        Ok(answer)
    }

    /// The same for a call that may not be wanted any more when its turn comes: it is made anew for
    /// each attempt, and nothing ends it.
    ///
    /// # Errors
    /// Whatever AWS, or the way to it, refused.
    pub(in crate::aws) async fn ask_while<T, E, F>(
        &self,
        operation: &'static str,
        priority: Priority,
        mut send: impl FnMut() -> Option<F>,
    ) -> Result<Option<T>, Error>
    where
        F: Future<Output = Result<T, SdkError<E, HttpResponse>>>,
        E: StdError + ProvideErrorMetadata + 'static,
    {
        let mut turn = self.limiter.turn(operation, priority);
        let mut attempt = 1;
        loop {
            turn.come().await;
            let Some(call) = send() else { return Ok(None) };
            // Boxed, because the SDK's futures are large and this one stands inside many others.
            let error = match Box::pin(call).await {
                Ok(answer) => {
                    turn.accepted();
                    return Ok(Some(answer));
                }
                Err(error) => error,
            };
            let told = Error::from_sdk(operation, &self.region, self.attempts, &error);
            if told.kind != Kind::Throttled {
                turn.accepted();
                return Err(told);
            }
            let in_a_row = turn.refused(wait_asked_for(&error));
            // Where nobody's call went through for that long, the next will not either.
            if attempt.max(in_a_row) >= self.attempts {
                return Err(told);
            }
            tracing::debug!(
                operation,
                region = self.region,
                attempt,
                "throttled, will be sent again"
            );
            attempt += 1;
        }
    }
}

/// How long AWS asks to wait: `x-amz-retry-after` in milliseconds, or `retry-after` in seconds.
pub(in crate::aws) fn wait_asked_for<E>(error: &SdkError<E, HttpResponse>) -> Option<Duration> {
    let headers = error.raw_response()?.headers();
    let number = |name: &str| headers.get(name)?.trim().parse::<u64>().ok();
    // An unreasonable figure must not stop an apply for hours.
    const LONGEST: Duration = Duration::from_secs(60);
    number("x-amz-retry-after")
        .map(Duration::from_millis)
        .or_else(|| number("retry-after").map(Duration::from_secs))
        .map(|wait| wait.min(LONGEST))
}

/// Whether a call was refused for coming too soon, so that nothing was carried out.
pub(in crate::aws) fn is_throttled_answer<E: ProvideErrorMetadata>(
    error: &SdkError<E, HttpResponse>,
) -> bool {
    error.as_service_error().is_some_and(|service| {
        let status = error.raw_response().map_or(0, |response| response.status().as_u16());
        is_throttled(service.meta().code(), status)
    })
}
