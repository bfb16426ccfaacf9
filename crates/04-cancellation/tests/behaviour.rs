//! What the token and the variants promise: order, drops, deep trees, panics, and no item begun after the cancellation.

use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::Duration;

use cancellation::{Ended, Processed, Stopped, Token};
use futures::FutureExt;
use futures::future::join_all;
use tokio::time::{Instant, sleep};

fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

/// Runs a test on a thread of its own. If it blocks, fails with a message, instead of hanging.
fn within_a_minute(what: &'static str, test: impl FnOnce() + Send + 'static) {
    let (ended, ends) = mpsc::channel::<()>();
    let thread = thread::spawn(move || {
        let _ended = ended; // dropped even if the test panics
        test();
    });
    let end = ends.recv_timeout(Duration::from_secs(60));
    assert_ne!(end, Err(mpsc::RecvTimeoutError::Timeout), "{what}");
    if let Err(panic) = thread.join() {
        std::panic::resume_unwind(panic);
    }
}

/// The same tests for each variant. `$stops` says whether it looks at its token, and `$interrupts` whether it also drops
/// the item in flight.
macro_rules! variant {
    ($variant:ident, $stops:expr, $interrupts:expr) => {
        mod $variant {
            use super::*;
            use cancellation::$variant::process;

            #[tokio::test(start_paused = true)]
            async fn without_a_cancellation_all_items_are_done_in_order() {
                let token = Token::new();
                let work = |item: u64| async move {
                    sleep(ms(10 - item)).await;
                    item * item
                };
                let processed = process((0..10).collect(), &token, work).await;
                assert_eq!(
                    processed.done,
                    (0..10).map(|item| item * item).collect::<Vec<_>>()
                );
                assert_eq!(processed.ended, Ended::Finished);
            }

            #[tokio::test]
            async fn no_items_are_finished_at_once() {
                let token = Token::new();
                let work = |item: u8| async move { item };
                let ended = Ended::Finished;
                let finished = Processed {
                    done: vec![],
                    ended,
                };
                assert_eq!(process(vec![], &token, work).now_or_never(), Some(finished));
            }

            #[tokio::test]
            async fn a_token_that_is_cancelled_before_begins_no_item() {
                let token = Token::new();
                token.cancel();
                let begun = AtomicUsize::new(0);
                let work = |item: usize| {
                    begun.fetch_add(1, SeqCst);
                    async move { item }
                };
                let processed = process((0..3).collect(), &token, work).await;
                let expected = if $stops { 0 } else { 3 };
                assert_eq!(
                    (begun.load(SeqCst), processed.done.len()),
                    (expected, expected)
                );
                assert_eq!(processed.ended == Ended::Cancelled, $stops);
            }

            /// An item that is always ready can't be interrupted, but the next one doesn't begin.
            #[tokio::test]
            async fn an_item_that_cancels_is_the_last_to_begin() {
                let token = Token::new();
                let begun = AtomicUsize::new(0);
                let work = |item: usize| {
                    begun.fetch_add(1, SeqCst);
                    if item == 3 {
                        token.cancel();
                    }
                    async {
                        // Yields, so that a variant that waits for its token sees it.
                        tokio::task::yield_now().await;
                    }
                };
                process((1..=5).collect(), &token, work).await;
                assert_eq!(begun.load(SeqCst), if $stops { 3 } else { 5 });
            }

            /// An item that isn't interrupted is finished, and after the last one nothing is missing.
            #[tokio::test]
            async fn a_cancellation_during_the_last_item_stops_only_what_interrupts() {
                let token = Token::new();
                let work = |item: u8| {
                    if item == 3 {
                        token.cancel();
                    }
                    async move {
                        tokio::task::yield_now().await;
                        item
                    }
                };
                let processed = process(vec![1, 2, 3], &token, work).await;
                let (done, ended) = match $interrupts {
                    true => (vec![1, 2], Ended::Cancelled),
                    false => (vec![1, 2, 3], Ended::Finished),
                };
                assert_eq!(processed, Processed { done, ended });
            }

            /// When the future is polled again, the item is ready, and the token is cancelled.
            #[test]
            fn a_cancellation_wins_over_an_item_that_is_ready_only_if_it_interrupts() {
                let token = Token::new();
                let (item, waits) = tokio::sync::oneshot::channel::<u8>();
                let waits = std::cell::Cell::new(Some(waits));
                let work = |_: u8| {
                    let waits = waits.take();
                    async { waits.expect("no second item begins").await.unwrap() }
                };
                let mut future = Box::pin(process(vec![1], &token, work));
                assert!(future.as_mut().now_or_never().is_none());
                item.send(7).unwrap();
                token.cancel();
                let (done, ended) = match $interrupts {
                    true => (vec![], Ended::Cancelled),
                    false => (vec![7], Ended::Finished),
                };
                assert_eq!(future.now_or_never(), Some(Processed { done, ended }));
            }

            #[tokio::test(start_paused = true)]
            async fn a_dropped_future_stops_at_its_await() {
                let token = Token::new();
                let begun = AtomicUsize::new(0);
                let work = |_: u8| {
                    begun.fetch_add(1, SeqCst);
                    sleep(ms(100))
                };
                let future = process(vec![1, 2, 3], &token, work);
                assert!(tokio::time::timeout(ms(150), future).await.is_err());
                sleep(ms(1_000)).await;
                assert_eq!(begun.load(SeqCst), 2);
                assert!(!token.is_cancelled());
            }

            #[tokio::test]
            async fn a_panic_reaches_the_caller() {
                let token = Token::new();
                let begun = AtomicUsize::new(0);
                let work = |item: u8| {
                    begun.fetch_add(1, SeqCst);
                    async move { assert_ne!(item, 2, "item 2 is bad") }
                };
                let future = process(vec![1, 2, 3], &token, work);
                let payload = AssertUnwindSafe(future).catch_unwind().await.unwrap_err();
                let message = payload.downcast_ref::<String>().unwrap();
                assert!(message.contains("item 2 is bad"), "{message}");
                assert_eq!(begun.load(SeqCst), 2);
            }

            #[tokio::test]
            async fn the_future_can_be_spawned() {
                let token = Token::new();
                let task = tokio::spawn(async move {
                    process(vec![1, 2], &token, |item: u8| async move { item }).await
                });
                assert_eq!(task.await.unwrap().done, [1, 2]);
            }
        }
    };
}

