//! Rejected: was begun and not ended: who starts a task waits for it.

use tokio::task::JoinSet;
use workshop::pool::Work;

async fn run(items: Vec<u64>, limit: usize, work: Work) {
    let mut tasks = JoinSet::new();
    for (number, ms) in (1..).zip(items) {
        if tasks.len() == limit {
            tasks.join_next().await;
        }
        let work = work.clone();
        tasks.spawn(async move { work.on(number, ms).await });
        tokio::task::yield_now().await;
    }
}

fn main() {
    workshop::pool::pool3(run)
}
