#![allow(clippy::disallowed_types)] // Nothing is explored here, so `std::sync` is fine.

use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::sleep;
use workshop::Verdict;
use workshop::rate_limiting::Database;

async fn run(checks: usize, burst: usize, interval: Duration, database: Database) {
    let mut tasks = JoinSet::new();
    for number in 1..=checks {
        // The first `burst` tokens are there, and then each check waits for the next token.
        if number > burst {
            sleep(interval).await;
        }
        // A task of its own: the next check doesn't wait for this one.
        let database = database.clone();
        tasks.spawn(async move { database.check(number).await });
    }
    tasks.join_all().await;
}

fn main() -> Verdict {
    workshop::rate_limiting::rate_limiting3(run)
}
