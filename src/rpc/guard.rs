use std::any::Any;
use std::mem;
use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use futures_util::FutureExt;
use tokio::sync::watch;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tracing::{Instrument, Span, field};

use crate::provider::ADDRESS;
use crate::tf::{Diagnostic, Diagnostics};

/// Runs every call: opens its span, logs it, catches panics and stops it.
///
/// A call that panics or is stopped returns diagnostics, like a call that fails. So each RPC has one
/// place that builds its response without a result.
#[derive(Default)]
pub(super) struct Guard {
    /// Cancelled by StopProvider and then replaced, because the process continues to serve calls.
    stop: Mutex<CancellationToken>,
    requests: AtomicU64,
    /// The number of calls in flight.
    in_flight: watch::Sender<usize>,
}

/// Counts a call as in flight until it is dropped.
struct InFlight<'a>(&'a Guard);

impl Drop for InFlight<'_> {
    fn drop(&mut self) {
        self.0.in_flight.send_modify(|count| *count -= 1);
    }
}

/// The RPC, and what it is about.
#[derive(Clone, Copy)]
pub(super) struct Call<'a> {
    rpc: &'static str,
    /// The field of the log that has the name of the type, and that name.
    of: Option<(&'static str, &'a str)>,
}

impl Call<'static> {
    /// A call for the provider.
    pub(super) fn new(rpc: &'static str) -> Self {
        Self { rpc, of: None }
    }
}

impl<'a> Call<'a> {
    /// A call for a resource type.
    pub(super) fn resource(rpc: &'static str, resource_type: &'a str) -> Self {
        Self { rpc, of: Some(("tf_resource_type", resource_type)) }
    }

    /// A call for a data source.
    pub(super) fn data_source(rpc: &'static str, data_source: &'a str) -> Self {
        Self { rpc, of: Some(("tf_data_source_type", data_source)) }
    }

    /// A call for a list resource.
    pub(super) fn list_resource(rpc: &'static str, list_resource: &'a str) -> Self {
        Self { rpc, of: Some(("tf_list_resource_type", list_resource)) }
    }

    /// A call for an action.
    pub(super) fn action(rpc: &'static str, action: &'a str) -> Self {
        Self { rpc, of: Some(("tf_action_type", action)) }
    }

    /// A call of a function.
    pub(super) fn function(rpc: &'static str, function: &'a str) -> Self {
        Self { rpc, of: Some(("tf_function_name", function)) }
    }
}

impl Guard {
    /// Runs a call to its end. A panic becomes an error diagnostic.
    pub(super) async fn run<T>(
        &self,
        call: Call<'_>,
        work: impl Future<Output = Result<T, Diagnostics>>,
    ) -> Result<T, Diagnostics> {
        self.in_flight.send_modify(|count| *count += 1);
        let _in_flight = InFlight(self);
        let span = self.span(call);
        let logged = async {
            tracing::debug!("call received");
            let started = Instant::now();
            let result = AssertUnwindSafe(work).catch_unwind().await;
            let outcome = match &result {
                Ok(Ok(_)) => "succeeded",
                Ok(Err(_)) => "failed",
                Err(_) => "panicked",
            };
            let duration = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
            tracing::debug!(tf_req_duration_ms = duration, outcome, "call ended");
            result.unwrap_or_else(|cause| Err(panicked(call, cause)))
        };
        logged.instrument(span).await
    }

    /// Runs a call like [`Guard::run`], but drops it when Terraform stops the provider.
    pub(super) async fn run_until_stopped<T>(
        &self,
        call: Call<'_>,
        work: impl Future<Output = Result<T, Diagnostics>>,
    ) -> Result<T, Diagnostics> {
        let stop = self.stop_token();
        let raced = async {
            tokio::select! {
                // If the result and the stop are ready at the same time, the result wins.
                biased;
                result = work => result,
                () = stop.cancelled() => Err(stopped(call)),
            }
        };
        self.run(call, raced).await
    }

    /// Stops the calls in flight. Later calls are served normally.
    pub(super) fn stop(&self) {
        tracing::debug!("Terraform stops the calls in flight");
        let mut stop = self.lock();
        // After `drain` the token stays cancelled.
        if !stop.is_cancelled() {
            mem::take(&mut *stop).cancel();
        }
    }

    /// Stops the calls in flight and waits until they have ended, before the process exits.
    ///
    /// Terraform may not know and may send more calls. They are stopped before they begin: the
    /// process may exit before it could report what they created.
    pub(super) async fn drain(&self) {
        tracing::debug!("the process is about to exit and stops the calls in flight");
        self.lock().cancel();
        let mut in_flight = self.in_flight.subscribe();
        // This cannot fail, because the guard owns the sender.
        let _ended = in_flight.wait_for(|count| *count == 0).await;
    }

    /// Cancelled when the current calls in flight have to end.
    pub(super) fn stop_token(&self) -> CancellationToken {
        self.lock().clone()
    }

