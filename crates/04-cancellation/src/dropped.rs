//! The work doesn't know about the token: its future is dropped.

use std::sync::{Mutex, PoisonError};

use crate::{Ended, Processed, Token};

/// Runs `work` on each item in turn. Once the token is cancelled, drops the future that does all of it.
///
/// Dropping a future stops it at the `await` that it has reached, and drops what it holds. So the record of what is
/// done is outside that future. If an item is finished and the token cancelled at the same poll, the cancellation
/// wins, and the result is lost. If the token was cancelled before, the run ends as cancelled even if there are no items.
/// A panic in `work` propagates to the caller.
///
/// # Cancellation
///
/// Dropping the future drops the work in flight and the record. No further item begins.
// ANCHOR: process
pub async fn process<T, R, Fut>(
    items: Vec<T>,
    token: &Token,
    work: impl Fn(T) -> Fut,
) -> Processed<R>
where
    Fut: Future<Output = R>,
{
    let record = Mutex::new(Vec::new());
    let note = |result| {
        record
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(result)
    };
    let all = async move {
        for item in items {
            note(work(item).await);
        }
    };
    let ended = tokio::select! {
        biased;
        () = token.cancelled() => Ended::Cancelled,
        () = all => Ended::Finished,
    };
    let done = record.into_inner().unwrap_or_else(PoisonError::into_inner);
    Processed { done, ended }
}
// ANCHOR_END: process
