//! The models: small programs that the explorer runs in every order.

use std::sync::Arc;

use interleave::thread::named;
use interleave::{Exploration, explore, variants};

use crate::{Counts, tally, torn_counts};

variants! {
    /// What both tallies do.
    pub(crate) trait Tally {
        fn new() -> Self;
        fn add(&self, more: Counts);
        fn counts(&self) -> Counts;
    }
    for tally::Tally, torn_counts::Tally
}

/// A worker counts the only workload, which is hibernated, while a reader asks for the counts.
// ANCHOR: one-counts
pub(crate) fn one_counts_and_one_reads<T: Tally>() -> Counts {
    let tally = Arc::new(T::new());
    let worker = {
        let tally = tally.clone();
        named("worker", move || tally.add(Counts::HIBERNATED))
    };
    let reader = named("reader", move || tally.counts());
    worker.join().unwrap();
    reader.join().unwrap()
}
// ANCHOR_END: one-counts

/// Whether the counts are those of a moment: before the only workload was counted, or after that.
pub(crate) fn is_a_moment(counts: &Counts) -> bool {
    [Counts::NONE, Counts::HIBERNATED].contains(counts)
}

/// Whether more workloads are hibernated than can be.
pub(crate) fn is_impossible(counts: &Counts) -> bool {
    counts.hibernated > counts.can_be_hibernated
}

pub(crate) fn in_words(counts: &Counts) -> String {
    format!(
        "{counts}: {}",
        if is_impossible(counts) {
            "impossible".to_owned()
        } else {
            counts.status().to_string()
        }
    )
}

pub(crate) fn read<T: Tally>() -> Exploration<Counts> {
    explore(one_counts_and_one_reads::<T>).worded(in_words, "should be 0 of 0 or 1 of 1")
}

/// A worker counts two workloads while a reader asks twice.
pub(crate) fn two_are_counted_and_one_reads_twice() -> [Counts; 2] {
    let tally = Arc::new(tally::Tally::new());
    let worker = {
        let tally = tally.clone();
        named("worker", move || {
            tally.add(Counts::RUNNING);
            tally.add(Counts::HIBERNATED);
        })
    };
    let reader = named("reader", move || [tally.counts(), tally.counts()]);
    worker.join().unwrap();
    reader.join().unwrap()
}

/// Two workers count a resource each. Returns what is counted in the end.
pub(crate) fn two_workers_count(first: Counts, second: Counts) -> Counts {
    let tally = Arc::new(tally::Tally::new());
    let workers = [("worker 1", first), ("worker 2", second)].map(|(name, more)| {
        let tally = tally.clone();
        named(name, move || tally.add(more))
    });
    for worker in workers {
        worker.join().unwrap();
    }
    tally.counts()
}
