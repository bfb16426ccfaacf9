//! Waits for the item and for the token at once, and stops at the await that the item has reached.

use crate::{Ended, Processed, Token};

/// Runs `work` on each item in turn. Once the token is cancelled, drops the work in flight and begins no further item.
///
/// An item stops at the `await` that it has reached: what it had done by then stays done. If an item is finished and
/// the token cancelled at the same poll, the cancellation wins, and the result is lost. A panic in `work` propagates
/// to the caller.
///
/// # Cancellation
///
/// Dropping the future drops the work in flight, too. No further item begins.
// ANCHOR: process
pub async fn process<T, R, Fut>(
    items: Vec<T>,
    token: &Token,
    work: impl Fn(T) -> Fut,
) -> Processed<R>
where
    Fut: Future<Output = R>,
{
    let mut done = Vec::new();
    for item in items {
        tokio::select! {
            biased;
            () = token.cancelled() => {
                let ended = Ended::Cancelled;
                return Processed { done, ended };
            }
            // A block, so that `work` isn't even called if the token is cancelled.
            result = async { work(item).await } => done.push(result),
        }
    }
    Processed {
        done,
        ended: Ended::Finished,
    }
}
// ANCHOR_END: process
