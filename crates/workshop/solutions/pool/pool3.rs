#![allow(clippy::disallowed_types)] // Nothing is explored here, so `std::sync` is fine.

use tokio::task::JoinSet;
use workshop::Verdict;
use workshop::pool::Work;

async fn run(items: Vec<u64>, limit: usize, work: Work) {
    let mut tasks = JoinSet::new();
    for (number, ms) in (1..).zip(items) {
        // Every slot is in use: wait until any one of them is free. A batch waits for all of them.
        if tasks.len() == limit {
            tasks.join_next().await;
        }
        let work = work.clone();
        tasks.spawn(async move { work.on(number, ms).await });
    }
    tasks.join_all().await;
}

fn main() -> Verdict {
    workshop::pool::pool3(run)
}
