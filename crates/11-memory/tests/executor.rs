//! The executor on real threads, with real futures.

use std::future::{pending, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::sync::{Arc, Mutex};
use std::task::{Poll, Waker};
use std::thread;
use std::time::Duration;

use futures::channel::{mpsc, oneshot};
use futures::{SinkExt, StreamExt};
use memory::Executor;

/// Far longer than a passing test needs.
const HANGS: Duration = Duration::from_secs(120);

/// Runs the executor's tasks on `threads` threads.
fn run(executor: &Arc<Executor>, threads: usize) {
    let (done, all_done) = channel::<()>();
    for _ in 0..threads {
        let (executor, done) = (executor.clone(), done.clone());
        thread::spawn(move || {
            executor.run();
            drop(executor);
            drop(done);
        });
    }
    drop(done);
    let ended = all_done.recv_timeout(HANGS);
    assert_eq!(ended, Err(RecvTimeoutError::Disconnected), "tasks are lost");
}

/// A token that tasks hand to each other.
#[derive(Default)]
struct Baton(Mutex<(usize, Option<Waker>)>);

impl Baton {
    fn give(&self) {
        let mut baton = self.0.lock().unwrap();
        baton.0 += 1;
        let waker = baton.1.take();
        drop(baton);
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    async fn take(&self) {
        poll_fn(|context| {
            let mut baton = self.0.lock().unwrap();
            if baton.0 > 0 {
                baton.0 -= 1;
                return Poll::Ready(());
            }
            baton.1 = Some(context.waker().clone());
            Poll::Pending
        })
        .await;
    }
}

/// Counts its drops.
struct Dropped(Arc<AtomicUsize>);

impl Drop for Dropped {
    fn drop(&mut self) {
        self.0.fetch_add(1, Relaxed);
    }
}

#[test]
fn a_hundred_thousand_tasks_wake_each_other_from_two_threads() {
    const TASKS: usize = 100_000;
    const ROUNDS: usize = 3;
    const BATONS: usize = 64;
    let executor = Arc::new(Executor::new());
    let batons: Arc<Vec<Baton>> = Arc::new((0..TASKS).map(|_| Baton::default()).collect());
    let [finished, freed] = [(); 2].map(|()| Arc::new(AtomicUsize::new(0)));
    for task in 0..TASKS {
        let (batons, finished) = (batons.clone(), finished.clone());
        let dropped = Dropped(freed.clone());
        executor.spawn(async move {
            let _dropped = dropped;
            for _ in 0..ROUNDS {
                batons[task].take().await;
                batons[(task + 1) % TASKS].give();
            }
            finished.fetch_add(1, Relaxed);
        });
    }
    for baton in 0..BATONS {
        batons[baton * TASKS / BATONS].give();
    }
    run(&executor, 2);
    assert_eq!(finished.load(Relaxed), TASKS);
    assert_eq!(freed.load(Relaxed), TASKS);
    assert_eq!(executor.wake_all(), 0, "no task is left in the list");
}

#[test]
fn futures_of_another_library_run() {
    let executor = Arc::new(Executor::new());
    let (mut numbers, received) = mpsc::channel(1);
    let (answer, sum) = oneshot::channel();
    executor.spawn(async move {
        for number in 1..=100 {
            numbers.send(number).await.unwrap();
        }
    });
    executor.spawn(async move {
        let sum: u64 = received.fold(0, async |sum, number| sum + number).await;
        answer.send(sum).unwrap();
    });
    run(&executor, 2);
    assert_eq!(futures::executor::block_on(sum), Ok(5050));
}

#[test]
fn a_wake_from_outside_reaches_a_sleeping_executor() {
    let executor = Arc::new(Executor::new());
    let (send, receive) = oneshot::channel::<()>();
    let polled = Arc::new(AtomicBool::new(false));
    executor.spawn({
        let polled = polled.clone();
        async move {
            polled.store(true, Relaxed);
            receive.await.unwrap();
        }
    });
    let sender = thread::spawn(move || {
        while !polled.load(Relaxed) {
            thread::yield_now();
        }
        send.send(()).unwrap();
    });
    run(&executor, 1);
    sender.join().unwrap();
}

#[test]
fn a_task_that_nobody_can_wake_is_freed() {
    let executor = Arc::new(Executor::new());
    let freed = Arc::new(AtomicUsize::new(0));
    let dropped = Dropped(freed.clone());
    executor.spawn(async move {
        let _dropped = dropped;
        pending::<()>().await;
    });
    run(&executor, 1);
    assert_eq!(freed.load(Relaxed), 1);
}

/// A future that wakes itself during its poll is queued again.
#[test]
fn a_wake_during_a_poll_is_not_lost() {
    let executor = Arc::new(Executor::new());
    let polls = Arc::new(AtomicUsize::new(0));
    executor.spawn({
        let polls = polls.clone();
        poll_fn(move |context| {
            if polls.fetch_add(1, Relaxed) == 99 {
                return Poll::Ready(());
            }
            context.waker().wake_by_ref();
            Poll::Pending
        })
    });
    run(&executor, 2);
    assert_eq!(polls.load(Relaxed), 100);
}

#[test]
fn every_task_can_be_woken_through_the_list() {
    let executor = Arc::new(Executor::new());
    let stop = Arc::new(AtomicBool::new(false));
    let wakers = Arc::new(Mutex::new(Vec::new()));
    for _ in 0..10 {
        let (stop, wakers) = (stop.clone(), wakers.clone());
        executor.spawn(poll_fn(move |context| {
            if stop.load(Relaxed) {
                return Poll::Ready(());
            }
            wakers.lock().unwrap().push(context.waker().clone());
            Poll::Pending
        }));
    }
    let stopper = {
        let (executor, stop, wakers) = (executor.clone(), stop, wakers.clone());
        thread::spawn(move || {
            while wakers.lock().unwrap().len() < 10 {
                thread::yield_now();
            }
            stop.store(true, Relaxed);
            executor.wake_all()
        })
    };
    run(&executor, 2);
    assert_eq!(stopper.join().unwrap(), 10);
    wakers.lock().unwrap().clear();
    assert_eq!(executor.wake_all(), 0);
}

#[test]
fn dropping_the_executor_drops_every_future() {
    let freed = Arc::new(AtomicUsize::new(0));
    let wakers = Arc::new(Mutex::new(Vec::<Waker>::new()));
    let executor = Executor::new();
    for _ in 0..10 {
        let (dropped, wakers) = (Dropped(freed.clone()), wakers.clone());
        executor.spawn(poll_fn(move |context| {
            let _dropped = &dropped;
            wakers.lock().unwrap().push(context.waker().clone());
            Poll::Pending
        }));
    }
    // The last task panics, so that `run` ends.
    executor.spawn(async { panic!("enough") });
    assert!(catch_unwind(AssertUnwindSafe(|| executor.run())).is_err());
    assert_eq!(wakers.lock().unwrap().len(), 10);
    drop(executor);
    assert_eq!(freed.load(Relaxed), 10);
    for waker in wakers.lock().unwrap().drain(..) {
        waker.wake(); // does nothing
    }
}

#[test]
fn a_panic_ends_one_task() {
    let executor = Arc::new(Executor::new());
    let finished = Arc::new(AtomicBool::new(false));
    executor.spawn(async { panic!("on purpose") });
    executor.spawn({
        let finished = finished.clone();
        async move { finished.store(true, Relaxed) }
    });
    assert!(catch_unwind(AssertUnwindSafe(|| executor.run())).is_err());
    run(&executor, 1);
    assert!(finished.load(Relaxed));
    assert_eq!(executor.wake_all(), 0);
}

#[test]
fn an_executor_without_tasks_returns() {
    Executor::default().run();
    assert_eq!(Executor::new().wake_all(), 0);
}
