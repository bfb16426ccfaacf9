//! Measures what a pool costs per item: 10,000 items without work, ten at a time.

use std::future::ready;
use std::num::NonZeroUsize;
use std::sync::Arc;

use futures::{StreamExt, stream};
use measure::{Criterion, Throughput, on_runtime};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

const ITEMS: usize = 10_000;
const LIMIT: NonZeroUsize = NonZeroUsize::new(10).unwrap();

fn items() -> Vec<usize> {
    (0..ITEMS).collect()
}

/// Peers that return the results in the order of the items, as the variants do.
mod ordered {
    use super::*;

    pub(super) async fn buffered(items: Vec<usize>) -> Vec<usize> {
        stream::iter(items)
            .map(ready)
            .buffered(LIMIT.get())
            .collect()
            .await
    }

    /// Numbers the items and sorts the results.
    pub(super) async fn buffer_unordered(items: Vec<usize>) -> Vec<usize> {
        let numbered = stream::iter(items.into_iter().enumerate());
        let results = numbered.map(ready).buffer_unordered(LIMIT.get());
        sorted(results.collect().await)
    }

    pub(super) async fn join_set_and_semaphore(items: Vec<usize>) -> Vec<usize> {
        let permits = Arc::new(Semaphore::new(LIMIT.get()));
        let mut tasks = JoinSet::new();
        for (index, item) in items.into_iter().enumerate() {
            let permit = permits
                .clone()
                .acquire_owned()
                .await
                .expect("the semaphore is never closed");
            tasks.spawn(async move {
                let result = (index, ready(item).await);
                drop(permit);
                result
            });
        }
        sorted(tasks.join_all().await)
    }

    /// Workers that receive from one channel.
    pub(super) async fn channel_workers(items: Vec<usize>) -> Vec<usize> {
        let (sender, receiver) = async_channel::bounded(LIMIT.get());
        let mut workers = JoinSet::new();
        for _ in 0..LIMIT.get() {
            let receiver = receiver.clone();
            workers.spawn(async move {
                let mut results = Vec::new();
                while let Ok((index, item)) = receiver.recv().await {
                    results.push((index, ready(item).await));
                }
                results
            });
        }
        for numbered in items.into_iter().enumerate() {
            sender
                .send(numbered)
                .await
                .expect("the workers receive until the channel is closed");
        }
        drop(sender);
        sorted(workers.join_all().await.into_iter().flatten().collect())
    }

    /// Writes each result to its own slot.
    pub(super) async fn for_each_concurrent(items: Vec<usize>) -> Vec<usize> {
        let mut results = vec![0; items.len()];
        stream::iter(items.into_iter().zip(&mut results))
            .for_each_concurrent(LIMIT.get(), |(item, slot)| async move {
                *slot = ready(item).await;
            })
            .await;
        results
    }

    fn sorted(mut numbered: Vec<(usize, usize)>) -> Vec<usize> {
        numbered.sort_by_key(|(index, _)| *index);
        numbered.into_iter().map(|(_, result)| result).collect()
    }
}

/// A peer that returns the results in the order in which they finish.
mod unordered {
    use super::*;

    pub(super) async fn buffer_unordered(items: Vec<usize>) -> Vec<usize> {
        stream::iter(items)
            .map(ready)
            .buffer_unordered(LIMIT.get())
            .collect()
            .await
    }
}

fn overhead(criterion: &mut Criterion, name: &str, runtime: &Runtime) {
    let mut group = criterion.benchmark_group(name);
    group.throughput(Throughput::Elements(ITEMS as u64));
    let group = &mut group;
    on_runtime(group, "window", runtime, || {
        pool::window::run(items(), LIMIT, ready)
    });
    on_runtime(group, "batches", runtime, || {
        pool::batches::run(items(), LIMIT, ready)
    });
    on_runtime(group, "unlimited", runtime, || {
        pool::unlimited::run(items(), LIMIT, ready)
    });
    on_runtime(group, "buffered", runtime, || ordered::buffered(items()));
    on_runtime(group, "buffer_unordered, sorted", runtime, || {
        ordered::buffer_unordered(items())
    });
    on_runtime(group, "JoinSet and Semaphore", runtime, || {
        ordered::join_set_and_semaphore(items())
    });
    on_runtime(group, "async-channel workers", runtime, || {
        ordered::channel_workers(items())
    });
    on_runtime(group, "buffer_unordered, no order", runtime, || {
        unordered::buffer_unordered(items())
    });
    on_runtime(group, "for_each_concurrent", runtime, || {
        ordered::for_each_concurrent(items())
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
