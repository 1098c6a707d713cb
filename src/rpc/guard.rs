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

/// What stands around every call: its span, its log lines, the end it comes to.
///
/// A call that panics or is stopped ends like one that fails: with diagnostics. So each RPC has one
/// place that says what its answer is when there is no result.
#[derive(Default)]
pub(super) struct Guard {
    /// Cancelled by StopProvider and then replaced, since the process goes on serving.
    generation: Mutex<CancellationToken>,
    requests: AtomicU64,
    /// How many calls are in flight.
    in_flight: watch::Sender<usize>,
}

/// A call in flight, until it is dropped.
struct InFlight<'a>(&'a Guard);

impl Drop for InFlight<'_> {
    fn drop(&mut self) {
        self.0.in_flight.send_modify(|count| *count -= 1);
    }
}

/// Which call it is.
#[derive(Clone, Copy)]
pub(super) struct Call<'a> {
    rpc: &'static str,
    resource_type: Option<&'a str>,
    data_source: Option<&'a str>,
}

impl Call<'static> {
    /// A call about the provider as a whole.
    pub(super) fn new(rpc: &'static str) -> Self {
        Self { rpc, resource_type: None, data_source: None }
    }
}

impl<'a> Call<'a> {
    /// A call about one resource type.
    pub(super) fn about(rpc: &'static str, resource_type: &'a str) -> Self {
        Self { rpc, resource_type: Some(resource_type), data_source: None }
    }

    /// A call about one data source.
    pub(super) fn about_data(rpc: &'static str, data_source: &'a str) -> Self {
        Self { rpc, resource_type: None, data_source: Some(data_source) }
    }
}

impl Guard {
    /// Runs a call to its end; a panic in it becomes an error diagnostic.
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
            let answer = AssertUnwindSafe(work).catch_unwind().await;
            let outcome = match &answer {
                Ok(Ok(_)) => "answered",
                Ok(Err(_)) => "refused",
                Err(_) => "panicked",
            };
            let duration = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
            tracing::debug!(tf_req_duration_ms = duration, outcome, "call ended");
            answer.unwrap_or_else(|cause| Err(panicked(call, cause)))
        };
        logged.instrument(span).await
    }

    /// Like [`Guard::run`], but abandons the call when Terraform stops the provider.
    pub(super) async fn run_until_stopped<T>(
        &self,
        call: Call<'_>,
        work: impl Future<Output = Result<T, Diagnostics>>,
    ) -> Result<T, Diagnostics> {
        let stop = self.stop_token();
        let raced = async {
            tokio::select! {
                // A result that is ready counts, even when the stop came at the same moment.
                biased;
                answer = work => answer,
                () = stop.cancelled() => Err(stopped(call)),
            }
        };
        self.run(call, raced).await
    }

    /// Ends the calls in flight; later calls are served as ever.
    pub(super) fn stop(&self) {
        tracing::debug!("Terraform asks for calls in flight to end");
        let mut generation = self.lock();
        // One that is cancelled and still here belongs to a process that is to end.
        if !generation.is_cancelled() {
            mem::take(&mut *generation).cancel();
        }
    }

    /// Ends the calls in flight and waits until they have ended: for a process that is to end.
    ///
    /// Terraform, which may not know of it, goes on calling. Those calls are stopped before they
    /// begin: nobody would be there to hear of what they have made.
    pub(super) async fn wind_down(&self) {
        tracing::debug!("the process is to end, and with it the calls in flight");
        self.lock().cancel();
        let mut in_flight = self.in_flight.subscribe();
        // The sender is part of this guard, so it cannot be gone.
        let _ended = in_flight.wait_for(|count| *count == 0).await;
    }

    /// Cancelled when the calls that are in flight now are to end.
    pub(super) fn stop_token(&self) -> CancellationToken {
        self.lock().clone()
    }

    fn lock(&self) -> MutexGuard<'_, CancellationToken> {
        // The token is replaced in one step, so even a poisoned lock guards a whole one.
        self.generation.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn span(&self, call: Call<'_>) -> Span {
        let request = self.requests.fetch_add(1, Ordering::Relaxed) + 1;
        // At error level, so that no filter takes the fields away from the lines inside.
        let span = tracing::error_span!(
            "call",
            tf_rpc = call.rpc,
            tf_req_id = field::display(format_args!("{request:08x}")),
            tf_resource_type = field::Empty,
            tf_data_source_type = field::Empty,
            tf_provider_addr = ADDRESS,
        );
        if let Some(resource_type) = call.resource_type {
            span.record("tf_resource_type", resource_type);
        }
        if let Some(data_source) = call.data_source {
            span.record("tf_data_source_type", data_source);
        }
        span
    }
}

