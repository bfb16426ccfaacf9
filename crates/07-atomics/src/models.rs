//! The races that the explorer finds, and the fixes in which it finds none.

use diagram::assert_snapshot;
use interleave::Explorer;

use crate::{
    check_then_act, counter, falsely_shared, limited, lost_update, mutex, newest, publish,
    rolled_back, sharded, stale_publication,
};

mod programs;
#[path = "../examples/race/table.rs"]
mod table;

use programs::*;

#[test]
fn race_two_increments_lose_one() {
    let lost = counted::<lost_update::Counter>().failing(|total| *total != 2);
    assert_snapshot!("lost-update", lost.simplest());
    assert_snapshot!("outcomes", table::table(&lost.recording()));
}

#[test]
fn fix_two_increments_both_land() {
    let passing = counted::<counter::Counter>().always(|total| *total == 2);
    assert_snapshot!("counter", passing.simplest());
}

#[test]
fn fix_a_lock_covers_the_read_and_the_write() {
    let passing = counted::<mutex::Counter>().always(|total| *total == 2);
    assert_snapshot!("mutex", passing.simplest());
}

#[test]
fn race_three_increments_can_lose_two() {
    let lost = counted_by_three::<lost_update::Counter>().failing(|total| *total != 3);
    assert!(lost.executions().any(|lost| lost.outcome() == Some(&1)));
}

#[test]
fn fix_three_increments_all_land() {
    counted_by_three::<counter::Counter>().always(|total| *total == 3);
    counted_by_three::<sharded::Counter>().always(|total| *total == 3);
    counted_by_three::<falsely_shared::Counter>().always(|total| *total == 3);
}

#[test]
fn fix_a_sum_includes_the_readers_own_increment_and_never_goes_down() {
    let promised = |sums: &[u64; 2]| sums[0] >= 1 && sums[0] <= sums[1] && sums[1] <= 3;
    read_twice::<counter::Counter>().always(promised);
    read_twice::<sharded::Counter>().always(promised);
}

#[test]
fn race_two_increments_exceed_a_limit_of_one() {
    let exceeded = limited_to::<check_then_act::Counter>(1).failing(|count| *count > 1);
    assert_snapshot!("check-then-act", exceeded.simplest());
}

#[test]
fn fix_a_failed_exchange_checks_the_limit_again() {
    let passing = limited_to::<limited::Counter>(1).always(|count| *count == 1);
    assert_snapshot!("limited", after_a_failed_exchange(&passing));
}

#[test]
fn fix_below_the_limit_every_increment_lands() {
    limited_to::<limited::Counter>(2).always(|count| *count == 2);
}

/// `compare_exchange_weak` may fail although the count is the expected one.
#[test]
fn fix_an_exchange_that_fails_spuriously_is_tried_again() {
    for limit in [1, 2] {
        let explorer = Explorer::new().spurious(2);
        explorer
            .explore(move || two_limited_increments::<limited::Counter>(limit))
            .always(|count| *count == limit);
    }
}

#[test]
fn race_an_older_version_replaces_a_newer_one() {
    let older = reported::<rolled_back::Newest>().failing(|version| *version != 2);
    assert!(older.executions().all(|older| older.outcome() == Some(&1)));
}

#[test]
fn fix_the_newest_version_stays() {
    reported::<newest::Newest>().always(|version| *version == 2);
}

#[test]
fn race_two_atomics_are_not_a_pair() {
    let torn = requests_and_answers_read().failing(|(requests, answers)| answers > requests);
    assert_snapshot!("pair", torn.simplest());
}

fn whole(value: &Option<u64>) -> bool {
    matches!(value, None | Some(42))
}

#[test]
fn race_the_flag_is_seen_before_the_value() {
    let stale = published::<stale_publication::Slot>().failing(|value| !whole(value));
    assert_snapshot!("stale-publication", stale.simplest());
    assert_snapshot!("publications", table::table(&stale.recording()));
}

#[test]
fn fix_a_reader_that_sees_the_flag_sees_the_value() {
    let passing = published::<publish::Slot>().always(whole);
    assert_snapshot!("publish", passing.simplest_where(Option::is_some));
}
