//! Measures what a variant costs per item: 10,000 items without work, ten at a time. Nothing fails.

use std::future::{Ready, ready};
use std::num::NonZeroUsize;
use std::sync::Arc;

use error_handling::{all_errors, error_channel, first_error};
use futures::future::try_join_all;
use futures::stream::{self, StreamExt, TryStreamExt};
use measure::{Criterion, Throughput, on_runtime};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

const ITEMS: usize = 10_000;
const LIMIT: NonZeroUsize = NonZeroUsize::new(10).unwrap();

fn items() -> Vec<usize> {
    (0..ITEMS).collect()
}

fn work(item: usize) -> Ready<Result<usize, String>> {
    ready(Ok(item))
}

/// Returns the results in the order in which they come.
async fn try_buffer_unordered(items: Vec<usize>) -> Result<Vec<usize>, String> {
    let futures = stream::iter(items).map(|item| Ok::<_, String>(work(item)));
    futures
        .try_buffer_unordered(LIMIT.get())
        .try_collect()
        .await
}

/// Numbers the items and sorts the results, as `first_error` does.
async fn try_buffer_unordered_sorted(items: Vec<usize>) -> Result<Vec<usize>, String> {
    let numbered = stream::iter(items.into_iter().enumerate());
    let futures = numbered.map(|(index, item)| {
        Ok::<_, String>(async move { Ok::<_, String>((index, work(item).await?)) })
    });
    let results = futures.try_buffer_unordered(LIMIT.get()).try_collect();
    let mut results: Vec<(usize, usize)> = results.await?;
    results.sort_by_key(|(index, _)| *index);
    Ok(results.into_iter().map(|(_, result)| result).collect())
}

async fn join_set_and_semaphore(items: Vec<usize>) -> Result<Vec<usize>, String> {
    let permits = Arc::new(Semaphore::new(LIMIT.get()));
    let mut tasks = JoinSet::new();
    for item in items {
        let permit = permits
            .clone()
            .acquire_owned()
            .await
            .expect("it is never closed");
        tasks.spawn(async move {
            let result = work(item).await;
            drop(permit);
            result
        });
    }
    let mut results = Vec::new();
    while let Some(result) = tasks.join_next().await {
        results.push(result.expect("no task panics")?);
    }
    Ok(results)
}

fn overhead(criterion: &mut Criterion, name: &str, runtime: &Runtime) {
    let mut group = criterion.benchmark_group(name);
    group.throughput(Throughput::Elements(ITEMS as u64));
    let group = &mut group;
    on_runtime(group, "first_error", runtime, || {
        first_error::run(items(), LIMIT, work)
    });
    on_runtime(group, "all_errors", runtime, || {
        all_errors::run(items(), LIMIT, work)
    });
    on_runtime(group, "error_channel", runtime, || {
        error_channel::run(items(), LIMIT, work)
    });
    on_runtime(group, "pool's window", runtime, || {
        pool::window::run(items(), LIMIT, work)
    });
    on_runtime(group, "try_buffer_unordered", runtime, || {
        try_buffer_unordered(items())
    });
    on_runtime(group, "try_buffer_unordered, sorted", runtime, || {
        try_buffer_unordered_sorted(items())
    });
    on_runtime(group, "try_join_all, no limit", runtime, || {
        try_join_all(items().into_iter().map(work))
    });
    on_runtime(group, "JoinSet and Semaphore", runtime, || {
        join_set_and_semaphore(items())
    });
}

fn main() {
    let one = Builder::new_current_thread().build().expect("a runtime");
    let two = Builder::new_multi_thread()
        .worker_threads(2)
        .build()
        .expect("a runtime");
    measure::main(|criterion| {
        overhead(criterion, "no-op items on one thread", &one);
        overhead(criterion, "no-op items on two threads", &two);
    });
}
