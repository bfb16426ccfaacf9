//! A reporter reads a counter every 100 ms and sends what was added; sending takes 30 ms. It should look at 100,
//! 200, 300, 400 and 500 ms, and is late every time, by more and more.
//!
//! `report.look().await` looks and sends. A look may take more or less than 30 ms, but always less than 100.
//! Time is virtual.

use std::time::Duration;

use tokio::time::interval;
use workshop::atomics::Report;

async fn run(report: Report) {
    // An interval ticks by the clock, not after what was done between two ticks.
    let mut ticks = interval(Duration::from_millis(100));
    ticks.tick().await; // the first tick is at once
    for _ in 0..5 {
        ticks.tick().await;
        report.look().await;
    }
}

fn main() {
    workshop::atomics::atomics3(run)
}
