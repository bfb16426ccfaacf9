#![allow(clippy::disallowed_types)] // Nothing is explored here, so `std::sync` is fine.

use std::sync::Arc;

use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use workshop::Verdict;
use workshop::comparison::Work;

async fn run(items: Vec<u64>, limit: usize, work: Work) {
    let permits = Arc::new(Semaphore::new(limit));
    let mut tasks = JoinSet::new();
    for (number, ms) in (1..).zip(items) {
        // The loop waits for a permit, and then spawns: no task ever waits for one.
        let permit = permits.clone().acquire_owned().await.unwrap();
        // A set keeps its finished tasks until they are joined.
        while tasks.try_join_next().is_some() {}
        let work = work.clone();
        tasks.spawn(async move {
            work.on(number, ms).await;
            drop(permit);
        });
    }
    tasks.join_all().await;
}

fn main() -> Verdict {
    workshop::comparison::comparison2(run)
}
