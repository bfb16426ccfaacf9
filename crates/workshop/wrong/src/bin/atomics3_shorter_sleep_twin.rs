//! Rejected: later each time: what the looking takes is added to the pause

use std::time::Duration;

use tokio::time::sleep;
use workshop::atomics::Report;

async fn run(report: Report) {
    let mut looks = 0;
    while looks < 5 {
        looks += 1;
        for _ in 0..10 {
            sleep(Duration::from_millis(10)).await;
        }
        report.look().await;
    }
}

fn main() {
    workshop::atomics::atomics3(run)
}
