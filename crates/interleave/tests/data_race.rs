//! A cell that two threads access without a lock. Sharing it needs `unsafe` code, which the explorer checks.
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

// SAFETY: deliberately unsound with a relaxed flag. The explorer must find that data race.
unsafe impl Sync for Slot {}

/// The writer writes a value, then publishes it with a flag. The reader reads the value if the flag is set.
fn publication(store: Ordering, load: Ordering) -> Option<u32> {
    let slot = Arc::new(Slot::default());
    let writer = {
        let slot = slot.clone();
        named("writer", move || {
            // SAFETY: with release and acquire, the reader doesn't access the value until `ready` is set.
            slot.value.with_mut(|value| unsafe { *value = 42 });
            slot.ready.store(true, store);
        })
    };
    let reader = named("reader", move || {
        // SAFETY: as above. If the read would race, the explorer ends the thread first.
        slot.ready
            .load(load)
            .then(|| slot.value.with(|value| unsafe { *value }))
    });
    writer.join().unwrap();
    reader.join().unwrap()
}

#[test]
fn a_data_race_is_found_and_drawn() {
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
          5                                          a data race with an earlier access
                                                       panicked
        Result: reader panicked
        Explored: 4 executions, 1 fails (every order)
    "#]]
    .assert_eq(&race.simplest().to_string());
}

#[test]
fn release_and_acquire_prevent_the_data_race() {
    explore(|| publication(Release, Acquire)).always(|seen| *seen != Some(0));
}
