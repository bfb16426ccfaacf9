//! An errgroup: the first failure stops the rest, and is returned.

use std::num::NonZeroUsize;

use crate::attempts::Attempts;
use crate::{Failure, Outcome};

/// Runs `work` on at most `limit` items at once, until all have ended or one fails. Then no other item starts, and each
/// item that is running is dropped at its next `await` that yields.
///
/// Returns the results in the order of the items. When it returns, no item is running: it waits for an item that
/// never yields.
///
/// # Errors
///
/// The first failure, which is an error or a panic. Later ones are dropped, and so are the results.
///
/// # Panics
///
/// Outside a Tokio runtime, if there are items. If an item's future panics when it is dropped half-way, that panic is
/// ignored.
///
/// # Cancellation
///
/// Dropping the future stops the items in the same way, but doesn't wait for them. An item that another thread starts at
/// that moment still starts.
// ANCHOR: run
pub async fn run<T, R, E, Fut>(
    items: Vec<T>,
    limit: NonZeroUsize,
    work: impl Fn(T) -> Fut + Clone + Send + 'static,
) -> Result<Vec<R>, Failure<E>>
where
    T: Send + 'static,
    R: Send + 'static,
    E: Send + 'static,
    Fut: Future<Output = Result<R, E>> + Send + 'static,
{
    let attempts = Attempts::until_one_fails(items.len());
    attempts
        .run(items, limit, work, attempts.first_failure())
        .await;
    let (first, mut outcomes) = attempts.into_outcomes();
    match first {
        Some(index) => {
            let failure = outcomes.swap_remove(index).into_failure(index);
            Err(failure.expect("the item at this index has failed"))
        }
        None => Ok(outcomes.into_iter().filter_map(Outcome::done).collect()),
    }
}
// ANCHOR_END: run
