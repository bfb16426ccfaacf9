//! What every variant promises: an answer for each permission, in order, the limits, panics, and what dropping does.

use std::num::{NonZeroU32, NonZeroUsize};
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::time::Duration;

use futures::FutureExt;
use rate_limiting::{CheckError, Limits, OutOfRange, Permission, Rate, Refused};
use tokio::time::{Instant, sleep, timeout};

fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

/// The limits of the tests: 3 connections, batches of 5, and a burst of 3.
fn limits() -> Limits {
    Limits {
        connections: NonZeroUsize::new(3).unwrap(),
        batch: NonZeroUsize::new(5).unwrap(),
        burst: NonZeroU32::new(3).unwrap(),
        ..Limits::TALK
    }
}

/// The number at the end of the resource's name.
fn number(permission: &Permission) -> u64 {
    let (_, number) = permission.resource.split_once('/').unwrap();
    number.parse().unwrap()
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
    panic!("{} checks are still in flight", count.load(SeqCst));
}

/// The same tests for each variant. `$peak` is the highest number in flight for 12 checks of 100 ms.
macro_rules! variant {
    ($variant:ident, $peak:expr) => {
        mod $variant {
            use super::*;
            use rate_limiting::$variant::check_all;

            #[tokio::test(start_paused = true)]
            async fn each_permission_has_its_answer_or_its_error() {
                let answers = check_all(Permission::all(50), limits(), |permission| async move {
                    let number = number(&permission);
                    // Later checks end first.
                    sleep(ms(100 - number)).await;
                    match number % 5 {
                        0 => Err(CheckError::Failed(permission.resource)),
                        1 => Err(CheckError::TimedOut),
                        rest => Ok(rest == 2),
                    }
                })
                .await;
                let expected: Vec<_> = (1..=50)
                    .map(|number| match number % 5 {
                        0 => Err(CheckError::Failed(format!("app/{number}"))),
                        1 => Err(CheckError::TimedOut),
                        rest => Ok(rest == 2),
                    })
                    .collect();
                assert_eq!(answers, expected);
            }

            #[tokio::test(start_paused = true)]
            async fn no_permissions_have_no_answers_at_once() {
                let future = check_all(Vec::new(), limits(), |_| async { Ok(true) });
                assert_eq!(future.now_or_never(), Some(Vec::new()));
            }

            #[tokio::test(start_paused = true)]
            async fn the_largest_limits_are_fine() {
                let limits = Limits {
                    connections: NonZeroUsize::MAX,
                    batch: NonZeroUsize::MAX,
                    burst: NonZeroU32::MAX,
                    ..Limits::TALK
                };
                let answers = check_all(Permission::all(2), limits, |_| async { Ok(true) }).await;
                assert_eq!(answers, [Ok(true), Ok(true)]);
            }

            #[tokio::test(start_paused = true)]
            async fn no_more_than_allowed_are_in_flight() {
                let alive = Arc::new(AtomicUsize::new(0));
                let peak = Arc::new(AtomicUsize::new(0));
                let (counted, most) = (alive.clone(), peak.clone());
                check_all(Permission::all(12), limits(), move |_| {
                    let (counted, most) = (counted.clone(), most.clone());
                    async move {
                        let alive = Alive::new(&counted);
                        most.fetch_max(counted.load(SeqCst), SeqCst);
                        sleep(ms(100)).await;
                        drop(alive);
                        Ok(true)
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
                let future = check_all(Permission::all(12), limits(), move |permission| {
                    let alive = Alive::new(&counted);
                    async move {
                        sleep(ms(100 + number(&permission))).await;
                        drop(alive);
                        assert_ne!(number(&permission), 1, "app/1 is bad");
                        Ok(true)
                    }
                });
                let payload = AssertUnwindSafe(future).catch_unwind().await.unwrap_err();
                let message = payload.downcast_ref::<String>().unwrap();
                assert!(message.contains("app/1 is bad"), "{message}");
                all_dropped(&alive).await;
                // The other checks were stopped, not awaited.
                assert_eq!(start.elapsed(), ms(101));
            }

            #[tokio::test(start_paused = true)]
            async fn a_dropped_future_stops_the_checks_in_flight_and_starts_no_other() {
                let started = Arc::new(AtomicUsize::new(0));
                let alive = Arc::new(AtomicUsize::new(0));
                let (starts, counted) = (started.clone(), alive.clone());
                let future = check_all(Permission::all(12), limits(), move |_| {
                    starts.fetch_add(1, SeqCst);
                    let alive = Alive::new(&counted);
                    async move {
                        sleep(ms(100)).await;
                        drop(alive);
                        Ok(true)
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

variant!(unlimited, 12);
variant!(batches, 3);
variant!(window, 3);
// One check starts every 2 ms, whatever is in flight.
variant!(token_bucket, 12);

/// Of one token a day, the clock of the bucket has 213,503.
#[tokio::test(start_paused = true)]
async fn a_check_whose_token_never_comes_does_not_start() {
    let started = Arc::new(AtomicUsize::new(0));
    let starts = started.clone();
    let limits = Limits {
        rate: Rate::every(Duration::from_secs(86_400)).unwrap(),
        burst: NonZeroU32::MIN,
        ..limits()
    };
    let permissions = Permission::all(213_510);
    let all = rate_limiting::token_bucket::check_all(permissions, limits, move |_| {
        starts.fetch_add(1, SeqCst);
        async { Ok(true) }
    });
    timeout(ms(1), all).await.unwrap_err();
    assert_eq!(started.load(SeqCst), 1);
}

#[test]
fn errors_and_permissions_say_what_they_are() {
    let words = [
        CheckError::TooManyConnections.to_string(),
        CheckError::TimedOut.to_string(),
        CheckError::Disconnected.to_string(),
        CheckError::Failed("no such table".to_owned()).to_string(),
        OutOfRange.to_string(),
        Refused { at: ms(2) }.to_string(),
        Permission::all(2)[1].to_string(),
    ];
    let expected = [
        "too many connections",
        "no connection became free in time",
        "the connection was lost",
        "no such table",
        "the interval is not between 1 ns and one day",
        "no token until 2ms",
        "ada@example.com get app/2",
    ];
    assert_eq!(words, expected);
}

/// Two checks that depend on each other need two connections at once. With one, they would wait forever, and the caller's
/// patience ends it.
#[tokio::test(start_paused = true)]
async fn a_caller_that_loses_its_patience_gives_all_permits_back() {
    use rate_limiting::Permits;

    let permits = Arc::new(Permits::new(NonZeroUsize::MIN));
    let both = async {
        let _first = permits.acquire().await;
        let _second = permits.acquire().await;
    };
    timeout(ms(100), both).await.unwrap_err();
    assert!(permits.try_acquire().is_some());
}
