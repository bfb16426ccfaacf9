//! Threads that are pinned to cores, and call at the same time.

use std::hint::{black_box, spin_loop};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::thread;
use std::time::{Duration, Instant};

use crossbeam_utils::CachePadded;

/// How often a thread calls in one slice.
const CALLS: u32 = 20_000;
/// How many slices are measured. Their median leaves out those in which another process ran.
const SLICES: usize = 61;

/// The nanoseconds of one call on each of `threads` threads. `make` returns what a thread calls.
///
/// A slice lasts from the first thread's start to the last one's end. Slices in which a thread started late don't count,
/// because the threads didn't call at the same time.
pub(crate) fn per_call<C, R>(threads: usize, make: impl Fn() -> C + Sync) -> f64
where
    C: FnMut() -> R,
{
    let cores = core_affinity::get_core_ids().unwrap_or_default();
    let (epoch, arrived) = (Instant::now(), CachePadded::new(AtomicUsize::new(0)));
    let slices = |thread: usize| -> Vec<(Duration, Duration)> {
        if let Some(core) = cores.get(thread % cores.len().max(1)) {
            core_affinity::set_for_current(*core);
        }
        let mut call = make();
        let slice = |slice: usize| {
            // A barrier that spins: a thread that sleeps would start late. Relaxed: it publishes nothing.
            arrived.fetch_add(1, Relaxed);
            while arrived.load(Relaxed) < threads * (slice + 1) {
                spin_loop();
            }
            let start = epoch.elapsed();
            for _ in 0..CALLS {
                black_box(call());
            }
            (start, epoch.elapsed())
        };
        (0..SLICES).map(slice).collect()
    };
    let all: Vec<Vec<(Duration, Duration)>> = thread::scope(|scope| {
        let slices = &slices;
        let threads: Vec<_> = (0..threads)
            .map(|thread| scope.spawn(move || slices(thread)))
            .collect();
        threads
            .into_iter()
            .map(|thread| thread.join().expect("no panic"))
            .collect()
    });
    let took = |slice: usize| {
        let starts = || all.iter().map(|thread| thread[slice].0);
        let (first, last) = (starts().min()?, starts().max()?);
        let took = all.iter().map(|thread| thread[slice].1).max()? - first;
        (last - first < took / 10).then(|| took.as_nanos() as f64 / f64::from(CALLS))
    };
    let mut took: Vec<f64> = (0..SLICES).filter_map(took).collect();
    took.sort_by(f64::total_cmp);
    // If there is none, the figure is missing.
    took.get(took.len() / 2).copied().unwrap_or(f64::NAN)
}
