//! Calls of loom that are no choice: no other thread runs, and no alternative is explored.

use std::panic::{self, AssertUnwindSafe};
use std::sync::atomic::Ordering::{Acquire, Release};

use crate::panics;

/// Calls loom without letting other threads run and without exploring alternatives.
pub(crate) fn quiet<R>(f: impl FnOnce() -> R) -> R {
    /// Turns exploring on again, even if `f` panics, unless the panic is loom's.
    struct Loud;
    impl Drop for Loud {
        fn drop(&mut self) {
            if !panics::loom_gave_up() {
                loom::explore();
            }
        }
    }

    loom::stop_exploring();
    let _loud = Loud;
    f()
}

/// Calls loom from what may be a destructor. If a panic unwinds the thread and loom panics too, which would abort
/// the process, the refusal is left in `panics`.
pub(super) fn in_destructor(f: impl FnOnce()) {
    if panics::loom_gave_up() {
        return;
    }
    if std::thread::panicking() {
        let _ = panic::catch_unwind(AssertUnwindSafe(f));
    } else {
        f();
    }
}

/// Orders one thread's writes before another thread's reads without giving loom a choice.
pub(crate) struct HandOver(loom::sync::atomic::AtomicUsize);

impl HandOver {
    pub(crate) fn new() -> HandOver {
        HandOver(loom::sync::atomic::AtomicUsize::new(0))
    }

    /// Orders everything before this call before everything after the next `acquire`.
    pub(crate) fn release(&self) {
        in_destructor(|| _ = quiet(|| self.0.fetch_add(1, Release)));
    }

    /// Orders everything before each earlier `release` before everything after this call.
    pub(crate) fn acquire(&self) {
        if !panics::loom_gave_up() {
            // A failed exchange reads the newest value and writes nothing. A load could return an older
            // value, and a write would hand over what this thread has not released.
            let _ = quiet(|| self.0.compare_exchange(usize::MAX, 0, Acquire, Acquire));
        }
    }
}
