//! The explorer finds the late add, the lost wake-up and the skipped `done` in the broken modules, and none of them in
//! the fixed ones.

use std::panic;
use std::sync::Arc;

use diagram::assert_snapshot;
use interleave::thread::named;
use interleave::{Explorer, explore, variants};

use crate::wait_group::{self, BelowZero};
use crate::{Error, Part, late_add, lost_wake_up, skipped_done};

variants! {
    /// The operations of both groups.
    trait WaitGroup {
        fn new() -> Self;
        fn add(&self, more: usize);
        fn done(&self) -> Result<(), BelowZero>;
        fn wait(&self);
    }
    for wait_group::WaitGroup, lost_wake_up::WaitGroup
}

type Parts = [Part<u32>; 1];

fn answers() -> Result<u32, Error> {
    Ok(7)
}

/// Unwinds without the hook that prints a backtrace.
fn panics() -> Result<u32, Error> {
    panic::resume_unwind(Box::new("no manifest"))
}

fn words(parts: &Parts) -> String {
    match &parts[0] {
        Part::Ready(_) => "the page has the CD status".to_owned(),
        Part::Late => "the page has no CD status".to_owned(),
        part => format!("CD status {part}"),
    }
}

fn is_ready(parts: &Parts) -> bool {
    *parts == [Part::Ready(7)]
}

#[test]
fn race_the_page_is_answered_before_a_thread_adds_itself() {
    // One thread: two take 11 s.
    let late = explore(|| late_add::fetch_all([answers]))
        .worded(words, "should have it")
        .failing(|parts| !is_ready(parts));
    assert_snapshot!("late-add", late.simplest());
    assert_snapshot!("late-add-outcomes", late.outcomes(words, "a thread panics"));
}

#[test]
fn fix_the_page_waits_for_a_thread_that_was_added() {
    let passing = explore(|| wait_group::fetch_all([answers]))
        .worded(words, "should have it")
        .always(is_ready);
    let woken = passing.simplest_such_that(|execution| execution.wake_ups() > 0);
    assert_snapshot!("wait-group", woken);
}

/// Two fetches: one panics, and one answers.
const BATCH: [fn() -> Result<u32, Error>; 2] = [panics, answers];

fn both(parts: &[Part<u32>; 2]) -> String {
    let [first, second] = parts;
    format!("fetch 1 {first}, fetch 2: {second}")
}

#[test]
fn race_a_fetch_that_panics_is_never_done() {
    let skipped = explore(|| skipped_done::fetch_all(BATCH))
        .worded(both, "")
        .blocking();
    // Every execution waits forever.
    assert_eq!(skipped.count(), skipped.exploration().executions().len());
    assert_snapshot!("skipped-done", skipped.simplest());
}

#[test]
fn fix_a_page_waits_for_both_fetches_though_one_panics() {
    let panicked = Part::Panicked("no manifest".to_owned());
    let passing = explore(|| wait_group::fetch_all(BATCH))
        .worded(both, "")
        .always(move |parts| *parts == [panicked.clone(), Part::Ready(7)]);
    assert_snapshot!("caught-first", passing.simplest().lanes());
}

/// The page waits while one fetch ends.
// ANCHOR: model
fn one_fetch<G: WaitGroup>() {
    let group = Arc::new(G::new());
    group.add(1);
    let fetch = {
        let group = group.clone();
        named("fetch", move || group.done().unwrap())
    };
    let page = named("page", move || group.wait());
    fetch.join().unwrap();
    page.join().unwrap();
}
// ANCHOR_END: model

#[test]
fn race_a_fetch_ends_between_the_look_and_the_sleep() {
    let lost = explore(one_fetch::<lost_wake_up::WaitGroup>)
        .worded(|()| "the page is answered".to_owned(), "")
        .blocking();
    assert_snapshot!("lost-wake-up", lost.simplest());
}

#[test]
fn fix_the_page_is_woken_by_the_last_fetch() {
    let passing = explore(one_fetch::<wait_group::WaitGroup>)
        .worded(|()| "the page is answered".to_owned(), "")
        .always(|()| true);
    let woken = passing.simplest_such_that(|execution| execution.wake_ups() > 0);
    assert_snapshot!("woken", woken);
    let explorer = Explorer::new().spurious(2);
    explorer
        .explore(one_fetch::<wait_group::WaitGroup>)
        .always(|()| true);
}

/// Two pages wait for the same fetch. Both have to be woken.
fn two_pages() {
    let group = Arc::new(wait_group::WaitGroup::new());
    group.add(1);
    let pages = ["page 1", "page 2"].map(|name| {
        let group = group.clone();
        named(name, move || group.wait())
    });
    group.done().unwrap();
    for page in pages {
        page.join().unwrap();
    }
}

#[test]
fn fix_every_page_that_waits_is_woken() {
    explore(two_pages).always(|()| true);
}

/// Two threads are done with what was added once. Returns how many of them are told so.
fn two_dones() -> usize {
    let group = Arc::new(wait_group::WaitGroup::new());
    group.add(1);
    let threads = ["thread 1", "thread 2"].map(|name| {
        let group = group.clone();
        named(name, move || group.done().is_err())
    });
    group.wait();
    let refused = threads.map(|thread| thread.join().unwrap());
    refused.into_iter().filter(|refused| *refused).count()
}

#[test]
fn fix_the_count_never_goes_below_zero() {
    explore(two_dones)
        .worded(|refused| format!("{refused} refused"), "should be 1")
        .always(|refused| *refused == 1);
}
