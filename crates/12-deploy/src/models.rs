//! The races that the explorer finds, and the fixes in which it finds none.

use diagram::assert_snapshot;
use interleave::explore;

use crate::{failure_budget, overrun_budget, progress, torn_progress};

mod programs;

use programs::*;

#[test]
fn race_two_failures_at_once_take_the_last_one_twice() {
    let overrun = fail_at_once::<overrun_budget::FailureBudget>().failing(|it| !it.is_held());
    assert_snapshot!("overrun-budget", overrun.simplest());
    assert_snapshot!(
        "overrun-budget-outcomes",
        overrun.outcomes(Failed::to_string, "a worker panics")
    );
}

#[test]
fn fix_two_failures_at_once_spend_a_budget_of_one() {
    let passing = fail_at_once::<failure_budget::FailureBudget>().always(Failed::is_held);
    assert_snapshot!("failure-budget", passing.simplest_such_that(tries_again));
}

#[test]
fn fix_two_failures_at_once_spend_a_budget_of_two() {
    explore(two_fail::<failure_budget::FailureBudget, 2>)
        .worded(Failed::to_string, "should be told to one")
        .always(|failed| failed.told == 1);
}

#[test]
fn race_the_total_and_its_parts_are_of_two_moments() {
    let torn = read_meanwhile::<torn_progress::Progress>().failing(|counts| !counts.add_up());
    assert_snapshot!("torn-progress", torn.simplest());
    assert_snapshot!(
        "torn-progress-outcomes",
        torn.outcomes(ToString::to_string, "a worker panics")
    );
}

#[test]
fn fix_the_total_is_the_sum_of_its_parts() {
    let passing = read_meanwhile::<progress::Progress>().always(|counts| counts.add_up());
    assert_snapshot!(
        "progress",
        passing.simplest_where(|counts| counts.total == 1)
    );
}
