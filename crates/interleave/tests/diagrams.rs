//! The pictures of the pages "Reading the pictures" and "What *explored* means".

use std::collections::BTreeSet;

use diagram::assert_snapshot;
use interleave::sync::atomic::Ordering::{Acquire, Relaxed, SeqCst};
use interleave::sync::atomic::{AtomicBool, AtomicU64};
use interleave::sync::{Arc, Condvar, Mutex};
use interleave::thread::named;
use interleave::{Explorer, explore};

fn two_increments() -> u64 {
    increments(2)
}

fn increments(workers: u64) -> u64 {
    let value = Arc::new(AtomicU64::new(0));
    let workers = Vec::from_iter((1..=workers).map(|number| {
        let value = value.clone();
        named(format!("worker {number}"), move || {
            let seen = value.load(Relaxed);
            value.store(seen + 1, Relaxed);
        })
    }));
    for worker in workers {
        worker.join().unwrap();
    }
    value.load(Relaxed)
}

// ANCHOR: missed
fn reader_and_writer() -> u64 {
    let value = Arc::new(AtomicU64::new(0));
    let reader = {
        let value = value.clone();
        named("reader", move || value.load(Relaxed))
    };
    let writer = named("writer", move || {
        let seen = value.load(Relaxed);
        value.store(seen + 1, Relaxed);
    });
    writer.join().unwrap();
    reader.join().unwrap()
}
// ANCHOR_END: missed

#[test]
fn the_broken_counter() {
    let lost = explore(two_increments)
        .worded(|total| format!("counter = {total}"), "should be 2")
        .failing(|total| *total != 2);
    assert_snapshot!("broken-counter", lost.simplest());
}

#[test]
fn loom_alone_shows_half_of_the_broken_counters_executions() {
    let reduced = Explorer::new().reduced().explore(two_increments);
    assert_eq!(reduced.executions().len(), 4);
    assert_eq!(explore(two_increments).executions().len(), 8);
}

/// Worker 1 can read what worker 2 stored, and the other way round. Loom alone shows only the latter.
#[test]
fn loom_alone_never_lets_worker_1_read_what_worker_2_stored() {
    let read_by_each = || {
        let value = Arc::new(AtomicU64::new(0));
        let workers = ["worker 1", "worker 2"].map(|name| {
            let value = value.clone();
            named(name, move || {
                let seen = value.load(Relaxed);
                value.store(seen + 1, Relaxed);
                seen
            })
        });
        workers.map(|worker| worker.join().unwrap())
    };
    let outcomes = |explorer: Explorer| {
        let explored = explorer.explore(read_by_each);
        let executions = explored.executions().iter();
        BTreeSet::from_iter(executions.filter_map(|it| it.outcome().copied()))
    };
    let all = BTreeSet::from([[0, 0], [0, 1], [1, 0]]);
    assert_eq!(outcomes(Explorer::new()), all);
    let shown = BTreeSet::from([[0, 0], [0, 1]]);
    assert_eq!(outcomes(Explorer::new().reduced()), shown);
}

#[test]
fn an_execution_that_loom_alone_misses() {
    let missed = explore(reader_and_writer)
        .worded(
            |seen| format!("the reader saw {seen}"),
            "loom alone never shows this",
        )
        .failing(|seen| *seen == 1);
    assert_snapshot!("missed", missed.simplest());
}

/// Runs the same program on loom's own primitives, to show that loom itself misses the execution.
#[test]
fn loom_itself_misses_it() {
    let seen = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
    let all = seen.clone();
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound = None;
    builder.check(move || {
        let value = loom::sync::Arc::new(loom::sync::atomic::AtomicU64::new(0));
        let reader = {
            let value = value.clone();
            loom::thread::spawn(move || value.load(Relaxed))
        };
        let writer = loom::thread::spawn(move || {
            let seen = value.load(Relaxed);
            value.store(seen + 1, Relaxed);
        });
        writer.join().unwrap();
        all.lock().unwrap().push(reader.join().unwrap());
    });
    let seen = seen.lock().unwrap();
    let values = BTreeSet::from_iter(&*seen);
    assert_eq!(values, BTreeSet::from([&0]));
    assert_snapshot!(
        "loom-alone",
        format!(
            "loom alone: {} runs\nthe reader saw: {}\n",
            seen.len(),
            values
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>()
                .join(", ")
        )
    );
}

fn publication() -> Option<u64> {
    let shared = Arc::new((AtomicU64::new(0), AtomicBool::new(false)));
    let writer = {
        let shared = shared.clone();
        named("writer", move || {
            let (value, ready) = &*shared;
            value.store(42, Relaxed);
            ready.store(true, Relaxed);
        })
    };
    let reader = named("reader", move || {
        let (value, ready) = &*shared;
        ready.load(Acquire).then(|| value.load(Relaxed))
    });
    writer.join().unwrap();
    reader.join().unwrap()
}

#[test]
fn a_stale_read() {
    let stale = explore(publication)
        .worded(
            |seen| format!("the reader saw {}", seen.unwrap_or(0)),
            "should be 42",
        )
        .failing(|seen| *seen == Some(0));
    assert_snapshot!("stale-read", stale.simplest());
}

fn check_then_wait() {
    let shared = Arc::new((Mutex::new(false), Condvar::new()));
    let waiter = {
        let shared = shared.clone();
        named("waiter", move || {
            let (ready, changed) = &*shared;
            let seen = *ready.lock().unwrap();
            if !seen {
                let guard = ready.lock().unwrap();
                drop(changed.wait(guard).unwrap());
            }
        })
    };
    let setter = named("setter", move || {
        let (ready, changed) = &*shared;
        *ready.lock().unwrap() = true;
        changed.notify_one();
    });
    setter.join().unwrap();
    waiter.join().unwrap();
}

#[test]
fn a_lost_wake_up() {
    let lost = explore(check_then_wait).blocking();
    assert_snapshot!("lost-wake-up", lost.simplest());
}

/// Store buffering: each thread sets its own flag and checks the other's. The right thread also counts
/// its visit, and that access is weaker than the others.
fn both_check() -> [bool; 2] {
    let flags = Arc::new([AtomicBool::new(false), AtomicBool::new(false)]);
    let visits = Arc::new(AtomicU64::new(0));
    let left = {
        let flags = flags.clone();
        named("left", move || {
            flags[0].store(true, SeqCst);
            flags[1].load(SeqCst)
        })
    };
    let right = named("right", move || {
        visits.fetch_add(1, Relaxed);
        flags[1].store(true, SeqCst);
        flags[0].load(SeqCst)
    });
    [left.join().unwrap(), right.join().unwrap()]
}

#[test]
fn a_false_alarm() {
    let alarm = explore(both_check)
        .worded(
            |[left, right]| format!("left saw {left}, right saw {right}"),
            "not under SeqCst: one must see true",
        )
        .failing(|seen| *seen == [false, false]);
    assert_snapshot!("false-alarm", alarm.simplest());
}

#[test]
fn what_a_third_worker_costs() {
    let cost = |workers| {
        let explored = explore(move || increments(workers));
        let executions = explored.executions().len();
        format!(
            "{workers} workers: {executions:>4} executions in {:>5} runs\n",
            explored.runs()
        )
    };
    assert_snapshot!("cost", (cost(2) + &cost(3)));
}
