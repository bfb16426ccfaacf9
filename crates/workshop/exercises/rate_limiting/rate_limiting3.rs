//! A token bucket starts full, with `burst` tokens, and gets a new one after each `interval`. Each
//! check uses up one token when it starts, and starts as soon as there is a token for it. How long
//! the checks take doesn't matter.
//!
//! `database.check(number).await` checks a permission. Permissions are numbered from 1. Time is
//! virtual.

#![allow(clippy::disallowed_types)] // Nothing is explored here, so `std::sync` is fine.

use std::time::Duration;

use tokio::time::sleep;
use workshop::Verdict;
use workshop::rate_limiting::Database;

async fn run(checks: usize, burst: usize, interval: Duration, database: Database) {
    // TODO: start a burst, and then one check per interval.
    for number in 1..=checks {
        if number > burst {
            sleep(interval).await;
        }
        database.check(number).await;
    }
}

fn main() -> Verdict {
    workshop::rate_limiting::rate_limiting3(run)
}
