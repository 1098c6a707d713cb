use std::collections::HashSet;
use std::error::Error as StdError;
use std::future::Future;
use std::time::Duration;

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use futures_util::stream::{self, Stream, TryStreamExt};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tracing::Instrument;

use crate::aws::calls::in_flight::InFlight;
use crate::aws::calls::limiter::{Limiter, Priority};
use crate::aws::calls::log::turn_span;
use crate::aws::calls::withdraw::{Attempts, Withdrawable};
use crate::aws::error::text::cut;
use crate::aws::error::{Error, Kind, is_throttled};
use crate::aws::operations::Answer;

/// Most pages of one list. The largest Region has far fewer WorkSpaces than fit them.
const MOST_PAGES: usize = 10_000;

/// Most items of one list, ten times the WorkSpaces of the largest known account.
const MOST_ITEMS: usize = 200_000;

/// One AWS service in one Region: every call goes through here, at the rate that AWS allows.
#[derive(Clone)]
pub(in crate::aws) struct Api<C> {
    pub(in crate::aws) client: C,
    pub(in crate::aws) region: String,
    /// How many attempts a call has, the first included.
    attempts: u32,
    limiter: Limiter,
    pub(super) in_flight: InFlight,
}

/// One page of a list.
pub(in crate::aws) struct Page<T> {
    pub(in crate::aws) items: Vec<T>,
    /// The token of the next page; `None` on the last one.
    pub(in crate::aws) next_token: Option<String>,
}

impl<C> Api<C> {
    /// `limiter` is that of the Region, `in_flight` that of the client.
    pub(in crate::aws) fn new(
        client: C,
        region: &str,
        attempts: u32,
        limiter: &Limiter,
        in_flight: &InFlight,
    ) -> Self {
        let (limiter, in_flight) = (limiter.clone(), in_flight.clone());
        Self { client, region: region.to_owned(), attempts, limiter, in_flight }
    }

    /// An error of this Region that does not come from an AWS response.
    pub(in crate::aws) fn error(
        &self,
        kind: Kind,
        operation: &'static str,
        message: impl Into<String>,
    ) -> Error {
        Error::local(kind, operation, &self.region, message)
    }

    /// Sends a call as soon as it has a permit, and again while AWS throttles it, until all
    /// attempts are used up. Each attempt is signed when it is sent, not when it starts to wait.
    ///
    /// # Errors
    /// What AWS refused, or what failed on the way to it.
    pub(in crate::aws) async fn ask<T, E, F>(
        &self,
        operation: &'static str,
        priority: Priority,
        send: impl Fn() -> F,
    ) -> Result<T, Error>
    where
        F: Future<Output = Result<T, SdkError<E, HttpResponse>>>,
        T: Answer,
        E: StdError + ProvideErrorMetadata + 'static,
    {
        let answer = self.ask_while(operation, priority, || Some(send())).await?;
        let answer =
            answer.ok_or_else(|| self.error(Kind::Stopped, operation, "the call was not sent"))?;
        self.is_from_aws(operation, answer)
    }

    /// The same for a change that a stop prevents. A stop does not abandon a call that was sent: its
    /// answer is waited for. `send` gets an interceptor for the call.
    ///
    /// # Errors
    /// What AWS refused, or what failed on the way to it. After a stop, [`Kind::Stopped`] if AWS has
    /// carried out nothing, and [`Kind::Ambiguous`] if an answer was lost before.
    pub(in crate::aws) async fn change<T, E, F>(
        &self,
        operation: &'static str,
        stop: &CancellationToken,
        send: impl Fn(Attempts) -> F,
    ) -> Result<T, Error>
    where
        F: Future<Output = Result<T, SdkError<E, HttpResponse>>>,
        T: Answer,
        E: StdError + ProvideErrorMetadata + 'static,
    {
        self.change_at_most(u32::MAX, operation, stop, send).await
    }

