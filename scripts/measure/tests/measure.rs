//! Criterion runs what is measured as often, and where, as the figures say.

use std::collections::HashMap;
use std::fs;
use std::sync::Mutex;
use std::thread::{self, ThreadId};
use std::time::Duration;

use measure::{CALLS, Criterion};
use tokio::runtime::Builder;

/// Runs benchmarks for as short a time as Criterion allows, and removes its files.
fn quickly(folder: &str, benchmarks: impl FnOnce(&mut Criterion)) {
    let folder = std::env::temp_dir().join(format!("{folder}-{}", std::process::id()));
    let mut criterion = Criterion::default()
        .output_directory(&folder)
        .sample_size(10)
        .warm_up_time(Duration::from_nanos(1))
        .measurement_time(Duration::from_nanos(1));
    benchmarks(&mut criterion);
    fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn every_thread_makes_all_calls_of_an_iteration() {
    let calls: Mutex<HashMap<ThreadId, u64>> = Mutex::default();
    quickly("threads", |criterion| {
        let mut group = criterion.benchmark_group("calls");
        measure::on_threads(&mut group, "count", 3, &calls, |calls| {
            *calls
                .lock()
                .unwrap()
                .entry(thread::current().id())
                .or_default() += 1;
        });
    });
    let calls = calls.into_inner().unwrap();
    assert!(calls.values().all(|calls| calls % CALLS == 0), "{calls:?}");
    assert!(!calls.contains_key(&thread::current().id()));
    // Each run of the benchmark has three threads, which make the same number of calls.
    let mut counts: Vec<u64> = calls.into_values().collect();
    counts.sort();
    assert!(counts.chunks(3).all(|run| run == [run[0]; 3]), "{counts:?}");
}

#[test]
fn an_async_function_is_measured_on_a_worker_thread() {
    let here = thread::current().id();
    let runtime = Builder::new_multi_thread()
        .worker_threads(1)
        .build()
        .unwrap();
    quickly("runtime", |criterion| {
        let mut group = criterion.benchmark_group("tasks");
        measure::on_runtime(&mut group, "thread", &runtime, || async move {
            assert_ne!(thread::current().id(), here);
        });
    });
}

#[test]
fn the_threads_are_one_and_one_per_core() {
    let [(one, least), (_, most)] = measure::threads();
    assert_eq!((one, least), ("one thread", 1));
    assert_eq!(
        Ok(most),
        thread::available_parallelism()
            .map(|it| it.get())
            .map_err(|_| ())
    );
}
