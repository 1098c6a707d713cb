use std::collections::{BTreeSet, HashMap};
use std::future::Future;
use std::hash::Hash;

use crate::aws::calls::batch::{Batcher, Limits, Sent, WorkerGone};
use crate::aws::calls::send::{Api, Page};
use crate::aws::error::text::cut;
use crate::aws::error::{Error, Kind};

/// A batcher that sends its calls with a copy of `api`.
pub(in crate::aws) fn batcher<C, K, I, O, F>(
    api: &Api<C>,
    limits: Limits,
    send: impl Fn(Api<C>, K, Vec<I>) -> F + Send + Sync + 'static,
) -> Batcher<K, I, O, Error>
where
    C: Clone + Send + Sync + 'static,
    K: Clone + Eq + Hash + Send + 'static,
    I: Clone + Send + 'static,
    O: Send + 'static,
    F: Future<Output = Sent<O, Error>> + Send + 'static,
{
    let (api, in_flight) = (api.clone(), api.in_flight.clone());
    Batcher::new(limits, in_flight, move |key, items| send(api.clone(), key, items))
}

/// The answer to one item: that of AWS, or an error if the worker that sent it is gone.
pub(in crate::aws) fn flatten<T, C>(
    answer: Result<Result<T, Error>, WorkerGone>,
    operation: &'static str,
    api: &Api<C>,
) -> Result<T, Error> {
    answer.unwrap_or_else(|gone| Err(worker_gone(operation, &api.region, gone)))
}

/// The error of a call whose worker is gone.
pub(in crate::aws) fn worker_gone(
    operation: &'static str,
    region: &str,
    gone: WorkerGone,
) -> Error {
    Error::local(Kind::WorkerGone, operation, region, gone.to_string())
}

/// The ids without duplicates, sorted.
pub(in crate::aws) fn distinct(ids: &[String]) -> Vec<String> {
    ids.iter().cloned().collect::<BTreeSet<_>>().into_iter().collect()
}

/// What an answer shows, in the order of the ids that were asked for. An id can be asked for several
/// times.
///
/// # Errors
/// An entry without an id, or with one that was not asked for: the answer belongs to another request,
/// and what it does not show may exist.
pub(in crate::aws) fn in_order<T: Clone, C>(
    api: &Api<C>,
    operation: &'static str,
    ids: &[String],
    entries: impl IntoIterator<Item = (Option<String>, T)>,
) -> Result<Vec<Option<T>>, Error> {
    let mut found = HashMap::new();
    for (id, entry) in entries {
        let Some(id) = id else {
            return Err(api.not_from_aws(operation, "the answer has an entry without an ID"));
        };
        if !ids.contains(&id) {
            let what = format!("the answer has {}, which was not requested", cut(&id));
            return Err(api.not_from_aws(operation, &what));
        }
        found.insert(id, entry);
    }
    Ok(ids.iter().map(|id| found.get(id).cloned()).collect())
}

/// The answer to a batch of look-ups by id. `page` sends the call with the given token, `id` names an
/// item. An id that AWS does not show is answered with `None`.
pub(in crate::aws) async fn look_up_each<C, T, F>(
    api: &Api<C>,
    operation: &'static str,
    ids: &[String],
    page: impl Fn(Option<String>) -> F,
    id: impl Fn(&T) -> Option<String>,
) -> Sent<Option<T>, Error>
where
    C: Clone,
    T: Clone,
    F: Future<Output = Result<Page<T>, Error>>,
{
    let found = api.all_pages(operation, page).await;
    let entries = found.map(|found| found.into_iter().map(|item| (id(&item), item)));
    match entries.and_then(|entries| in_order(api, operation, ids, entries)) {
        Ok(found) => Sent::Each(found.into_iter().map(Ok).collect()),
        Err(error) => refused(error, ids.len()),
    }
}

/// The answer to a batch that AWS refused as a whole. Items are sent again one by one only if a
/// single item can be the cause; any other refusal would only be repeated.
pub(in crate::aws) fn refused<O>(error: Error, items: usize) -> Sent<O, Error> {
    match error.kind {
        Kind::InvalidParameter | Kind::NotFound | Kind::InvalidState => Sent::RetryEach(error),
        _ => Sent::Each((0..items).map(|_| Err(error.clone())).collect()),
    }
}
