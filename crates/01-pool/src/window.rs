//! A sliding window: so many at once, and a slot is taken again the moment it is free.

use std::num::NonZeroUsize;
use std::sync::Arc;

use tokio::task::{JoinSet, consume_budget};

use crate::items::{Items, Slot};

/// Works on `limit` items at once: as many workers, each a task, take the items in their order, one
/// after the other.
///
/// Results are in the order of the items; no items, no results at once, and never more workers than
/// items. Beyond items and results it holds at most three words an item.
///
/// # Panics
///
/// If `work` panics, with its payload, after the other workers have been told to stop; and outside of
/// a Tokio runtime, if there are items.
///
/// # Cancellation
///
/// Dropped, the future starts nothing more, and the workers are told to stop: each item in flight ends
/// at its next await.
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
                // Work that is always ready must not keep the thread from everybody else.
                consume_budget().await;
            }
        });
    }
    window.join_all().await;
    let items = Arc::into_inner(items).expect("the workers have dropped theirs");
    items.into_results()
}
// ANCHOR_END: run
