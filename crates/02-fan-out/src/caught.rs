//! A fetch whose panic is an outcome.

use std::panic::AssertUnwindSafe;

use futures::FutureExt;

use crate::{Error, Part};

/// Sets a part to what becomes of a fetch. Catches its panic, also one in the call that returns the future.
///
/// A panic while the future is dropped is not caught.
// ANCHOR: fill
pub(crate) async fn fill<T, F>(part: &mut Part<T>, fetch: impl FnOnce() -> F)
where
    F: Future<Output = Result<T, Error>>,
{
    let fetched = async { *part = Part::from(fetch().await) };
    // A fetch that panicked is dropped, so that no code sees what it left half done, except through what it shares.
    if let Err(payload) = AssertUnwindSafe(fetched).catch_unwind().await {
        *part = Part::panicked(payload);
    }
}
// ANCHOR_END: fill

/// Returns what becomes of a fetch.
pub(crate) async fn caught<T, F>(fetch: impl FnOnce() -> F) -> Part<T>
where
    F: Future<Output = Result<T, Error>>,
{
    let mut part = Part::Late;
    fill(&mut part, fetch).await;
    part
}
