//! Waiting for several tasks that can fail: the first error stops the others.

use tokio::task::JoinSet;

// ANCHOR: run
/// Returns the first error as soon as a task returns one; `Ok` once all have succeeded.
pub async fn run<E: 'static>(mut tasks: JoinSet<Result<(), E>>) -> Result<(), E> {
    while let Some(finished) = tasks.join_next().await {
        finished.unwrap()?; // returning drops the set, which aborts the other tasks
    }
    Ok(())
}
// ANCHOR_END: run
