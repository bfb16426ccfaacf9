//! Waiting for whichever of two channels has something.

use tokio::sync::mpsc::Receiver;

// ANCHOR: sum
/// Adds up what arrives on either channel until both are closed.
pub async fn sum(mut left: Receiver<u64>, mut right: Receiver<u64>) -> u64 {
    let mut sum = 0;
    loop {
        tokio::select! {
            Some(n) = left.recv() => sum += n,
            Some(n) = right.recv() => sum += n,
            else => return sum,
        }
    }
}
// ANCHOR_END: sum
