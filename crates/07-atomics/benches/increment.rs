//! Measures an increment: on one thread, and with one thread per core.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use atomics::{counter, falsely_shared, lost_update, mutex, sharded};
use measure::{Criterion, on_threads};

fn increment(criterion: &mut Criterion) {
    for (words, threads) in measure::threads() {
        let mut group = criterion.benchmark_group(format!("an increment, {words}"));
        // First, because the others are compared with it.
        on_threads(
            &mut group,
            "fetch_add, one thread",
            1,
            AtomicU64::new(0),
            |bare| {
                bare.fetch_add(1, Relaxed);
            },
        );
        let count = counter::Counter::new();
        on_threads(&mut group, "counter", threads, count, |it| it.increment());
        let count = sharded::Counter::new();
        on_threads(&mut group, "sharded", threads, count, |it| it.increment());
        let count = falsely_shared::Counter::new();
        on_threads(&mut group, "falsely shared", threads, count, |it| {
            it.increment()
        });
        let count = mutex::Counter::new();
        on_threads(&mut group, "mutex", threads, count, |it| it.increment());
        let count = lost_update::Counter::new();
        on_threads(
            &mut group,
            "load and store (loses some)",
            threads,
            count,
            |it| it.increment(),
        );
    }
}

/// Measures a read of the number while no thread increments it.
fn read(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("a read, no increments");
    let count = counter::Counter::new();
    on_threads(&mut group, "counter", 1, count, |it| it.get());
    let count = sharded::Counter::new();
    on_threads(&mut group, "sharded", 1, count, |it| it.get());
    let count = mutex::Counter::new();
    on_threads(&mut group, "mutex", 1, count, |it| it.get());
}

fn main() {
    measure::main(|criterion| {
        increment(criterion);
        read(criterion);
    });
}
