//! What the explorer finds: the lost update and the stale publication, and neither once it is mended.

use std::fmt::Debug;

use expect_test::{ExpectFile, expect_file};
use interleave::{Shown, explore};

use crate::{counter, falsely_shared, lost_update, mutex, publish, sharded, stale_publication};

mod programs;
#[path = "../examples/race/table.rs"]
mod table;

use programs::*;

/// Holds a picture and its data against the files, which `scripts/redraw` writes anew.
fn held<T: Debug + Eq>(picture: ExpectFile, data: ExpectFile, shown: Shown<'_, T>) {
    picture.assert_eq(&shown.to_string());
    let json = serde_json::to_string(&shown.recording()).unwrap() + "\n";
    assert!(json.len() < 8_000, "{} bytes: much for a page", json.len());
    data.assert_eq(&json);
}

#[test]
fn race_two_increments_lose_one() {
    let lost = counted::<lost_update::Counter>().failing(|total| *total != 2);
    held(
        expect_file!["../diagrams/lost-update.txt"],
        expect_file!["../diagrams/lost-update.json"],
        lost.simplest(),
    );
    expect_file!["../diagrams/outcomes.txt"].assert_eq(&table::table(&lost.recording()));
}

#[test]
fn fix_two_increments_both_land() {
    let passing = counted::<counter::Counter>().always(|total| *total == 2);
    held(
        expect_file!["../diagrams/counter.txt"],
        expect_file!["../diagrams/counter.json"],
        passing.simplest(),
    );
}

#[test]
fn fix_a_lock_over_the_read_and_the_write() {
    let passing = counted::<mutex::Counter>().always(|total| *total == 2);
    held(
        expect_file!["../diagrams/mutex.txt"],
        expect_file!["../diagrams/mutex.json"],
        passing.simplest(),
    );
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
    held(
        expect_file!["../diagrams/pair.txt"],
        expect_file!["../diagrams/pair.json"],
        torn.simplest(),
    );
}

fn whole(value: &Option<u64>) -> bool {
    matches!(value, None | Some(42))
}

#[test]
fn race_the_flag_is_seen_before_the_value() {
    let stale = read::<stale_publication::Slot>().failing(|value| !whole(value));
    held(
        expect_file!["../diagrams/stale-publication.txt"],
        expect_file!["../diagrams/stale-publication.json"],
        stale.simplest(),
    );
    expect_file!["../diagrams/publications.txt"].assert_eq(&table::table(&stale.recording()));
}

#[test]
fn fix_who_sees_the_flag_sees_the_value() {
    let passing = read::<publish::Slot>().always(whole);
    held(
        expect_file!["../diagrams/publish.txt"],
        expect_file!["../diagrams/publish.json"],
        passing.simplest_where(Option::is_some),
    );
}
