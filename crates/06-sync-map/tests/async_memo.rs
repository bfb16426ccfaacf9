//! What the async memo promises: one computation, and a caller that leaves is replaced by one that waits.

use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

use futures::FutureExt;
use futures::future::{join, join_all};
use sync_map::Cycle;
use sync_map::async_memo::Memo;
use tokio::task::yield_now;
use tokio::time::{Instant, sleep, timeout};

/// Far longer than a passing test needs.
const HANGS: Duration = Duration::from_secs(60);

fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

async fn slow<T>(value: T) -> T {
    sleep(ms(100)).await;
    value
}

#[tokio::test(start_paused = true)]
async fn sixty_four_tasks_that_ask_for_one_key_get_one_computation() {
    let (memo, computations) = (Memo::new(), AtomicUsize::new(0));
    let start = Instant::now();
    let ask = |asker: usize| {
        memo.get_or_compute("cluster 1", move |_| slow(asker))
            .inspect(|_| {
                computations.fetch_add(1, SeqCst);
            })
    };
    let answers = join_all((0..64).map(ask));
    let answers = timeout(ms(1_000), answers).await.unwrap();
    // The first one to ask computes for all.
    assert_eq!(answers, vec![Ok(0); 64]);
    assert_eq!(start.elapsed(), ms(100));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn on_four_threads_each_key_is_computed_once() {
    let memo = Arc::new(Memo::new());
    let computations = Arc::new(AtomicUsize::new(0));
    let tasks: Vec<_> = (0..1_000)
        .map(|task: u32| {
            let (memo, computations) = (memo.clone(), computations.clone());
            tokio::spawn(async move {
                let compute = |key: &u32| {
                    let value = key * 2;
                    async move {
                        computations.fetch_add(1, SeqCst);
                        yield_now().await;
                        value
                    }
                };
                memo.get_or_compute(task % 10, compute).await
            })
        })
        .collect();
    let answers = timeout(HANGS, join_all(tasks)).await.unwrap();
    for (task, answer) in (0..).zip(answers) {
        assert_eq!(answer.unwrap(), Ok(task % 10 * 2));
    }
    assert_eq!((computations.load(SeqCst), memo.len()), (10, 10));
}

#[tokio::test(start_paused = true)]
async fn two_keys_are_computed_at_the_same_time() {
    let memo = Memo::new();
    let start = Instant::now();
    let ask = |key: u8| memo.get_or_compute(key, |key| slow(*key));
    assert_eq!(join(ask(1), ask(2)).await, (Ok(1), Ok(2)));
    assert_eq!(start.elapsed(), ms(100));
}

#[tokio::test(start_paused = true)]
async fn a_waiting_task_takes_over_from_a_caller_that_gives_up() {
    let memo = Memo::new();
    let start = Instant::now();
    let first = timeout(ms(60), memo.get_or_compute(1, |_| slow("first")));
    let second = memo.get_or_compute(1, |_| slow("second"));
    let third = memo.get_or_compute(1, |_| slow("third"));
    let ((first, second), third) = join(join(first, second), third).await;
    assert!(first.is_err());
    // The second task begins from the start, at 60 ms.
    assert_eq!((second, third), (Ok("second"), Ok("second")));
    assert_eq!(start.elapsed(), ms(160));
}

#[tokio::test(start_paused = true)]
async fn a_caller_that_gives_up_alone_leaves_nothing_behind() {
    let memo = Memo::new();
    timeout(ms(60), memo.get_or_compute(1, |_| slow(1)))
        .await
        .unwrap_err();
    assert_eq!((memo.get(&1), memo.len()), (None, 0));
    assert_eq!(memo.get_or_compute(1, |_| slow(2)).await, Ok(2));
}

#[tokio::test(start_paused = true)]
async fn tasks_that_stop_waiting_change_nothing_for_the_others() {
    let memo = Memo::new();
    let computing = memo.get_or_compute(1, |_| slow(1));
    let impatient = (0..10).map(|_| timeout(ms(50), memo.get_or_compute(1, |_| slow(2))));
    let patient = memo.get_or_compute(1, |_| slow(3));
    let ((computed, impatient), patient) =
        join(join(computing, join_all(impatient)), patient).await;
    assert!(impatient.iter().all(Result::is_err));
    assert_eq!((computed, patient), (Ok(1), Ok(1)));
}

#[tokio::test(start_paused = true)]
async fn a_computation_that_panics_leaves_the_key_free_and_wakes_the_others() {
    let memo: Memo<u8, u8> = Memo::new();
    let panics = memo.get_or_compute(1, |_| async {
        sleep(ms(50)).await;
        std::panic::resume_unwind(Box::new("no value"))
    });
    let waits = memo.get_or_compute(1, |_| slow(2));
    let (panicked, waited) = join(AssertUnwindSafe(panics).catch_unwind(), waits).await;
    assert_eq!(panicked.unwrap_err().downcast_ref(), Some(&"no value"));
    assert_eq!((waited, memo.len()), (Ok(2), 1));
}

#[tokio::test(start_paused = true)]
async fn a_computation_that_asks_for_its_own_key_gets_an_error() {
    let memo: Memo<u8, Result<u8, Cycle>> = Memo::new();
    let memo = &memo;
    let own = memo.get_or_compute(1, |_| async {
        let same = memo.get_or_compute(1, |_| async { Ok(0) }).boxed_local();
        same.await.and_then(|it| it)
    });
    assert_eq!(timeout(ms(1_000), own).await.unwrap(), Ok(Err(Cycle)));
    // Through another key, and inside a `join`.
    let through = memo.get_or_compute(2, |_| async {
        let other = memo.get_or_compute(3, |_| async {
            let first = memo.get_or_compute(2, |_| async { Ok(0) }).boxed_local();
            let beside = memo.get_or_compute(4, |_| async { Ok(4) }).boxed_local();
            let (first, beside) = join(first, beside).await;
            assert_eq!(beside, Ok(Ok(4)));
            first.and_then(|it| it)
        });
        other.boxed_local().await.and_then(|it| it)
    });
    assert_eq!(timeout(ms(1_000), through).await.unwrap(), Ok(Err(Cycle)));
}

#[tokio::test(start_paused = true)]
async fn a_value_is_computed_once_until_it_is_removed() {
    let memo = Memo::new();
    assert!(memo.is_empty());
    assert_eq!(memo.get_or_compute(1, |key| slow(key * 10)).await, Ok(10));
    assert_eq!(memo.get_or_compute(1, |_| slow(0)).await, Ok(10));
    assert_eq!((memo.get(&1), memo.len()), (Some(10), 1));
    assert_eq!(memo.remove(&1), Some(10));
    assert_eq!(memo.remove(&1), None);
    assert_eq!(memo.get_or_compute(1, |key| slow(key * 20)).await, Ok(20));
}

#[tokio::test(start_paused = true)]
async fn during_a_computation_there_is_no_value_yet() {
    let memo = Memo::new();
    let value = memo.get_or_compute(1, |_| async {
        assert_eq!((memo.get(&1), memo.len()), (None, 0));
        // The computation continues, and its value comes.
        assert_eq!(memo.remove(&1), None);
        7
    });
    let value = value.await;
    assert_eq!((value, memo.get(&1), memo.len()), (Ok(7), Some(7), 1));
}

#[tokio::test(start_paused = true)]
async fn a_computation_that_begins_by_asking_for_its_own_key_gets_an_error() {
    let memo: Memo<u8, Option<Result<u8, Cycle>>> = Memo::new();
    // `compute` itself asks, before it returns a future.
    let value = memo.get_or_compute(1, |_| {
        let own = memo.get_or_compute(1, |_| async { None }).now_or_never();
        std::future::ready(own.map(|asked| asked.map(|_| 0)))
    });
    assert_eq!(value.await, Ok(Some(Err(Cycle))));
}

#[tokio::test(start_paused = true)]
async fn a_computation_may_ask_another_memo_for_the_same_key() {
    let (first, second) = (Memo::new(), Memo::new());
    let value = first.get_or_compute(1, |key| {
        let asked = second.get_or_compute(*key, |_| slow(7));
        asked.map(Result::unwrap)
    });
    assert_eq!(value.await, Ok(7));
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

#[tokio::test(start_paused = true)]
async fn a_clone_that_panics_leaves_the_key_free() {
    let brittle = AtomicBool::new(true);
    let memo = Memo::new();
    for _ in 0..2 {
        let ask = memo.get_or_compute(1, |_| async { Fragile(&brittle) });
        let asked = timeout(ms(1_000), AssertUnwindSafe(ask).catch_unwind()).await;
        assert!(asked.unwrap().is_err());
        assert_eq!(memo.len(), 0);
    }
}

#[tokio::test(start_paused = true)]
async fn a_clone_that_panics_under_the_lock_stops_nothing() {
    let brittle = AtomicBool::new(false);
    let memo = Memo::new();
    let fragile = |_: &u8| async { Fragile(&brittle) };
    memo.get_or_compute(1, fragile).await.unwrap();
    brittle.store(true, SeqCst);
    assert!(std::panic::catch_unwind(AssertUnwindSafe(|| memo.get(&1))).is_err());
    let ask = memo.get_or_compute(1, fragile);
    assert!(AssertUnwindSafe(ask).catch_unwind().await.is_err());
    brittle.store(false, SeqCst);
    // One computes, one gives up, one waits.
    let computes = memo.get_or_compute(2, |_| slow(Fragile(&brittle)));
    let gives_up = timeout(ms(10), memo.get_or_compute(2, fragile));
    let waits = memo.get_or_compute(2, fragile);
    let ((computes, gives_up), waits) = join(join(computes, gives_up), waits).await;
    assert!(computes.is_ok() && gives_up.is_err() && waits.is_ok());
    timeout(ms(10), memo.get_or_compute(3, |_| slow(Fragile(&brittle))))
        .await
        .unwrap_err();
    assert_eq!(memo.len(), 2);
    assert!(memo.remove(&1).is_some() && memo.get(&2).is_some());
    assert_eq!((memo.len(), memo.is_empty()), (1, false));
}

/// Counts how often it is woken. Each waker is a reference to it.
#[derive(Default)]
struct Woken(AtomicUsize);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, SeqCst);
    }
}

