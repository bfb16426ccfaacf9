//! What the memo promises on real threads: one computation, cycles that are errors, and panics that leave the key free.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Barrier;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use sync_map::{Cycle, Memo, doubled_computation, keyed_lock};

/// Far longer than a passing test needs.
const HANGS: Duration = Duration::from_secs(60);

/// Runs `f` on a thread of its own, and fails if it takes a minute.
fn within_a_minute<T: Send + 'static>(f: impl FnOnce() -> T + Send + 'static) -> T {
    let (sender, receiver) = channel();
    let thread = thread::spawn(move || sender.send(f()).unwrap());
    match receiver.recv_timeout(HANGS) {
        Ok(value) => value,
        Err(RecvTimeoutError::Timeout) => panic!("it hangs"),
        Err(RecvTimeoutError::Disconnected) => {
            std::panic::resume_unwind(thread.join().unwrap_err())
        }
    }
}

#[test]
fn sixty_four_threads_that_ask_for_one_key_get_one_computation() {
    const THREADS: usize = 64;
    let (computations, answers) = within_a_minute(|| {
        let memo = Memo::new();
        let (barrier, computations) = (Barrier::new(THREADS), AtomicUsize::new(0));
        let ask = || {
            barrier.wait();
            memo.get_or_compute("cluster 1", |key| {
                computations.fetch_add(1, SeqCst);
                thread::sleep(Duration::from_millis(20));
                key.len()
            })
        };
        let answers: Vec<_> = thread::scope(|scope| {
            let threads: Vec<_> = (0..THREADS).map(|_| scope.spawn(ask)).collect();
            let answers = threads.into_iter().map(|thread| thread.join().unwrap());
            answers.collect()
        });
        (computations.into_inner(), answers)
    });
    assert_eq!(computations, 1);
    assert_eq!(answers, vec![Ok(9); THREADS]);
}

#[test]
fn two_keys_are_computed_at_the_same_time() {
    within_a_minute(|| {
        let memo = Memo::new();
        // Passes only if both computations run at once.
        let both = Barrier::new(2);
        thread::scope(|scope| {
            for key in [1, 2] {
                let (memo, both) = (&memo, &both);
                scope.spawn(move || {
                    memo.get_or_compute(key, |_| {
                        both.wait();
                    })
                });
            }
        });
        assert_eq!(memo.len(), 2);
    });
}

#[test]
fn a_value_is_computed_once_until_it_is_removed() {
    let memo = Memo::new();
    assert!(memo.is_empty());
    assert_eq!(memo.get(&1), None);
    assert_eq!(memo.get_or_compute(1, |key| key * 10), Ok(10));
    assert_eq!(memo.get_or_compute(1, |_| unreachable!()), Ok(10));
    assert_eq!((memo.get(&1), memo.len()), (Some(10), 1));
    assert_eq!(memo.remove(&1), Some(10));
    assert_eq!(memo.remove(&1), None);
    assert_eq!((memo.get(&1), memo.len()), (None, 0));
    assert_eq!(memo.get_or_compute(1, |key| key * 20), Ok(20));
}

#[test]
fn during_a_computation_there_is_no_value_yet() {
    let memo = Memo::new();
    let value = memo.get_or_compute(1, |key| {
        assert_eq!((memo.get(key), memo.len()), (None, 0));
        // The computation continues, and its value comes.
        assert_eq!(memo.remove(key), None);
        7
    });
    assert_eq!((value, memo.get(&1), memo.len()), (Ok(7), Some(7), 1));
}

#[test]
fn a_computation_may_ask_for_other_keys() {
    fn fibonacci(memo: &Memo<u64, u64>, n: u64) -> Result<u64, Cycle> {
        memo.get_or_compute(n, |&n| match n {
            0 | 1 => n,
            _ => fibonacci(memo, n - 1).unwrap() + fibonacci(memo, n - 2).unwrap(),
        })
    }
    let memo = Memo::new();
    assert_eq!(fibonacci(&memo, 90), Ok(2_880_067_194_370_816_120));
    assert_eq!(memo.len(), 91);
}

#[test]
fn a_computation_that_asks_for_its_own_key_gets_an_error() {
    let answers = within_a_minute(|| {
        let memo: Memo<u8, Result<u8, Cycle>> = Memo::new();
        let own = memo.get_or_compute(1, |_| memo.get_or_compute(1, |_| Ok(0)).and_then(|it| it));
        // Through another key, too.
        let through = memo.get_or_compute(2, |_| {
            let other =
                memo.get_or_compute(3, |_| memo.get_or_compute(2, |_| Ok(0)).and_then(|it| it));
            other.and_then(|it| it)
        });
        (own, through)
    });
    assert_eq!(answers, (Ok(Err(Cycle)), Ok(Err(Cycle))));
    assert_eq!(
        Cycle.to_string(),
        "the computation of this key would wait for itself"
    );
}

