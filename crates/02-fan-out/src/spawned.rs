//! A task for each fetch: they can run on several threads at once.

use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::timeout;

use crate::{Page, Part, Sources};

/// Fetches the three parts in a task each. Answers when the last one is there, or when `patience` has passed since the
/// first poll.
///
/// On a runtime with several threads, a source that computes for long or blocks its thread delays neither the others
/// nor the page. A part that is ready at the very moment at which the patience ends may still be late.
///
/// # Cancellation
///
/// Dropping the future aborts the tasks: each stops at its next `await` that yields, and one that hasn't started never
/// does. So do the tasks whose parts are late. A task that never yields ends when its own code does.
///
/// # Panics
///
/// Outside a Tokio runtime.
// ANCHOR: page
pub async fn page<S>(sources: &S, patience: Duration) -> Page
where
    S: Sources + Clone + Send + Sync + 'static,
{
    let [for_ci, for_cd, for_user] = [(); 3].map(|()| sources.clone());
    let mut tasks = JoinSet::new();
    let ci = tasks.spawn(async move { for_ci.ci().await }).id();
    let cd = tasks.spawn(async move { for_cd.cd().await }).id();
    tasks.spawn(async move { for_user.user().await });

    let mut page = Page::late();
    let fetches = async {
        while let Some(ended) = tasks.join_next_with_id().await {
            let (id, part) = match ended {
                Ok((id, answer)) => (id, Part::from(answer)),
                Err(error) => match (error.id(), error.try_into_panic()) {
                    (id, Ok(payload)) => (id, Part::panicked(payload)),
                    // The runtime is shutting down.
                    (id, Err(_)) => (id, Part::Late),
                },
            };
            let slot = match id {
                id if id == ci => &mut page.ci,
                id if id == cd => &mut page.cd,
                _ => &mut page.user,
            };
            *slot = part;
        }
    };
    // An error means that a part is late, which is what the page says of it then.
    let _ = timeout(patience, fetches).await;
    page
}
// ANCHOR_END: page
