//! No empty green: what can't be explored is refused, in words that say what to do.

use std::time::Duration;

use expect_test::expect;
use interleave::sync::atomic::AtomicU64;
use interleave::sync::atomic::Ordering::{Relaxed, SeqCst};
use interleave::sync::{Arc, Notify};
use interleave::{Explorer, explore, thread};

/// What an exploration's own panic says, without the source line that it begins with.
fn words<T>(f: impl FnOnce() -> T + std::panic::UnwindSafe) -> String {
    let Err(payload) = std::panic::catch_unwind(f) else {
        panic!("it was not refused")
    };
    let words = payload.downcast::<String>().unwrap();
    words.split_once('\n').unwrap().1.to_owned()
}

fn refused<T: Eq + std::hash::Hash + std::fmt::Debug + Send + 'static>(
    model: impl Fn() -> T + Send + Sync + 'static,
) -> String {
    Explorer::new().try_explore(model).unwrap_err().to_string()
}

#[test]
fn a_model_with_one_thread_is_refused() {
    let refusal = refused(|| AtomicU64::new(1).load(Relaxed));
    expect!["the model has one thread, so there is no order to explore: spawn the others with interleave::thread, not std::thread"].assert_eq(&refusal);
}

#[test]
fn a_model_whose_threads_share_nothing_is_refused() {
    let refusal = refused(|| {
        let threads = [1, 2].map(|n| thread::spawn(move || AtomicU64::new(n).load(Relaxed)));
        threads.map(|thread| thread.join().unwrap())
    });
    expect!["the model's threads touch nothing in common while more than one of them can run, so no order can matter. Either each works alone (main, too, if it only joins), or they share something that the explorer doesn't see: look for std::sync (Mutex, atomics) where interleave::sync should be imported"].assert_eq(&refusal);
}

#[test]
fn a_model_that_shares_through_stds_mutex_is_refused() {
    let refusal = refused(|| {
        let total = std::sync::Arc::new(std::sync::Mutex::new(0));
        let threads = [1, 2].map(|n| {
            let total = total.clone();
            thread::spawn(move || *total.lock().unwrap() += n)
        });
        threads.map(|thread| thread.join().unwrap())
    });
    assert!(refusal.contains("std::sync (Mutex, atomics)"), "{refusal}");
}

/// What is made in one thread reaches another by way of std's lock.
#[test]
fn a_model_that_hands_an_object_over_through_stds_mutex_is_refused() {
    let refusal = refused(|| {
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
        refusal.contains("nothing orders that after its making"),
        "{refusal}"
    );
}

/// The lock is held across an operation: the other thread then waits for it outside of the explorer's
/// reach, on the OS thread that both share.
#[test]
fn a_model_that_hangs_on_stds_mutex_is_refused() {
    // However short the patience, this model can only be stuck.
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
    let refusal = refusal.unwrap_err().to_string();
    assert!(refusal.contains("the model is stuck after "), "{refusal}");
    assert!(refusal.contains("tests/refusals.rs:"), "{refusal}");
    assert!(refusal.contains("import interleave's instead"), "{refusal}");
}

#[test]
fn a_loop_that_spins_is_refused() {
    let refusal = refused(|| {
        let flag = Arc::new(AtomicU64::new(0));
        let other = {
            let flag = flag.clone();
            thread::spawn(move || flag.store(1, Relaxed))
        };
        while flag.load(Relaxed) == 0 {}
        other.join().unwrap();
    });
    expect!["an execution has more than 1000 operations: a loop that waits for another thread must block (a lock, a condition variable, `Notify`), not spin"].assert_eq(&refusal);
}

#[test]
fn a_model_that_changes_from_run_to_run_is_refused() {
    let runs = std::sync::atomic::AtomicU64::new(0);
    let refusal = refused(move || {
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
        refusal.contains("the model did something else when it ran again"),
        "{refusal}"
    );
}

#[test]
fn a_sixth_thread_is_refused() {
    let refusal = refused(|| {
        let threads = [1, 2, 3, 4, 5].map(|_| thread::spawn(|| ()));
        threads.map(|thread| thread.join().unwrap())
    });
    expect!["a model has at most 5 threads with main, and this one spawns another"]
        .assert_eq(&refusal);
}

#[test]
#[should_panic(expected = "live only inside of the closure that is given to `interleave::explore`")]
fn a_primitive_outside_of_a_model_says_where_it_belongs() {
    AtomicU64::new(0);
}

#[test]
fn an_object_kept_from_one_execution_to_the_next_is_refused() {
    let kept: std::sync::OnceLock<AtomicU64> = std::sync::OnceLock::new();
    let refusal = refused(move || {
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
        "the model keeps an object from one execution to the next; make it inside"
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
fn a_race_that_is_not_there_is_not_found() {
    let words = words(|| {
        explore(|| {
            two(|value| {
                value.fetch_add(1, Relaxed);
            })
        })
        .failing(|total| *total != 2)
    });
    expect!["expected a race and found none. Explored: 2 executions, none fails (every order)"]
        .assert_eq(&words);
}

#[test]
fn a_fix_that_fails_is_not_clear_and_shows_its_picture() {
    let words = words(|| {
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
    .assert_eq(&words);
}

#[test]
fn one_execution_clears_nothing() {
    let words = words(|| {
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
    assert!(words.contains("only one distinct execution"), "{words}");
}

#[test]
fn handles_counted_while_shared_are_not_complete() {
    let words = words(|| {
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
    assert!(
        words.contains("an Arc's handles are counted while they are shared"),
        "{words}"
    );
}

#[test]
fn a_model_that_panics_before_anything_is_shared_is_not_refused_but_fails() {
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
