//! How long each strategy takes, computed from the durations of the items and without running anything.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::num::NonZeroUsize;
use std::time::Duration;

/// One after another: the sum of the durations.
pub fn sequential(durations: &[Duration]) -> Duration {
    durations.iter().sum()
}

/// All at once: the longest duration.
pub fn unlimited(durations: &[Duration]) -> Duration {
    durations.iter().copied().max().unwrap_or_default()
}

/// In batches: the longest duration of each batch, summed up.
pub fn batches(durations: &[Duration], limit: NonZeroUsize) -> Duration {
    durations.chunks(limit.get()).map(unlimited).sum()
}

/// Through a window: list scheduling, in which each item goes to the worker that is free first.
pub fn window(durations: &[Duration], limit: NonZeroUsize) -> Duration {
    let workers = limit.get().min(durations.len());
    let mut free_at = BinaryHeap::from(vec![Reverse(Duration::ZERO); workers]);
    let mut total = Duration::ZERO;
    for duration in durations {
        let Reverse(start) = free_at.pop().expect("a worker for each of the first items");
        total = total.max(start + *duration);
        free_at.push(Reverse(start + *duration));
    }
    total
}
