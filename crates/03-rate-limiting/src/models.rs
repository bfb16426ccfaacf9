//! The explorer finds the extra connection and the double spend in the broken kernels, and neither in the fixed ones.

use std::iter;
use std::mem;
use std::num::{NonZeroU32, NonZeroUsize};
use std::sync::Arc;
use std::time::Duration;

use diagram::assert_snapshot;
use futures::FutureExt;
use interleave::future::block_on;
use interleave::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use interleave::thread::named;
use interleave::{Explorer, explore, variants};

use crate::{Permits, Rate, Refused, TokenBucket, double_spend, extra_connection};

const ONE: NonZeroUsize = NonZeroUsize::MIN;

/// Takes permits for good, as a request does that is still running.
trait Take: Send + Sync + 'static {
    fn new(limit: NonZeroUsize) -> Self;
    fn take(&self) -> bool;
}

macro_rules! take {
    ($($permits:ty),+) => {$(
        impl Take for $permits {
            fn new(limit: NonZeroUsize) -> Self {
                <$permits>::new(limit)
            }
            fn take(&self) -> bool {
                self.try_acquire().map(mem::forget).is_some()
            }
        }
    )+};
}

take!(Permits, extra_connection::Permits);

/// Two requests need a connection, and one is left. Returns how many get one, and keep it.
// ANCHOR: last_connection
fn last_connection<P: Take>() -> usize {
    let permits = Arc::new(P::new(ONE));
    let requests = ["request 1", "request 2"].map(|name| {
        let permits = permits.clone();
        named(name, move || permits.take())
    });
    let took = requests.map(|request| request.join().unwrap());
    took.into_iter().filter(|took| *took).count()
}
// ANCHOR_END: last_connection

fn connections(count: &usize) -> String {
    format!("requests that got the last connection: {count}")
}

#[test]
fn race_two_requests_take_the_last_connection() {
    let extra = explore(last_connection::<extra_connection::Permits>)
        .worded(connections, "should be 1")
        .failing(|count| *count != 1);
    assert_snapshot!("extra-connection", extra.simplest());
    assert_snapshot!(
        "extra-connection-outcomes",
        extra.outcomes(connections, "a request panics")
    );
}

#[test]
fn fix_one_request_takes_the_last_connection() {
    let passing = explore(last_connection::<Permits>)
        .worded(connections, "should be 1")
        .always(|count| *count == 1);
    // In the simplest of all executions, one request is done before the other looks.
    let overtaken = passing.simplest_such_that(|execution| {
        execution
            .calls()
            .iter()
            .any(|call| call.method == "compare_exchange_weak" && call.failed)
    });
    assert_snapshot!("permits", overtaken);
}

/// Two requests need a connection each, and two are left. Returns how many get one.
fn enough_connections() -> usize {
    let permits = Arc::new(Permits::new(ONE.saturating_add(1)));
    let requests = ["request 1", "request 2"].map(|name| {
        let permits = permits.clone();
        named(name, move || permits.take())
    });
    let took = requests.map(|request| request.join().unwrap());
    took.into_iter().filter(|took| *took).count()
}

#[test]
fn fix_a_request_that_is_overtaken_takes_another_connection() {
    explore(enough_connections).always(|count| *count == 2);
}

/// Two requests take turns with one connection. Returns what they have counted on it, without any other
/// synchronisation.
fn turns(request: fn(&Permits) -> Option<crate::permits::Permit<'_>>) -> (usize, usize) {
    let permits = Arc::new(Permits::new(ONE));
    let count = Arc::new(AtomicUsize::new(0));
    let requests = ["request 1", "request 2"].map(|name| {
        let (permits, count) = (permits.clone(), count.clone());
        named(name, move || {
            let Some(permit) = request(&permits) else {
                return 0;
            };
            let seen = count.load(Relaxed);
            count.store(seen + 1, Relaxed);
            drop(permit);
            seen + 1
        })
    });
    let [first, second] = requests.map(|request| request.join().unwrap());
    (first.min(second), first.max(second))
}

#[test]
fn fix_a_holder_sees_what_the_one_before_it_did() {
    explore(|| turns(Permits::try_acquire)).always(|counts| matches!(counts, (0, 1) | (1, 2)));
}

#[test]
fn fix_a_waiter_sees_what_the_holder_did() {
    explore(|| turns(|permits| Some(block_on(permits.acquire()))))
        .always(|counts| *counts == (1, 2));
}

/// A request waits while the connection is given back.
fn given_back() {
    let permits = Arc::new(Permits::new(ONE));
    mem::forget(permits.try_acquire());
    let request = {
        let permits = permits.clone();
        named("request", move || {
            mem::forget(block_on(permits.acquire()));
        })
    };
    let holder = named("holder", move || permits.give_back());
    holder.join().unwrap();
    request.join().unwrap();
}

impl Permits {
    /// Gives back a permit that was forgotten.
    fn give_back(&self) {
        drop(crate::permits::Permit { permits: self });
    }
}

#[test]
fn fix_a_waiter_gets_the_permit_that_is_given_back() {
    explore(given_back).always(|()| true);
}

/// A request that waits is cancelled while the connection is given back. Returns how often the permit is there afterwards:
/// with the request, or free.
fn cancelled() -> usize {
    let permits = Arc::new(Permits::new(ONE));
    mem::forget(permits.try_acquire());
    let request = {
        let permits = permits.clone();
        named("request", move || {
            permits.acquire().now_or_never().map(mem::forget).is_some()
        })
    };
    let holder = {
        let permits = permits.clone();
        named("holder", move || permits.give_back())
    };
    holder.join().unwrap();
    let mut count = usize::from(request.join().unwrap());
    while permits.take() {
        count += 1;
    }
    count
}

