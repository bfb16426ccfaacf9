//! A worker pool as most people mean it: at most `limit` items run at once, and the next one starts when one finishes.

use std::num::NonZeroUsize;
use std::sync::Arc;

use tokio::task::{JoinSet, consume_budget};

use crate::items::{Items, Slot};

/// Runs `work` on at most `limit` items at once: `limit` workers, each a task, claim the items one after another,
/// in their order.
///
/// Returns the results in the order of the items, and an empty `Vec` at once if there are no items. Never starts
/// more workers than there are items. Uses at most three words per item beyond the items and the results.
///
/// # Panics
///
/// If `work` panics, this panics with the same payload after aborting the other workers. It also panics outside a
/// Tokio runtime, if there are items.
///
/// # Cancellation
///
/// Dropping the future aborts the workers: each stops at its next `await` that isn't ready. No further item starts.
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
    let workers = limit.get().min(items.len());
    let items = Arc::new(Items::new(items));
    let mut window = JoinSet::new();
    for _ in 0..workers {
        let (items, work) = (items.clone(), work.clone());
        window.spawn(async move {
            while let Some((slot, item)) = items.take() {
                *slot = Slot::Result(work(item).await);
                // Gives the thread to other tasks now and then, even if `work` never waits.
                consume_budget().await;
            }
        });
    }
    window.join_all().await;
    let items = Arc::into_inner(items).expect("each worker has dropped its `Arc`");
    items.into_results()
}
// ANCHOR_END: run
