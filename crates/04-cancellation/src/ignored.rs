//! Broken on purpose: the work never checks the token, and continues for a browser that has left.

use crate::{Ended, Processed, Token};

/// Runs `work` on each item in turn, to the end. Ignores the token: that is the defect.
///
/// A panic in `work` propagates to the caller.
///
/// # Cancellation
///
/// Dropping the future drops the work in flight at the `await` that it has reached. No further item begins.
// ANCHOR: process
pub async fn process<T, R, Fut>(
    items: Vec<T>,
    _token: &Token,
    work: impl Fn(T) -> Fut,
) -> Processed<R>
where
    Fut: Future<Output = R>,
{
    let mut done = Vec::new();
    for item in items {
        done.push(work(item).await);
    }
    Processed {
        done,
        ended: Ended::Finished,
    }
}
// ANCHOR_END: process
