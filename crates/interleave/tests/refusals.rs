//! Models that can't be explored are refused, with a message that says what to do.

use std::time::Duration;

use expect_test::expect;
use interleave::sync::atomic::AtomicU64;
use interleave::sync::atomic::Ordering::{Relaxed, SeqCst};
use interleave::sync::{Arc, Mutex, Notify};
use interleave::{Explorer, Reason, explore, thread};

/// Returns the message of an exploration's panic, without the source line at its start.
fn message<T>(f: impl FnOnce() -> T + std::panic::UnwindSafe) -> String {
    let Err(payload) = std::panic::catch_unwind(f) else {
        panic!("the exploration didn't panic")
    };
    let message = payload.downcast::<String>().unwrap();
    message.split_once('\n').unwrap().1.to_owned()
}

/// Checks the reason why a model is refused, and returns the message.
fn refused<T: Eq + std::hash::Hash + std::fmt::Debug + Send + 'static>(
    reason: Reason,
    model: impl Fn() -> T + Send + Sync + 'static,
) -> String {
    let refused = Explorer::new().try_explore(model).unwrap_err();
    assert_eq!(refused.reason(), reason, "{refused}");
    refused.to_string()
}

#[test]
fn a_model_with_one_thread_is_refused() {
    let refusal = refused(Reason::OneThread, || AtomicU64::new(1).load(Relaxed));
    expect!["The model has only one thread, so there is only one order. Spawn its other threads with `interleave::thread`, not `std::thread`."].assert_eq(&refusal);
}

#[test]
fn a_model_whose_threads_share_nothing_is_refused() {
    let refusal = refused(Reason::NothingShared, || {
        let threads = [1, 2].map(|n| thread::spawn(move || AtomicU64::new(n).load(Relaxed)));
        threads.map(|thread| thread.join().unwrap())
    });
    expect!["The model's threads have no object in common while more than one of them can run, so their order can't matter. Either each thread works alone (`main` too, if it only joins), or they share something that the explorer can't see. Import `interleave::sync` instead of `std::sync` (Mutex, atomics)."].assert_eq(&refusal);
}

#[test]
fn a_model_that_shares_through_stds_mutex_is_refused() {
    let refusal = refused(Reason::NothingShared, || {
        let total = std::sync::Arc::new(std::sync::Mutex::new(0));
        let threads = [1, 2].map(|n| {
            let total = total.clone();
            thread::spawn(move || *total.lock().unwrap() += n)
        });
        threads.map(|thread| thread.join().unwrap())
    });
    assert!(
        refusal.contains("`std::sync` (Mutex, atomics)"),
        "{refusal}"
    );
}

/// A thread creates an object and hands it to another thread through a lock of std's.
#[test]
fn a_model_that_hands_an_object_over_through_stds_mutex_is_refused() {
    let refusal = refused(Reason::UnorderedUse, || {
        let shared = Arc::new((std::sync::Mutex::new(None), AtomicU64::new(0)));
        let waiter = {
            let shared = shared.clone();
            thread::spawn(move || {
                let end = Arc::new(Notify::new());
                shared.1.load(SeqCst);
                *shared.0.lock().unwrap() = Some(end.clone());
                end.wait();
            })
        };
        let notifier = thread::spawn(move || {
            shared.1.store(1, SeqCst);
            if let Some(end) = shared.0.lock().unwrap().take() {
                end.notify();
            }
        });
        notifier.join().unwrap();
        waiter.join().unwrap();
    });
    assert!(
        refusal.contains("nothing orders that use after its creation"),
        "{refusal}"
    );
}

/// A thread holds std's lock during an operation. The other thread then blocks the OS thread that both share,
/// where the explorer can't see it.
#[test]
fn a_model_that_hangs_on_stds_mutex_is_refused() {
    // This model is stuck however long the explorer waits.
    let hasty = Explorer::new().patience(Duration::from_millis(300));
    let refusal = hasty.try_explore(|| {
        let shared = std::sync::Arc::new((std::sync::Mutex::new(()), AtomicU64::new(0)));
        let threads = [1, 2].map(|_| {
            let shared = shared.clone();
            thread::spawn(move || {
                let _held = shared.0.lock().unwrap();
                shared.1.fetch_add(1, Relaxed);
            })
        });
        threads.map(|thread| thread.join().unwrap())
    });
    let refusal = refusal.unwrap_err();
    assert_eq!(refusal.reason(), Reason::Stuck);
    let refusal = refusal.to_string();
    let (start, rest) = refusal
        .split_once("crates/interleave/tests/refusals.rs:")
        .unwrap();
    assert_eq!(start, "The model is stuck after ");
    let (_line, rest) = rest.split_once(": ").unwrap();
    expect!["no operation finished within 300ms. It waits for something that the explorer doesn't control, or it loops forever. Look for `std::sync` (Mutex, Condvar, mpsc, Barrier), `std::thread` (spawn, sleep, park) and the types of a runtime in the code that the model calls, and use interleave's types instead. A `static` that remembers the previous run can have the same effect."].assert_eq(rest);
}

