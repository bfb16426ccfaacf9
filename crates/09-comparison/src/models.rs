//! The explorer finds the lost peak and the skipped leave in the broken gauges, and neither in the fixed one.

use std::future::pending;
use std::mem;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use diagram::assert_snapshot;
use interleave::sync::Arc;
use interleave::thread::named;
use interleave::{Exploration, explore, variants};

use crate::{in_flight, lost_peak, skipped_leave};

variants! {
    /// The operations of all gauges.
    trait Gauge {
        fn new() -> Self;
        fn now(&self) -> usize;
        fn peak(&self) -> usize;
        fn during(&self, work: impl Future<Output = ()>) -> impl Future<Output = ()>;
    }
    for in_flight::InFlight, lost_peak::InFlight, skipped_leave::InFlight
}

/// Polls a call once and keeps it, so that it stays in flight.
fn enters(gauge: &impl Gauge) {
    let mut call = Box::pin(gauge.during(pending()));
    let poll = call.as_mut().poll(&mut Context::from_waker(Waker::noop()));
    assert_eq!(poll, Poll::Pending);
    mem::forget(call);
}

/// Polls a call that is ready at once.
fn enters_and_leaves(gauge: &impl Gauge) {
    let call = pin!(gauge.during(async {}));
    let poll = call.poll(&mut Context::from_waker(Waker::noop()));
    assert_eq!(poll, Poll::Ready(()));
}

/// Two workers enter, stay in flight, and read the peak. Returns the higher one.
// ANCHOR: two-enter
fn two_enter<G: Gauge>() -> usize {
    let gauge = Arc::new(G::new());
    let workers = ["worker 1", "worker 2"].map(|name| {
        let gauge = gauge.clone();
        named(name, move || {
            enters(&*gauge);
            gauge.peak()
        })
    });
    let [one, two] = workers.map(|worker| worker.join().unwrap());
    one.max(two)
}
// ANCHOR_END: two-enter

fn peaks<G: Gauge>() -> Exploration<usize> {
    explore(two_enter::<G>).worded(|peak| format!("peak = {peak}"), "should be 2")
}

#[test]
fn race_an_older_count_replaces_the_peak() {
    let lost = peaks::<lost_peak::InFlight>().failing(|peak| *peak != 2);
    assert_snapshot!("lost-peak", lost.simplest());
    assert_snapshot!(
        "lost-peak-outcomes",
        lost.outcomes(|peak| format!("peak = {peak}"), "a worker panics")
    );
}

#[test]
fn fix_the_highest_count_stays() {
    let passing = peaks::<in_flight::InFlight>().always(|peak| *peak == 2);
    assert_snapshot!("in-flight", passing.simplest());
}

/// Both workers enter and leave, so the peak depends on whether they overlap. At the end, nothing is in flight.
fn two_enter_and_leave<G: Gauge>() -> (usize, usize) {
    let gauge = Arc::new(G::new());
    let workers = ["worker 1", "worker 2"].map(|name| {
        let gauge = gauge.clone();
        named(name, move || enters_and_leaves(&*gauge))
    });
    for worker in workers {
        worker.join().unwrap();
    }
    (gauge.peak(), gauge.now())
}

#[test]
fn fix_both_overlap_or_not_and_both_leave() {
    let exploration = explore(two_enter_and_leave::<in_flight::InFlight>);
    let passing = exploration.always(|(peak, now)| matches!(peak, 1 | 2) && *now == 0);
    // The model isn't blind: both peaks occur.
    passing.simplest_where(|(peak, _)| *peak == 1);
    passing.simplest_where(|(peak, _)| *peak == 2);
}

/// A client gives up: its call's future is dropped before it is ready. Another call finishes. Nothing is in flight at
/// the end.
// ANCHOR: one-is-dropped
fn one_is_dropped<G: Gauge>() -> usize {
    let gauge = Arc::new(G::new());
    let dropped = {
        let gauge = gauge.clone();
        named("gives up", move || {
            let call = pin!(gauge.during(pending()));
            let _ = call.poll(&mut Context::from_waker(Waker::noop()));
        })
    };
    let finishes = {
        let gauge = gauge.clone();
        named("finishes", move || enters_and_leaves(&*gauge))
    };
    dropped.join().unwrap();
    finishes.join().unwrap();
    gauge.now()
}
// ANCHOR_END: one-is-dropped

fn left<G: Gauge>() -> Exploration<usize> {
    explore(one_is_dropped::<G>).worded(|now| format!("in flight = {now}"), "should be 0")
}

#[test]
fn race_a_dropped_call_stays_in_flight() {
    let skipped = left::<skipped_leave::InFlight>().failing(|now| *now != 0);
    assert_snapshot!("skipped-leave", skipped.simplest());
}

#[test]
fn fix_a_dropped_call_leaves() {
    let passing = left::<in_flight::InFlight>().always(|now| *now == 0);
    assert_snapshot!("guard", passing.simplest());
}
