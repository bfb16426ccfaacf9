//! Rejected: A place stays empty while there are items left

use tokio::task::JoinSet;
use workshop::pool::Work;

async fn run(items: Vec<u64>, limit: usize, work: Work) {
    let numbered: Vec<(usize, u64)> = (1..).zip(items).collect();
    let mut workers = JoinSet::new();
    for worker in 0..limit {
        let mine: Vec<_> = numbered
            .iter()
            .copied()
            .skip(worker)
            .step_by(limit)
            .collect();
        let work = work.clone();
        workers.spawn(async move {
            for (number, ms) in mine {
                work.on(number, ms).await;
            }
        });
    }
    workers.join_all().await;
}

fn main() {
    workshop::pool::pool3(run)
}
