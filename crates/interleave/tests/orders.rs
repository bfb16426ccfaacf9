//! The executions that an exploration finds.

use std::collections::BTreeSet;
use std::fmt::Debug;
use std::hash::Hash;

use diagram::Snapshot as _;
use expect_test::expect;
use interleave::sync::atomic::Ordering::{self, Acquire, Relaxed, Release, SeqCst};
use interleave::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, fence};
use interleave::sync::{Arc, Condvar, Mutex, RwLock};
use interleave::{Coverage, Explorer, explore, thread};

use interleave::thread::named;

fn outcomes<T: Ord + Clone + Eq + Hash + Debug + Send + 'static>(
    model: impl Fn() -> T + Send + Sync + 'static,
) -> BTreeSet<T> {
    explore(model)
        .executions()
        .iter()
        .map(|execution| execution.outcome().unwrap().clone())
        .collect()
}

fn two_increments(increment: fn(&AtomicU64)) -> u64 {
    let counter = Arc::new(AtomicU64::new(0));
    let workers = ["worker 1", "worker 2"].map(|name| {
        let counter = counter.clone();
        named(name, move || increment(&counter))
    });
    for worker in workers {
        worker.join().unwrap();
    }
    counter.load(Relaxed)
}

fn load_then_store(value: &AtomicU64) {
    let seen = value.load(Relaxed);
    value.store(seen + 1, Relaxed);
}

fn fetch_add(value: &AtomicU64) {
    value.fetch_add(1, Relaxed);
}

