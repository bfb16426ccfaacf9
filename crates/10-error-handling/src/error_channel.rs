//! The talk's error channel: each item sends a message when it ends, and the caller reads them all.

use std::num::NonZeroUsize;

use pool::window;
use tokio::sync::mpsc;

use crate::Failure;
use crate::reporter::Reporter;

/// The talk's capacity.
pub const CAPACITY: usize = 100;

/// Runs `work` on at most `limit` items at once, and returns the failures in the order in which they happen. An error
/// and a panic are failures. The results are dropped. A failure stops nothing.
///
/// The caller doesn't count the messages: it reads until every sender is dropped.
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
) -> Vec<Failure<E>>
where
    T: Send + 'static,
    R: Send + 'static,
    E: Send + 'static,
    Fut: Future<Output = Result<R, E>> + Send + 'static,
{
    let (sender, mut errors) = mpsc::channel(CAPACITY);
    let reporter = Reporter(sender);
    let attempt = move |(index, item)| reporter.end(index, reporter.begin(|| work(item)));
    let items = items.into_iter().enumerate().collect();
    let read = async {
        let mut failures = Vec::new();
        while let Some(message) = errors.recv().await {
            failures.extend(message);
        }
        failures
    };
    let (_, failures) = tokio::join!(window::run(items, limit, attempt), read);
    failures
}
// ANCHOR_END: run
