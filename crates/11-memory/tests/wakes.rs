//! Wakes at awkward moments: twice, too late, after a panic, and while the executor is dropped.

use std::future::{pending, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::sync::{Arc, Mutex};
use std::task::{Poll, Waker};
use std::thread;
use std::time::Duration;

use memory::Executor;
use memory::queued::Queued;

/// Far longer than a passing test needs.
const HANGS: Duration = Duration::from_secs(120);

/// Calls `f` on a thread of its own, and fails if it doesn't return.
fn returns(f: impl FnOnce() + Send + 'static) {
    let (done, ended) = channel::<()>();
    let thread = thread::spawn(move || {
        f();
        drop(done);
    });
    let ended = ended.recv_timeout(HANGS);
    assert_eq!(ended, Err(RecvTimeoutError::Disconnected), "it hangs");
    thread.join().unwrap();
}

/// Where a future leaves its waker.
type Slot = Arc<Mutex<Option<Waker>>>;

/// Leaves its waker in the slot at each poll, and is ready at the poll with the number `last`. Counts its polls.
fn waits(slot: &Slot, polls: &Arc<AtomicUsize>, last: usize) -> impl Future<Output = ()> + use<> {
    let (slot, polls) = (slot.clone(), polls.clone());
    poll_fn(move |context| {
        *slot.lock().unwrap() = Some(context.waker().clone());
        match polls.fetch_add(1, Relaxed) + 1 == last {
            true => Poll::Ready(()),
            false => Poll::Pending,
        }
    })
}

/// Ends `run` while other tasks wait: the executor can be run again.
fn run_until_idle(executor: &Executor) {
    executor.spawn(async { panic!("enough") });
    assert!(catch_unwind(AssertUnwindSafe(|| executor.run())).is_err());
}

#[test]
fn a_queued_task_is_queued_once() {
    let queued = Queued::new();
    assert!(!queued.set(), "a new task is in the queue");
    queued.clear();
    assert!(queued.set());
    assert!(!queued.set() && !queued.set());
    queued.clear();
    assert!(queued.set());
}

#[test]
fn wakes_before_the_next_poll_are_one_poll() {
    let (slot, polls) = (Slot::default(), Arc::default());
    let executor = Executor::new();
    executor.spawn(waits(&slot, &polls, usize::MAX));
    // In the queue already, from the beginning.
    assert_eq!(executor.wake_all(), 1);
    run_until_idle(&executor);
    assert_eq!(polls.load(Relaxed), 1);
    for _ in 0..3 {
        slot.lock().unwrap().as_ref().unwrap().wake_by_ref();
    }
    assert_eq!(executor.wake_all(), 1);
    assert_eq!(
        format!("{executor:?}"),
        "Executor { unfinished: 1, queued: 1, .. }"
    );
    run_until_idle(&executor);
    assert_eq!(polls.load(Relaxed), 2);
}

#[test]
fn a_wake_after_the_end_does_nothing() {
    returns(|| {
        let (slot, polls) = (Slot::default(), Arc::default());
        let executor = Executor::new();
        executor.spawn(waits(&slot, &polls, 1));
        executor.run();
        slot.lock().unwrap().take().unwrap().wake();
        executor.run();
        assert_eq!(polls.load(Relaxed), 1);
        assert_eq!(
            format!("{executor:?}"),
            "Executor { unfinished: 0, queued: 0, .. }"
        );
    });
}

#[test]
fn a_wake_after_a_panic_does_nothing() {
    returns(|| {
        let slot = Slot::default();
        let executor = Executor::new();
        let kept = slot.clone();
        executor.spawn(poll_fn(move |context| {
            *kept.lock().unwrap() = Some(context.waker().clone());
            panic!("on purpose");
        }));
        assert!(catch_unwind(AssertUnwindSafe(|| executor.run())).is_err());
        slot.lock().unwrap().as_ref().unwrap().wake_by_ref();
        executor.run();
        // The waker still owns the task.
        assert_eq!(executor.wake_all(), 1);
        drop(executor);
        slot.lock().unwrap().take().unwrap().wake();
    });
}

/// Tasks are polled in the order in which they were queued.
#[test]
fn a_task_that_wakes_itself_does_not_starve_the_others() {
    returns(|| {
        let others = Arc::new(AtomicUsize::new(0));
        let executor = Executor::new();
        let other = || {
            let others = others.clone();
            executor.spawn(async move {
                others.fetch_add(1, Relaxed);
            });
        };
        other();
        let seen = others.clone();
        executor.spawn(poll_fn(move |context| {
            context.waker().wake_by_ref();
            match seen.load(Relaxed) {
                2 => Poll::Ready(()),
                _ => Poll::Pending,
            }
        }));
        other();
        executor.run();
    });
}

/// The end of the last task ends `run` on every thread that sleeps.
#[test]
fn all_threads_return_when_the_last_task_has_finished() {
    returns(|| {
        for _ in 0..50 {
            let (slot, polls) = (Slot::default(), Arc::default());
            let executor = Executor::new();
            executor.spawn(waits(&slot, &polls, 2));
            thread::scope(|scope| {
                for _ in 0..4 {
                    scope.spawn(|| executor.run());
                }
                // The more threads sleep by then, the better.
                for _ in 0..1_000 {
                    thread::yield_now();
                }
                let waker = loop {
                    if let Some(waker) = slot.lock().unwrap().take() {
                        break waker;
                    }
                    thread::yield_now();
                };
                waker.wake();
            });
        }
    });
}

/// Counts its drops, and wakes a task at each.
struct Wakes(Slot, Arc<AtomicUsize>);

impl Drop for Wakes {
    fn drop(&mut self) {
        self.1.fetch_add(1, Relaxed);
        let waker = self.0.lock().unwrap().take();
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}

#[test]
fn tasks_that_never_ran_are_dropped_with_the_executor() {
    returns(|| {
        let drops = Arc::default();
        let executor = Executor::new();
        for _ in 0..10 {
            let wakes = Wakes(Slot::default(), Arc::clone(&drops));
            executor.spawn(async move {
                let _wakes = wakes;
            });
        }
        drop(executor);
        assert_eq!(drops.load(Relaxed), 10);
    });
}

/// While the executor is dropped, the destructor of one future wakes the task of another, of which this waker is the only
/// owner.
#[test]
fn a_wake_while_the_executor_is_dropped_frees_the_task() {
    returns(|| {
        let (slot, drops) = (Slot::default(), Arc::default());
        let executor = Executor::new();
        let sleeper = Wakes(Slot::default(), Arc::clone(&drops));
        let mine = slot.clone();
        executor.spawn(async move {
            let _sleeper = sleeper;
            poll_fn(|context| {
                *mine.lock().unwrap() = Some(context.waker().clone());
                Poll::<()>::Pending
            })
            .await;
        });
        run_until_idle(&executor);
        let wakes = Wakes(slot, Arc::clone(&drops));
        executor.spawn(async move {
            let _wakes = wakes;
            pending::<()>().await;
        });
        drop(executor);
        assert_eq!(drops.load(Relaxed), 2);
    });
}

/// A future's destructor may wake its own task.
#[test]
fn a_future_can_wake_its_own_task_while_it_is_dropped() {
    returns(|| {
        let (slot, drops) = (Slot::default(), Arc::default());
        let executor = Executor::new();
        let wakes = Wakes(slot.clone(), Arc::clone(&drops));
        executor.spawn(async move {
            let _wakes = wakes;
            poll_fn(|context| {
                *slot.lock().unwrap() = Some(context.waker().clone());
                Poll::<()>::Pending
            })
            .await;
        });
        run_until_idle(&executor);
        drop(executor);
        assert_eq!(drops.load(Relaxed), 1);
    });
}
