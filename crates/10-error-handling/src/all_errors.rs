//! Every outcome, in order: a failure stops nothing.

use std::future::pending;
use std::num::NonZeroUsize;

use crate::Outcome;
use crate::attempts::Attempts;

/// Runs `work` on at most `limit` items at once, and returns one outcome per item, in the order of the items. An error
/// and a panic are outcomes. None is `Stopped`.
///
/// # Panics
///
/// Outside a Tokio runtime, if there are items.
///
/// # Cancellation
///
/// Dropping the future stops the items, each at its next `await` that yields. No further item starts, except one that
/// another thread starts at that moment.
// ANCHOR: run
pub async fn run<T, R, E, Fut>(
    items: Vec<T>,
    limit: NonZeroUsize,
    work: impl Fn(T) -> Fut + Clone + Send + 'static,
) -> Vec<Outcome<R, E>>
where
    T: Send + 'static,
    R: Send + 'static,
    E: Send + 'static,
    Fut: Future<Output = Result<R, E>> + Send + 'static,
{
    run_until(pending(), items, limit, work).await
}
// ANCHOR_END: run

/// Like [`run`], but stops the items once `stop` is ready, such as a deadline. The items that are running then are
/// dropped at their next `await` that yields; they, and those that haven't started, are `Stopped`.
///
/// When it returns, no item is running: it waits for an item that never yields. If an item's future panics when it is
/// dropped half-way, that panic is ignored.
pub async fn run_until<T, R, E, Fut>(
    stop: impl Future<Output = ()>,
    items: Vec<T>,
    limit: NonZeroUsize,
    work: impl Fn(T) -> Fut + Clone + Send + 'static,
) -> Vec<Outcome<R, E>>
where
    T: Send + 'static,
    R: Send + 'static,
    E: Send + 'static,
    Fut: Future<Output = Result<R, E>> + Send + 'static,
{
    let attempts = Attempts::at(items.len());
    attempts.run(items, limit, work, stop).await;
    let (_, outcomes) = attempts.into_outcomes();
    outcomes
}
