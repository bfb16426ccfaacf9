//! Rejected: looks are wanted

use std::time::Duration;

use tokio::time::interval;
use workshop::atomics::Report;

async fn run(report: Report) {
    let mut ticks = interval(Duration::from_millis(100));
    ticks.tick().await;
    for _ in 0..4 {
        ticks.tick().await;
        report.look().await;
    }
}

fn main() {
    workshop::atomics::atomics3(run)
}
