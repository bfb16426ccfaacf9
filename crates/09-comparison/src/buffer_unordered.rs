//! The window of the crate `futures`: at most `limit` items run at once, all of them on the caller's task.

use std::num::NonZeroUsize;

use futures::{StreamExt, stream};

/// Runs `work` on at most `limit` items at once, and starts the next item when one finishes. All items share the
/// caller's task, so they never run on two threads at the same time.
///
/// Returns the results in the order of the items, and an empty `Vec` at once if there are no items. A panic in
/// `work` propagates to the caller.
///
/// # Cancellation
///
/// Dropping the future drops the items in flight, each at the `await` that it has reached. No further item starts.
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
    let numbered = |(index, item)| {
        let running = work(item);
        async move { (index, running.await) }
    };
    let running = stream::iter(items.into_iter().enumerate()).map(numbered);
    let mut results: Vec<(usize, R)> = running.buffer_unordered(limit.get()).collect().await;
    results.sort_unstable_by_key(|(index, _)| *index);
    results.into_iter().map(|(_, result)| result).collect()
}
// ANCHOR_END: run
