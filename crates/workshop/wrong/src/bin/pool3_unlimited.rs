//! Rejected: items are in flight at once, and at most 2 may be.

use tokio::task::JoinSet;
use workshop::pool::Work;

async fn run(items: Vec<u64>, limit: usize, work: Work) {
    let _ = limit;
    let mut tasks = JoinSet::new();
    for (number, ms) in (1..).zip(items) {
        let work = work.clone();
        tasks.spawn(async move { work.on(number, ms).await });
    }
    tasks.join_all().await;
}

fn main() {
    workshop::pool::pool3(run)
}