#[test]
fn a_loop_that_spins_is_refused() {
    let refusal = refused(Reason::TooManyOperations, || {
        let flag = Arc::new(AtomicU64::new(0));
        let other = {
            let flag = flag.clone();
            thread::spawn(move || flag.store(1, Relaxed))
        };
        while flag.load(Relaxed) == 0 {}
        other.join().unwrap();
    });
    expect!["An execution has more than 1000 operations. A loop that waits for another thread must block (on a lock, a condition variable or `Notify`), not spin. If the model really is that long, set `Explorer::max_operations`."].assert_eq(&refusal);
}

#[test]
fn a_model_that_changes_from_run_to_run_is_refused() {
    let runs = std::sync::atomic::AtomicU64::new(0);
    let refusal = refused(Reason::NotDeterministic, move || {
        let run = runs.fetch_add(1, Relaxed);
        let value = Arc::new(AtomicU64::new(0));
        let other = {
            let value = value.clone();
            thread::spawn(move || {
                if run % 2 == 1 {
                    value.load(Relaxed);
                }
                value.store(1, Relaxed);
            })
        };
        let seen = value.load(Relaxed);
        other.join().unwrap();
        seen
    });
    assert!(
        refusal.contains("The model did something else when it ran again"),
        "{refusal}"
    );
}

/// The reasons for which a model that changes from run to run may be refused: the explorer sees the change, or
/// loom fails over it.
const IS_UNSTEADY: [Reason; 3] = [
    Reason::NotDeterministic,
    Reason::Internal,
    Reason::TooManyThreads,
];

/// What the threads of an unsteady model share.
type Shared = (AtomicU64, Mutex<u64>);

/// Explores a model in which a `static` decides, from the number of earlier runs, how often each thread acts.
fn unsteady(acts: fn(u64) -> u64, act: fn(&Shared)) -> Reason {
    let runs = std::sync::atomic::AtomicU64::new(0);
    let explored = Explorer::new().try_explore(move || {
        let acts = acts(runs.fetch_add(1, Relaxed));
        let shared = Arc::new((AtomicU64::new(0), Mutex::new(0)));
        let threads = [1, 2].map(|_| {
            let shared = shared.clone();
            thread::spawn(move || {
                (0..acts).for_each(|_| act(&shared));
                shared.0.load(Relaxed)
            })
        });
        threads.map(|thread| thread.join().is_ok())
    });
    explored.unwrap_err().reason()
}

/// A `static` that remembers the previous run: it alternates, fills once, grows, or changes late.
#[test]
fn a_static_that_changes_the_number_of_operations_is_refused() {
    let remembers: [fn(u64) -> u64; 5] = [
        |run| run % 2,
        |run| 1 - run % 2,
        |run| u64::from(run == 0),
        |run| run,
        |run| 5_u64.saturating_sub(run),
    ];
    let acts: [fn(&Shared); 3] = [
        |shared| shared.0.store(7, Relaxed),
        |shared| *shared.1.lock().unwrap() += 1,
        |shared| {
            let guard = shared.1.lock().unwrap();
            shared.0.fetch_add(1, SeqCst);
            drop(guard);
        },
    ];
    for (case, remembers) in remembers.into_iter().enumerate() {
        for (index, act) in acts.into_iter().enumerate() {
            let reason = unsteady(remembers, act);
            assert_eq!(reason, Reason::NotDeterministic, "{case}, {index}");
        }
        // A spawn is not recorded, but loom fails over a thread that it doesn't know.
        let reason = unsteady(remembers, |_| _ = thread::spawn(|| ()).join());
        assert!(IS_UNSTEADY.contains(&reason), "{case}: {reason:?}");
    }
}

