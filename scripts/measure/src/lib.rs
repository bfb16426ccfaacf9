//! What the chapters' benchmarks share, so that a file in `benches/` contains only its measurements.
//!
//! ```no_run
//! use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
//!
//! fn main() {
//!     measure::main(|criterion| {
//!         for (words, threads) in measure::threads() {
//!             let mut group = criterion.benchmark_group(format!("an increment, {words}"));
//!             let counter = AtomicU64::new(0);
//!             measure::on_threads(&mut group, "fetch_add", threads, counter, |counter| {
//!                 counter.fetch_add(1, Relaxed);
//!             });
//!         }
//!     });
//! }
//! ```
//!
//! In `Cargo.toml`, such a file is a `[[bench]]` with `harness = false`, and `measure` is a dev-dependency.
//! `scripts/bench CHAPTER` runs the chapter's benchmarks and `go test -bench` in its folder `go/`, and draws both in
//! `benches/results.txt`. A Go benchmark joins a group by its name: `b.Run("an increment, one thread", …)` and, inside
//! that, `b.Run("Go: atomic", …)`. The first benchmark of a group is the baseline of the others.

use std::hint::black_box;
use std::sync::Barrier;
use std::thread;
use std::time::{Duration, Instant};

use criterion::measurement::WallTime;
use crossbeam_utils::CachePadded;
use tokio::runtime::Runtime;

pub use criterion::{BenchmarkGroup, Criterion, SamplingMode, Throughput};

/// How often one iteration of [`on_threads`] calls its operation on each thread.
pub const CALLS: u64 = 1_000;

/// Runs the benchmarks of one file, with the settings of all chapters: 500 ms to warm up, and 2 s to measure. A group may
/// change them, and Criterion's arguments on the command line change both.
pub fn main(benchmarks: impl FnOnce(&mut Criterion)) {
    let mut criterion = Criterion::default()
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(2))
        .configure_from_args();
    benchmarks(&mut criterion);
    criterion.final_summary();
}

/// Returns the numbers of threads that the chapters measure with, in words and as a number: one, and one per core.
pub fn threads() -> [(&'static str, usize); 2] {
    let cores = thread::available_parallelism().map_or(1, |cores| cores.get());
    [("one thread", 1), ("one thread per core", cores)]
}

/// Measures `operation` on `threads` threads that share one value. The figure is the time of one call: the time of the
/// slowest thread, divided by the calls that each thread made. The threads start together, and make [`CALLS`] calls in
/// each iteration.
///
/// The value has cache lines of its own. Each thread gets it as an argument, which keeps its address in a register, so
/// that only the operation is measured. The compiler can't drop what the operation returns.
///
/// # Panics
///
/// If the operation panics.
pub fn on_threads<S: Sync, R>(
    group: &mut BenchmarkGroup<'_, WallTime>,
    name: &str,
    threads: usize,
    shared: S,
    operation: impl Fn(&S) -> R + Copy + Send,
) {
    let shared = CachePadded::new(shared);
    group.throughput(Throughput::Elements(CALLS));
    group.bench_function(name, |bencher| {
        bencher.iter_custom(|iterations| slowest(threads, iterations * CALLS, &*shared, operation));
    });
}

/// Returns the time that the slowest thread takes.
fn slowest<S: Sync, R>(
    threads: usize,
    calls: u64,
    shared: &S,
    operation: impl Fn(&S) -> R + Copy + Send,
) -> Duration {
    let barrier = &Barrier::new(threads);
    thread::scope(|scope| {
        let run = move || {
            barrier.wait();
            let start = Instant::now();
            for _ in 0..calls {
                black_box(operation(shared));
            }
            start.elapsed()
        };
        let threads: Vec<_> = (0..threads).map(|_| scope.spawn(run)).collect();
        let took = threads
            .into_iter()
            .map(|thread| thread.join().expect("no panic"));
        took.max().expect("at least one thread")
    })
}

/// Measures an async function, from the call until its future is ready. The future runs in a task, so that it is on a
/// worker thread if the runtime has any.
///
/// # Panics
///
/// If the future panics.
pub fn on_runtime<F>(
    group: &mut BenchmarkGroup<'_, WallTime>,
    name: &str,
    runtime: &Runtime,
    run: impl Fn() -> F,
) where
    F: Future<Output: Send> + Send + 'static,
{
    group.bench_function(name, |bencher| {
        bencher.iter(|| runtime.block_on(async { tokio::spawn(run()).await.expect("no panic") }));
    });
}