    /// The same with at most so many attempts. A change that is not to be repeated before the caller has
    /// looked at what holds now has one: it is not sent again when AWS throttles it.
    ///
    /// # Errors
    /// Those of [`change`](Self::change).
    pub(in crate::aws) async fn change_at_most<T, E, F>(
        &self,
        most: u32,
        operation: &'static str,
        stop: &CancellationToken,
        send: impl Fn(Attempts) -> F,
    ) -> Result<T, Error>
    where
        F: Future<Output = Result<T, SdkError<E, HttpResponse>>>,
        T: Answer,
        E: StdError + ProvideErrorMetadata + 'static,
    {
        let request = Withdrawable::new();
        let attempt = || request.mark_sent().then(|| send(Attempts(vec![request.clone()])));
        let answer = self.attempt(most, operation, Priority::Change, attempt);
        let answer = request.answer(answer, stop.cancelled()).await.unwrap_or(Ok(None))?;
        let answer = answer.ok_or_else(|| match request.is_in_doubt() {
            true => {
                let message = "the answer was lost, and Terraform asked to stop";
                self.error(Kind::Ambiguous, operation, message)
            }
            false => self.stopped(operation),
        })?;
        self.is_from_aws(operation, answer)
    }

    /// The error of a call that a stop prevented.
    pub(in crate::aws) fn stopped(&self, operation: &'static str) -> Error {
        self.error(Kind::Stopped, operation, "Terraform asked to stop")
    }

    /// An empty answer would mean "there is nothing", and resources would be lost from the state.
    /// Answers that contain new ids are not checked: an id counts in any case.
    pub(in crate::aws) fn is_from_aws<T: Answer>(
        &self,
        operation: &'static str,
        answer: T,
    ) -> Result<T, Error> {
        if answer.request_id().is_none() {
            return Err(self.not_from_aws(operation, "the answer has no request ID"));
        }
        if let Some(member) = answer.missing() {
            let request_id = answer.request_id().map(cut);
            let error = self.not_from_aws(operation, &format!("the answer has no {member}"));
            return Err(Error { request_id, ..error });
        }
        Ok(answer)
    }

    /// The error of an answer that AWS does not give. `what` says what is wrong with it.
    pub(in crate::aws) fn not_from_aws(&self, operation: &'static str, what: &str) -> Error {
        let message =
            format!("{what}, so it is not from AWS; a proxy or the endpoint may have sent it");
        self.error(Kind::Ambiguous, operation, message)
    }

    /// The same for a call that may be withdrawn while it waits for its permit: `send` is called
    /// for each attempt, and `None` ends the call.
    ///
    /// # Errors
    /// What AWS refused, or what failed on the way to it.
    pub(in crate::aws) async fn ask_while<T, E, F>(
        &self,
        operation: &'static str,
        priority: Priority,
        send: impl FnMut() -> Option<F>,
    ) -> Result<Option<T>, Error>
    where
        F: Future<Output = Result<T, SdkError<E, HttpResponse>>>,
        E: StdError + ProvideErrorMetadata + 'static,
    {
        self.attempt(self.attempts, operation, priority, send).await
    }

    /// The same with at most so many attempts.
    async fn attempt<T, E, F>(
        &self,
        most: u32,
        operation: &'static str,
        priority: Priority,
        mut send: impl FnMut() -> Option<F>,
    ) -> Result<Option<T>, Error>
    where
        F: Future<Output = Result<T, SdkError<E, HttpResponse>>>,
        E: StdError + ProvideErrorMetadata + 'static,
    {
        let most = most.min(self.attempts);
        let mut permit = self.limiter.permit(operation, priority);
        let mut attempt = 1;
        loop {
            let waiting = Instant::now();
            permit.acquire().await;
            let span = turn_span(waiting.elapsed(), attempt - 1);
            let Some(call) = span.in_scope(&mut send) else { return Ok(None) };
            // Boxed, because the SDK's futures are large and this one is part of many others.
            let sdk_error = match Box::pin(call).instrument(span).await {
                Ok(answer) => {
                    permit.on_success();
                    return Ok(Some(answer));
                }
                Err(error) => error,
            };
            let error = Error::from_sdk(operation, &self.region, self.attempts, &sdk_error);
            if error.kind != Kind::Throttled {
                permit.on_success();
                return Err(error);
            }
            let in_a_row = permit.on_throttle(retry_after(&sdk_error));
            // If no call of the operation was accepted for that long, the next one will not be.
            if attempt.max(in_a_row) >= most {
                return Err(error);
            }
            tracing::debug!(operation, region = self.region, attempt, "throttled, retrying");
            attempt += 1;
        }
    }

