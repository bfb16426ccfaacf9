//! One fetch after another: the page takes as long as all of them together.

use std::time::Duration;

use tokio::time::timeout;

use crate::caught::fill;
use crate::{Page, Sources};

/// Fetches the three parts in turn. Answers when the last one is there, or when `patience` has passed since the first
/// poll. A source that fails or panics delays the others, but doesn't stop them.
///
/// A source that is ready at its first poll answers even with a patience of 0. A fetch that hasn't begun when the
/// patience ends never begins, and its part is late.
///
/// # Cancellation
///
/// Dropping the future drops the fetch in flight at the `await` that it has reached. No further fetch begins.
// ANCHOR: page
pub async fn page<S>(sources: &S, patience: Duration) -> Page
where
    S: Sources + Clone + Send + Sync + 'static,
{
    let mut page = Page::late();
    let fetches = async {
        fill(&mut page.ci, || sources.ci()).await;
        fill(&mut page.cd, || sources.cd()).await;
        fill(&mut page.user, || sources.user()).await;
    };
    // An error means that a part is late, which is what the page says of it then.
    let _ = timeout(patience, fetches).await;
    page
}
// ANCHOR_END: page
