//! Rejected: Wait for the place, not for the clock.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::time::Duration;

use tokio::task::JoinSet;
use workshop::pool::Work;

async fn run(items: Vec<u64>, limit: usize, work: Work) {
    let free = Arc::new(AtomicUsize::new(limit));
    let mut tasks = JoinSet::new();
    for (number, ms) in (1..).zip(items) {
        while free.load(SeqCst) == 0 {
            tokio::time::sleep(Duration::from_millis(7)).await;
        }
        free.fetch_sub(1, SeqCst);
        let (free, work) = (free.clone(), work.clone());
        tasks.spawn(async move {
            work.on(number, ms).await;
            free.fetch_add(1, SeqCst);
        });
    }
    tasks.join_all().await;
}

fn main() {
    workshop::pool::pool3(run)
}
