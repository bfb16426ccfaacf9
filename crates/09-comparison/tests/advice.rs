//! The advice on costs that are made up.

use comparison::advice::advice;
use comparison::measured::Measured;
use comparison::strategy::Strategy::{
    self, Batches, BufferUnordered, Sequential, Unlimited, Window,
};

fn cost(
    strategy: Strategy,
    ms: f64,
    tasks: usize,
    in_flight: usize,
    failed: usize,
) -> (Strategy, Measured) {
    let measured = Measured {
        ms,
        tasks,
        in_flight,
        failed,
    };
    (strategy, measured)
}

#[test]
fn one_is_the_fastest_and_the_slowest_is_compared_with_it() {
    let costs = [
        cost(Sequential, 5_000.0, 1, 1, 0),
        cost(Unlimited, 50.0, 100, 100, 0),
        cost(Batches, 500.0, 10, 10, 0),
    ];
    assert_eq!(
        advice(&costs, 100),
        "unlimited is the fastest without a failure: 50 ms, with 100 tasks and at most 100 items in flight. sequential \
         takes 100.0 times as long."
    );
}

#[test]
fn several_are_the_fastest_and_their_figures_are_named_once() {
    let costs = [
        cost(Sequential, 150.0, 1, 1, 0),
        cost(Batches, 100.0, 2, 2, 0),
        cost(Window, 100.0, 2, 2, 0),
        cost(BufferUnordered, 100.0, 1, 2, 0),
    ];
    assert_eq!(
        advice(&costs, 3),
        "batches, window and buffer_unordered are the fastest without a failure: 100 ms, with 2 tasks or 1 task and at \
         most 2 items in flight. sequential takes 1.5 times as long."
    );
}

#[test]
fn what_loses_items_is_named_and_never_the_fastest_or_the_slowest() {
    let costs = [
        cost(Sequential, 100.0, 1, 1, 0),
        cost(Unlimited, 50.0, 2_000, 150, 1_850),
        cost(Window, 99_999.0, 2, 2, 1),
    ];
    assert_eq!(
        advice(&costs, 2_000),
        "sequential is the fastest without a failure: 100 ms, with 1 task and at most 1 item in flight. Of 2,000 items, \
         unlimited loses 1,850 and window loses 1."
    );
}

/// Of several that are equally slow, the plainest is named: the first.
#[test]
fn the_first_of_the_slowest_is_named_and_times_are_rounded() {
    let costs = [
        cost(Sequential, 1_600.0, 1, 1, 0),
        cost(Unlimited, 999.6, 0, 0, 0),
        cost(Batches, 1_600.0, 1, 1, 0),
    ];
    assert_eq!(
        advice(&costs, 1),
        "unlimited is the fastest without a failure: 1,000 ms, with 0 tasks and at most 0 items in flight. sequential takes \
         1.6 times as long."
    );
}

#[test]
#[should_panic(expected = "a strategy that loses no item")]
fn there_is_no_advice_if_all_lose_items() {
    advice(&[cost(Unlimited, 50.0, 2, 1, 1)], 2);
}
