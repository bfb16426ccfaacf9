//! A cell that two threads reach at once. Sharing it takes `unsafe`: that is what the explorer checks.
#![allow(unsafe_code)]

use expect_test::expect;
use interleave::cell::UnsafeCell;
use interleave::sync::Arc;
use interleave::sync::atomic::AtomicBool;
use interleave::sync::atomic::Ordering::{self, Acquire, Relaxed, Release};
use interleave::{End, explore};

use interleave::thread::named;

#[derive(Default)]
struct Slot {
    value: UnsafeCell<u32>,
    ready: AtomicBool,
}

// SAFETY: not safe at all with a relaxed flag, and that is the test.
unsafe impl Sync for Slot {}

/// A value is written, then published; the reader reads it if it is there.
fn publication(store: Ordering, load: Ordering) -> Option<u32> {
    let slot = Arc::new(Slot::default());
    let writer = {
        let slot = slot.clone();
        named("writer", move || {
            // SAFETY: the reader keeps away until `ready`, if the flag's orderings say so.
            slot.value.with_mut(|value| unsafe { *value = 42 });
            slot.ready.store(true, store);
        })
    };
    let reader = named("reader", move || {
        // SAFETY: as above; and the explorer stops the thread before a read that races.
        slot.ready
            .load(load)
            .then(|| slot.value.with(|value| unsafe { *value }))
    });
    writer.join().unwrap();
    reader.join().unwrap()
}

#[test]
fn a_data_race_draws_itself() {
    let race = explore(|| publication(Relaxed, Relaxed)).failing(|_| false);
    assert!(
        race.executions()
            .all(|execution| matches!(execution.end(), End::Panicked(_)))
    );
    expect![[r#"
              writer                                 reader
          1   slot.value.with_mut(write)
          2   slot.ready.store(true, Relaxed)
          3                                          slot.ready.load(Relaxed)   → true
          4                                          slot.value.with(read)
          5                                          a data race: nothing orders this
                                                       access and the other     panicked
        Result: reader panicked
        Explored: 4 executions, 1 fails (every order)
    "#]]
    .assert_eq(&race.simplest().to_string());
}

#[test]
fn a_released_cell_has_no_data_race() {
    explore(|| publication(Release, Acquire)).always(|seen| *seen != Some(0));
}
