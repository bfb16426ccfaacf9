//! What the variants promise: order, panics with their places, stopping, dropping, and the pools on real threads.

use std::any::Any;
use std::num::NonZeroUsize;
use std::panic;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use error_handling::{
    Cause, Failure, Outcome, Panic, all_errors, channel::Channel, error_channel, first_error,
    kept_error, leaked, taken_error,
};
use futures::{FutureExt, poll};
use tokio::runtime::Handle;
use tokio::sync::Notify;
use tokio::time::{Instant, sleep};

fn limit(limit: usize) -> NonZeroUsize {
    NonZeroUsize::new(limit).unwrap()
}

fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

/// Waits until Tokio has dropped all spawned tasks.
async fn no_task_is_left() {
    let deadline = std::time::Instant::now() + Duration::from_secs(30);
    while Handle::current().metrics().num_alive_tasks() > 0 {
        assert!(
            std::time::Instant::now() < deadline,
            "a task is left after 30 s"
        );
        sleep(ms(1)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_items_have_ten_thousand_outcomes_in_order() {
    const ITEMS: usize = 10_000;
    let outcomes = all_errors::run((0..ITEMS).collect(), limit(100), async |item: usize| {
        if item.is_multiple_of(7) {
            tokio::task::yield_now().await;
        }
        match item {
            _ if item % 1_000 == 500 => panic!("item {item}"),
            _ if item % 100 == 3 => Err(item),
            _ => Ok(item),
        }
    })
    .await;
    assert_eq!(outcomes.len(), ITEMS);
    let mut counts = [0; 3];
    for (item, outcome) in outcomes.into_iter().enumerate() {
        match outcome {
            Outcome::Done(result) => {
                assert_eq!(result, item);
                counts[0] += 1;
            }
            Outcome::Failed(error) => {
                assert_eq!(error, item);
                counts[1] += 1;
            }
            Outcome::Panicked(panic) => {
                assert_eq!(panic.message, format!("item {item}"));
                counts[2] += 1;
            }
            Outcome::Stopped => panic!("item {item} was stopped"),
        }
    }
    assert_eq!(counts, [9_890, 100, 10]);
    no_task_is_left().await;
}

#[tokio::test]
async fn no_items_give_no_outcomes_at_once() {
    let work = async |item: u32| Ok::<u32, ()>(item);
    assert_eq!(
        first_error::run(vec![], limit(3), work).now_or_never(),
        Some(Ok(vec![]))
    );
    assert_eq!(
        all_errors::run(vec![], limit(3), work).now_or_never(),
        Some(vec![])
    );
    assert_eq!(
        error_channel::run(vec![], limit(3), work).now_or_never(),
        Some(vec![])
    );
}

#[tokio::test(start_paused = true)]
async fn results_are_in_the_order_of_the_items() {
    let result = first_error::run(vec![30, 10, 20], limit(2), async |item| {
        sleep(ms(item)).await;
        Ok::<_, ()>(item)
    });
    assert_eq!(result.await, Ok(vec![30, 10, 20]));
}

#[tokio::test(start_paused = true)]
async fn after_the_first_failure_no_item_starts() {
    let started = Arc::new(AtomicUsize::new(0));
    let count = started.clone();
    // Items 0 and 1 end at the same moment. Item 0 fails first, so that the slot of item 1 stays free.
    let result = first_error::run((0..10).collect(), limit(2), move |item: usize| {
        count.fetch_add(1, SeqCst);
        async move {
            sleep(ms(100)).await;
            if item == 0 { Err("failed") } else { Ok(()) }
        }
    });
    assert_eq!(
        result.await,
        Err(Failure {
            index: 0,
            cause: Cause::Error("failed")
        })
    );
    assert_eq!(started.load(SeqCst), 2);
}

/// Notes when it is dropped.
struct Guard(Arc<AtomicUsize>);

impl Guard {
    fn new(count: &Arc<AtomicUsize>) -> Guard {
        count.fetch_add(1, SeqCst);
        Guard(count.clone())
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        self.0.fetch_sub(1, SeqCst);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn when_the_group_returns_every_item_is_gone() {
    for _ in 0..100 {
        let alive = Arc::new(AtomicUsize::new(0));
        let all_wait = Arc::new(Notify::new());
        let (count, waiting) = (alive.clone(), all_wait.clone());
        let result = first_error::run((0..100).collect(), limit(100), move |item: usize| {
            let (count, waiting) = (count.clone(), waiting.clone());
            async move {
                let guard = Guard::new(&count);
                if count.load(SeqCst) == 100 {
                    waiting.notify_one();
                }
                if item == 50 {
                    waiting.notified().await;
                    return Err(item);
                }
                std::future::pending::<()>().await;
                drop(guard);
                Ok(())
            }
        });
        assert_eq!(
            result.await,
            Err(Failure {
                index: 50,
                cause: Cause::Error(50)
            })
        );
        assert_eq!(alive.load(SeqCst), 0);
    }
    no_task_is_left().await;
}

/// The second item blocks a thread after the first has failed.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_group_waits_for_the_part_that_cannot_be_stopped() {
    let (blocked, failed) = (
        Arc::new(AtomicBool::new(false)),
        Arc::new(AtomicBool::new(false)),
    );
    let ended = Arc::new(AtomicBool::new(false));
    let (blocks, fails, ends) = (blocked.clone(), failed.clone(), ended.clone());
    let result = first_error::run(vec![0, 1], limit(2), move |item: usize| {
        let (blocks, fails, ends) = (blocks.clone(), fails.clone(), ends.clone());
        async move {
            let wait_for = |flag: &AtomicBool| {
                let deadline = std::time::Instant::now() + Duration::from_secs(30);
                while !flag.load(SeqCst) {
                    assert!(std::time::Instant::now() < deadline, "30 s have passed");
                    thread::yield_now();
                }
            };
            if item == 0 {
                wait_for(&blocks);
                fails.store(true, SeqCst);
                return Err("failed");
            }
            blocks.store(true, SeqCst);
            wait_for(&fails);
            thread::sleep(ms(20));
            ends.store(true, SeqCst);
            Ok(())
        }
    });
    assert_eq!(result.await.unwrap_err().cause, Cause::Error("failed"));
    assert!(ended.load(SeqCst));
}

#[tokio::test(start_paused = true)]
async fn a_deadline_stops_the_rest_and_keeps_what_is_done() {
    let start = Instant::now();
    let outcomes = all_errors::run_until(
        sleep(ms(50)),
        vec![10, 100, 30, 30],
        limit(2),
        async |item| {
            sleep(ms(item)).await;
            if item == 30 { Err(item) } else { Ok(item) }
        },
    );
    let expected = [
        Outcome::Done(10),
        Outcome::Stopped,
        Outcome::Failed(30),
        Outcome::Stopped,
    ];
    assert_eq!(outcomes.await, expected);
    assert_eq!(start.elapsed(), ms(50));
    no_task_is_left().await;
}

#[tokio::test(start_paused = true)]
async fn a_deadline_that_has_passed_starts_nothing() {
    let outcomes = all_errors::run_until(
        async {},
        vec![1, 2],
        limit(2),
        async |_| -> Result<(), ()> { panic!("it started") },
    );
    assert_eq!(outcomes.await, [Outcome::Stopped, Outcome::Stopped]);
}

/// The deadline passes while an item computes. The worker that computes must not start the next item.
#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_worker_that_computes_at_the_deadline_starts_no_further_item() {
    let (computes, goes_on) = (Arc::new(Notify::new()), Arc::new(AtomicBool::new(false)));
    let started = Arc::new(AtomicUsize::new(0));
    let deadline = Arc::new(Notify::new());
    let passed = deadline.clone();
    let (begun, released, count) = (computes.clone(), goes_on.clone(), started.clone());
    let run = all_errors::run_until(
        async move { passed.notified().await },
        vec![0, 1],
        limit(1),
        move |_: u32| {
            count.fetch_add(1, SeqCst);
            let (begun, released) = (begun.clone(), released.clone());
            async move {
                begun.notify_one();
                let deadline = std::time::Instant::now() + Duration::from_secs(30);
                while !released.load(SeqCst) {
                    assert!(std::time::Instant::now() < deadline, "30 s have passed");
                    thread::yield_now();
                }
                Ok::<(), ()>(())
            }
        },
    );
    let mut run = std::pin::pin!(run);
    assert!(poll!(&mut run).is_pending());
    computes.notified().await;
    deadline.notify_one();
    // The run has seen the deadline, and waits for the item.
    assert!(poll!(&mut run).is_pending());
    goes_on.store(true, SeqCst);
    assert_eq!(run.await, [Outcome::Done(()), Outcome::Stopped]);
    assert_eq!(started.load(SeqCst), 1);
}

#[track_caller]
fn the_panic<R: std::fmt::Debug, E: std::fmt::Debug>(outcomes: Vec<Outcome<R, E>>) -> Panic {
    match outcomes.into_iter().next() {
        Some(Outcome::Panicked(panic)) => panic,
        outcome => panic!("not a panic: {outcome:?}"),
    }
}

#[tokio::test]
async fn a_panic_arrives_with_its_message_and_its_place() {
    let line = line!() + 2;
    let work = async |item: u32| -> Result<(), ()> {
        panic!("item {item}");
    };
    let panic = the_panic(all_errors::run(vec![7], limit(1), work).await);
    let file = file!().to_owned();
    assert_eq!(panic.message, "item 7");
    assert_eq!(panic.place, Some(format!("{file}:{line}:9")));
    assert_eq!(
        panic.to_string(),
        format!("panicked: item 7 ({file}:{line}:9)")
    );
    let failure = first_error::run(vec![7], limit(1), work).await.unwrap_err();
    assert_eq!(
        failure,
        Failure {
            index: 0,
            cause: Cause::Panic(panic)
        }
    );
}

#[tokio::test]
async fn a_panic_before_the_first_await_is_caught() {
    let work = |item: u32| {
        assert!(item > 7, "too small");
        async move { Ok::<_, ()>(item) }
    };
    let outcomes = all_errors::run(vec![7, 8], limit(1), work).await;
    assert_eq!(outcomes[1], Outcome::Done(8));
    assert_eq!(the_panic(outcomes).message, "too small");
    let failures = error_channel::run(vec![8, 7], limit(1), work).await;
    assert_eq!(failures[0].index, 1);
}

#[tokio::test]
async fn the_hook_that_was_there_before_is_called() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    // The first call of a variant installs our hook.
    all_errors::run(vec![()], limit(1), async |()| Ok::<_, ()>(())).await;
    let (ours, note) = (panic::take_hook(), seen.clone());
    panic::set_hook(Box::new(move |panic| {
        if let Some(text) = panic.payload_as_str() {
            note.lock().unwrap().push(text.to_owned());
        }
        ours(panic);
    }));
    let work = async |()| -> Result<(), ()> { panic!("seen by both hooks") };
    let panic = the_panic(all_errors::run(vec![()], limit(1), work).await);
    assert!(panic.place.is_some());
    assert!(
        seen.lock()
            .unwrap()
            .contains(&"seen by both hooks".to_owned())
    );
}

/// Panics when it is dropped.
struct Spiteful;

impl Drop for Spiteful {
    fn drop(&mut self) {
        panic::panic_any(7);
    }
}

/// Panics when it is dropped, with a payload that panics when it is dropped.
struct Vengeful;

impl Drop for Vengeful {
    fn drop(&mut self) {
        panic::panic_any(Spiteful);
    }
}

#[tokio::test]
async fn a_payload_that_is_no_text_does_not_lose_the_item() {
    let payloads: [fn() -> Box<dyn Any + Send>; 3] =
        [|| Box::new(7), || Box::new(Spiteful), || Box::new(Vengeful)];
    for payload in payloads {
        let work = move |()| async move { panic::resume_unwind(payload()) };
        let outcomes: Vec<Outcome<(), ()>> = all_errors::run(vec![()], limit(1), work).await;
        let panic = the_panic(outcomes);
        assert_eq!(panic.message, "a value that isn't text");
        // `resume_unwind` calls no hook.
        assert_eq!(panic.place, None);
    }
    let work = async |()| -> Result<(), ()> { panic::panic_any(7) };
    let panic = the_panic(all_errors::run(vec![()], limit(1), work).await);
    assert!(panic.place.unwrap().starts_with(file!()));
}

#[tokio::test]
async fn the_place_of_a_panic_that_an_item_caught_is_not_the_next_ones() {
    let work = async |item: u32| -> Result<(), ()> {
        if item == 0 {
            let caught = panic::catch_unwind(|| panic!("caught by the item"));
            assert!(caught.is_err());
            return Ok(());
        }
        panic::resume_unwind(Box::new("it has no place"))
    };
    let outcomes = all_errors::run(vec![0, 1], limit(1), work).await;
    assert_eq!(outcomes[0], Outcome::Done(()));
    let panic = the_panic(outcomes.into_iter().skip(1).collect());
    assert_eq!(panic.message, "it has no place");
    assert_eq!(panic.place, None);
}

#[test]
fn a_failure_names_its_item_by_its_number() {
    let failure = Failure {
        index: 0,
        cause: Cause::Error("no pipeline"),
    };
    assert_eq!(failure.to_string(), "item 1: no pipeline");
}

#[test]
fn a_closed_channel_stays_closed() {
    let channel = Channel::new();
    assert_eq!(channel.send(1), Ok(()));
    channel.close();
    assert_eq!(channel.try_receive(), None);
    assert_eq!(channel.send(2), Err(2));
    assert_eq!(channel.receive(), None);
    assert_eq!(channel.receive(), None);
}

#[tokio::test]
async fn a_panic_in_the_drop_of_an_item_is_its_outcome() {
    let work = async |()| -> Result<(), ()> {
        let _spiteful = Spiteful;
        tokio::task::yield_now().await;
        Ok(())
    };
    let panic = the_panic(all_errors::run(vec![()], limit(1), work).await);
    assert_eq!(panic.message, "a value that isn't text");
}

#[tokio::test]
async fn a_worker_that_panics_does_not_hang_the_channel() {
    let work = async |item: u32| -> Result<(), u32> {
        match item % 3 {
            0 => Ok(()),
            1 => Err(item),
            _ => panic!("item {item}"),
        }
    };
    let failures = error_channel::run((0..1_000).collect(), limit(7), work).await;
    let failed: Vec<usize> = failures.iter().map(|failure| failure.index).collect();
    assert_eq!(failed.len(), 666);
    assert!(failed.iter().all(|index| index % 3 != 0));
}

#[tokio::test(start_paused = true)]
async fn the_leak_ends_when_the_receiver_is_read_or_dropped() {
    let work = async |item: u64| {
        sleep(ms(item)).await;
        if item == 10 { Err(item) } else { Ok(()) }
    };
    let alive = || Handle::current().metrics().num_alive_tasks();
    for read in [true, false] {
        let mut leaked = leaked::run(vec![10, 20, 20, 20, 30], limit(2), work).await;
        assert_eq!(leaked.first.take().unwrap().index, 0);
        sleep(Duration::from_secs(3_600)).await;
        // The window and the two workers.
        assert_eq!(alive(), 3);
        if read {
            while leaked.unread.recv().await.is_some() {}
        }
        drop(leaked);
        no_task_is_left().await;
    }
    let leaked = leaked::run(vec![20, 30], limit(2), work).await;
    assert_eq!(leaked.first, None);
    no_task_is_left().await;
}

#[tokio::test(start_paused = true)]
async fn a_dropped_leak_starts_no_further_item() {
    let started = Arc::new(AtomicUsize::new(0));
    let count = started.clone();
    let run = leaked::run(vec![(); 10], limit(2), move |()| {
        count.fetch_add(1, SeqCst);
        async move {
            sleep(ms(10)).await;
            Ok::<(), ()>(())
        }
    });
    assert!(tokio::time::timeout(ms(5), run).await.is_err());
    no_task_is_left().await;
    assert_eq!(started.load(SeqCst), 2);
}

/// Runs the pool's workers on threads.
macro_rules! run_pool {
    ($pool:expr, $workers:expr) => {{
        let pool = $pool;
        thread::scope(|scope| {
            for _ in 0..$workers {
                scope.spawn(|| pool.work());
            }
        });
        pool.finish()
    }};
}

type Task = Box<dyn Fn() -> Result<(), usize> + Send + Sync>;

fn tasks(results: impl IntoIterator<Item = Result<(), usize>>) -> Vec<Task> {
    results
        .into_iter()
        .map(|result| Box::new(move || result) as Task)
        .collect()
}

#[test]
fn one_worker_reports_success_after_a_failure() {
    let results = [Err(1), Ok(()), Ok(())];
    assert_eq!(run_pool!(taken_error::Pool::new(tasks(results)), 1), Ok(()));
    assert_eq!(run_pool!(kept_error::Pool::new(tasks(results)), 1), Err(1));
    // Of two tasks, the last one's error is still there.
    assert_eq!(
        run_pool!(taken_error::Pool::new(tasks([Ok(()), Err(2)])), 1),
        Err(2)
    );
}

#[test]
fn the_fixed_pool_reports_an_error_whatever_the_threads_do() {
    for round in 0..200 {
        let fails = round % 50;
        let results = (0..50).map(|task| if task == fails { Err(task) } else { Ok(()) });
        assert_eq!(
            run_pool!(kept_error::Pool::new(tasks(results)), 4),
            Err(fails)
        );
    }
}
