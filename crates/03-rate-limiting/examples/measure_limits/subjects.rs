//! What is measured: our limits, those of their peers, and one load or one reading of the clock below them.

use std::convert::Infallible;
use std::future::{Ready, ready};
use std::num::{NonZeroU32, NonZeroUsize};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use crossbeam_utils::CachePadded;
use futures::FutureExt;
use governor::{Quota, RateLimiter};
use quanta::Clock;
use rate_limiting::{Permits, Rate, TokenBucket};
use tokio::runtime::Runtime;
use tokio::sync::Semaphore;
use tower::Service;
use tower::limit::{ConcurrencyLimit, RateLimit};

use crate::pinned::per_call;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);
const FAST: NonZeroU32 = NonZeroU32::new(1_000_000_000).unwrap();
const LIMIT: NonZeroUsize = NonZeroUsize::new(10).unwrap();

/// Our bucket with the clock that governor's limiter has inside.
struct Bucket {
    clock: Clock,
    start: u64,
    bucket: TokenBucket,
}

impl Bucket {
    fn new(rate: Rate, burst: NonZeroU32) -> Bucket {
        let clock = Clock::new();
        Bucket {
            start: clock.raw(),
            clock,
            bucket: TokenBucket::new(rate, burst),
        }
    }

    fn now(&self) -> Duration {
        Duration::from_nanos(self.clock.delta_as_nanos(self.start, self.clock.raw()))
    }

    fn is_admitted(&self) -> bool {
        self.bucket.try_take(self.now()).is_ok()
    }
}

/// One reading of that clock.
pub(crate) fn clock(threads: usize) -> f64 {
    let bucket = CachePadded::new(Bucket::new(Rate::per_second(FAST), NonZeroU32::MIN));
    per_call(threads, || || bucket.now())
}

/// Calls that are admitted.
pub(crate) fn admitted(threads: usize) -> f64 {
    let bucket = CachePadded::new(Bucket::new(Rate::per_second(FAST), NonZeroU32::MAX));
    per_call(threads, || || bucket.is_admitted())
}

/// Calls that are refused.
pub(crate) fn refused(threads: usize) -> f64 {
    let bucket = Bucket::new(Rate::every(DAY).expect("a day"), NonZeroU32::MIN);
    assert!(bucket.is_admitted());
    let bucket = CachePadded::new(bucket);
    per_call(threads, || || bucket.is_admitted())
}

pub(crate) fn governor_admitted(threads: usize) -> f64 {
    let quota = Quota::per_second(FAST).allow_burst(NonZeroU32::MAX);
    let governor = CachePadded::new(RateLimiter::direct(quota));
    per_call(threads, || || governor.check().is_ok())
}

pub(crate) fn governor_refused(threads: usize) -> f64 {
    let governor = RateLimiter::direct(Quota::with_period(DAY).expect("a day"));
    assert!(governor.check().is_ok());
    let governor = CachePadded::new(governor);
    per_call(threads, || || governor.check().is_ok())
}

/// A permit that is taken and given back.
pub(crate) fn permits(threads: usize) -> f64 {
    let permits = CachePadded::new(Permits::new(LIMIT));
    per_call(threads, || || permits.try_acquire().is_some())
}

pub(crate) fn semaphore(threads: usize) -> f64 {
    let permits = CachePadded::new(Semaphore::new(LIMIT.get()));
    per_call(threads, || || permits.try_acquire().is_ok())
}

/// The same with `acquire`, whose future is ready at its first poll.
pub(crate) fn permits_acquired(threads: usize) -> f64 {
    let permits = CachePadded::new(Permits::new(LIMIT));
    per_call(threads, || || permits.acquire().now_or_never().is_some())
}

pub(crate) fn semaphore_acquired(threads: usize) -> f64 {
    let permits = CachePadded::new(Semaphore::new(LIMIT.get()));
    per_call(threads, || || permits.acquire().now_or_never().is_some())
}

/// A service that answers at once.
struct Answers;

impl Service<()> for Answers {
    type Response = ();
    type Error = Infallible;
    type Future = Ready<Result<(), Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, (): ()) -> Self::Future {
        ready(Ok(()))
    }
}

/// Calls of a service, by one thread: threads can't share the service, because they would need `&mut self`.
fn calls<S: Service<(), Response = ()>>(make: impl Fn() -> S + Sync) -> f64 {
    per_call(1, || {
        let mut service = make();
        move || {
            let mut context = Context::from_waker(Waker::noop());
            assert!(service.poll_ready(&mut context).is_ready());
            let answer = service.call(()).now_or_never();
            assert!(matches!(answer, Some(Ok(()))));
        }
    })
}

/// tower's rate limit makes a timer, in this runtime.
pub(crate) fn tower_rate(runtime: &Runtime) -> f64 {
    calls(|| {
        let _inside = runtime.enter();
        RateLimit::new(Answers, tower::limit::rate::Rate::new(u64::MAX, DAY))
    })
}

pub(crate) fn tower_concurrency() -> f64 {
    calls(|| ConcurrencyLimit::new(Answers, LIMIT.get()))
}