    /// All items of a list. `page` sends the call with the given token.
    ///
    /// # Errors
    /// The error of a page, or a list that does not end.
    pub(in crate::aws) async fn all_pages<T, F>(
        &self,
        operation: &'static str,
        page: impl Fn(Option<String>) -> F,
    ) -> Result<Vec<T>, Error>
    where
        C: Clone,
        F: Future<Output = Result<Page<T>, Error>>,
    {
        self.clone().pages(operation, page).try_concat().await
    }

    /// The pages of a list, each read when it is asked for. `page` sends the call with the given token.
    ///
    /// # Errors
    /// The error of a page, or a list that does not end; it is the last item.
    pub(in crate::aws) fn pages<T, P, F>(
        self,
        operation: &'static str,
        page: P,
    ) -> impl Stream<Item = Result<Vec<T>, Error>> + use<C, T, P, F>
    where
        P: Fn(Option<String>) -> F,
        F: Future<Output = Result<Page<T>, Error>>,
    {
        let listing = (self, page, Listing { next: Some(None), tokens: HashSet::new(), items: 0 });
        stream::try_unfold(listing, move |(api, page, mut listing)| async move {
            let Some(token) = listing.next.take() else { return Ok(None) };
            let Page { items, next_token } = page(token).await?;
            listing.items += items.len();
            if let Some(token) = next_token.filter(|token| !token.is_empty()) {
                listing
                    .follow(token)
                    .map_err(|message| api.error(Kind::Other, operation, message))?;
            }
            Ok(Some((items, (api, page, listing))))
        })
    }
}

/// How far a list was read.
struct Listing {
    /// The token of the next page; the first page has none. `None` after the last page.
    next: Option<Option<String>>,
    /// The tokens that led to a page.
    tokens: HashSet<String>,
    /// How many items were read.
    items: usize,
}

impl Listing {
    /// Goes on with the page of a token, unless the list does not end.
    fn follow(&mut self, token: String) -> Result<(), String> {
        if self.tokens.len() >= MOST_PAGES || self.items > MOST_ITEMS {
            return Err(format!("the list is too long: {} items so far", self.items));
        }
        if !self.tokens.insert(token.clone()) {
            return Err("the list does not end: a page leads back to an earlier page".to_owned());
        }
        self.next = Some(Some(token));
        Ok(())
    }
}

/// How long AWS asks to wait: `x-amz-retry-after` in milliseconds, or `retry-after` in seconds.
fn retry_after<E>(error: &SdkError<E, HttpResponse>) -> Option<Duration> {
    let headers = error.raw_response()?.headers();
    let number = |name: &str| headers.get(name)?.trim().parse::<u64>().ok();
    // An unreasonable value must not stop an apply for hours.
    const LONGEST: Duration = Duration::from_secs(60);
    number("x-amz-retry-after")
        .map(Duration::from_millis)
        .or_else(|| number("retry-after").map(Duration::from_secs))
        .map(|wait| wait.min(LONGEST))
}

/// Whether AWS throttled a call, so that nothing was carried out.
pub(in crate::aws) fn is_throttled_answer<E: ProvideErrorMetadata>(
    error: &SdkError<E, HttpResponse>,
) -> bool {
    error.as_service_error().is_some_and(|service| {
        let status = error.raw_response().map_or(0, |response| response.status().as_u16());
        is_throttled(service.meta().code(), status)
    })
}

#[cfg(test)]
mod tests;