#[test]
fn a_task_that_waits_leaves_one_waker_and_takes_it_away() {
    let memo = Memo::new();
    let [first, second] = [(); 2].map(|()| Arc::new(Woken::default()));
    let polled = |future: Pin<&mut dyn Future<Output = Result<u8, Cycle>>>, woken: &Arc<Woken>| {
        let waker = Waker::from(woken.clone());
        future.poll(&mut Context::from_waker(&waker))
    };
    let mut computes = Box::pin(memo.get_or_compute(1, |_| async {
        yield_now().await;
        1
    }));
    assert_eq!(polled(computes.as_mut(), &first), Poll::Pending);
    let idle = Arc::strong_count(&first);
    let mut waits = Box::pin(memo.get_or_compute(1, |_| std::future::pending()));
    for _ in 0..3 {
        assert_eq!(polled(waits.as_mut(), &first), Poll::Pending);
        assert_eq!(Arc::strong_count(&first), idle + 1);
    }
    // Another task polls it: only that one has to be woken.
    assert_eq!(polled(waits.as_mut(), &second), Poll::Pending);
    assert_eq!(Arc::strong_count(&first), idle);
    assert_eq!(Arc::strong_count(&second), 2);
    // A second one waits, and gives up.
    let mut gives_up = Box::pin(memo.get_or_compute(1, |_| std::future::pending()));
    assert_eq!(polled(gives_up.as_mut(), &second), Poll::Pending);
    assert_eq!(Arc::strong_count(&second), 3);
    drop(gives_up);
    assert_eq!(Arc::strong_count(&second), 2);
    let woken = first.0.load(SeqCst);
    assert_eq!(polled(computes.as_mut(), &first), Poll::Ready(Ok(1)));
    assert_eq!((first.0.load(SeqCst), second.0.load(SeqCst)), (woken, 1));
    assert_eq!(Arc::strong_count(&second), 1);
    assert_eq!(polled(waits.as_mut(), &second), Poll::Ready(Ok(1)));
}

#[test]
fn a_task_that_gives_up_late_leaves_the_wakers_of_others_alone() {
    let memo = Memo::new();
    let woken = Arc::new(Woken::default());
    let waker = Waker::from(woken.clone());
    let mut context = Context::from_waker(&waker);
    let pending = || Box::pin(memo.get_or_compute(1, |_| std::future::pending::<u8>()));
    let (mut gives_up, mut late) = (pending(), pending());
    assert!(gives_up.as_mut().poll(&mut context).is_pending());
    assert!(late.as_mut().poll(&mut context).is_pending());
    drop(gives_up);
    assert_eq!(woken.0.load(SeqCst), 1);
    // Before `late` is polled again, two others claim the key and wait for it.
    let (mut claims, mut waits) = (pending(), pending());
    assert!(claims.as_mut().poll(&mut context).is_pending());
    assert!(waits.as_mut().poll(&mut context).is_pending());
    drop(late);
    drop(claims);
    assert_eq!(woken.0.load(SeqCst), 2);
}
