//! Rejected: items are in flight at once, and at most 2 may be.

use workshop::pool::Work;

async fn run(items: Vec<u64>, limit: usize, work: Work) {
    let _ = limit;
    let all = (1..).zip(items).map(|(number, ms)| {
        let work = work.clone();
        tokio::spawn(async move { work.on(number, ms).await })
    });
    for task in all.collect::<Vec<_>>() {
        task.await.unwrap();
    }
}

fn main() {
    workshop::pool::pool3(run)
}