#[test]
fn fix_a_waiter_that_leaves_takes_no_permit_with_it() {
    explore(cancelled).always(|count| *count == 1);
}

/// A holder has seen that a request waits, but that request has left. Meanwhile another holder gives back its permit.
/// Returns how many of the two permits are free afterwards.
fn nobody_waits() -> usize {
    let permits = Arc::new(Permits::new(ONE.saturating_add(1)));
    while permits.take() {}
    let late = {
        let permits = permits.clone();
        named("late holder", move || permits.hand_over())
    };
    let holder = {
        let permits = permits.clone();
        named("holder", move || permits.give_back())
    };
    holder.join().unwrap();
    late.join().unwrap();
    iter::from_fn(|| permits.take().then_some(())).count()
}

#[test]
fn fix_a_permit_that_nobody_waits_for_is_free() {
    explore(nobody_waits).always(|count| *count == 2);
}

/// A holder works on the connection and gives it back, when the request that waited has left. Returns what another
/// request finds on the connection, if it gets it.
fn handed_to_nobody() -> Option<usize> {
    let permits = Arc::new(Permits::new(ONE));
    mem::forget(permits.try_acquire());
    let count = Arc::new(AtomicUsize::new(0));
    let late = {
        let (permits, count) = (permits.clone(), count.clone());
        named("late holder", move || {
            count.store(1, Relaxed);
            permits.hand_over();
        })
    };
    let request = named("request", move || {
        permits.take().then(|| count.load(Relaxed))
    });
    late.join().unwrap();
    request.join().unwrap()
}

#[test]
fn fix_a_request_sees_what_the_late_holder_did() {
    explore(handed_to_nobody).always(|seen| *seen != Some(0));
}

variants! {
    /// What the buckets have in common.
    trait Bucket {
        fn new(rate: Rate, burst: NonZeroU32) -> Self;
        fn try_take(&self, now: Duration) -> Result<(), Refused>;
        fn take_at(&self, now: Duration) -> Option<Duration>;
    }
    for TokenBucket, double_spend::TokenBucket
}

/// 500 a second: one every 2 ms.
const RATE: Rate = Rate::per_second(NonZeroU32::new(500).unwrap());

/// Two requests need a token at the same time, and one is left. Returns how many get one.
// ANCHOR: last_token
fn last_token<B: Bucket>() -> usize {
    let bucket = Arc::new(B::new(RATE, NonZeroU32::MIN));
    let requests = ["request 1", "request 2"].map(|name| {
        let bucket = bucket.clone();
        named(name, move || bucket.try_take(Duration::ZERO).is_ok())
    });
    let took = requests.map(|request| request.join().unwrap());
    took.into_iter().filter(|took| *took).count()
}
// ANCHOR_END: last_token

fn tokens(count: &usize) -> String {
    format!("requests that got the last token: {count}")
}

#[test]
fn race_two_requests_spend_one_token() {
    let spent = explore(last_token::<double_spend::TokenBucket>)
        .worded(tokens, "should be 1")
        .failing(|count| *count != 1);
    assert_snapshot!("double-spend", spent.simplest());
}

#[test]
fn fix_one_request_spends_the_token() {
    let passing = explore(last_token::<TokenBucket>)
        .worded(tokens, "should be 1")
        .always(|count| *count == 1);
    let overtaken = passing.simplest_such_that(|execution| {
        execution
            .calls()
            .iter()
            .any(|call| call.method == "compare_exchange_weak" && call.failed)
    });
    assert_snapshot!("token-bucket-kernel", overtaken);
}

/// Two requests need a token each, and two are left. Returns how many get one, and whether there is a third.
fn enough_tokens() -> (usize, bool) {
    let bucket = Arc::new(TokenBucket::new(RATE, NonZeroU32::MIN.saturating_add(1)));
    let requests = ["request 1", "request 2"].map(|name| {
        let bucket = bucket.clone();
        named(name, move || bucket.try_take(Duration::ZERO).is_ok())
    });
    let took = requests.map(|request| request.join().unwrap());
    let count = took.into_iter().filter(|took| *took).count();
    (count, bucket.try_take(Duration::ZERO).is_ok())
}

#[test]
fn fix_a_request_that_is_overtaken_spends_another_token() {
    explore(enough_tokens).always(|outcome| *outcome == (2, false));
}

/// Two requests reserve a token each. Returns when each can use it, the earlier first.
fn reservations<B: Bucket>() -> [Option<Duration>; 2] {
    let bucket = Arc::new(B::new(RATE, NonZeroU32::MIN));
    let requests = ["request 1", "request 2"].map(|name| {
        let bucket = bucket.clone();
        named(name, move || bucket.take_at(Duration::ZERO))
    });
    let mut at = requests.map(|request| request.join().unwrap());
    at.sort();
    at
}

fn apart(at: &[Option<Duration>; 2]) -> bool {
    *at == [Some(Duration::ZERO), Some(RATE.interval())]
}

#[test]
fn race_two_requests_reserve_one_token() {
    explore(reservations::<double_spend::TokenBucket>).failing(|at| !apart(at));
}

#[test]
fn fix_two_reservations_are_an_interval_apart() {
    explore(reservations::<TokenBucket>).always(apart);
    let explorer = Explorer::new().spurious(2);
    explorer.explore(reservations::<TokenBucket>).always(apart);
}
