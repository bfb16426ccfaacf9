//! The claims of the page that need care, each shown in virtual time.

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Duration;

use futures::{StreamExt, stream};
use tokio::sync::Mutex;
use tokio::time::{Instant, sleep, timeout};

const LIMIT: NonZeroUsize = NonZeroUsize::new(2).unwrap();
const HOUR: Duration = Duration::from_secs(3600);

fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

/// Holds the lock for a while.
async fn locked(lock: Arc<Mutex<()>>) {
    let _held = lock.lock().await;
    sleep(ms(10)).await;
}

/// The futures of a buffered stream run only while the stream is polled, and the stream isn't polled while its body
/// waits for the lock. So the future that holds the lock never releases it.
// ANCHOR: stuck
#[tokio::test(start_paused = true)]
async fn a_buffered_stream_deadlocks_on_a_lock_that_its_body_shares() {
    let lock = Arc::new(Mutex::new(()));
    let results = stream::iter(0..4)
        .map(|_| locked(lock.clone()))
        .buffer_unordered(2);
    let body = results.for_each(|()| async {
        drop(lock.lock().await);
    });
    assert!(timeout(HOUR, body).await.is_err(), "the body waits forever");
}
// ANCHOR_END: stuck

/// The workers of a window are tasks, so they run whether or not the caller polls anything.
#[tokio::test(start_paused = true)]
async fn a_window_does_not_deadlock_on_a_lock_that_the_caller_shares() {
    let lock = Arc::new(Mutex::new(()));
    let shared = lock.clone();
    let work = move |_: u8| locked(shared.clone());
    let window = tokio::spawn(pool::window::run(vec![0; 4], LIMIT, work));
    sleep(ms(5)).await;
    let held = timeout(HOUR, lock.lock())
        .await
        .expect("the window releases the lock");
    drop(held);
    window.await.unwrap();
}

/// Little's law: the number in flight is the rate times the latency.
#[tokio::test(start_paused = true)]
async fn ten_in_flight_of_200_ms_are_50_a_second() {
    let start = Instant::now();
    let limit = NonZeroUsize::new(10).unwrap();
    pool::window::run(vec![(); 500], limit, |()| sleep(ms(200))).await;
    let rate = 500.0 / start.elapsed().as_secs_f64();
    assert_eq!(rate, 50.0);
}
