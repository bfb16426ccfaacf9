//! Runs one item after another, on the caller's task.

use std::num::NonZeroUsize;

/// Runs `work` on each item in turn. Takes a limit only so that all variants have the same signature, and ignores it.
///
/// Returns the results in the order of the items, and an empty `Vec` at once if there are no items. A panic in
/// `work` propagates to the caller.
///
/// # Cancellation
///
/// Dropping the future drops the work in flight at the `await` that it has reached. No further item starts.
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
    let mut results = Vec::with_capacity(items.len());
    for item in items {
        results.push(work(item).await);
    }
    results
}
// ANCHOR_END: run
