//! Broken on purpose: all items run at once, so they all need a file, a connection or memory at the same time.

use std::num::NonZeroUsize;

use tokio::task::JoinSet;

use crate::order::in_order;

/// Runs `work` on all items at once, each in its own task. Ignores the limit: that is the defect.
///
/// Returns the results in the order of the items, and an empty `Vec` at once if there are no items.
///
/// # Panics
///
/// If `work` panics, this panics with the same payload after aborting the other tasks. It also panics outside a Tokio
/// runtime, if there are items.
///
/// # Cancellation
///
/// Dropping the future aborts all tasks: each stops at its next `await` that isn't ready.
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
    for (index, item) in items.into_iter().enumerate() {
        let work = work.clone();
        tasks.spawn(async move { (index, work(item).await) });
    }
    in_order(tasks.join_all().await)
}
// ANCHOR_END: run
