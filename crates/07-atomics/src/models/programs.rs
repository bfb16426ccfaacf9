//! The models: small programs that the explorer runs in every order.

use interleave::sync::Arc;
use interleave::sync::atomic::{AtomicU64, Ordering::Relaxed};
use interleave::thread::named;
use interleave::{Exploration, Passing, Shown, explore, variants};

use crate::{
    check_then_act, counter, falsely_shared, limited, lost_update, mutex, newest, publish,
    rolled_back, sharded, stale_publication,
};

variants! {
    /// The interface that all counters share.
    pub(crate) trait Counter {
        fn new() -> Self;
        fn increment(&self);
        fn get(&self) -> u64;
    }
    for lost_update::Counter, counter::Counter, mutex::Counter, sharded::Counter,
        falsely_shared::Counter
}

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

/// Three workers add 1 each. Two of them use the same shard, because a model's counter has only two.
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

pub(crate) fn counted_by_three<C: Counter>() -> Exploration<u64> {
    explore(three_increments::<C>).worded(|total| format!("counter = {total}"), "should be 3")
}

/// A worker adds 1 twice. Meanwhile a reader adds 1 and reads the counter twice.
pub(crate) fn two_reads<C: Counter>() -> [u64; 2] {
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

pub(crate) fn read_twice<C: Counter>() -> Exploration<[u64; 2]> {
    explore(two_reads::<C>).worded(
        |[first, second]| format!("the reader read {first}, then {second}"),
        "should be 1 to 3, and not go down",
    )
}

variants! {
    /// The interface of a counter with a limit.
    pub(crate) trait Limited {
        fn new(limit: u64) -> Self;
        fn increment(&self) -> bool;
        fn get(&self) -> u64;
    }
    for check_then_act::Counter, limited::Counter
}

/// Two workers increment a counter that has a limit. The count must be the number of calls that returned `true`.
pub(crate) fn two_limited_increments<C: Limited>(limit: u64) -> u64 {
    let counter = Arc::new(C::new(limit));
    let workers = ["worker 1", "worker 2"].map(|name| {
        let counter = counter.clone();
        named(name, move || counter.increment())
    });
    let added = workers.map(|worker| u64::from(worker.join().unwrap()));
    let count = counter.get();
    assert_eq!(added.iter().sum::<u64>(), count);
    count
}

pub(crate) fn limited_to<C: Limited>(limit: u64) -> Exploration<u64> {
    explore(move || two_limited_increments::<C>(limit)).worded(
        |count| format!("count = {count}"),
        format!("should be {limit}"),
    )
}

/// Picks the simplest execution in which both workers attempt an exchange, so that one exchange fails.
pub(crate) fn after_a_failed_exchange(passing: &Passing<u64>) -> Shown<'_, u64> {
    // Two loads and two exchanges; a worker that loads 1 doesn't try.
    passing.simplest_such_that(|execution| execution.steps() == 4)
}

variants! {
    /// The interface that `newest` and `rolled_back` share.
    pub(crate) trait Newest {
        fn new() -> Self;
        fn report(&self, version: u64);
        fn get(&self) -> u64;
    }
    for rolled_back::Newest, newest::Newest
}

/// Two replicas report versions 1 and 2.
pub(crate) fn two_versions<N: Newest>() -> u64 {
    let newest = Arc::new(N::new());
    let replicas = [("replica 1", 1), ("replica 2", 2)].map(|(name, version)| {
        let newest = newest.clone();
        named(name, move || newest.report(version))
    });
    for replica in replicas {
        replica.join().unwrap();
    }
    newest.get()
}

pub(crate) fn reported<N: Newest>() -> Exploration<u64> {
    explore(two_versions::<N>).worded(|version| format!("version = {version}"), "should be 2")
}

/// A server counts a request and then its answer. Each counter is correct on its own.
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

pub(crate) fn requests_and_answers_read() -> Exploration<(u64, u64)> {
    explore(requests_and_answers).worded(
        |(requests, answers)| format!("requests: {requests}, answers: {answers}"),
        "an answer without a request",
    )
}

variants! {
    /// The interface that both slots share.
    pub(crate) trait Slot {
        fn new() -> Self;
        fn publish(&self, value: u64);
        fn get(&self) -> Option<u64>;
    }
    for stale_publication::Slot, publish::Slot
}

/// A writer publishes 42, and a reader reads the slot once.
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

pub(crate) fn published<S: Slot>() -> Exploration<Option<u64>> {
    explore(publication::<S>).worded(
        |value| match value {
            Some(value) => format!("the reader got {value}"),
            None => "the reader got nothing yet".to_owned(),
        },
        "should be 42, or nothing yet",
    )
}
