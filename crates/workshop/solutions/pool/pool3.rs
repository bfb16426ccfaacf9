//! Five items, two at a time: 400 ms, 100, 100, 100, 100. In batches of two that takes 600 ms, because a batch
//! waits for its slowest. It can be done in 400.
//!
//! `work.on(number, ms).await` works on an item; the items are numbered from 1. Time is virtual.

use tokio::task::JoinSet;
use workshop::pool::Work;

async fn run(items: Vec<u64>, limit: usize, work: Work) {
    let mut tasks = JoinSet::new();
    for (number, ms) in (1..).zip(items) {
        // All places are taken: one of them has to become free, whichever it is. That is the difference to a
        // batch, which waits for all of them.
        if tasks.len() == limit {
            tasks.join_next().await;
        }
        let work = work.clone();
        tasks.spawn(async move { work.on(number, ms).await });
    }
    tasks.join_all().await;
}

fn main() {
    workshop::pool::pool3(run)
}
