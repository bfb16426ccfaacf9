//! What every variant promises: order, limits, errors, panics, and what dropping does.

use std::num::NonZeroUsize;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::time::Duration;

use futures::FutureExt;
use tokio::time::{Instant, sleep, timeout};

fn limit(limit: usize) -> NonZeroUsize {
    NonZeroUsize::new(limit).unwrap()
}

fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

/// Counts live values: up when one is made, down when it is dropped.
struct Alive(Arc<AtomicUsize>);

impl Alive {
    fn new(count: &Arc<AtomicUsize>) -> Alive {
        count.fetch_add(1, SeqCst);
        Alive(count.clone())
    }
}

impl Drop for Alive {
    fn drop(&mut self) {
        self.0.fetch_sub(1, SeqCst);
    }
}

/// Waits until the count is 0: an aborted task stops only when the runtime gets to it.
async fn all_dropped(count: &AtomicUsize) {
    for _ in 0..1_000 {
        if count.load(SeqCst) == 0 {
            return;
        }
        tokio::task::yield_now().await;
    }
    panic!("{} items are still in flight", count.load(SeqCst));
}

/// The same tests for each variant. `$peak` is the highest number in flight for 7 items and a limit of 3.
macro_rules! variant {
    ($variant:ident, $peak:expr) => {
        mod $variant {
            use super::*;
            use pool::$variant::run;

            #[tokio::test(start_paused = true)]
            async fn results_are_in_the_order_of_the_items() {
                let results = run((0..50).collect(), limit(4), |item: u64| async move {
                    // Later items finish first.
                    sleep(ms(100 - item)).await;
                    item * item
                })
                .await;
                assert_eq!(results, (0..50).map(|item| item * item).collect::<Vec<_>>());
            }

            #[tokio::test(start_paused = true)]
            async fn no_items_give_no_results_at_once() {
                let future = run(Vec::<u8>::new(), limit(3), |item| async move { item });
                assert_eq!(future.now_or_never(), Some(Vec::new()));
            }

            #[tokio::test(start_paused = true)]
            async fn a_limit_far_above_the_number_of_items_is_fine() {
                let results = run(vec![1, 2], limit(usize::MAX), |item| async move { item }).await;
                assert_eq!(results, [1, 2]);
            }

            #[tokio::test(start_paused = true)]
            async fn no_more_than_the_limit_are_in_flight() {
                let alive = Arc::new(AtomicUsize::new(0));
                let peak = Arc::new(AtomicUsize::new(0));
                let (counted, most) = (alive.clone(), peak.clone());
                run((0..7).collect(), limit(3), move |_: u8| {
                    let (counted, most) = (counted.clone(), most.clone());
                    async move {
                        let alive = Alive::new(&counted);
                        most.fetch_max(counted.load(SeqCst), SeqCst);
                        sleep(ms(100)).await;
                        drop(alive);
                    }
                })
                .await;
                assert_eq!(peak.load(SeqCst), $peak);
                assert_eq!(alive.load(SeqCst), 0);
            }

            #[tokio::test(start_paused = true)]
            async fn a_panic_reaches_the_caller_and_stops_the_others() {
                let alive = Arc::new(AtomicUsize::new(0));
                let counted = alive.clone();
                let start = Instant::now();
                let future = run((0..7).collect(), limit(3), move |item: u64| {
                    let alive = Alive::new(&counted);
                    async move {
                        sleep(ms(100 + item)).await;
                        drop(alive);
                        assert_ne!(item, 0, "item 0 is bad");
                    }
                });
                let payload = AssertUnwindSafe(future).catch_unwind().await.unwrap_err();
                let message = payload.downcast_ref::<String>().unwrap();
                assert!(message.contains("item 0 is bad"), "{message}");
                all_dropped(&alive).await;
                // The other items were stopped, not awaited.
                assert_eq!(start.elapsed(), ms(100));
            }

            #[tokio::test(start_paused = true)]
            async fn a_dropped_future_stops_the_items_in_flight_and_starts_no_other() {
                let started = Arc::new(AtomicUsize::new(0));
                let alive = Arc::new(AtomicUsize::new(0));
                let (starts, counted) = (started.clone(), alive.clone());
                let future = run((0..7).collect(), limit(3), move |_: u8| {
                    starts.fetch_add(1, SeqCst);
                    let alive = Alive::new(&counted);
                    async move {
                        sleep(ms(100)).await;
                        drop(alive);
                    }
                });
                timeout(ms(50), future).await.unwrap_err();
                all_dropped(&alive).await;
                let in_flight = started.load(SeqCst);
                assert_eq!(in_flight, $peak);
                sleep(ms(1000)).await;
                assert_eq!(started.load(SeqCst), in_flight);
            }
        }
    };
}

variant!(sequential, 1);
variant!(unlimited, 7);
variant!(batches, 3);
variant!(window, 3);

/// A batch waits for its slowest item; a window doesn't.
#[tokio::test(start_paused = true)]
async fn a_free_slot_of_the_window_is_refilled_at_once() {
    async fn took<R>(future: impl Future<Output = R>) -> Duration {
        let start = Instant::now();
        future.await;
        start.elapsed()
    }
    let work = |length: u64| sleep(ms(length));
    let lengths = || vec![300, 100, 100, 100, 100, 100];
    assert_eq!(
        took(pool::batches::run(lengths(), limit(2), work)).await,
        ms(500)
    );
    assert_eq!(
        took(pool::window::run(lengths(), limit(2), work)).await,
        ms(400)
    );
}

/// A failure is a result like any other.
// ANCHOR: failures
#[tokio::test]
async fn an_item_that_fails_does_not_stop_the_others() {
    let work = |item: u32| async move {
        match item {
            2 => Err("item 2 is bad"),
            _ => Ok(item * 10),
        }
    };
    let results = pool::window::run(vec![1, 2, 3], limit(3), work).await;
    assert_eq!(results, [Ok(10), Err("item 2 is bad"), Ok(30)]);

    // Or, with `?` in mind: all the results, or the first error in the order of the items.
    let all: Result<Vec<u32>, &str> = results.into_iter().collect();
    assert_eq!(all, Err("item 2 is bad"));
}
// ANCHOR_END: failures

/// Items that are always ready give the thread back now and then.
#[tokio::test]
async fn work_that_is_always_ready_lets_others_run() {
    let others = Arc::new(AtomicUsize::new(0));
    let count = others.clone();
    let other = tokio::spawn(async move {
        loop {
            count.fetch_add(1, SeqCst);
            tokio::task::yield_now().await;
        }
    });
    pool::window::run(
        (0..100_000).collect(),
        limit(1),
        |item: u32| async move { item },
    )
    .await;
    other.abort();
    assert!(others.load(SeqCst) > 1);
}
