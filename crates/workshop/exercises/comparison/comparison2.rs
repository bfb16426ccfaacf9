//! Eight items, two at a time. A semaphore keeps two in flight, but all eight tasks exist from the
//! start. With a million items, that is a million tasks.
//!
//! `work.on(number, ms).await` works on an item. Items are numbered from 1. Time is virtual.

#![allow(clippy::disallowed_types)] // Nothing is explored here, so `std::sync` is fine.

use std::sync::Arc;

use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use workshop::Verdict;
use workshop::comparison::Work;

async fn run(items: Vec<u64>, limit: usize, work: Work) {
    // TODO: be as fast as this, but never have more than `limit` tasks. Use Tokio only.
    let permits = Arc::new(Semaphore::new(limit));
    let mut tasks = JoinSet::new();
    for (number, ms) in (1..).zip(items) {
        let (permits, work) = (permits.clone(), work.clone());
        tasks.spawn(async move {
            let _permit = permits.acquire().await.unwrap();
            work.on(number, ms).await;
        });
    }
    tasks.join_all().await;
}

fn main() -> Verdict {
    workshop::comparison::comparison2(run)
}