#[test]
fn the_broken_counter_has_eight_executions_and_the_talks_is_the_simplest() {
    let lost = explore(|| two_increments(load_then_store))
        .worded(|total| format!("counter = {total}"), "should be 2")
        .failing(|total| *total != 2);
    let executions = lost.exploration().executions();
    assert_eq!(executions.len(), 8);
    assert_eq!(
        executions
            .iter()
            .filter(|execution| execution.stale_reads() == 0)
            .count(),
        6
    );
    assert!(lost.exploration().is_complete());
    expect![[r#"
              worker 1                         worker 2
          1   value.load(Relaxed)   → 0
          2                                    value.load(Relaxed)   → 0
          3                                    value.store(1, Relaxed)
          4   value.store(1, Relaxed)
        Result: counter = 1  × should be 2
        Explored: 8 executions, 6 fail (every order)
    "#]]
    .assert_eq(&lost.simplest().to_string());
}

#[test]
fn the_fixed_counter_never_loses_an_increment() {
    let passing = explore(|| two_increments(fetch_add)).always(|total| *total == 2);
    assert_eq!(passing.count(), 2);
    expect![[r#"
              worker 1                                 worker 2
          1   value.fetch_add(1, Relaxed)   → 0
          2                                            value.fetch_add(1, Relaxed)   → 1
        Result: 2
        Explored: 2 executions, none fails (every order)
    "#]]
    .assert_eq(&passing.simplest().to_string());
}

/// Loom's issue 166: if the model has a load whose value is never used, loom misses an outcome.
#[test]
fn an_unused_load_hides_no_outcome() {
    fn model(unused_load: bool) -> (usize, usize) {
        let shared = Arc::new((AtomicUsize::new(0), AtomicUsize::new(0)));
        let writer = {
            let shared = shared.clone();
            thread::spawn(move || {
                let (key, value) = &*shared;
                key.store(1, SeqCst);
                value.store(1, SeqCst);
                value.store(0, SeqCst);
                if unused_load {
                    key.load(SeqCst);
                }
                key.store(0, SeqCst);
            })
        };
        let reader = thread::spawn(move || {
            let (key, value) = &*shared;
            let value = value.load(SeqCst);
            (value, key.load(SeqCst))
        });
        writer.join().unwrap();
        reader.join().unwrap()
    }
    let all = BTreeSet::from([(0, 0), (0, 1), (1, 0), (1, 1)]);
    assert_eq!(outcomes(|| model(false)), all);
    assert_eq!(outcomes(|| model(true)), all);
}

/// Loom's issue 392: loom never interrupts a thread that begins with a load.
#[test]
fn a_thread_that_begins_with_a_load_is_interrupted() {
    let found = outcomes(|| {
        let done = Arc::new(AtomicBool::new(false));
        let setter = {
            let done = done.clone();
            thread::spawn(move || {
                done.load(Relaxed);
                done.store(true, Relaxed);
            })
        };
        let seen = done.load(Relaxed);
        setter.join().unwrap();
        seen
    });
    assert_eq!(found, BTreeSet::from([false, true]));
}

#[test]
fn a_reader_spawned_before_a_load_then_store_thread_sees_both_values() {
    let found = outcomes(|| {
        let value = Arc::new(AtomicU64::new(0));
        let reader = {
            let value = value.clone();
            thread::spawn(move || value.load(Relaxed))
        };
        let writer = thread::spawn(move || load_then_store(&value));
        writer.join().unwrap();
        reader.join().unwrap()
    });
    assert_eq!(found, BTreeSet::from([0, 1]));
}

/// A value, and a flag that says whether it has been written.
fn publication(
    store: std::sync::atomic::Ordering,
    load: std::sync::atomic::Ordering,
) -> Option<u64> {
    let shared = Arc::new((AtomicU64::new(0), AtomicBool::new(false)));
    let writer = {
        let shared = shared.clone();
        named("writer", move || {
            let (value, ready) = &*shared;
            value.store(42, Relaxed);
            ready.store(true, store);
        })
    };
    let reader = named("reader", move || {
        let (value, ready) = &*shared;
        ready.load(load).then(|| value.load(Relaxed))
    });
    writer.join().unwrap();
    reader.join().unwrap()
}

#[test]
fn with_a_relaxed_flag_the_reader_can_see_a_stale_value() {
    let stale = explore(|| publication(Relaxed, Relaxed))
        .worded(
            |seen| format!("the reader saw {seen:?}"),
            "should be Some(42) or None",
        )
        .failing(|seen| *seen == Some(0));
    expect![[r#"
              writer                                  reader
          1   value.store(42, Relaxed)
          2   ready.store(true, Relaxed)
          3                                           ready.load(Relaxed)   → true
          4                                           value.load(Relaxed)   → 0  stale
        Result: the reader saw Some(0)  × should be Some(42) or None
        Step 4 is stale: no happens-before from step 1, the newest write, to step 4
        Explored: 5 executions, 1 fails (every order)
    "#]]
    .assert_eq(&stale.simplest().to_string());
}

/// Nothing orders the two stores, so the one that is recorded first can be the last one.
#[test]
fn after_the_joins_a_read_returns_either_store() {
    let stores = || {
        let value = Arc::new(AtomicU64::new(0));
        let writers = [1, 2].map(|number| {
            let value = value.clone();
            named(format!("writer {number}"), move || {
                value.store(number, Relaxed);
            })
        });
        for writer in writers {
            writer.join().unwrap();
        }
        value.load(Relaxed)
    };
    let first = explore(stores)
        .worded(|last| format!("the value is {last}"), "should be 2")
        .failing(|last| *last == 1);
    let shown = first.simplest_such_that(|execution| execution.stale_reads() > 0);
    expect![[r#"
              main                      writer 1                  writer 2
          1                             value.store(1)
          2                                                       value.store(2)
          3   value.load()
                → 1  stale
        Result: the value is 1  × should be 2
        Step 3 doesn't return step 2, the newest write: nothing orders the two writes
        Explored: 4 executions, 2 fail (every order)
    "#]]
    .assert_eq(&shown.to_string());
    let recording = shown.recording();
    let read = recording.executions[recording.shown].steps.last().unwrap();
    let holds = recording.operations[*read].holds.as_ref().unwrap();
    assert_eq!(holds.value, "1");
}

#[test]
fn release_and_acquire_publish_the_value() {
    let passing = explore(|| publication(Release, Acquire)).always(|seen| *seen != Some(0));
    assert!(passing.exploration().is_complete());
}

/// A release fence after the flag is set publishes nothing. The explorer's own bookkeeping must not order
/// memory either.
#[test]
fn a_fence_orders_only_what_precedes_it() {
    fn model(fence_first: bool) -> Option<u64> {
        let shared = Arc::new((AtomicU64::new(0), AtomicBool::new(false)));
        let writer = {
            let shared = shared.clone();
            thread::spawn(move || {
                let (value, ready) = &*shared;
                if fence_first {
                    value.store(42, Relaxed);
                    fence(Release);
                    ready.store(true, Relaxed);
                } else {
                    value.store(42, Relaxed);
                    ready.store(true, Relaxed);
                    fence(Release);
                }
            })
        };
        let (value, ready) = &*shared;
        let seen = ready.load(Relaxed).then(|| {
            fence(Acquire);
            value.load(Relaxed)
        });
        writer.join().unwrap();
        seen
    }
    explore(|| model(true)).always(|seen| *seen != Some(0));
    explore(|| model(false)).failing(|seen| *seen == Some(0));
}

/// A value changes and changes back. The exchange compares values, not writes, so it succeeds.
#[test]
fn compare_exchange_compares_values() {
    let found = outcomes(|| {
        let state = Arc::new(AtomicU64::new(0));
        let writer = {
            let state = state.clone();
            thread::spawn(move || {
                state.store(1, Relaxed);
                state.store(0, Relaxed);
            })
        };
        let exchanged = state.compare_exchange(0, 7, Acquire, Acquire);
        writer.join().unwrap();
        exchanged
    });
    assert_eq!(found, BTreeSet::from([Ok(0), Err(1)]));
}

/// All outcomes are the same. The picture shows an execution in which the waiter waits.
#[test]
fn an_execution_can_be_chosen_by_its_operations() {
    let passing = explore(|| {
        let shared = Arc::new((Mutex::new(false), Condvar::new()));
        let waiter = {
            let shared = shared.clone();
            named("waiter", move || {
                let (flag, set) = &*shared;
                let mut is_set = flag.lock().unwrap();
                while !*is_set {
                    is_set = set.wait(is_set).unwrap();
                }
            })
        };
        let setter = named("setter", move || {
            let (flag, set) = &*shared;
            *flag.lock().unwrap() = true;
            set.notify_one();
        });
        setter.join().unwrap();
        waiter.join().unwrap();
    })
    .always(|()| true);
    assert_eq!(passing.simplest().execution().wake_ups(), 0);
    let woken = passing.simplest_such_that(|execution| execution.wake_ups() > 0);
    assert_eq!(woken.execution().wake_ups(), 1);
    expect![[r#"
              waiter                                  setter
          1   flag.lock()              → false
          2   set.wait()
          3                                           flag.lock()        → false
          4                                           unlock flag = true
          5                                           set.notify_one()   → waiter
          6   woken, lock reacquired   → true
          7   unlock flag = true
        Result: ()
        Explored: 4 executions, none fails (every order)
    "#]]
    .assert_eq(&woken.to_string());
}

#[test]
fn pictures_state_the_bound() {
    let bounded = Explorer::new()
        .preemptions(1)
        .explore(|| two_increments(load_then_store));
    assert_eq!(bounded.coverage(), Coverage::Preemptions(1));
    assert!(!bounded.is_complete());
    let picture = bounded.failing(|total| *total != 2).simplest().to_string();
    assert!(
        picture.contains("(at most 1 preemption, not every order)"),
        "{picture}"
    );

    let reduced = Explorer::new()
        .reduced()
        .explore(|| two_increments(load_then_store));
    let picture = reduced.failing(|total| *total != 2).simplest().to_string();
    assert!(
        picture.contains("(loom's reduction, not every order)"),
        "{picture}"
    );
}

#[test]
fn the_same_model_gives_the_same_picture_every_time() {
    let draw = || {
        let lost = explore(|| two_increments(load_then_store)).failing(|total| *total != 2);
        (
            lost.simplest().to_string(),
            serde_json::to_string(&lost.recording()).unwrap(),
        )
    };
    let first = draw();
    for _ in 1..100 {
        assert_eq!(draw(), first);
    }
}

#[test]
fn two_explorations_can_run_at_the_same_time() {
    let explorers: Vec<_> = (0..2)
        .map(|_| {
            std::thread::spawn(|| {
                let lost = explore(|| two_increments(load_then_store));
                let fixed = explore(|| two_increments(fetch_add));
                (lost.executions().len(), fixed.executions().len())
            })
        })
        .collect();
    for explorer in explorers {
        assert_eq!(explorer.join().unwrap(), (8, 2));
    }
}

#[test]
fn a_recording_contains_every_execution() {
    let lost = explore(|| two_increments(load_then_store)).failing(|total| *total != 2);
    let recording = lost.recording();
    assert_eq!(recording.executions.len(), 8);
    assert_eq!(
        recording
            .executions
            .iter()
            .filter(|execution| execution.fails)
            .count(),
        lost.count()
    );
    let json = serde_json::to_string(&recording).unwrap();
    let back: interleave::Recording = serde_json::from_str(&json).unwrap();
    assert_eq!(back, recording);
    let sources: BTreeSet<_> = recording
        .operations
        .iter()
        .filter_map(|operation| operation.source.as_deref())
        .collect();
    assert!(
        sources
            .iter()
            .all(|source| source.contains("tests/orders.rs:")),
        "{sources:?}"
    );
}

/// Each thread sets its own flag, then checks the other's.
fn store_buffering(order: Ordering, count: bool) -> [bool; 2] {
    let flags = Arc::new([AtomicBool::new(false), AtomicBool::new(false)]);
    let visits = Arc::new(AtomicU64::new(0));
    let threads = [("left", 0), ("right", 1)].map(|(name, own)| {
        let (flags, visits) = (flags.clone(), visits.clone());
        named(name, move || {
            flags[own].store(true, order);
            if count {
                visits.fetch_add(1, Relaxed);
            }
            flags[1 - own].swap(true, order)
        })
    });
    threads.map(|thread| thread.join().unwrap())
}

#[test]
fn seq_cst_alone_is_explored_exactly() {
    let passing = explore(|| store_buffering(SeqCst, false)).always(|seen| *seen != [false, false]);
    let executions = passing.exploration().executions();
    assert!(executions.iter().all(|it| it.stale_reads() == 0));
    assert!(passing.simplest().to_string().contains("(every order)"));
}

#[test]
fn seq_cst_beside_a_weaker_access_is_explored_as_acquire_and_release() {
    let explored = explore(|| store_buffering(SeqCst, true));
    assert!(explored.is_complete());
    let picture = explored.always(|_| true).simplest().to_string();
    let note = "(every order; SeqCst as acquire and release)";
    assert!(picture.contains(note), "{picture}");
}

/// Accesses while `main` is alone may be weaker: they never meet another thread's.
#[test]
fn a_weaker_access_while_main_is_alone_does_not_count() {
    let model = || {
        let counter = Arc::new(AtomicU64::new(0));
        counter.store(1, Relaxed);
        let worker = {
            let counter = counter.clone();
            named("worker", move || counter.fetch_add(1, SeqCst))
        };
        counter.store(5, SeqCst);
        worker.join().unwrap();
        counter.load(Relaxed)
    };
    let passing = explore(model).always(|total| [5, 6].contains(total));
    assert!(passing.simplest().to_string().contains("(every order)"));
}

/// The model has more writes than loom remembers, but a `SeqCst` load needs only the newest.
#[test]
fn seq_cst_has_no_limit_on_writes() {
    let model = || {
        let value = Arc::new(AtomicU64::new(0));
        let writer = {
            let value = value.clone();
            named("writer", move || {
                (1..=9).for_each(|it| value.store(it, SeqCst))
            })
        };
        let seen = value.load(SeqCst);
        writer.join().unwrap();
        seen
    };
    let passing = explore(model).always(|seen| *seen <= 9);
    assert_eq!(passing.count(), 10);
}

#[test]
fn a_failed_exchange_compares_values_with_any_failure_ordering() {
    for failure in [Relaxed, Acquire] {
        let found = outcomes(move || {
            let state = Arc::new(AtomicU64::new(0));
            let writer = {
                let state = state.clone();
                thread::spawn(move || {
                    state.store(1, Relaxed);
                    state.store(0, Relaxed);
                })
            };
            let exchanged = state.compare_exchange(0, 7, Relaxed, failure);
            writer.join().unwrap();
            exchanged
        });
        assert_eq!(found, BTreeSet::from([Ok(0), Err(1)]));
    }
}

/// The exchange finds 1, not the expected 5. With `Acquire`, the value is visible afterwards.
#[test]
fn a_failed_exchange_has_the_failure_ordering() {
    let model = |failure| {
        move || {
            let shared = Arc::new((AtomicU64::new(0), AtomicU64::new(0)));
            let writer = {
                let shared = shared.clone();
                named("writer", move || {
                    shared.0.store(42, Relaxed);
                    shared.1.store(1, Release);
                })
            };
            let found = shared.1.compare_exchange(5, 6, Relaxed, failure);
            let seen = (found == Err(1)).then(|| shared.0.load(Relaxed));
            writer.join().unwrap();
            seen
        }
    };
    explore(model(Acquire)).always(|seen| *seen != Some(0));
    explore(model(Relaxed)).failing(|seen| *seen == Some(0));
}

/// What a thread wrote before it released a lock is visible to the next thread that acquires it. Readers don't
/// order one another.
#[test]
fn a_lock_orders_what_happened_before_it_was_released() {
    type First = fn(&RwLock<()>, &AtomicU64);
    let write: First = |lock, value| {
        let _held = lock.write().unwrap();
        value.store(1, Relaxed);
    };
    let read: First = |lock, value| {
        let _held = lock.read().unwrap();
        value.store(1, Relaxed);
    };
    // Returns whether the first thread was done, and what the second one then saw.
    let model = |first: First, second_reads: bool| {
        move || {
            let shared = Arc::new((RwLock::new(()), AtomicU64::new(0), AtomicBool::new(false)));
            let other = {
                let shared = shared.clone();
                named("first", move || {
                    first(&shared.0, &shared.1);
                    shared.2.store(true, Relaxed);
                })
            };
            let (lock, value, done) = &*shared;
            let done = done.load(Relaxed);
            let seen = if second_reads {
                let _held = lock.read().unwrap();
                value.load(Relaxed)
            } else {
                let _held = lock.write().unwrap();
                value.load(Relaxed)
            };
            other.join().unwrap();
            (done, seen)
        }
    };
    explore(model(write, true)).always(|outcome| *outcome != (true, 0));
    explore(model(write, false)).always(|outcome| *outcome != (true, 0));
    explore(model(read, false)).always(|outcome| *outcome != (true, 0));
    explore(model(read, true)).failing(|outcome| *outcome == (true, 0));
}

#[test]
fn the_executions_of_an_exploration_differ() {
    let explored = explore(|| two_increments(load_then_store));
    for (first, execution) in explored.executions().iter().enumerate() {
        assert_eq!(execution.steps(), 4);
        for (second, other) in explored.executions().iter().enumerate() {
            assert_eq!(execution == other, first == second);
        }
    }
    assert!(format!("{explored:?}").contains("executions: 8"));
}

#[test]
fn a_passing_picture_has_no_verdict() {
    let passing = explore(|| two_increments(fetch_add))
        .worded(|total| format!("counter = {total}"), "should be 2")
        .always(|total| *total == 2);
    let shown = passing.simplest();
    assert!(!shown.to_string().contains("should be"), "{shown}");
    assert_eq!(shown.text(), Some(shown.to_string()));
    let recording: interleave::Recording = serde_json::from_str(&shown.data().unwrap()).unwrap();
    assert_eq!(recording, shown.recording());
}

/// The threads make their calls on the same lines, however many calls there are and whatever the model returns.
fn calls(calls: u64, outcome: u64) -> interleave::Exploration<u64> {
    explore(move || {
        let value = Arc::new(AtomicU64::new(0));
        let threads = [1, 2].map(|_| {
            let value = value.clone();
            thread::spawn(move || (0..calls).for_each(|_| value.store(1, Relaxed)))
        });
        for thread in threads {
            thread.join().unwrap();
        }
        outcome
    })
}

/// Two executions are equal only if the operations, their number and the outcome are.
#[test]
fn executions_of_two_explorations_are_compared_whole() {
    let one = calls(1, 0);
    for (other, equal) in [
        (calls(1, 0), true),
        (calls(1, 1), false),
        (calls(2, 0), false),
    ] {
        let both = one.executions().iter();
        let is_found = |execution| other.executions().contains(execution);
        assert_eq!(both.map(is_found).collect::<Vec<_>>(), [equal; 2]);
    }
}

/// A successful exchange follows the write that it read, as every read-modify-write does. If it read the initial 0,
/// its 1 comes before the 2.
#[test]
fn no_write_comes_between_an_exchange_and_what_it_read() {
    let explored = explore(|| {
        let value = Arc::new(AtomicU64::new(0));
        let shared = value.clone();
        let exchange = move || shared.compare_exchange(0, 1, Relaxed, Relaxed).is_ok();
        let exchanger = named("exchanger", exchange);
        let writer = named("writer", move || {
            value.store(2, Relaxed);
            value.load(Relaxed)
        });
        (exchanger.join().unwrap(), writer.join().unwrap())
    });
    assert!(explored.is_complete());
    explored.always(|outcome| matches!(outcome, (_, 2)));
}

/// Without a destructor to run, the last drop of a handle synchronises with nothing.
#[test]
fn dropping_handles_of_plain_data_orders_nothing() {
    let passing = explore(|| {
        let values = Arc::new([AtomicU64::new(0), AtomicU64::new(0)]);
        let plain = Arc::new(());
        let (shared, handle) = (values.clone(), plain.clone());
        let writer = named("writer", move || {
            shared[0].store(1, Relaxed);
            drop(handle);
        });
        let reader = named("reader", move || {
            values[1].load(Relaxed);
            drop(plain);
            values[0].load(Relaxed)
        });
        writer.join().unwrap();
        reader.join().unwrap()
    })
    .always(|seen| *seen <= 1);
    // First the writer, then the reader: the newest write needn't be seen.
    passing.simplest_such_that(|it| it.stale_reads() == 1 && it.switches() == 1);
}
