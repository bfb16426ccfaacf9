//! Rejected: looks are wanted

use std::time::Duration;

use tokio::time::sleep;
use workshop::atomics::Report;

async fn run(report: Report) {
    sleep(Duration::from_millis(100)).await;
    report.look().await;
}

fn main() {
    workshop::atomics::atomics3(run)
}
