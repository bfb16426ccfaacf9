//! Waiting for all of several tasks.

use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::sleep;

// ANCHOR: sleeps
/// Sleeps for all of `times` at once; returns them in the order in which they finished.
pub async fn sleeps(times: Vec<Duration>) -> Vec<Duration> {
    let mut tasks = JoinSet::new();
    for time in times {
        tasks.spawn(async move {
            sleep(time).await;
            time
        });
    }
    tasks.join_all().await
}
// ANCHOR_END: sleeps
