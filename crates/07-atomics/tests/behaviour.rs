//! The counters and the slots on real threads.

use std::thread;

use atomics::{counter, falsely_shared, lost_update, mutex, publish, sharded, stale_publication};

/// More threads than shards on most machines, so that some share one.
const THREADS: u64 = 9;
const EACH: u64 = 10_000;

macro_rules! counts {
    ($($test:ident: $module:ident;)*) => {$(
        #[test]
        fn $test() {
            let counter = $module::Counter::new();
            assert_eq!(counter.get(), 0);
            thread::scope(|scope| {
                for _ in 0..THREADS {
                    scope.spawn(|| {
                        for _ in 0..EACH {
                            counter.increment();
                        }
                    });
                }
                // While they do, nobody sees it go down.
                let mut seen = 0;
                while seen < THREADS * EACH {
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
    the_counter_counts_every_increment: counter;
    the_mutex_counts_every_increment: mutex;
    the_shards_count_every_increment: sharded;
    the_falsely_shared_shards_count_every_increment: falsely_shared;
}

#[test]
fn alone_the_broken_counter_counts_too() {
    let counter = lost_update::Counter::new();
    for _ in 0..EACH {
        counter.increment();
    }
    assert_eq!(counter.get(), EACH);
}

#[test]
fn a_thread_that_ended_leaves_its_increments() {
    let counter = sharded::Counter::new();
    for _ in 0..100 {
        thread::scope(|scope| scope.spawn(|| counter.increment()).join().unwrap());
    }
    assert_eq!(counter.get(), 100);
}

#[test]
fn a_slot_is_empty_until_it_is_published() {
    let slot = publish::Slot::new();
    assert_eq!(slot.get(), None);
    slot.publish(42);
    assert_eq!(slot.get(), Some(42));
    slot.publish(43);
    assert_eq!(slot.get(), Some(43));
    assert_eq!(stale_publication::Slot::new().get(), None);
}

#[test]
fn who_sees_the_flag_sees_the_value() {
    let slots: Vec<publish::Slot> = (0..100_000).map(|_| publish::Slot::new()).collect();
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
            };
            assert_eq!(value, number);
        }
    });
}
