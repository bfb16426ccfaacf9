//! One item after the other, on the task that awaits.

use std::num::NonZeroUsize;

/// Works on each item in turn. The limit is taken for the sake of the signature and ignored.
///
/// Results are in the order of the items; no items, no results. A panic in `work` passes through.
/// Dropped, the future starts nothing more; the item in flight is dropped where it stands.
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
