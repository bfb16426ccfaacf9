//! Broken on purpose: the reader stops at the first error and keeps its receiver, so the other senders wait forever.

use std::num::NonZeroUsize;

use pool::window;
use tokio::sync::mpsc;

use crate::Failure;
use crate::reporter::Reporter;

/// The first failure, and the receiver of the messages that come after it.
#[derive(Debug)]
pub struct Leaked<E> {
    /// The first failure, if an item has failed.
    pub first: Option<Failure<E>>,
    /// While it exists and nothing reads from it, it has room for one message. All other items wait to send theirs.
    pub unread: mpsc::Receiver<Option<Failure<E>>>,
}

/// Runs `work` on at most `limit` items at once, in tasks of their own, and returns at the first failure, which is an
/// error or a panic, or when all items have ended.
///
/// The other items go on: at the end of each, its task waits until the receiver has room or is dropped.
///
/// # Panics
///
/// Outside a Tokio runtime.
///
/// # Cancellation
///
/// Dropping the future drops the receiver: the items that are running end, and no further item starts.
// ANCHOR: run
pub async fn run<T, R, E, Fut>(
    items: Vec<T>,
    limit: NonZeroUsize,
    work: impl Fn(T) -> Fut + Clone + Send + 'static,
) -> Leaked<E>
where
    T: Send + 'static,
    R: Send + 'static,
    E: Send + 'static,
    Fut: Future<Output = Result<R, E>> + Send + 'static,
{
    let (sender, mut unread) = mpsc::channel(1);
    let reporter = Reporter(sender);
    let attempt = move |(index, item)| reporter.end(index, reporter.begin(|| work(item)));
    let items = items.into_iter().enumerate().collect();
    tokio::spawn(window::run(items, limit, attempt));
    while let Some(message) = unread.recv().await {
        if let Some(first) = message {
            let first = Some(first);
            return Leaked { first, unread };
        }
    }
    Leaked {
        first: None,
        unread,
    }
}
// ANCHOR_END: run
