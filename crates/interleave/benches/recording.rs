//! The cost of recording: an exploration, and loom alone with the same choices and no recording.

/// Explores threads that each load and store one counter, and returns the number of executions.
fn recorded(threads: usize) -> usize {
    use interleave::sync::Arc;
    use interleave::sync::atomic::{AtomicU64, Ordering::Relaxed};

    interleave::explore(move || {
        let counter = Arc::new(AtomicU64::new(0));
        let workers: Vec<_> = (0..threads)
            .map(|_| {
                let counter = counter.clone();
                interleave::thread::spawn(move || {
                    let seen = counter.load(Relaxed);
                    counter.store(seen + 1, Relaxed);
                })
            })
            .collect();
        for worker in workers {
            worker.join().unwrap();
        }
        counter.load(Relaxed)
    })
    .executions()
    .len()
}

/// Runs the same model under loom alone, and returns the number of runs. Each operation also touches one
/// shared object, as in an exploration.
fn bare(threads: usize) -> u64 {
    use loom::sync::Condvar;
    use loom::sync::atomic::{AtomicU64, Ordering::Relaxed};
    use std::sync::Arc;
    use std::sync::atomic::AtomicU64 as Count;

    let runs = Arc::new(Count::new(0));
    let counted = runs.clone();
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound = None;
    builder.max_branches = 10_000;
    builder.check(move || {
        let shared = Arc::new((AtomicU64::new(0), Condvar::new()));
        let workers: Vec<_> = (0..threads)
            .map(|_| {
                let shared = shared.clone();
                loom::thread::spawn(move || {
                    let (counter, point) = &*shared;
                    let touch = || {
                        loom::stop_exploring();
                        point.notify_one();
                        loom::explore();
                    };
                    let seen = counter.load(Relaxed);
                    touch();
                    counter.store(seen + 1, Relaxed);
                    touch();
                })
            })
            .collect();
        for worker in workers {
            worker.join().unwrap();
        }
        shared.0.load(Relaxed);
        counted.fetch_add(1, Relaxed);
    });
    runs.load(Relaxed)
}

fn main() {
    measure::main(|criterion| {
        for threads in [2, 3] {
            let mut group = criterion.benchmark_group(format!("{threads} threads of 2 operations"));
            group.sample_size(10);
            group.bench_function("loom alone", |bencher| bencher.iter(|| bare(threads)));
            group.bench_function("recorded", |bencher| bencher.iter(|| recorded(threads)));
        }
    });
}
