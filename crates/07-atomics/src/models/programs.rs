//! The models: what the explorer runs, in every order.

use interleave::sync::Arc;
use interleave::sync::atomic::{AtomicU64, Ordering::Relaxed};
use interleave::thread::named;
use interleave::{Exploration, explore};

use crate::{counter, falsely_shared, lost_update, mutex, publish, sharded, stale_publication};

/// What all counters do.
pub(crate) trait Counter: Send + Sync + 'static {
    fn new() -> Self;
    fn increment(&self);
    fn get(&self) -> u64;
}

macro_rules! counters {
    ($($module:ident)*) => {
        $(impl Counter for $module::Counter {
            fn new() -> Self {
                Self::new()
            }
            fn increment(&self) {
                self.increment();
            }
            fn get(&self) -> u64 {
                self.get()
            }
        })*
    };
}

counters! { lost_update counter mutex sharded falsely_shared }

/// Two workers add 1 each.
// ANCHOR: two-increments
pub(crate) fn two_increments<C: Counter>() -> u64 {
    let counter = Arc::new(C::new());
    let workers = ["worker 1", "worker 2"].map(|name| {
        let counter = counter.clone();
        named(name, move || counter.increment())
    });
    for worker in workers {
        worker.join().unwrap();
    }
    counter.get()
}
// ANCHOR_END: two-increments

pub(crate) fn counted<C: Counter>() -> Exploration<u64> {
    explore(two_increments::<C>).worded(|total| format!("counter = {total}"), "should be 2")
}

/// Three workers: two of them share a shard, for the models' counters have two.
pub(crate) fn three_increments<C: Counter>() -> u64 {
    let counter = Arc::new(C::new());
    let workers = ["worker 1", "worker 2", "worker 3"].map(|name| {
        let counter = counter.clone();
        named(name, move || counter.increment())
    });
    for worker in workers {
        worker.join().unwrap();
    }
    counter.get()
}

/// A worker adds 1 twice, while a reader that has added 1 itself looks twice.
pub(crate) fn two_looks<C: Counter>() -> [u64; 2] {
    let counter = Arc::new(C::new());
    let worker = {
        let counter = counter.clone();
        named("worker", move || {
            counter.increment();
            counter.increment();
        })
    };
    let reader = named("reader", move || {
        counter.increment();
        [counter.get(), counter.get()]
    });
    worker.join().unwrap();
    reader.join().unwrap()
}

/// Two numbers that belong together, each counted without a race.
// ANCHOR: pair
pub(crate) fn requests_and_answers() -> (u64, u64) {
    let [requests, answers] = [(); 2].map(|()| Arc::new(AtomicU64::new(0)));
    let server = {
        let (requests, answers) = (requests.clone(), answers.clone());
        named("server", move || {
            requests.fetch_add(1, Relaxed);
            answers.fetch_add(1, Relaxed);
        })
    };
    let reader = named("reader", move || {
        (requests.load(Relaxed), answers.load(Relaxed))
    });
    server.join().unwrap();
    reader.join().unwrap()
}
// ANCHOR_END: pair

/// What both slots do.
pub(crate) trait Slot: Send + Sync + 'static {
    fn new() -> Self;
    fn publish(&self, value: u64);
    fn get(&self) -> Option<u64>;
}

macro_rules! slots {
    ($($module:ident)*) => {
        $(impl Slot for $module::Slot {
            fn new() -> Self {
                Self::new()
            }
            fn publish(&self, value: u64) {
                self.publish(value);
            }
            fn get(&self) -> Option<u64> {
                self.get()
            }
        })*
    };
}

slots! { stale_publication publish }

/// A writer hands over 42; a reader looks once.
// ANCHOR: publication
pub(crate) fn publication<S: Slot>() -> Option<u64> {
    let slot = Arc::new(S::new());
    let writer = {
        let slot = slot.clone();
        named("writer", move || slot.publish(42))
    };
    let reader = named("reader", move || slot.get());
    writer.join().unwrap();
    reader.join().unwrap()
}
// ANCHOR_END: publication

pub(crate) fn read<S: Slot>() -> Exploration<Option<u64>> {
    explore(publication::<S>).worded(
        |value| match value {
            Some(value) => format!("the reader got {value}"),
            None => "the reader got nothing yet".to_owned(),
        },
        "should be 42, or nothing yet",
    )
}

pub(crate) fn looked() -> Exploration<(u64, u64)> {
    explore(requests_and_answers).worded(
        |(requests, answers)| format!("requests: {requests}, answers: {answers}"),
        "no answer without a request",
    )
}
