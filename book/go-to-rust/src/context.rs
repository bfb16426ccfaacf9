//! Stopping something early: by dropping its future, or by asking with a token.

use std::time::Duration;

use tokio::time::error::Elapsed;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

// ANCHOR: timeout
/// Asks every 10 ms until the answer is yes.
pub async fn until(ready: impl Fn() -> bool) {
    while !ready() {
        sleep(Duration::from_millis(10)).await;
    }
}

/// Asks for at most a second.
pub async fn for_a_second(ready: impl Fn() -> bool) -> Result<(), Elapsed> {
    timeout(Duration::from_secs(1), until(ready)).await
}
// ANCHOR_END: timeout

// ANCHOR: token
/// Counts steps of 10 ms until told to stop. A step that has begun is finished.
pub async fn steps(stop: CancellationToken) -> u64 {
    let mut steps = 0;
    while !stop.is_cancelled() {
        sleep(Duration::from_millis(10)).await;
        steps += 1;
    }
    steps
}
// ANCHOR_END: token
