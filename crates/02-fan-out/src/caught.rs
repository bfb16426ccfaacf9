//! A fetch whose panic is an outcome.

use std::panic::AssertUnwindSafe;

use futures::FutureExt;

use crate::{Error, Part};

/// Runs a fetch and catches its panic, also one in the call that returns the future.
///
/// A panic while the future is dropped is not caught.
pub(crate) async fn caught<T, F>(fetch: impl FnOnce() -> F) -> Part<T>
where
    F: Future<Output = Result<T, Error>>,
{
    let fetched = async { fetch().await };
    // A fetch that panicked is dropped, so that no code sees what it left half done, except through what it shares.
    Part::from(AssertUnwindSafe(fetched).catch_unwind().await)
}
