//! The races that the explorer finds, and the fixes in which it finds none.

use diagram::assert_snapshot;
use interleave::Explorer;

use crate::{owners, revived, unordered_free};

mod programs;

use programs::*;

#[test]
fn race_a_task_is_freed_while_another_owner_reads_it() {
    let race = freed::<unordered_free::Owners>().failing(|_| false);
    assert_snapshot!("unordered-free", race.simplest());
}

#[test]
fn fix_the_free_comes_after_every_read() {
    let passing = freed::<owners::Owners>().always(|values| *values == [7, 7]);
    assert_snapshot!("ordered-free", passing.simplest());
}

#[test]
fn race_a_wake_revives_a_freed_task() {
    let revived = woken::<revived::Owners>().failing(Woken::is_freed_and_woken);
    assert_snapshot!("revived", revived.simplest());
}

#[test]
fn fix_a_wake_refuses_a_freed_task() {
    let passing = woken::<owners::Owners>().always(|it| !it.is_freed_and_woken());
    let refused = refused_by_the_exchange(&passing);
    assert_snapshot!("refused", refused);
}

/// `compare_exchange_weak` may fail although the count is the expected one.
#[test]
fn fix_an_exchange_that_fails_spuriously_is_tried_again() {
    let explorer = Explorer::new().spurious(1);
    let exploration = explorer.explore(the_last_owner_leaves::<owners::Owners>);
    exploration.always(|it| !it.is_freed_and_woken());
}

/// An exchange that fails because the count has changed, or spuriously, is no refusal.
#[test]
fn fix_a_wake_is_not_refused_while_there_is_an_owner() {
    let explorer = Explorer::new().spurious(1);
    let exploration = explorer.explore(an_owner_stays::<owners::Owners>);
    exploration.always(|woken| *woken);
}

#[test]
fn fix_clones_are_counted() {
    cloned::<owners::Owners>().always(|frees| *frees == 1);
}

#[test]
fn fix_a_wake_is_queued_or_seen_by_the_poll() {
    signalled().always(|it| it.queued || it.seen);
}
