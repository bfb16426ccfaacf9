//! Services that are usually fast and sometimes slow: what that does to a page that needs many of them.

use std::time::Duration;

use oorandom::Rand64;

/// Draws how long requests take: 1 to 99 ms and a second, all equally likely. So one request in 100 is slow, and their
/// 95th percentile is 95 ms.
#[derive(Clone, Debug)]
pub struct Tail {
    random: Rand64,
}

impl Tail {
    /// The share of requests that are slow.
    pub const SLOW: f64 = 0.01;

    /// How long a slow request takes.
    pub const SLOW_TAKES: Duration = Duration::from_secs(1);

    /// Returns the tail for a seed. The same seed gives the same times.
    pub fn new(seed: u64) -> Tail {
        let random = Rand64::new(u128::from(seed));
        Tail { random }
    }

    /// Returns how long the next request takes.
    pub fn draw(&mut self) -> Duration {
        match self.random.rand_range(1..101) {
            100 => Tail::SLOW_TAKES,
            ms => Duration::from_millis(ms),
        }
    }

    /// Returns the share of slow pages if a page needs this number of requests: one slow request makes the page slow.
    pub fn slow_pages(requests: u32) -> f64 {
        1.0 - (1.0 - Tail::SLOW).powf(f64::from(requests))
    }
}
