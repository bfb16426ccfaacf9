//! How long items take: the same every time, or evenly or very unevenly spread.

use std::fmt;
use std::time::Duration;

use oorandom::Rand64;

/// How the durations of items are spread. Each has a mean of 50 ms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Workload {
    /// All take 50 ms.
    Constant,
    /// From 1 to 99 ms, each as likely.
    Uniform,
    /// Exponential, as the gaps between calls that come at random.
    Exponential,
    /// 95 % take 25 ms, 5 % take 525 ms, in any order.
    Stragglers,
}

impl Workload {
    /// All of them, from even to uneven.
    pub const ALL: [Workload; 4] = [
        Workload::Constant,
        Workload::Uniform,
        Workload::Exponential,
        Workload::Stragglers,
    ];

    /// The durations of `items` items, in whole milliseconds and at least one. One seed gives the same
    /// durations every time.
    pub fn durations(self, items: usize, seed: u64) -> Vec<Duration> {
        let mut random = Rand64::new(u128::from(seed));
        let mut durations: Vec<u64> = (0..items)
            .map(|item| match self {
                Workload::Constant => 50,
                Workload::Uniform => random.rand_range(1..100),
                Workload::Exponential => {
                    // 1 - [0, 1) is never 0, whose logarithm is none.
                    let gap = -50.0 * (1.0 - random.rand_float()).ln();
                    (gap.round() as u64).max(1)
                }
                Workload::Stragglers if item * 20 < items => 525,
                Workload::Stragglers => 25,
            })
            .collect();
        // Fisher and Yates: who comes last changes places with anybody up to there.
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
