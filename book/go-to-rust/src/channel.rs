//! A channel that is closed at its sender's end.

use tokio::sync::mpsc;

// ANCHOR: sum
/// Sends 1, 2 and 3 through a channel, and returns their sum.
pub async fn sum() -> u64 {
    let (sender, mut receiver) = mpsc::channel(1);
    tokio::spawn(async move {
        for n in 1..=3 {
            sender.send(n).await.unwrap();
        }
    }); // drops the only sender, which closes the channel
    let mut sum = 0;
    while let Some(n) = receiver.recv().await {
        sum += n;
    }
    sum
}
// ANCHOR_END: sum
