//! Which permissions a split into batches loses, and the smallest case that a property test finds.

use diagram::assert_snapshot;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRng, TestRunner};
use rate_limiting::lost_remainder::split;

/// Each permission is in exactly one batch.
// ANCHOR: property
fn each_once(permissions: usize, batches: impl Iterator<Item = Vec<usize>>) -> Result<(), String> {
    let mut times = vec![0; permissions];
    for permission in batches.flatten() {
        times[permission] += 1;
    }
    match times.iter().position(|times| *times != 1) {
        None => Ok(()),
        Some(at) => Err(format!("permission {} is in {} batches", at + 1, times[at])),
    }
}
// ANCHOR_END: property

/// The same cases in every run, and no file for those that fail.
fn runner() -> TestRunner {
    let config = Config {
        failure_persistence: None,
        ..Config::default()
    };
    let rng = TestRng::deterministic_rng(config.rng_algorithm);
    TestRunner::new_with_rng(config, rng)
}

#[test]
fn a_split_loses_the_remainder() {
    // ANCHOR: run
    let found = runner().run(&(1_usize..=10, 1_usize..=20), |(batches, permissions)| {
        let batches = split(permissions, batches).map(Vec::from_iter);
        each_once(permissions, batches).map_err(TestCaseError::fail)
    });
    // ANCHOR_END: run
    let found = found.expect_err("a split that loses a permission");
    assert_snapshot!("counterexample", format!("{found}\n"));
}

#[test]
fn chunks_lose_nothing() {
    let found = runner().run(&(0_usize..=1_000, 1_usize..=100), |(permissions, size)| {
        let all: Vec<usize> = (0..permissions).collect();
        each_once(permissions, all.chunks(size).map(<[usize]>::to_vec)).map_err(TestCaseError::fail)
    });
    assert_eq!(found, Ok(()));
}

#[test]
fn five_permissions_in_two_batches() {
    const PERMISSIONS: usize = 5;
    let words = |batch: &[usize]| {
        let numbers: Vec<String> = batch.iter().map(|it| (it + 1).to_string()).collect();
        numbers.join(", ")
    };
    let all: Vec<usize> = (0..PERMISSIONS).collect();
    let lost: Vec<Vec<usize>> = split(PERMISSIONS, 2).map(Vec::from_iter).collect();
    let kept: Vec<&[usize]> = all.chunks(PERMISSIONS.div_ceil(2)).collect();
    let mut table = format!("{:<14}  {:<14}  {}\n", "5 permissions", "split", "chunks");
    for (number, (lost, kept)) in (1..).zip(lost.iter().zip(&kept)) {
        table += &format!(
            "batch {number}         {:<14}  {}\n",
            words(lost),
            words(kept)
        );
    }
    let missing: Vec<usize> = all
        .iter()
        .copied()
        .filter(|it| !lost.iter().flatten().any(|checked| checked == it))
        .collect();
    assert_eq!(missing, [4]);
    table += &format!("in no batch     {:<14}  none\n", words(&missing));
    assert!(each_once(PERMISSIONS, kept.into_iter().map(<[usize]>::to_vec)).is_ok());
    assert_snapshot!("lost-remainder", table);
}

#[test]
fn a_batch_starts_at_its_share_and_ends_too_early() {
    let batches: Vec<_> = split(5, 3).collect();
    assert_eq!(batches, [0..1, 1..2, 3..4]);
}

/// One batch is the default setting.
#[test]
fn one_batch_loses_nothing() {
    for permissions in 1..=1_000 {
        let batches = split(permissions, 1).map(Vec::from_iter);
        assert_eq!(each_once(permissions, batches), Ok(()));
    }
}

#[test]
fn no_permissions_and_no_batches_split_into_nothing() {
    assert_eq!(split(0, 3).count(), 0);
    assert_eq!(split(3, 0).count(), 0);
}
