//! Two threads increment each of three counters a million times, or only the counter that is named.
//! `examples/detectors.rs` runs this under ThreadSanitizer.

use std::cell::UnsafeCell;
use std::env::args;
use std::hint::black_box;
use std::process::ExitCode;
use std::thread;

use atomics::{counter, lost_update};

const EACH: u64 = 1_000_000;

/// The talk's counter. Broken on purpose: it has a data race, which is undefined behaviour in Rust, so it takes
/// `unsafe` to write.
struct Plain(UnsafeCell<u64>);

// SAFETY: none. Two threads that increment at the same time race, which is what this program shows.
#[allow(unsafe_code)]
unsafe impl Sync for Plain {}

impl Plain {
    #[allow(unsafe_code)]
    fn increment(&self) {
        // SAFETY: none, as above.
        unsafe { *self.0.get() += 1 }
    }
}

/// Increments from two threads, and returns what `get` then reads.
fn count<C: Sync>(counter: C, increment: fn(&C), get: impl FnOnce(C) -> u64) -> u64 {
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                for _ in 0..EACH {
                    increment(black_box(&counter));
                }
            });
        }
    });
    get(counter)
}

type Count = fn() -> u64;

const COUNTERS: [(&str, Count); 3] = [
    ("plain", || {
        let plain = Plain(UnsafeCell::new(0));
        count(plain, Plain::increment, |plain| plain.0.into_inner())
    }),
    ("loadstore", || {
        let counter = lost_update::Counter::new();
        count(
            counter,
            |counter| counter.increment(),
            |counter| counter.get(),
        )
    }),
    ("atomic", || {
        let counter = counter::Counter::new();
        count(
            counter,
            |counter| counter.increment(),
            |counter| counter.get(),
        )
    }),
];

fn main() -> ExitCode {
    let named = args().nth(1);
    let mut found = false;
    for (name, count) in COUNTERS {
        if named.as_deref().is_none_or(|named| named == name) {
            found = true;
            println!("{name:<9} {} of {}", count(), 2 * EACH);
        }
    }
    if !found {
        eprintln!(
            "counters: there is no counter with that name; the names are plain, loadstore, atomic"
        );
        return ExitCode::from(2);
    }
    ExitCode::SUCCESS
}
