//! Threads that are pinned to cores and start together.

use std::hint::spin_loop;
use std::sync::atomic::{
    AtomicUsize,
    Ordering::{AcqRel, Acquire},
};
use std::thread;
use std::time::{Duration, Instant};

/// Runs `run(thread, repetition)` on each thread, and returns for each repetition the time from the first thread's start
/// to the last one's end.
pub(crate) fn timed(
    threads: usize,
    repetitions: usize,
    run: impl Fn(usize, usize) + Sync,
) -> Vec<Duration> {
    let cores = core_affinity::get_core_ids().unwrap_or_default();
    let (epoch, arrived) = (Instant::now(), AtomicUsize::new(0));
    let timed = |thread: usize| {
        if let Some(core) = cores.get(thread % cores.len().max(1)) {
            core_affinity::set_for_current(*core);
        }
        let repetition = |repetition| {
            // A barrier that spins: a thread that sleeps would start late.
            arrived.fetch_add(1, AcqRel);
            while arrived.load(Acquire) < threads * (repetition + 1) {
                spin_loop();
            }
            let start = epoch.elapsed();
            run(thread, repetition);
            (start, epoch.elapsed())
        };
        (0..repetitions).map(repetition).collect::<Vec<_>>()
    };
    let all: Vec<Vec<(Duration, Duration)>> = thread::scope(|scope| {
        let timed = &timed;
        let threads: Vec<_> = (0..threads)
            .map(|thread| scope.spawn(move || timed(thread)))
            .collect();
        threads
            .into_iter()
            .map(|thread| thread.join().expect("no panic"))
            .collect()
    });
    let took = |repetition: usize| {
        let times = || all.iter().map(|thread| thread[repetition]);
        let first = times().map(|(start, _)| start).min().expect("a thread");
        let last = times().map(|(_, end)| end).max().expect("a thread");
        last - first
    };
    (0..repetitions).map(took).collect()
}

/// The median in nanoseconds.
pub(crate) fn median(mut took: Vec<Duration>) -> f64 {
    took.sort();
    took[took.len() / 2].as_nanos() as f64
}
