//! Rejected: Wait for the place, not for the clock.

use std::time::Duration;

use workshop::pool::Work;

async fn run(items: Vec<u64>, limit: usize, work: Work) {
    let mut running = Vec::<tokio::task::JoinHandle<()>>::new();
    for (number, ms) in (1..).zip(items) {
        loop {
            running.retain(|task| !task.is_finished());
            if running.len() < limit {
                break;
            }
            tokio::time::sleep(Duration::from_millis(9)).await;
        }
        let work = work.clone();
        running.push(tokio::spawn(async move { work.on(number, ms).await }));
    }
    for task in running {
        task.await.unwrap();
    }
}

fn main() {
    workshop::pool::pool3(run)
}