variant!(ignored, false, false);
variant!(polled, true, false);
variant!(raced, true, true);
variant!(dropped, true, true);

/// Nothing is missing, so the run is finished. Only `dropped` can't tell: it looks at its token before it begins.
#[test]
fn no_items_are_finished_even_if_the_token_is_cancelled_before() {
    let token = Token::new();
    token.cancel();
    macro_rules! ended {
        ($variant:ident) => {
            cancellation::$variant::process(vec![], &token, |item: u8| async move { item })
                .now_or_never()
                .map(|processed| processed.ended)
        };
    }
    assert_eq!(ended!(ignored), Some(Ended::Finished));
    assert_eq!(ended!(polled), Some(Ended::Finished));
    assert_eq!(ended!(raced), Some(Ended::Finished));
    assert_eq!(ended!(dropped), Some(Ended::Cancelled));
}

#[test]
fn dropping_handles_cancels_nothing() {
    let token = Token::new();
    let child = token.child();
    drop(token.clone());
    drop(token);
    assert!(!child.is_cancelled());
    assert!(child.cancelled().now_or_never().is_none());
}

#[test]
fn a_child_does_not_cancel_its_parent_or_its_sibling() {
    let token = Token::new();
    let (child, sibling) = (token.child(), token.child());
    let grandchild = child.child();
    child.cancel();
    child.cancel();
    assert!(child.is_cancelled() && grandchild.is_cancelled());
    assert!(!token.is_cancelled() && !sibling.is_cancelled());
    assert!(child.child().is_cancelled());
    token.cancel();
    assert!(sibling.is_cancelled());
}

#[test]
fn descendants_of_a_token_without_handles_are_cancelled() {
    let token = Token::new();
    let grandchild = token.child().child();
    token.cancel();
    assert!(grandchild.is_cancelled());
}

#[test]
fn a_chain_of_a_million_tokens_is_cancelled_and_dropped() {
    let root = Token::new();
    let mut leaf = root.child();
    for _ in 0..1_000_000 {
        leaf = leaf.child();
    }
    root.cancel();
    assert!(leaf.is_cancelled());
    drop((root, leaf));

    let mut leaf = Token::new();
    for _ in 0..1_000_000 {
        leaf = leaf.child();
    }
    drop(leaf);
}

