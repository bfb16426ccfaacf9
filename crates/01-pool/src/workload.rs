//! Durations for items: all the same, or spread in three ways.

use std::fmt;
use std::time::Duration;

use oorandom::Rand64;

/// A distribution of durations with a mean of 50 ms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Workload {
    /// All items take 50 ms.
    Constant,
    /// 1 to 99 ms, all equally likely.
    Uniform,
    /// Exponential, like the gaps between calls that arrive at random.
    Exponential,
    /// 95 % of the items take 25 ms and 5 % take 525 ms, in random order.
    Stragglers,
}

impl Workload {
    /// All distributions, from even to uneven.
    pub const ALL: [Workload; 4] = [
        Workload::Constant,
        Workload::Uniform,
        Workload::Exponential,
        Workload::Stragglers,
    ];

    /// Returns the durations of `items` items, in whole milliseconds, each at least 1 ms. The same seed gives the same
    /// durations.
    pub fn durations(self, items: usize, seed: u64) -> Vec<Duration> {
        let mut random = Rand64::new(u128::from(seed));
        let mut durations: Vec<u64> = (0..items)
            .map(|item| match self {
                Workload::Constant => 50,
                Workload::Uniform => random.rand_range(1..100),
                Workload::Exponential => {
                    // `1.0 - rand_float()` is never 0, which has no logarithm.
                    let gap = -50.0 * (1.0 - random.rand_float()).ln();
                    (gap.round() as u64).max(1)
                }
                Workload::Stragglers if item * 20 < items => 525,
                Workload::Stragglers => 25,
            })
            .collect();
        // The Fisher-Yates shuffle: swaps each element, from the last down, with one at or before its index.
        for last in (1..durations.len()).rev() {
            let other = random.rand_range(0..last as u64 + 1) as usize;
            durations.swap(last, other);
        }
        durations.into_iter().map(Duration::from_millis).collect()
    }
}

impl fmt::Display for Workload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Workload::Constant => "constant",
            Workload::Uniform => "uniform",
            Workload::Exponential => "exponential",
            Workload::Stragglers => "95 % short, 5 % long",
        })
    }
}
