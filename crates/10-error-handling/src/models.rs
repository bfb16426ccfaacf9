//! The explorer finds the overwritten error, the leak and the errors that are taken away in the broken kernels, and
//! none of them in the fixed ones.

use diagram::assert_snapshot;
use interleave::explore;

use crate::{first, overwritten};

mod programs;

use programs::*;

#[test]
fn race_the_second_error_overwrites_the_first() {
    let overwritten = failed::<overwritten::FirstError>().failing(|told| !one_is_first(told));
    assert_snapshot!("overwritten", overwritten.simplest());
    assert_snapshot!(
        "overwritten-outcomes",
        overwritten.outcomes(told_in_words, "a worker waits forever")
    );
}

#[test]
fn fix_the_first_error_is_kept() {
    let passing = failed::<first::FirstError>().always(one_is_first);
    assert_snapshot!("first", passing.simplest());
}

#[test]
fn race_a_later_success_erases_a_failure() {
    let erased = assigned().failing(Option::is_none);
    assert_snapshot!("last-result", erased.simplest());
}

#[test]
fn race_a_sender_waits_for_a_reader_that_has_stopped() {
    assert_snapshot!("leak", read_once(false).blocking().simplest());
}

#[test]
fn fix_a_reader_that_leaves_releases_the_senders() {
    let passing = read_once(true).always(|refused| *refused <= 2);
    assert_snapshot!("leak-closed", passing.simplest_such_that(leaving_wakes));
}

#[test]
fn fix_a_reader_that_leaves_releases_every_sender() {
    explore(two_senders_wait)
        .worded(|refused| format!("{refused} refused"), "should be 2")
        .always(|refused| *refused == 2);
}

#[test]
fn fix_a_full_channel_is_never_overwritten() {
    explore(two_senders)
        .worded(|taken| format!("taken: {taken:?}"), "should be their own")
        .always(|taken| *taken == [Some(1), Some(2)]);
}

#[test]
fn fix_a_receiver_waits_until_there_is_a_value() {
    explore(a_receiver_and_a_thief)
        .worded(
            |received| format!("received: {received:?}"),
            "should be a value",
        )
        .always(Option::is_some);
}

#[test]
fn fix_a_task_runs_once() {
    explore(|| a_pool::<Kept>(2, &[Err(1)]))
        .worded(Report::words, "should have run once")
        .always(|report| report.failed == 1);
}

#[test]
fn race_one_worker_reports_success_after_a_failure() {
    let lost = one_task_fails::<Taken>().failing(|report| !report.is_right());
    assert_snapshot!("taken-by-a-look", lost.simplest_such_that(lost_by_a_worker));
}

#[test]
fn race_two_failures_are_reported_as_success_or_block_the_pool() {
    let explored = two_tasks_fail::<Taken>();
    let lost = explored.clone().failing(|report| !report.is_right());
    assert_snapshot!("taken-by-the-other", lost.simplest_such_that(both_failed));
    assert_snapshot!(
        "taken-outcomes",
        lost.outcomes(Report::words, "a worker waits forever")
    );
    // Only its picture: the other one's recording has the same executions.
    let deadlock = explored.blocking();
    assert_snapshot!("taken-deadlock", deadlock.simplest().lanes());
}

#[test]
fn fix_the_pool_reports_the_first_error() {
    one_task_fails::<Kept>().always(|report| report.result == Err(1));
    let passing = two_tasks_fail::<Kept>().always(Report::is_right);
    assert_snapshot!("kept", passing.simplest_such_that(both_failed));
}

#[test]
fn fix_an_error_that_was_seen_stays() {
    explore(workers_that_look_when_they_end)
        .worded(
            |(seen, result)| format!("seen {seen:?}, reported {result:?}"),
            "should be the same error",
        )
        .always(|(seen, result)| seen.iter().flatten().all(|seen| *result == Err(*seen)));
}
