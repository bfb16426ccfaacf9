//! All fetches at once, in one task: the page takes as long as the slowest.

use std::time::Duration;

use tokio::time::timeout;

use crate::caught::fill;
use crate::{Page, Sources};

/// Fetches the three parts at once. Answers when the last one is there, or when `patience` has passed since the first
/// poll.
///
/// All fetches are in the caller's task, so only one of them runs at a time: they wait at once. A source that computes
/// for long, or blocks its thread, delays the others and the page, beyond its patience.
///
/// A source that is ready at its first poll answers even with a patience of 0.
///
/// # Cancellation
///
/// Dropping the future drops every fetch at the `await` that it has reached.
// ANCHOR: page
pub async fn page<S>(sources: &S, patience: Duration) -> Page
where
    S: Sources + Clone + Send + Sync + 'static,
{
    let mut page = Page::late();
    let fetches = async {
        tokio::join!(
            fill(&mut page.ci, || sources.ci()),
            fill(&mut page.cd, || sources.cd()),
            fill(&mut page.user, || sources.user()),
        );
    };
    // An error means that a part is late, which is what the page says of it then.
    let _ = timeout(patience, fetches).await;
    page
}
// ANCHOR_END: page
