//! The races that the explorer finds, and the fixes in which it finds none.

use diagram::assert_snapshot;
use interleave::Explorer;

use crate::{
    Memo, async_memo, doubled_computation, doubled_lock, keyed_lock, one_moment, two_moments,
};

mod programs;

use programs::*;

#[test]
fn race_two_workers_compute_one_key() {
    let doubled = computed::<doubled_computation::Memo<u8, u8>>().failing(|it| !it.is_once());
    assert_snapshot!("doubled-computation", doubled.simplest());
    let outcomes = doubled.outcomes(told, "a worker waits forever");
    assert_snapshot!("doubled-computation-outcomes", outcomes);
}

#[test]
fn fix_a_claim_is_waited_for() {
    let passing = computed::<Memo<u8, u8>>().always(Computed::is_once);
    let woken = passing.simplest_such_that(|execution| execution.wake_ups() > 0);
    assert_snapshot!("memo", woken);
}

#[test]
fn fix_a_spurious_wake_up_finds_the_claim_again() {
    let explorer = Explorer::new().spurious(1);
    let exploration = explorer.explore(two_workers_ask::<Memo<u8, u8>>);
    exploration.always(Computed::is_once);
}

#[test]
fn fix_a_claim_is_awaited() {
    computed::<async_memo::Memo<u8, u8>>().always(Computed::is_once);
}

#[test]
fn fix_a_computation_that_panics_wakes_the_others() {
    let passing = panicked().always(|(_, value)| *value == 2);
    let woken = passing.simplest_such_that(|execution| {
        let panicked = execution.outcome().is_some_and(|(panicked, _)| *panicked);
        panicked && execution.wake_ups() > 0
    });
    assert_snapshot!("memo-panic", woken);
}

#[test]
fn fix_a_task_takes_over_from_one_that_gives_up() {
    let passing = given_up().always(|value| *value == 2);
    assert_snapshot!(
        "async-memo",
        passing.simplest_such_that(|it| it.wake_ups() > 0)
    );
}

#[test]
fn fix_a_task_that_stops_waiting_loses_nothing() {
    stopped_waiting().always(|values| *values == [1, 1]);
}

/// A waits-for cycle between two threads: one of them gets an error, or the other was done before it asked.
#[test]
fn fix_no_cycle_waits_forever() {
    let passing = asked_for_each_other().always(|errors| *errors <= 1);
    assert_snapshot!("cycle", passing.simplest_where(|errors| *errors == 1));
}

#[test]
fn fix_a_thread_that_is_about_to_wake_up_waits_for_nothing() {
    asked_after_a_wake_up().always(|cycles| !cycles);
}

#[test]
fn fix_a_value_is_counted_when_it_can_be_read() {
    read_meanwhile::<Memo<u8, u8>>().always(Read::is_consistent);
    read_meanwhile::<async_memo::Memo<u8, u8>>().always(Read::is_consistent);
}

#[test]
fn fix_a_value_is_removed_once() {
    removed_twice::<Memo<u8, u8>>().always(|removed| *removed == 1);
    removed_twice::<async_memo::Memo<u8, u8>>().always(|removed| *removed == 1);
}

#[test]
fn fix_a_removal_leaves_a_claim_alone() {
    removed_while_computing::<Memo<u8, u8>>().always(|computed| *computed == 1);
    removed_while_computing::<async_memo::Memo<u8, u8>>().always(|computed| *computed == 1);
}

#[test]
fn race_two_requests_hold_two_locks() {
    let doubled = requested::<doubled_lock::Locks<&'static str>>().failing(|most| *most > 1);
    assert_snapshot!("doubled-lock", doubled.simplest());
}

#[test]
fn fix_two_requests_hold_one_lock_in_turn() {
    let passing = requested::<keyed_lock::Locks<&'static str>>().always(|most| *most == 1);
    assert_snapshot!("keyed-lock", passing.simplest());
}

#[test]
fn race_len_and_contains_are_two_moments() {
    let torn = watched::<two_moments::Results<u8, ()>>().failing(|it| !is_a_moment(it));
    assert_snapshot!("two-moments", torn.simplest());
}

#[test]
fn fix_one_lock_makes_one_moment() {
    let passing = watched::<one_moment::Results<u8, ()>>().always(is_a_moment);
    assert_snapshot!("one-moment", passing.simplest());
}

#[test]
fn fix_two_changes_of_one_value_both_land() {
    changed(under_one_lock).always(|value| *value == Some(2));
    changed(under_two_locks).always(|value| *value == Some(2));
}

#[test]
fn fix_a_stored_value_is_replaced_or_removed_once() {
    stored_and_removed(under_one_lock).always(Option::is_some);
    stored_and_removed(under_two_locks).always(Option::is_some);
}

#[test]
fn fix_a_key_is_stored_once() {
    stored_twice(under_one_lock).always(|counts| *counts == [1, 1]);
    stored_twice(under_two_locks).always(|counts| *counts == [1, 1]);
}

/// Of nine keys, not all have the same shard.
#[test]
fn fix_values_of_two_shards_are_changed_at_the_same_time() {
    assert!((1..9).any(|key| at_once(under_two_locks, [0, key]) == Some(2)));
    assert_eq!(at_once(under_one_lock, [0, 1]), Some(1));
}
