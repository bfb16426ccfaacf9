//! Where loom chooses the next thread, and how threads sleep and wake.
//!
//! Loom chooses the next thread at each of its own operations. It treats operations on different objects
//! as independent and then skips orders, some of which matter (its issues 166 and 392). Here all recorded
//! operations are dependent: each touches `Run::point`, a condition variable on which no thread waits, so
//! that touching it orders no memory. For an atomic, loom chooses at the atomic's own operation, and the
//! touch follows directly, with exploration off, so that each recorded operation is one choice. For
//! objects without an operation of loom's own, such as a lock or a fence, the touch comes first and is the
//! choice.

use super::ends::{end_if_blocked, unwind};
use super::quiet::{in_destructor, quiet};
use super::state::with;
use super::threads::{Pending, Status};

/// Resumes the thread after a call of loom's during which others may have run. Returns the thread that ran
/// last, which is this one if no other thread ran.
pub(crate) fn after(me: u16) -> u16 {
    let (last, ended) = with(|run| (run.threads.resume(me), run.ending.is_some()));
    if ended {
        unwind();
    }
    last
}

/// Lets loom choose the next thread. Everything up to the next call of loom is one operation. Returns the
/// thread that ran last, like `after`.
pub(crate) fn point(me: u16) -> u16 {
    match with(|run| (!run.threads.solo()).then(|| run.point.clone())) {
        Some(point) => {
            point.notify_one();
            after(me)
        }
        None => me,
    }
}

/// Makes loom's latest operation dependent on all others.
pub(crate) fn seal() {
    let point = with(|run| {
        let choice = !run.threads.solo() && !run.settings.reduced;
        choice.then(|| run.point.clone())
    });
    if let Some(point) = point {
        quiet(|| point.notify_one());
    }
}

/// Sleeps until another thread calls `wake` for this one. Ends the execution if no thread can.
pub(crate) fn block(me: u16, pending: Pending) {
    with(|run| run.threads.set(me, Status::Blocked(pending)));
    if end_if_blocked() {
        unwind();
    }
    loom::thread::park();
    after(me);
}

/// Makes a sleeping thread ready again. The waker's writes happen before its next step.
pub(crate) fn wake(thread: u16) {
    if let Some(handle) = with(|run| run.threads.wake(thread)) {
        in_destructor(|| handle.unpark());
    }
}
