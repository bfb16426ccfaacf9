//! The talk's loop: checks the token between items.

use crate::{Ended, Processed, Token};

/// Runs `work` on each item in turn, and stops before the next one once the token is cancelled.
///
/// An item that has started finishes, so this returns up to one item late. A panic in `work` propagates to the caller.
///
/// # Cancellation
///
/// Dropping the future drops the work in flight at the `await` that it has reached. No further item begins.
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
        if token.is_cancelled() {
            let ended = Ended::Cancelled;
            return Processed { done, ended };
        }
        done.push(work(item).await);
    }
    Processed {
        done,
        ended: Ended::Finished,
    }
}
// ANCHOR_END: process