/// The text of the panic is left to the panic hook and the log: it is meant for programmers and
/// may quote anything.
fn panicked(call: Call<'_>, cause: Box<dyn Any + Send>) -> Diagnostics {
    // Dropping what was thrown may panic in turn, so it is let go unopened.
    mem::forget(cause);
    let saved = match call.rpc {
        "ApplyResourceChange" => {
            " Whatever was known of the object when it happened has been saved in the state; \
             run terraform plan to compare it with what exists before applying again."
        }
        _ => " Nothing was changed by this call.",
    };
    let detail = format!(
        "This is a bug in the provider, not in your configuration: it failed in an unforeseen way \
         while it handled {}.{saved} Please report it to the authors of the provider, with the \
         lines that start with \"panic:\" in Terraform's output or log (TF_LOG_PROVIDER=DEBUG).",
        call.rpc
    );
    Diagnostic::error("The provider crashed in this operation", detail).into()
}

fn stopped(call: Call<'_>) -> Diagnostics {
    let detail = format!(
        "Terraform was interrupted and asked the provider to stop, so {} was given up before it had \
         a result. The state is as it was before. Run the command again when you are ready.",
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
    async fn calls_that_come_while_the_process_ends_are_stopped_from_the_start() {
        let guard = Guard::default();
        guard.stop();
        assert!(!guard.stop_token().is_cancelled(), "StopProvider is not the end");
        guard.wind_down().await;
        guard.stop();
        assert!(guard.stop_token().is_cancelled());
    }

    #[tokio::test]
    async fn a_panic_becomes_a_diagnostic_and_later_calls_are_served() {
        let guard = Guard::default();
        let crash = async { panic!("index out of bounds: the secret is hunter2") };
        let problems = guard.run(Call::about("ReadResource", "thing"), refused(crash)).await;
        let problem = only(problems.expect_err("a panic is no answer"));
        assert_eq!(problem.summary, "The provider crashed in this operation");
        assert!(problem.detail.contains("bug in the provider"), "{}", problem.detail);
        assert!(!problem.detail.contains("hunter2"), "panics are for the log: {}", problem.detail);
        assert_eq!(guard.run(Call::new("GetMetadata"), async { Ok(1) }).await, Ok(1));
    }

    #[tokio::test]
    async fn a_panic_whose_cause_panics_when_dropped_becomes_a_diagnostic() {
        struct Grenade;
        impl Drop for Grenade {
            fn drop(&mut self) {
                panic!("again");
            }
        }
        let crash = async { panic_any(Grenade) };
        let problems = Guard::default().run(Call::new("GetMetadata"), refused(crash)).await;
        assert!(problems.expect_err("a panic is no answer").has_errors());
    }

    #[tokio::test(start_paused = true)]
    async fn stop_ends_the_calls_in_flight_and_no_later_ones() {
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
    async fn a_result_that_is_ready_when_the_stop_comes_counts() {
        let guard = Guard::default();
        let work = async {
            guard.stop();
            Ok("read")
        };
        assert_eq!(guard.run_until_stopped(Call::new("ReadResource"), work).await, Ok("read"));
    }

    #[tokio::test]
    async fn stop_reaches_a_call_that_ends_by_itself() {
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
        let [problem] = &all[..] else { panic!("one problem was expected: {all:?}") };
        problem.clone()
    }

    /// A call that never answers.
    async fn refused(
        crash: impl Future<Output = std::convert::Infallible>,
    ) -> Result<(), Diagnostics> {
        match crash.await {}
    }
}
