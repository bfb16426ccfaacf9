//! Rejected: The first look is at 0 ms

use std::time::Duration;

use tokio::time::{Instant, sleep_until};
use workshop::atomics::Report;

async fn run(report: Report) {
    let begun = Instant::now();
    for number in 0..5 {
        sleep_until(begun + Duration::from_millis(100 * number)).await;
        report.look().await;
    }
}

fn main() {
    workshop::atomics::atomics3(run)
}