/// A thread that panics in some runs only still drops its handles, for which loom is called.
#[test]
fn a_static_that_decides_whether_a_thread_panics_is_refused() {
    for late in [0, 1] {
        let runs = std::sync::atomic::AtomicU64::new(0);
        let explored = Explorer::new().try_explore(move || {
            let panics = runs.fetch_add(1, Relaxed) >= late && runs.load(Relaxed) % 2 == 1;
            let shared = Arc::new(AtomicU64::new(0));
            let threads = [1, 2].map(|_| {
                let shared = shared.clone();
                thread::spawn(move || {
                    if panics {
                        panic!("now and then");
                    }
                    shared.store(1, Relaxed);
                })
            });
            threads.map(|thread| thread.join().is_ok())
        });
        let refused = explored.unwrap_err();
        assert!(IS_UNSTEADY.contains(&refused.reason()), "{refused}");
        assert!(refused.to_string().contains("`static`"), "{refused}");
    }
}

#[test]
fn a_sixth_thread_is_refused() {
    let refusal = refused(Reason::TooManyThreads, || {
        let threads = [1, 2, 3, 4, 5].map(|_| thread::spawn(|| ()));
        threads.map(|thread| thread.join().unwrap())
    });
    expect![
        "The model spawns too many threads: loom allows 5, including `main`. Use fewer threads."
    ]
    .assert_eq(&refusal);
}

#[test]
#[should_panic(expected = "work only inside the closure that is passed to `interleave::explore`")]
fn a_primitive_outside_a_model_panics() {
    AtomicU64::new(0);
}

#[test]
fn an_object_that_outlives_its_execution_is_refused() {
    let kept: std::sync::OnceLock<AtomicU64> = std::sync::OnceLock::new();
    let refusal = refused(Reason::KeptObject, move || {
        let shared = Arc::new(AtomicU64::new(0));
        let other = {
            let shared = shared.clone();
            thread::spawn(move || shared.store(1, Relaxed))
        };
        shared.load(Relaxed);
        other.join().unwrap();
        kept.get_or_init(|| AtomicU64::new(0)).load(Relaxed)
    });
    assert_eq!(
        refusal,
        "The model keeps an object from one execution to the next. Create the object inside the model."
    );
}

fn two(f: fn(&AtomicU64)) -> u64 {
    let value = Arc::new(AtomicU64::new(0));
    let threads = [1, 2].map(|_| {
        let value = value.clone();
        thread::spawn(move || f(&value))
    });
    for thread in threads {
        thread.join().unwrap();
    }
    value.load(Relaxed)
}

#[test]
fn failing_panics_if_no_execution_fails() {
    let message = message(|| {
        explore(|| {
            two(|value| {
                value.fetch_add(1, Relaxed);
            })
        })
        .failing(|total| *total != 2)
    });
    expect!["Expected a failing execution, but found none among 2 executions (every order). Either the race is fixed, or the model doesn't reach it."].assert_eq(&message);
}

#[test]
fn blocking_panics_if_no_execution_blocks() {
    let message = message(|| {
        explore(|| {
            two(|value| {
                value.fetch_add(1, Relaxed);
            })
        })
        .blocking()
    });
    expect!["Expected an execution that blocks, but found none among 2 executions (every order). Either the deadlock is fixed, or the model doesn't reach it."].assert_eq(&message);
}

#[test]
fn simplest_where_panics_if_no_outcome_matches() {
    let message = message(|| {
        explore(|| {
            two(|value| {
                value.fetch_add(1, Relaxed);
            })
        })
        .always(|total| *total == 2)
        .simplest_where(|total| *total == 1)
        .to_string()
    });
    expect!["Expected an execution that matches the predicate, but found none among 2 executions."]
        .assert_eq(&message);
}

