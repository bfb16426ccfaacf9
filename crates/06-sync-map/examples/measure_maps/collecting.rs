//! Collecting results: each thread stores its share, and no key is stored twice.

use std::time::Instant;

use crate::pinned::{median, timed};
use crate::stores::Collects;

/// The i-th cluster's key: any number.
pub(crate) fn key(i: usize) -> u64 {
    (i as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// The nanoseconds per result: the median of several collections. No map is told its size in advance.
pub(crate) fn collecting<C: Collects>(results: usize, repetitions: usize, threads: usize) -> f64 {
    let mut stores: Vec<C> = (0..repetitions).map(|_| C::new()).collect();
    let mut took = timed(threads, repetitions, |thread, repetition| {
        let share = thread * results / threads..(thread + 1) * results / threads;
        stores[repetition].store(share.map(|i| (key(i), key(i))));
    });
    for (store, took) in stores.iter_mut().zip(&mut took) {
        let start = Instant::now();
        store.finish();
        *took += start.elapsed();
    }
    median(took) / results as f64
}
