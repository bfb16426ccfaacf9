//! The talk's pool: so many at once, then a wait for all of them, then the next batch.

use std::num::NonZeroUsize;

use tokio::task::JoinSet;

use crate::order::in_order;

/// Works on `limit` items at once, each in a task of its own, and on the next batch only when all of
/// them have ended: one slow item holds up the whole batch.
///
/// Results are in the order of the items; no items, no results.
///
/// # Panics
///
/// If `work` panics, with its payload, after the rest of the batch has been told to stop; and outside
/// of a Tokio runtime, if there are items.
///
/// # Cancellation
///
/// Dropped, the future starts nothing more, and the batch in flight is told to stop: each item ends at
/// its next await.
// ANCHOR: run
pub async fn run<T, R, Fut>(
    items: Vec<T>,
    limit: NonZeroUsize,
    work: impl Fn(T) -> Fut + Clone + Send + 'static,
) -> Vec<R>
where
    T: Send + 'static,
    R: Send + 'static,
    Fut: Future<Output = R> + Send + 'static,
{
    let mut results = Vec::with_capacity(items.len());
    let mut items = items.into_iter();
    while items.len() > 0 {
        let mut batch = JoinSet::new();
        for (place, item) in items.by_ref().take(limit.get()).enumerate() {
            let work = work.clone();
            batch.spawn(async move { (place, work(item).await) });
        }
        results.extend(in_order(batch.join_all().await));
    }
    results
}
// ANCHOR_END: run
