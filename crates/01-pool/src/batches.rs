//! The talk's pool: starts a batch, waits for all of it, and starts the next.

use std::num::NonZeroUsize;

use tokio::task::JoinSet;

use crate::order::in_order;

/// Runs `work` on at most `limit` items at once, each in its own task, and starts the next batch when the whole
/// batch has finished: one slow item delays all of the next batch.
///
/// Returns the results in the order of the items, and an empty `Vec` at once if there are no items.
///
/// # Panics
///
/// If `work` panics, this panics with the same payload after aborting the rest of the batch. It also panics outside a
/// Tokio runtime, if there are items.
///
/// # Cancellation
///
/// Dropping the future aborts the batch in flight: each task stops at its next `await` that isn't ready. No further
/// item starts.
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
        for (index, item) in items.by_ref().take(limit.get()).enumerate() {
            let work = work.clone();
            batch.spawn(async move { (index, work(item).await) });
        }
        results.extend(in_order(batch.join_all().await));
    }
    results
}
// ANCHOR_END: run
