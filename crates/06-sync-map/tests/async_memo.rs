//! What the async memo promises: one computation, and a caller that leaves is replaced by one that waits.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::time::Duration;

use futures::FutureExt;
use futures::future::{join, join_all};
use sync_map::Cycle;
use sync_map::async_memo::Memo;
use tokio::task::yield_now;
use tokio::time::{Instant, sleep, timeout};

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
    let answers = join_all((0..64).map(ask)).await;
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
    for (task, answer) in (0..).zip(join_all(tasks).await) {
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