/// A token that lives as long as its program: what was added and has gone must leave nothing behind.
#[test]
fn a_token_forgets_the_children_and_the_tasks_that_are_gone() {
    let token = Token::new();
    let kept = token.child();
    for _ in 0..1_000 {
        let child = token.child();
        assert!(token.cancelled().now_or_never().is_none());
        assert!(child.cancelled().now_or_never().is_none());
    }
    assert_eq!(token.listeners(), 1);
    drop(kept);
    assert_eq!(token.listeners(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_thousand_tasks_that_wait_on_one_token_are_all_woken() {
    let token = Token::new();
    let tasks: Vec<_> = (0..1_000)
        .map(|_| {
            let token = token.clone();
            tokio::spawn(async move { token.cancelled().await })
        })
        .collect();
    tokio::task::yield_now().await;
    token.cancel();
    let ended = tokio::time::timeout(Duration::from_secs(60), join_all(tasks)).await;
    for task in ended.expect("every task is woken") {
        task.unwrap();
    }
}

/// A future that moves to another task has to wake the new one.
#[test]
fn the_last_waker_is_the_one_that_is_woken() {
    let token = Token::new();
    let mut cancelled = token.cancelled();
    let wakers = [futures_test_waker(), futures_test_waker()];
    for (waker, _) in &wakers {
        let mut context = std::task::Context::from_waker(waker);
        assert!(cancelled.poll_unpin(&mut context).is_pending());
    }
    assert_eq!(token.listeners(), 1);
    token.cancel();
    assert_eq!(wakers.map(|(_, calls)| calls.load(SeqCst)), [0, 1]);
}

struct Calls(Arc<AtomicUsize>);

impl std::task::Wake for Calls {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, SeqCst);
    }
}

fn futures_test_waker() -> (std::task::Waker, Arc<AtomicUsize>) {
    let calls = Arc::new(AtomicUsize::new(0));
    (
        std::task::Waker::from(Arc::new(Calls(calls.clone()))),
        calls,
    )
}

/// A waker that, when it is dropped or called, uses the token: a lock that is still held would hang.
struct Reenters(Token);

impl std::task::Wake for Reenters {
    fn wake(self: Arc<Self>) {
        self.0.cancel();
        assert!(self.0.child().is_cancelled());
    }
}

impl Drop for Reenters {
    fn drop(&mut self) {
        drop(self.0.child());
    }
}

#[test]
fn a_waker_may_use_the_token_when_it_is_called() {
    within_a_minute("a waker that is called waits for the token's lock", || {
        let token = Token::new();
        let mut cancelled = token.cancelled();
        let waker = std::task::Waker::from(Arc::new(Reenters(token.clone())));
        let mut context = std::task::Context::from_waker(&waker);
        assert!(cancelled.poll_unpin(&mut context).is_pending());
        token.cancel();
    });
}

/// A waker is dropped when another one replaces it, and when its future is dropped.
#[test]
fn a_waker_may_use_the_token_when_it_is_dropped() {
    within_a_minute("a waker that is dropped waits for the token's lock", || {
        let token = Token::new();
        let mut cancelled = token.cancelled();
        for _ in 0..2 {
            let waker = std::task::Waker::from(Arc::new(Reenters(token.clone())));
            let mut context = std::task::Context::from_waker(&waker);
            assert!(cancelled.poll_unpin(&mut context).is_pending());
        }
        drop(cancelled);
        assert_eq!(token.listeners(), 0);
    });
}

#[test]
fn a_future_that_was_ready_is_ready_again() {
    let token = Token::new();
    let mut cancelled = token.cancelled();
    assert!((&mut cancelled).now_or_never().is_none());
    token.cancel();
    for _ in 0..2 {
        assert_eq!((&mut cancelled).now_or_never(), Some(()));
    }
}

/// Several times: `select!` without `biased` polls the future first in half of them.
#[tokio::test]
async fn a_race_for_a_cancelled_token_polls_nothing() {
    let token = Token::new();
    token.cancel();
    for _ in 0..64 {
        let raced = token.race(async { panic!("polled") }).await;
        assert_eq!(raced, Err::<(), _>(Stopped));
    }
    assert_eq!(
        Stopped.to_string(),
        "stopped, because the token was cancelled"
    );
}

#[tokio::test(start_paused = true)]
async fn a_race_ends_with_its_future_or_when_the_token_is_cancelled() {
    let token = Token::new();
    assert_eq!(token.race(async { 1 }).await, Ok(1));
    let start = Instant::now();
    let late = token.clone();
    let (raced, ()) = tokio::join!(token.race(sleep(ms(100))), async {
        sleep(ms(30)).await;
        late.cancel();
    });
    assert!(raced.is_err());
    assert_eq!(start.elapsed(), ms(30));
}

#[test]
fn tokens_and_their_futures_are_shown_without_their_tree() {
    let token = Token::new();
    let _child = token.child();
    assert_eq!(format!("{token:?}"), "Token { is_cancelled: false, .. }");
    assert_eq!(format!("{:?}", token.cancelled()), "Cancelled { .. }");
    assert!(!Token::default().is_cancelled());
}
