//! Rejected: later each time: what the looking takes is added to the pause

use std::time::Duration;

use tokio::time::sleep;
use workshop::atomics::Report;

async fn run(report: Report) {
    for _ in 0..5 {
        sleep(Duration::from_millis(90)).await;
        report.look().await;
        sleep(Duration::from_millis(5)).await;
    }
}

fn main() {
    workshop::atomics::atomics3(run)
}
