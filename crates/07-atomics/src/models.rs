//! What the explorer finds: the lost update and the stale publication, and neither once it is mended.

use diagram::held;
use interleave::explore;

use crate::{counter, falsely_shared, lost_update, mutex, publish, sharded, stale_publication};

mod programs;
#[path = "../examples/race/table.rs"]
mod table;

use programs::*;

#[test]
fn race_two_increments_lose_one() {
    let lost = counted::<lost_update::Counter>().failing(|total| *total != 2);
    held!("lost-update", lost.simplest());
    held!("outcomes", table::table(&lost.recording()));
}

#[test]
fn fix_two_increments_both_land() {
    let passing = counted::<counter::Counter>().always(|total| *total == 2);
    held!("counter", passing.simplest());
}

#[test]
fn fix_a_lock_over_the_read_and_the_write() {
    let passing = counted::<mutex::Counter>().always(|total| *total == 2);
    held!("mutex", passing.simplest());
}

#[test]
fn race_of_three_increments_two_can_be_lost() {
    let lost = explore(three_increments::<lost_update::Counter>).failing(|total| *total != 3);
    assert!(lost.executions().any(|lost| lost.outcome() == Some(&1)));
}

#[test]
fn fix_three_increments_all_land() {
    explore(three_increments::<counter::Counter>).always(|total| *total == 3);
    explore(three_increments::<sharded::Counter>).always(|total| *total == 3);
    explore(three_increments::<falsely_shared::Counter>).always(|total| *total == 3);
}

#[test]
fn fix_a_sum_counts_ones_own_and_never_goes_down() {
    let promised = |looks: &[u64; 2]| looks[0] >= 1 && looks[0] <= looks[1] && looks[1] <= 3;
    explore(two_looks::<counter::Counter>).always(promised);
    explore(two_looks::<sharded::Counter>).always(promised);
}

#[test]
fn race_two_atomics_are_not_a_pair() {
    let torn = looked().failing(|(requests, answers)| answers > requests);
    held!("pair", torn.simplest());
}

fn whole(value: &Option<u64>) -> bool {
    matches!(value, None | Some(42))
}

#[test]
fn race_the_flag_is_seen_before_the_value() {
    let stale = read::<stale_publication::Slot>().failing(|value| !whole(value));
    held!("stale-publication", stale.simplest());
    held!("publications", table::table(&stale.recording()));
}

#[test]
fn fix_who_sees_the_flag_sees_the_value() {
    let passing = read::<publish::Slot>().always(whole);
    held!("publish", passing.simplest_where(Option::is_some));
}
