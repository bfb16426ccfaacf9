//! Rejected: what it takes must not matter

//! A reporter reads a counter every 100 ms and sends what was added; sending takes 30 ms. It should look at 100,
//! 200, 300, 400 and 500 ms, and is late every time, by more and more.
//!
//! `report.look().await` looks and sends. Time is virtual.

use std::time::Duration;

use tokio::time::sleep;
use workshop::atomics::Report;

async fn run(report: Report) {
    const TAKES: Duration = Duration::from_millis(30);
    sleep(TAKES).await;
    for _ in 0..5 {
        sleep(Duration::from_millis(100) - TAKES).await;
        report.look().await;
    }
}

fn main() {
    workshop::atomics::atomics3(run)
}