    fn lock(&self) -> MutexGuard<'_, CancellationToken> {
        // Replacing the token is a single step, so a poisoned lock holds a valid token.
        self.stop.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn span(&self, call: Call<'_>) -> Span {
        let request = self.requests.fetch_add(1, Ordering::Relaxed) + 1;
        // At level error, so that no filter removes the fields from the log lines inside.
        let span = tracing::error_span!(
            "call",
            tf_rpc = call.rpc,
            tf_req_id = field::display(format_args!("{request:08x}")),
            tf_resource_type = field::Empty,
            tf_data_source_type = field::Empty,
            tf_list_resource_type = field::Empty,
            tf_action_type = field::Empty,
            tf_function_name = field::Empty,
            tf_provider_addr = ADDRESS,
        );
        if let Some((field, name)) = call.of {
            span.record(field, name);
        }
        span
    }
}

/// The diagnostic does not contain the panic message, which may contain sensitive values. The panic
/// hook writes it to the log.
fn panicked(call: Call<'_>, cause: Box<dyn Any + Send>) -> Diagnostics {
    // Dropping the payload may panic again, so it is leaked.
    mem::forget(cause);
    let saved = match call.rpc {
        "ApplyResourceChange" => {
            " Everything the provider knew about the resource is saved in the state. Run terraform \
             plan to compare the state with AWS before you apply again."
        }
        _ => " This call changed nothing.",
    };
    let detail = format!(
        "This is a bug in the provider, not in your configuration. {} panicked.{saved} Please report \
         the bug to the provider developers, with the lines that follow \"panic:\" in the output or \
         log of Terraform (TF_LOG_PROVIDER=DEBUG).",
        call.rpc
    );
    Diagnostic::error("The provider crashed", detail).into()
}

fn stopped(call: Call<'_>) -> Diagnostics {
    let detail = format!(
        "Terraform was interrupted and stopped the provider before {} had a result. The state is \
         unchanged. Run the command again.",
        call.rpc
    );
    Diagnostic::error("The operation was stopped", detail).into()
}

#[cfg(test)]
mod tests {
    use std::panic::panic_any;
    use std::time::Duration;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn calls_during_a_shutdown_are_stopped_before_they_begin() {
        let guard = Guard::default();
        guard.stop();
        assert!(!guard.stop_token().is_cancelled(), "StopProvider does not end the process");
        guard.drain().await;
        guard.stop();
        assert!(guard.stop_token().is_cancelled());
    }

    #[tokio::test]
    async fn a_panic_becomes_a_diagnostic_and_later_calls_are_served() {
        let guard = Guard::default();
        let crash = async { panic!("index out of bounds: the secret is hunter2") };
        let problems = guard.run(Call::resource("ReadResource", "thing"), crashing(crash)).await;
        let problem = only(problems.expect_err("a panic is an error"));
        assert_eq!(problem.summary, "The provider crashed");
        assert!(problem.detail.contains("bug in the provider"), "{}", problem.detail);
        assert!(
            !problem.detail.contains("hunter2"),
            "the panic message belongs in the log: {}",
            problem.detail
        );
        assert_eq!(guard.run(Call::new("GetMetadata"), async { Ok(1) }).await, Ok(1));
    }

    #[tokio::test]
    async fn a_panic_whose_payload_panics_when_dropped_becomes_a_diagnostic() {
        struct Grenade;
        impl Drop for Grenade {
            fn drop(&mut self) {
                panic!("again");
            }
        }
        let crash = async { panic_any(Grenade) };
        let problems = Guard::default().run(Call::new("GetMetadata"), crashing(crash)).await;
        assert!(problems.expect_err("a panic is an error").has_errors());
    }

    #[tokio::test(start_paused = true)]
    async fn a_stop_ends_only_the_calls_in_flight() {
        let guard = Guard::default();
        let waiting = guard.run_until_stopped(Call::new("ReadResource"), async {
            tokio::time::sleep(Duration::from_secs(3600)).await;
            Ok(())
        });
        let stopping = async {
            tokio::time::sleep(Duration::from_secs(1)).await;
            guard.stop();
            guard.stop();
        };
        let (ended, ()) = tokio::join!(waiting, stopping);
        let problem = only(ended.expect_err("the call was stopped"));
        assert_eq!(problem.summary, "The operation was stopped");

        let later = guard.run_until_stopped(Call::new("ReadResource"), async {
            tokio::time::sleep(Duration::from_secs(1)).await;
            Ok(7)
        });
        assert_eq!(later.await, Ok(7));
        assert!(!guard.stop_token().is_cancelled());
    }

    #[tokio::test]
    async fn a_result_that_is_ready_at_the_stop_is_returned() {
        let guard = Guard::default();
        let work = async {
            guard.stop();
            Ok("read")
        };
        assert_eq!(guard.run_until_stopped(Call::new("ReadResource"), work).await, Ok("read"));
    }

    #[tokio::test]
    async fn a_stop_reaches_a_call_that_ends_itself() {
        let guard = Guard::default();
        let stop = guard.stop_token();
        let applying = guard.run(Call::new("ApplyResourceChange"), async {
            stop.cancelled().await;
            Ok("partial")
        });
        let (ended, ()) = tokio::join!(applying, async { guard.stop() });
        assert_eq!(ended, Ok("partial"));
    }

    fn only(problems: Diagnostics) -> Diagnostic {
        let all: Vec<_> = problems.into_iter().collect();
        let [problem] = &all[..] else { panic!("expected one diagnostic: {all:?}") };
        problem.clone()
    }

    /// A call that never returns.
    async fn crashing(
        crash: impl Future<Output = std::convert::Infallible>,
    ) -> Result<(), Diagnostics> {
        match crash.await {}
    }
}
