//! What the explorer finds: the lost update and the stale publication, and neither once it is mended.

use std::fmt::Debug;

use expect_test::{ExpectFile, expect_file};
use interleave::sync::Arc;
use interleave::sync::atomic::{AtomicU64, Ordering::Relaxed};
use interleave::{Exploration, Shown, explore, thread};

use crate::{counter, falsely_shared, lost_update, mutex, publish, sharded, stale_publication};

#[path = "../examples/outcomes/table.rs"]
mod table;

/// What all counters do.
trait Counter: Send + Sync + 'static {
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

/// Starts a thread with a name.
fn named<T: Send + 'static>(
    name: &str,
    body: impl FnOnce() -> T + Send + 'static,
) -> thread::JoinHandle<T> {
    let thread = thread::Builder::new().name(name.to_owned());
    thread.spawn(body).unwrap()
}

/// Two workers add 1 each.
// ANCHOR: two-increments
fn two_increments<C: Counter>() -> u64 {
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

fn counted<C: Counter>() -> Exploration<u64> {
    explore(two_increments::<C>).worded(|total| format!("counter = {total}"), "should be 2")
}

/// Holds a picture and its data against the files, which `scripts/redraw` writes anew.
fn held<T: Debug + Eq>(picture: ExpectFile, data: ExpectFile, shown: Shown<'_, T>) {
    picture.assert_eq(&shown.to_string());
    let json = serde_json::to_string(&shown.recording()).unwrap() + "\n";
    assert!(json.len() < 8_000, "{} bytes: much for a page", json.len());
    data.assert_eq(&json);
}

#[test]
fn race_two_increments_lose_one() {
    let lost = counted::<lost_update::Counter>().failing(|total| *total != 2);
    held(
        expect_file!["../diagrams/lost-update.txt"],
        expect_file!["../diagrams/lost-update.json"],
        lost.simplest(),
    );
    expect_file!["../diagrams/outcomes.txt"].assert_eq(&table::table(&lost.recording()));
}

#[test]
fn fix_two_increments_both_land() {
    let cleared = counted::<counter::Counter>().clear(|total| *total == 2);
    held(
        expect_file!["../diagrams/counter.txt"],
        expect_file!["../diagrams/counter.json"],
        cleared.simplest(),
    );
}

#[test]
fn fix_a_lock_over_the_read_and_the_write() {
    let cleared = counted::<mutex::Counter>().clear(|total| *total == 2);
    held(
        expect_file!["../diagrams/mutex.txt"],
        expect_file!["../diagrams/mutex.json"],
        cleared.simplest(),
    );
}

/// Three workers: two of them share a shard, for the models' counters have two.
fn three_increments<C: Counter>() -> u64 {
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

#[test]
fn race_of_three_increments_two_can_be_lost() {
    let lost = explore(three_increments::<lost_update::Counter>).failing(|total| *total != 3);
    assert!(lost.executions().any(|lost| lost.outcome() == Some(&1)));
}

#[test]
fn fix_three_increments_all_land() {
    explore(three_increments::<counter::Counter>).clear(|total| *total == 3);
    explore(three_increments::<sharded::Counter>).clear(|total| *total == 3);
    explore(three_increments::<falsely_shared::Counter>).clear(|total| *total == 3);
}

/// A worker adds 1 twice, while a reader that has added 1 itself looks twice.
fn two_looks<C: Counter>() -> [u64; 2] {
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

#[test]
fn fix_a_sum_counts_ones_own_and_never_goes_down() {
    let promised = |looks: &[u64; 2]| looks[0] >= 1 && looks[0] <= looks[1] && looks[1] <= 3;
    explore(two_looks::<counter::Counter>).clear(promised);
    explore(two_looks::<sharded::Counter>).clear(promised);
}

/// Two numbers that belong together, each counted without a race.
// ANCHOR: pair
fn requests_and_answers() -> (u64, u64) {
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

#[test]
fn race_two_atomics_are_not_a_pair() {
    let torn = explore(requests_and_answers)
        .worded(
            |(requests, answers)| format!("requests: {requests}, answers: {answers}"),
            "no answer without a request",
        )
        .failing(|(requests, answers)| answers > requests);
    held(
        expect_file!["../diagrams/pair.txt"],
        expect_file!["../diagrams/pair.json"],
        torn.simplest(),
    );
}

/// What both slots do.
trait Slot: Send + Sync + 'static {
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
fn publication<S: Slot>() -> Option<u64> {
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

fn read<S: Slot>() -> Exploration<Option<u64>> {
    explore(publication::<S>).worded(
        |value| match value {
            Some(value) => format!("the reader got {value}"),
            None => "the reader got nothing yet".to_owned(),
        },
        "should be 42, or nothing yet",
    )
}

fn whole(value: &Option<u64>) -> bool {
    matches!(value, None | Some(42))
}

#[test]
fn race_the_flag_is_seen_before_the_value() {
    let stale = read::<stale_publication::Slot>().failing(|value| !whole(value));
    held(
        expect_file!["../diagrams/stale-publication.txt"],
        expect_file!["../diagrams/stale-publication.json"],
        stale.simplest(),
    );
    expect_file!["../diagrams/publications.txt"].assert_eq(&table::table(&stale.recording()));
}

#[test]
fn fix_who_sees_the_flag_sees_the_value() {
    let cleared = read::<publish::Slot>().clear(whole);
    held(
        expect_file!["../diagrams/publish.txt"],
        expect_file!["../diagrams/publish.json"],
        cleared.simplest_where(Option::is_some),
    );
}
