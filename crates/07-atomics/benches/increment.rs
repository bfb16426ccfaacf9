//! Measures an increment: on one thread, and with one thread per core.

use std::hint::black_box;
use std::sync::Barrier;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::thread;
use std::time::{Duration, Instant};

use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, Criterion, Throughput, criterion_group, criterion_main};
use crossbeam_utils::CachePadded;

/// The number of increments in one iteration.
const INCREMENTS: u64 = 1_000;

/// Returns the time that the slowest of `threads` threads takes for `iterations`. They start together. Each
/// thread gets the counter as an argument, which keeps its address in a register, so that only the increment
/// is measured.
fn on_threads<C: Sync>(
    threads: usize,
    iterations: u64,
    counter: &C,
    increment: impl Fn(&C) + Copy + Send,
) -> Duration {
    let barrier = &Barrier::new(threads);
    thread::scope(|scope| {
        let run = move || {
            barrier.wait();
            let start = Instant::now();
            for _ in 0..iterations * INCREMENTS {
                increment(counter);
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

fn measure<C: Sync>(
    group: &mut BenchmarkGroup<'_, WallTime>,
    name: &str,
    threads: usize,
    counter: C,
    increment: impl Fn(&C) + Copy + Send,
) {
    // On its own cache lines, so that writes to other variables don't slow it down.
    let counter = CachePadded::new(counter);
    group.bench_function(name, |bencher| {
        bencher.iter_custom(|iterations| on_threads(threads, iterations, &*counter, increment));
    });
}

fn compare(criterion: &mut Criterion, name: &str, threads: usize) {
    let mut group = criterion.benchmark_group(name);
    group.throughput(Throughput::Elements(INCREMENTS));
    group.warm_up_time(Duration::from_millis(500));
    group.measurement_time(Duration::from_secs(3));
    macro_rules! counter {
        ($module:ident, $name:expr) => {
            let counter = atomics::$module::Counter::new();
            measure(&mut group, $name, threads, counter, |counter| {
                counter.increment();
            });
        };
    }
    measure(
        &mut group,
        "fetch_add, one thread",
        1,
        AtomicU64::new(0),
        |bare| {
            bare.fetch_add(1, Relaxed);
        },
    );
    counter!(counter, "counter");
    counter!(sharded, "sharded");
    counter!(falsely_shared, "falsely shared");
    counter!(mutex, "mutex");
    counter!(lost_update, "load and store (loses some)");
    group.finish();
}

fn increment(criterion: &mut Criterion) {
    compare(criterion, "an increment, one thread", 1);
    let cores = thread::available_parallelism().map_or(1, |cores| cores.get());
    compare(criterion, "an increment, one thread per core", cores);
}

/// Measures a read of the number while no thread increments it.
fn read(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("a read, no increments");
    group.throughput(Throughput::Elements(INCREMENTS));
    group.warm_up_time(Duration::from_millis(500));
    group.measurement_time(Duration::from_secs(1));
    macro_rules! counter {
        ($module:ident, $name:expr) => {
            let counter = atomics::$module::Counter::new();
            measure(&mut group, $name, 1, counter, |counter| {
                black_box(counter.get());
            });
        };
    }
    counter!(counter, "counter");
    counter!(sharded, "sharded");
    counter!(mutex, "mutex");
    group.finish();
}

criterion_group!(benches, increment, read);
criterion_main!(benches);
