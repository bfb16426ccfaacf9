//! The race that the explorer finds, and the fix in which it finds none.

use diagram::assert_snapshot;
use interleave::explore;

use crate::{Counts, tally, torn_counts};

mod programs;

use programs::*;

#[test]
fn race_more_are_hibernated_than_can_be() {
    let torn = read::<torn_counts::Tally>().failing(|counts| !is_a_moment(counts));
    assert_snapshot!(
        "torn-counts",
        torn.simplest_such_that(|it| it.outcome().is_some_and(is_impossible))
    );
    assert_snapshot!(
        "torn-counts-outcomes",
        torn.outcomes(in_words, "a worker waits forever")
    );
}

#[test]
fn fix_a_status_is_of_one_moment() {
    let passing = read::<tally::Tally>().always(is_a_moment);
    assert_snapshot!(
        "tally",
        passing.simplest_where(|it| *it == Counts::HIBERNATED)
    );
}

#[test]
fn fix_a_status_never_goes_back() {
    let moments = [
        Counts::NONE,
        Counts::RUNNING,
        Counts::RUNNING + Counts::HIBERNATED,
    ];
    let moment = move |counts| moments.iter().position(|moment| *moment == counts);
    explore(two_are_counted_and_one_reads_twice)
        .worded(
            |[first, second]| format!("{first}, then {second}"),
            "should be moments in order",
        )
        .always(move |[first, second]| {
            moment(*first).is_some() && moment(*first) <= moment(*second)
        });
}

#[test]
fn fix_every_count_lands() {
    for [first, second] in [
        [Counts::HIBERNATED, Counts::HIBERNATED],
        [Counts::RUNNING, Counts::HIBERNATED],
        [Counts::UNKNOWN, Counts::HIBERNATED],
        [Counts::UNKNOWN, Counts::UNKNOWN],
    ] {
        explore(move || two_workers_count(first, second))
            .worded(Counts::to_string, "should be the sum")
            .always(move |counts| *counts == first + second);
    }
}
