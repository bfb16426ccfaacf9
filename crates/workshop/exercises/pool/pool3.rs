//! Five items, two at a time: one takes 400 ms, the others 100 ms each. In batches of two that takes 600 ms, because a
//! batch waits for its slowest item. 400 ms are possible.
//!
//! `work.on(number, ms).await` works on an item. The first item has the number 1. Time is virtual.

#![allow(clippy::disallowed_types)] // Nothing is explored here, so the types of `std::sync` are fine.

use tokio::task::JoinSet;
use workshop::Verdict;
use workshop::pool::Work;

async fn run(items: Vec<u64>, limit: usize, work: Work) {
    // TODO: keep all `limit` slots busy while there are items left, and never use more.
    let numbered: Vec<(usize, u64)> = (1..).zip(items).collect();
    for batch in numbered.chunks(limit) {
        let mut tasks = JoinSet::new();
        for &(number, ms) in batch {
            let work = work.clone();
            tasks.spawn(async move { work.on(number, ms).await });
        }
        tasks.join_all().await;
    }
}

fn main() -> Verdict {
    workshop::pool::pool3(run)
}
