//! Rejected: was begun and not ended: who starts a task waits for it.

use std::sync::Arc;

use tokio::sync::Semaphore;
use workshop::pool::Work;

async fn run(items: Vec<u64>, limit: usize, work: Work) {
    let permits = Arc::new(Semaphore::new(limit));
    for (number, ms) in (1..).zip(items) {
        let permit = permits.clone().acquire_owned().await.unwrap();
        let work = work.clone();
        tokio::spawn(async move {
            work.on(number, ms).await;
            drop(permit);
        });
        tokio::task::yield_now().await;
    }
}

fn main() {
    workshop::pool::pool3(run)
}
