//! The counters, the versions and the slots on real threads.

use std::thread;
use std::time::{Duration, Instant};

use atomics::{
    check_then_act, counter, falsely_shared, limited, lost_update, mutex, newest, publish,
    rolled_back, sharded, stale_publication,
};

/// On most machines more threads than shards, so that some threads share one.
const THREADS: u64 = 9;
const EACH: u64 = 10_000;

/// Far longer than a passing test needs.
const HANGS: Duration = Duration::from_secs(60);

macro_rules! counts {
    ($($test:ident: $module:ident;)*) => {$(
        #[test]
        fn $test() {
            let counter = $module::Counter::new();
            assert_eq!(counter.get(), 0);
            thread::scope(|scope| {
                let increments = || {
                    for _ in 0..EACH {
                        counter.increment();
                    }
                };
                let threads: Vec<_> = (0..THREADS).map(|_| scope.spawn(increments)).collect();
                // Meanwhile the count never goes down.
                let mut seen = 0;
                while !threads.iter().all(|thread| thread.is_finished()) {
                    let now = counter.get();
                    assert!(now >= seen && now <= THREADS * EACH, "{now} after {seen}");
                    seen = now;
                    thread::yield_now();
                }
            });
            assert_eq!(counter.get(), THREADS * EACH);
            assert_eq!($module::Counter::default().get(), 0);
        }
    )*};
}

counts! {
    counter_counts_every_increment: counter;
    mutex_counts_every_increment: mutex;
    sharded_counts_every_increment: sharded;
    falsely_shared_counts_every_increment: falsely_shared;
}

#[test]
fn on_one_thread_the_broken_counter_is_correct() {
    let counter = lost_update::Counter::new();
    for _ in 0..EACH {
        counter.increment();
    }
    assert_eq!(counter.get(), EACH);
}

#[test]
fn increments_outlive_their_threads() {
    let counter = sharded::Counter::new();
    for _ in 0..100 {
        thread::scope(|scope| scope.spawn(|| counter.increment()).join().unwrap());
    }
    assert_eq!(counter.get(), 100);
}

#[test]
fn a_limited_counter_stops_exactly_at_its_limit() {
    const LIMIT: u64 = THREADS * EACH / 2;
    let counter = limited::Counter::new(LIMIT);
    let added = thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS)
            .map(|_| scope.spawn(|| (0..EACH).filter(|_| counter.increment()).count()))
            .collect();
        let added = threads.into_iter().map(|thread| thread.join().unwrap());
        added.sum::<usize>()
    });
    assert_eq!(added as u64, LIMIT);
    assert_eq!(counter.get(), LIMIT);
}

#[test]
fn a_limit_of_zero_allows_nothing() {
    let counter = limited::Counter::new(0);
    assert!(!counter.increment());
    assert_eq!(counter.get(), 0);
}

#[test]
fn on_one_thread_checking_before_adding_is_correct() {
    let counter = check_then_act::Counter::new(EACH);
    assert_eq!(
        (0..2 * EACH).filter(|_| counter.increment()).count() as u64,
        EACH
    );
    assert_eq!(counter.get(), EACH);
}

#[test]
fn the_newest_version_stays() {
    let newest = newest::Newest::new();
    thread::scope(|scope| {
        for thread in 0..THREADS {
            let newest = &newest;
            scope.spawn(move || {
                for version in (0..EACH).rev() {
                    newest.report(version * THREADS + thread);
                }
            });
        }
    });
    assert_eq!(newest.get(), THREADS * EACH - 1);
    newest.report(0);
    assert_eq!(newest.get(), THREADS * EACH - 1);
    assert_eq!(newest::Newest::default().get(), 0);
}

#[test]
fn on_one_thread_the_broken_version_keeps_the_newest() {
    let newest = rolled_back::Newest::new();
    for version in [1, 3, 2] {
        newest.report(version);
    }
    assert_eq!(newest.get(), 3);
    assert_eq!(rolled_back::Newest::default().get(), 0);
}

#[test]
fn a_slot_is_empty_until_a_value_is_published() {
    let slot = publish::Slot::new();
    assert_eq!(slot.get(), None);
    slot.publish(42);
    assert_eq!(slot.get(), Some(42));
    slot.publish(43);
    assert_eq!(slot.get(), Some(43));
    assert_eq!(stale_publication::Slot::new().get(), None);
}

#[test]
fn a_reader_that_sees_the_flag_sees_the_value() {
    let slots: Vec<publish::Slot> = (0..100_000).map(|_| publish::Slot::new()).collect();
    let start = Instant::now();
    thread::scope(|scope| {
        scope.spawn(|| {
            for (number, slot) in (1..).zip(&slots) {
                slot.publish(number);
            }
        });
        for (number, slot) in (1..).zip(&slots) {
            let value = loop {
                match slot.get() {
                    Some(value) => break value,
                    None => thread::yield_now(),
                }
                assert!(start.elapsed() < HANGS, "slot {number} stays empty");
            };
            assert_eq!(value, number);
        }
    });
}

/// `Debug` shows each shard with its number.
#[test]
fn there_is_a_shard_per_core_and_threads_are_dealt_to_all_of_them() {
    let cores = thread::available_parallelism().map_or(1, |cores| cores.get());
    let counter = sharded::Counter::new();
    for _ in 0..64 * cores {
        thread::scope(|scope| scope.spawn(|| counter.increment()).join().unwrap());
    }
    let shards = format!("{counter:?}");
    let numbers = shards.split("value: ").skip(1);
    let numbers: Vec<u64> = numbers
        .map(|it| it.split([' ', ',']).next().unwrap().parse().unwrap())
        .collect();
    assert_eq!(numbers.len(), cores.next_power_of_two(), "{shards}");
    assert!(numbers.iter().all(|number| *number > 0), "{shards}");
}
