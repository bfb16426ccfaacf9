//! Rejected: what it takes must not matter

//! A reporter reads a counter every 100 ms and sends what was added; sending takes 30 ms. It should look at 100,
//! 200, 300, 400 and 500 ms, and is late every time, by more and more.
//!
//! `report.look().await` looks and sends. Time is virtual.

use std::time::Duration;

use tokio::time::sleep;
use workshop::atomics::Report;

async fn run(report: Report) {
    for number in 0..5 {
        let pause = if number == 0 { 100 } else { 70 };
        sleep(Duration::from_millis(pause)).await;
        report.look().await;
    }
}

fn main() {
    workshop::atomics::atomics3(run)
}
