//! A reporter reads a counter every 100 ms and sends what was added; sending takes 30 ms. It should look at 100,
//! 200, 300, 400 and 500 ms, and is late every time, by more and more.
//!
//! `report.look().await` looks and sends. A look may take more or less than 30 ms, but always less than 100.
//! Time is virtual.

use std::time::Duration;

use tokio::time::sleep;
use workshop::atomics::Report;

async fn run(report: Report) {
    for _ in 0..5 {
        // TODO: look every 100 ms, however long the looking takes.
        sleep(Duration::from_millis(100)).await;
        report.look().await;
    }
}

fn main() {
    workshop::atomics::atomics3(run)
}
