//! `buffer_unordered` keeps the promises of chapter 1's variants.

use std::num::NonZeroUsize;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use comparison::buffer_unordered::run;
use comparison::in_flight::InFlight;
use futures::FutureExt;
use tokio::time::{Instant, sleep, timeout};

const LIMIT: NonZeroUsize = NonZeroUsize::new(3).unwrap();

fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

#[tokio::test(start_paused = true)]
async fn results_are_in_the_order_of_the_items() {
    let results = run((0..50).collect(), LIMIT, |item: u64| async move {
        // Later items finish first.
        sleep(ms(100 - item)).await;
        item * item
    });
    let expected: Vec<u64> = (0..50).map(|item| item * item).collect();
    assert_eq!(results.await, expected);
}

#[tokio::test]
async fn no_items_give_no_results_at_once() {
    let future = run(Vec::<u8>::new(), LIMIT, |item| async move { item });
    assert_eq!(future.now_or_never(), Some(Vec::new()));
}

/// Returns work of 100 ms that is counted, and a gauge that counts it.
fn counted() -> (
    Arc<InFlight>,
    impl Fn(u8) -> futures::future::BoxFuture<'static, ()> + Clone,
) {
    let gauge = Arc::new(InFlight::new());
    let shared = gauge.clone();
    let work = move |item: u8| {
        let gauge = shared.clone();
        let bad = async move {
            sleep(ms(100)).await;
            assert_ne!(item, 7, "item 7 is bad");
        };
        async move { gauge.during(bad).await }.boxed()
    };
    (gauge, work)
}

#[tokio::test(start_paused = true)]
async fn no_more_than_the_limit_are_in_flight() {
    let (gauge, work) = counted();
    run((0..7).collect(), LIMIT, work).await;
    assert_eq!((gauge.peak(), gauge.now()), (3, 0));
}

#[tokio::test(start_paused = true)]
async fn a_panic_reaches_the_caller_and_stops_the_others() {
    let (gauge, work) = counted();
    let start = Instant::now();
    let future = run(vec![7, 1, 2, 3, 4, 5], LIMIT, work);
    assert!(AssertUnwindSafe(future).catch_unwind().await.is_err());
    assert_eq!((gauge.now(), start.elapsed()), (0, ms(100)));
}

#[tokio::test(start_paused = true)]
async fn a_dropped_future_stops_the_items_in_flight_and_starts_no_other() {
    let (gauge, work) = counted();
    let future = run((0..7).collect(), LIMIT, work);
    assert!(timeout(ms(50), future).await.is_err());
    assert_eq!((gauge.peak(), gauge.now()), (3, 0));
}