#[test]
fn always_panics_with_the_picture_of_a_failing_execution() {
    let message = message(|| {
        explore(|| {
            two(|value| {
                let seen = value.load(Relaxed);
                value.store(seen + 1, Relaxed);
            })
        })
        .worded(|total| format!("total = {total}"), "should be 2")
        .always(|total| *total == 2)
    });
    expect![[r#"
              thread 1                         thread 2
          1   value.load(Relaxed)   → 0
          2                                    value.load(Relaxed)   → 0
          3                                    value.store(1, Relaxed)
          4   value.store(1, Relaxed)
        Result: total = 1  × should be 2
        Explored: 8 executions, 6 fail (every order)
    "#]]
    .assert_eq(&message);
}

#[test]
fn always_panics_if_there_is_only_one_execution() {
    let message = message(|| {
        explore(|| {
            let value = Arc::new(AtomicU64::new(0));
            let shared = value.clone();
            thread::spawn(move || shared.store(1, Relaxed))
                .join()
                .unwrap();
            let shared = value.clone();
            thread::spawn(move || shared.store(2, Relaxed))
                .join()
                .unwrap();
        })
        .always(|()| true)
    });
    expect!["The model has only one distinct execution, which shows nothing about other orders. Give its threads operations whose order makes a difference."].assert_eq(&message);
}

#[test]
fn always_panics_if_handles_are_counted_while_shared() {
    let message = message(|| {
        explore(|| {
            let value = Arc::new(AtomicU64::new(0));
            let shared = value.clone();
            let other = thread::spawn(move || shared.store(1, Relaxed));
            let count = Arc::strong_count(&value);
            value.load(Relaxed);
            other.join().unwrap();
            count
        })
        .always(|_| true)
    });
    expect!["No execution fails, but not every order was explored: the handles of an `Arc` are counted while threads share it. Change the model, or accept the gap by setting a bound with `Explorer::preemptions`."].assert_eq(&message);
}

#[test]
fn a_picture_with_a_bound_also_shows_the_gaps() {
    let exploration = Explorer::new().preemptions(1).explore(|| {
        let value = Arc::new(AtomicU64::new(0));
        let shared = value.clone();
        let writer = thread::spawn(move || (1..=7).for_each(|n| shared.store(n, Relaxed)));
        let seen = value.load(Relaxed);
        writer.join().unwrap();
        seen
    });
    assert!(!exploration.is_complete());
    let picture = exploration.always(|_| true).simplest().to_string();
    let coverage =
        "(at most 1 preemption, not every order; an atomic has more writes than loom remembers)";
    assert!(picture.replace('\n', " ").contains(coverage), "{picture}");
}

/// An outcome whose `Hash` panics.
#[derive(Debug, PartialEq, Eq)]
struct Unhashable;

impl std::hash::Hash for Unhashable {
    fn hash<H: std::hash::Hasher>(&self, _: &mut H) {
        panic!("can't be hashed")
    }
}

#[test]
fn a_panic_in_the_outcomes_own_methods_is_reported() {
    let refusal = refused(Reason::OutsidePanic, || {
        two(|value| {
            value.fetch_add(1, Relaxed);
        });
        Unhashable
    });
    expect!["The exploration ended with a panic outside the model's threads: can't be hashed"]
        .assert_eq(&refusal);
}

#[test]
fn a_model_that_panics_before_its_threads_share_anything_fails() {
    let exploration = Explorer::new().try_explore(|| {
        let shared = Arc::new(AtomicU64::new(0));
        let failing = thread::spawn(|| panic!("not yet done"));
        let reader = thread::spawn(move || shared.load(Relaxed));
        let _: Result<(), _> = failing.join();
        reader.join().unwrap()
    });
    let exploration = exploration.unwrap().worded(|_| String::new(), "");
    assert!(
        exploration
            .failing(|_| false)
            .simplest()
            .to_string()
            .contains("panicked")
    );
}

/// A guard releases in its `drop` while a panic unwinds the thread, and the model then continues.
#[test]
fn a_model_that_catches_a_panic_after_a_guard_released_is_refused() {
    struct Release(Arc<AtomicU64>);
    impl Drop for Release {
        fn drop(&mut self) {
            self.0.store(0, Relaxed);
        }
    }
    fn model(caught_first: bool) -> u64 {
        let busy = Arc::new(AtomicU64::new(1));
        let worker = {
            let release = Release(busy.clone());
            thread::named("worker", move || {
                let work = || std::panic::resume_unwind(Box::new("the work failed"));
                let run = std::panic::AssertUnwindSafe(move || match caught_first {
                    true => {
                        let failed: Result<(), _> = std::panic::catch_unwind(work);
                        drop(release);
                        drop(failed);
                    }
                    false => {
                        let _release = release;
                        work()
                    }
                });
                let _ = std::panic::catch_unwind(run);
            })
        };
        let seen = busy.load(Relaxed);
        worker.join().unwrap();
        seen
    }

    let refusal = refused(Reason::CaughtPanic, || model(false));
    assert!(
        refusal.contains("crates/interleave/tests/refusals.rs:"),
        "{refusal}"
    );
    assert!(
        refusal.ends_with("Catch the panic first, then release or count."),
        "{refusal}"
    );
    explore(|| model(true)).always(|seen| *seen <= 1);
}

/// The values that a reader may see of a writer's `writes` stores, with its exploration.
fn many_writes(writes: u64) -> interleave::Exploration<u64> {
    explore(move || {
        let value = Arc::new(AtomicU64::new(0));
        let shared = value.clone();
        let writer = thread::spawn(move || (1..=writes).for_each(|n| shared.store(n, Relaxed)));
        let seen = value.load(Relaxed);
        writer.join().unwrap();
        seen
    })
}

/// Loom remembers 7 values, the initial one included. With 6 writes, every one of them can be read.
#[test]
fn always_panics_if_an_atomic_has_more_writes_than_loom_remembers() {
    let remembered = many_writes(6);
    assert!(remembered.is_complete());
    remembered.always(|seen| *seen <= 6);
    for writes in [7, 8] {
        let forgotten = many_writes(writes);
        assert!(!forgotten.is_complete());
        let picture = forgotten.failing(|seen| *seen == 0).simplest().to_string();
        let coverage = "(not every order; an atomic has more writes than loom remembers)";
        assert!(picture.replace('\n', " ").contains(coverage), "{picture}");
        let message = message(|| many_writes(writes).always(|seen| *seen <= writes));
        assert_eq!(
            message,
            "No execution fails, but not every order was explored: an atomic has more writes than loom \
             remembers. Change the model, or accept the gap by setting a bound with `Explorer::preemptions`."
        );
    }
}

/// Writes count the same, whether they store, add, exchange or swap.
#[test]
fn every_kind_of_write_counts() {
    let writes: [fn(&AtomicU64, u64); 3] = [
        |value, n| {
            value.fetch_add(n, Relaxed);
        },
        |value, n| {
            value.swap(n, Relaxed);
        },
        |value, n| {
            let _ = value.compare_exchange(n - 1, n, Relaxed, Relaxed);
        },
    ];
    for write in writes {
        for (count, complete) in [(6, true), (7, false)] {
            let explored = explore(move || {
                let value = Arc::new(AtomicU64::new(0));
                let shared = value.clone();
                let writer = thread::spawn(move || (1..=count).for_each(|n| write(&shared, n)));
                let seen = value.load(Relaxed);
                writer.join().unwrap();
                seen
            });
            assert_eq!(explored.is_complete(), complete);
        }
    }
}

/// After `main` has joined all threads, it reads the newest value. Then no older one is needed.
#[test]
fn reads_while_main_is_alone_need_no_history() {
    let explored = explore(|| {
        let value = Arc::new(AtomicU64::new(0));
        let shared = value.clone();
        let writer = thread::spawn(move || (1..=5).for_each(|n| shared.store(n, Relaxed)));
        (6..=9).for_each(|n| value.store(n, Relaxed));
        writer.join().unwrap();
        value.load(Relaxed)
    });
    assert!(explored.is_complete());
    explored.always(|seen| [5, 9].contains(seen));
}

/// A destructor locks while a panic unwinds its thread, and another thread holds the lock.
#[test]
fn a_destructor_that_waits_for_a_lock_while_a_panic_unwinds_is_refused() {
    struct Locks(Arc<Mutex<u64>>);
    impl Drop for Locks {
        fn drop(&mut self) {
            *self.0.lock().unwrap() += 1;
        }
    }
    let model = |panics: bool| {
        let mutex = Arc::new(Mutex::new(0));
        let locker = {
            let locks = Locks(mutex.clone());
            thread::named("locker", move || {
                let _locks = locks;
                if panics {
                    panic!("the work failed");
                }
            })
        };
        let holder = thread::named("holder", move || *mutex.lock().unwrap() += 1);
        let _: Result<(), _> = locker.join();
        holder.join().unwrap();
    };
    let refusal = refused(Reason::LockWhileUnwinding, move || model(true));
    assert_eq!(
        refusal,
        "A destructor waited for a lock while a panic unwound its thread, which the explorer can't explore. \
         Catch the panic first, then acquire the lock."
    );
    explore(move || model(false)).always(|()| true);
}
