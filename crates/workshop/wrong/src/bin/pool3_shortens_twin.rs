//! Rejected: ms, and takes 400

//! Five items, two at a time: 400 ms, 100, 100, 100, 100. In batches of two that takes 600 ms, because a batch
//! waits for its slowest. It can be done in 400.
//!
//! `work.on(number, ms).await` works on an item; the items are numbered from 1. Time is virtual.

use tokio::task::JoinSet;
use workshop::pool::Work;

async fn run(items: Vec<u64>, limit: usize, work: Work) {
    // TODO: never more than `limit` items at once, and no place empty while there are items left.
    let numbered: Vec<(usize, u64)> = (1..).zip(items).collect();
    for batch in numbered.chunks(limit) {
        let mut tasks = JoinSet::new();
        for &(number, ms) in batch {
            let work = work.clone();
            tasks.spawn(async move { work.on(number, ms.min(100)).await });
        }
        tasks.join_all().await;
    }
}

fn main() {
    workshop::pool::pool3(run)
}
