//! Measures a decision of a token bucket, and a permit that is taken and given back, beside their peers.

use std::future::{Ready, ready};
use std::hint::black_box;
use std::num::{NonZeroU32, NonZeroUsize};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use futures::FutureExt;
use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use measure::{CALLS, Criterion, Throughput, on_threads};
use quanta::{Clock, Instant};
use rate_limiting::{Permits, Rate, TokenBucket};
use tokio::sync::Semaphore;
use tower::Service;
use tower::limit::{ConcurrencyLimit, RateLimit};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// Our bucket with the clock that governor's limiter has inside.
struct Bucket {
    clock: Clock,
    start: Instant,
    bucket: TokenBucket,
}

impl Bucket {
    fn new(rate: Rate, burst: NonZeroU32) -> Bucket {
        let clock = Clock::new();
        Bucket {
            start: clock.now(),
            clock,
            bucket: TokenBucket::new(rate, burst),
        }
    }

    fn is_admitted(&self) -> bool {
        let now = self.clock.now().duration_since(self.start);
        self.bucket.try_take(now).is_ok()
    }
}

fn governor(quota: Quota) -> DefaultDirectRateLimiter {
    RateLimiter::direct(quota)
}

/// A service that answers at once.
struct Answers;

impl Service<()> for Answers {
    type Response = ();
    type Error = std::convert::Infallible;
    type Future = Ready<Result<(), Self::Error>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, (): ()) -> Self::Future {
        ready(Ok(()))
    }
}

/// Calls a service as often as `on_threads` does in one iteration. Its `&mut self` can't be shared by threads.
fn calls(service: &mut impl Service<(), Response = ()>) {
    let mut context = Context::from_waker(Waker::noop());
    for _ in 0..CALLS {
        assert!(service.poll_ready(&mut context).is_ready());
        let answer = service.call(()).now_or_never();
        assert!(matches!(black_box(answer), Some(Ok(()))));
    }
}

fn admitted(criterion: &mut Criterion) {
    const FAST: NonZeroU32 = NonZeroU32::new(1_000_000_000).unwrap();
    for (words, threads) in measure::threads() {
        let mut group = criterion.benchmark_group(format!("a call that is admitted, {words}"));
        let ours = Bucket::new(Rate::per_second(FAST), NonZeroU32::MAX);
        on_threads(
            &mut group,
            "TokenBucket",
            threads,
            ours,
            Bucket::is_admitted,
        );
        let peer = governor(Quota::per_second(FAST).allow_burst(NonZeroU32::MAX));
        on_threads(&mut group, "governor", threads, peer, |it| {
            it.check().is_ok()
        });
        if threads == 1 {
            group.throughput(Throughput::Elements(CALLS));
            group.bench_function("tower: RateLimit", |bencher| {
                let rate = tower::limit::rate::Rate::new(u64::MAX, DAY);
                let mut limited = RateLimit::new(Answers, rate);
                bencher.iter(|| calls(&mut limited));
            });
        }
    }
}

fn refused(criterion: &mut Criterion) {
    for (words, threads) in measure::threads() {
        let mut group = criterion.benchmark_group(format!("a call that is refused, {words}"));
        let ours = Bucket::new(Rate::every(DAY).expect("a day"), NonZeroU32::MIN);
        assert!(ours.is_admitted());
        on_threads(
            &mut group,
            "TokenBucket",
            threads,
            ours,
            Bucket::is_admitted,
        );
        let peer = governor(Quota::with_period(DAY).expect("a day"));
        assert!(peer.check().is_ok());
        on_threads(&mut group, "governor", threads, peer, |it| {
            it.check().is_ok()
        });
    }
}

fn permits(criterion: &mut Criterion) {
    const LIMIT: NonZeroUsize = NonZeroUsize::new(10).unwrap();
    for (words, threads) in measure::threads() {
        let name = format!("take a permit and give it back, {words}");
        let mut group = criterion.benchmark_group(name);
        on_threads(&mut group, "Permits", threads, Permits::new(LIMIT), |it| {
            it.try_acquire().is_some()
        });
        let peer = Semaphore::new(LIMIT.get());
        on_threads(&mut group, "Tokio: Semaphore", threads, peer, |it| {
            it.try_acquire().is_ok()
        });
        on_threads(
            &mut group,
            "Permits, acquire",
            threads,
            Permits::new(LIMIT),
            |it| it.acquire().now_or_never().is_some(),
        );
        let peer = Semaphore::new(LIMIT.get());
        on_threads(
            &mut group,
            "Tokio: Semaphore, acquire",
            threads,
            peer,
            |it| it.acquire().now_or_never().is_some(),
        );
        if threads == 1 {
            group.throughput(Throughput::Elements(CALLS));
            group.bench_function("tower: ConcurrencyLimit", |bencher| {
                let mut limited = ConcurrencyLimit::new(Answers, LIMIT.get());
                bencher.iter(|| calls(&mut limited));
            });
        }
    }
}

fn main() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .expect("a runtime");
    // tower's rate limit makes a timer.
    let _inside = runtime.enter();
    measure::main(|criterion| {
        admitted(criterion);
        refused(criterion);
        permits(criterion);
    });
}
