//! Runs the chapter's broken modules on real threads and counts how often their races happen.

use std::hint::{black_box, spin_loop};
use std::sync::Barrier;
use std::thread;

use atomics::{lost_update::Counter, stale_publication::Slot};

/// Returns how many increments of two threads are lost, in total over all runs.
fn lost(runs: u64, each: u64) -> u64 {
    let lost = (0..runs).map(|_| {
        let counter = Counter::new();
        let start = Barrier::new(2);
        thread::scope(|scope| {
            for _ in 0..2 {
                scope.spawn(|| {
                    start.wait();
                    for _ in 0..each {
                        black_box(&counter).increment();
                    }
                });
            }
        });
        2 * each - counter.get()
    });
    lost.sum()
}

/// Returns how many publications the reader sees before their value, in total over all runs.
fn stale(runs: u64, each: usize) -> u64 {
    let stale = (0..runs).map(|_| {
        let slots: Vec<Slot> = (0..each).map(|_| Slot::new()).collect();
        let start = Barrier::new(2);
        thread::scope(|scope| {
            scope.spawn(|| {
                start.wait();
                for (number, slot) in slots.iter().enumerate() {
                    slot.publish(number as u64 + 1);
                }
            });
            let reader = scope.spawn(|| {
                start.wait();
                let mut stale = 0;
                for (number, slot) in slots.iter().enumerate() {
                    let value = loop {
                        match slot.get() {
                            Some(value) => break value,
                            None => spin_loop(),
                        }
                    };
                    stale += u64::from(value != number as u64 + 1);
                }
                stale
            });
            reader.join().expect("no panic")
        })
    });
    stale.sum()
}

fn main() {
    let cores = thread::available_parallelism().map_or(1, |cores| cores.get());
    println!("two threads, {cores} cores, {}\n", std::env::consts::ARCH);
    println!("  runs  increments per thread      lost        of");
    for (runs, each) in [(10_000, 1), (1_000, 1_000), (10, 1_000_000)] {
        let (lost, of) = (lost(runs, each), 2 * runs * each);
        println!("{runs:>6}  {each:>21}  {lost:>8}  {of:>8}");
    }
    println!("\n  runs           publications     stale        of");
    let (runs, each) = (10, 1_000_000);
    let (stale, of) = (stale(runs, each), runs * each as u64);
    println!("{runs:>6}  {each:>21}  {stale:>8}  {of:>8}");
}
