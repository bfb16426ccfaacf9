//! What permits promise: the limit, the order of the queue, and what a drop or a panic gives back.

use std::num::NonZeroUsize;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::task::Poll;

use futures::{FutureExt, poll};
use rate_limiting::Permits;
use tokio::task::{JoinSet, yield_now};

fn permits(limit: usize) -> Permits {
    Permits::new(NonZeroUsize::new(limit).unwrap())
}

#[test]
fn there_are_as_many_permits_as_the_limit() {
    let permits = permits(3);
    let out: Vec<_> = std::iter::from_fn(|| permits.try_acquire())
        .take(10)
        .collect();
    assert_eq!(out.len(), 3);
    drop(out);
    assert!(permits.try_acquire().is_some());
}

/// One request after the other, the broken permits work.
#[test]
fn the_broken_permits_break_only_if_two_requests_meet() {
    let permits = rate_limiting::extra_connection::Permits::new(NonZeroUsize::MIN);
    for _ in 0..3 {
        let held = permits.try_acquire().unwrap();
        assert!(permits.try_acquire().is_none());
        drop(held);
    }
}

#[test]
fn the_largest_limit_works() {
    let permits = permits(usize::MAX);
    let first = permits.try_acquire().unwrap();
    let second = permits.acquire().now_or_never().unwrap();
    drop((first, second));
}

#[tokio::test]
async fn waiters_are_served_in_their_order() {
    let permits = permits(1);
    let held = permits.try_acquire().unwrap();
    let (mut first, mut second) = (pin!(permits.acquire()), pin!(permits.acquire()));
    assert!(poll!(&mut first).is_pending());
    assert!(poll!(&mut second).is_pending());
    drop(held);
    // The permit belongs to the first now, though it hasn't been polled: nobody jumps the queue.
    assert!(permits.try_acquire().is_none());
    assert!(poll!(&mut second).is_pending());
    let Poll::Ready(held) = poll!(&mut first) else {
        panic!("the first has the permit");
    };
    drop(held);
    assert!(poll!(&mut second).is_ready());
    assert!(permits.try_acquire().is_some());
}

#[tokio::test]
async fn a_waiter_that_leaves_gives_its_place_and_its_permit_to_the_next() {
    let permits = permits(1);
    let held = permits.try_acquire().unwrap();
    let mut last = pin!(permits.acquire());
    {
        let (mut first, mut second) = (pin!(permits.acquire()), pin!(permits.acquire()));
        assert!(poll!(&mut first).is_pending());
        assert!(poll!(&mut second).is_pending());
        assert!(poll!(&mut last).is_pending());
        drop(held);
        // Both are dropped here: one has been handed the permit, the other waits.
    }
    assert!(poll!(&mut last).is_ready());
    assert!(permits.try_acquire().is_some());
}

#[tokio::test]
async fn the_last_waiter_that_leaves_opens_the_queue_for_all() {
    let permits = permits(1);
    let held = permits.try_acquire().unwrap();
    assert!(permits.acquire().now_or_never().is_none());
    drop(held);
    assert!(permits.try_acquire().is_some());
}

#[test]
fn a_panic_gives_its_permit_back() {
    let permits = permits(1);
    let work = AssertUnwindSafe(|| {
        let _permit = permits.try_acquire().unwrap();
        std::panic::resume_unwind(Box::new("the query failed"));
    });
    catch_unwind(work).unwrap_err();
    assert!(permits.try_acquire().is_some());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_more_than_the_limit_are_out_on_two_threads() {
    const LIMIT: usize = 3;
    let permits = Arc::new(permits(LIMIT));
    let (out, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let mut tasks = JoinSet::new();
    for number in 0..1_000 {
        let (permits, out, most) = (permits.clone(), out.clone(), most.clone());
        tasks.spawn(async move {
            // Every seventh leaves after one poll, whatever it has got.
            if number % 7 == 0 {
                drop(permits.acquire().now_or_never());
                return;
            }
            let permit = permits.acquire().await;
            most.fetch_max(out.fetch_add(1, SeqCst) + 1, SeqCst);
            yield_now().await;
            out.fetch_sub(1, SeqCst);
            drop(permit);
        });
    }
    tasks.join_all().await;
    assert!(most.load(SeqCst) <= LIMIT);
    let free = std::iter::from_fn(|| permits.try_acquire()).take(10);
    assert_eq!(free.collect::<Vec<_>>().len(), LIMIT);
}