#[test]
fn two_computations_that_ask_for_each_others_key_get_an_error() {
    for _ in 0..100 {
        let cycles = within_a_minute(|| {
            let memo: Memo<u8, usize> = Memo::new();
            let both = Barrier::new(2);
            let ask = |own: u8, other: u8| {
                let value = memo.get_or_compute(own, |_| {
                    both.wait();
                    // The number of errors below.
                    memo.get_or_compute(other, |_| 0).unwrap_or(1)
                });
                value.unwrap()
            };
            let (first, second) = thread::scope(|scope| {
                let first = scope.spawn(|| ask(1, 2));
                let second = scope.spawn(|| ask(2, 1));
                (first.join().unwrap(), second.join().unwrap())
            });
            [first, second]
        });
        // One thread gets the error; the other gets the value that the first one made of it.
        assert_eq!(cycles, [1, 1]);
    }
}

#[test]
fn a_computation_that_panics_leaves_the_key_free_and_wakes_the_others() {
    const THREADS: usize = 8;
    let (panics, values, computations) = within_a_minute(|| {
        let memo = Memo::new();
        let (barrier, computations) = (Barrier::new(THREADS), AtomicUsize::new(0));
        let ask = || {
            barrier.wait();
            let ask = || {
                memo.get_or_compute(1, |_| {
                    let earlier = computations.fetch_add(1, SeqCst);
                    thread::sleep(Duration::from_millis(20));
                    if earlier == 0 {
                        std::panic::resume_unwind(Box::new("the first one"));
                    }
                    earlier
                })
            };
            catch_unwind(AssertUnwindSafe(ask))
        };
        let answers: Vec<_> = thread::scope(|scope| {
            let threads: Vec<_> = (0..THREADS).map(|_| scope.spawn(ask)).collect();
            let answers = threads.into_iter().map(|thread| thread.join().unwrap());
            answers.collect()
        });
        let (values, panics): (Vec<_>, Vec<_>) = answers.into_iter().partition(Result::is_ok);
        let values: Vec<_> = values.into_iter().map(|value| value.unwrap()).collect();
        let panics = panics
            .into_iter()
            .map(|panic| *panic.unwrap_err().downcast().unwrap());
        let panics: Vec<&str> = panics.collect();
        (panics, values, computations.into_inner())
    });
    assert_eq!((panics, computations), (vec!["the first one"], 2));
    assert_eq!(values, vec![Ok(1); THREADS - 1]);
}

#[test]
fn a_clone_that_panics_leaves_the_key_free() {
    let brittle = AtomicBool::new(true);
    let memo = Memo::new();
    for _ in 0..2 {
        let ask = || memo.get_or_compute(1, |_| Fragile(&brittle)).map(|_| ());
        assert!(catch_unwind(AssertUnwindSafe(ask)).is_err());
        assert_eq!(memo.len(), 0);
    }
}

/// A value whose `clone` panics once it is `brittle`.
#[derive(Debug)]
struct Fragile<'a>(&'a AtomicBool);

impl Clone for Fragile<'_> {
    fn clone(&self) -> Self {
        assert!(!self.0.load(SeqCst), "no clone");
        Fragile(self.0)
    }
}

#[test]
fn a_clone_that_panics_under_the_lock_stops_nothing() {
    within_a_minute(|| {
        let (brittle, waits) = (AtomicBool::new(false), Barrier::new(2));
        let memo = Memo::new();
        memo.get_or_compute(1, |_| Fragile(&brittle)).unwrap();
        memo.get_or_compute(2, |_| Fragile(&brittle)).unwrap();
        thread::scope(|scope| {
            let waiter = scope.spawn(|| {
                waits.wait();
                memo.get_or_compute(3, |_| unreachable!()).is_ok()
            });
            let value = memo.get_or_compute(3, |_| {
                waits.wait();
                // Gives the other thread the time to wait. If it comes later, the test checks less.
                thread::sleep(Duration::from_millis(50));
                brittle.store(true, SeqCst);
                for key in [1, 2] {
                    assert!(catch_unwind(AssertUnwindSafe(|| memo.get(&key))).is_err());
                    let ask = || memo.get_or_compute(key, |_| unreachable!()).is_ok();
                    assert!(catch_unwind(AssertUnwindSafe(ask)).is_err());
                }
                brittle.store(false, SeqCst);
                Fragile(&brittle)
            });
            assert!(value.is_ok());
            assert!(waiter.join().unwrap());
        });
        assert_eq!(memo.len(), 3);
        assert!(memo.remove(&1).is_some());
        assert!(memo.get(&2).is_some());
        assert!(memo.get_or_compute(2, |_| unreachable!()).is_ok());
        assert_eq!((memo.len(), memo.is_empty()), (2, false));
    });
}

#[test]
fn on_one_thread_the_broken_memo_is_correct() {
    let memo = doubled_computation::Memo::default();
    assert_eq!(memo.get_or_compute(1, |key| key * 10), Ok(10));
    assert_eq!(memo.get_or_compute(1, |_| unreachable!()), Ok(10));
    assert_eq!(
        (memo.get(&1), memo.len(), memo.is_empty()),
        (Some(10), 1, false)
    );
    assert_eq!(memo.remove(&1), Some(10));
}

#[test]
fn every_request_of_a_person_gets_the_same_lock() {
    let locks = keyed_lock::Locks::new();
    let inside = AtomicUsize::new(0);
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                for _ in 0..1_000 {
                    let lock = locks.of("ada");
                    let _held = lock.lock().unwrap();
                    assert_eq!(inside.fetch_add(1, SeqCst), 0);
                    inside.fetch_sub(1, SeqCst);
                }
            });
        }
    });
}
