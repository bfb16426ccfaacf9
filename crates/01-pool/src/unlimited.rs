//! Broken on purpose: everything at once, so that whatever the items share is asked for all at once.

use std::num::NonZeroUsize;

use tokio::task::JoinSet;

use crate::order::in_order;

/// Works on every item at once, each in a task of its own. The limit is taken for the sake of the
/// signature and ignored: that is the defect.
///
/// Results are in the order of the items; no items, no results.
///
/// # Panics
///
/// If `work` panics, with its payload, after the other items have been told to stop; and outside of a
/// Tokio runtime, if there are items.
///
/// # Cancellation
///
/// Dropped, the future tells all items in flight to stop: each ends at its next await.
// ANCHOR: run
pub async fn run<T, R, Fut>(
    items: Vec<T>,
    _limit: NonZeroUsize,
    work: impl Fn(T) -> Fut + Clone + Send + 'static,
) -> Vec<R>
where
    T: Send + 'static,
    R: Send + 'static,
    Fut: Future<Output = R> + Send + 'static,
{
    let mut tasks = JoinSet::new();
    for (place, item) in items.into_iter().enumerate() {
        let work = work.clone();
        tasks.spawn(async move { (place, work(item).await) });
    }
    in_order(tasks.join_all().await)
}
// ANCHOR_END: run
