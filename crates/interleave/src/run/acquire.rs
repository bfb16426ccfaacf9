//! How a thread acquires a lock, waits for it and releases it.

use std::rc::Rc;

use super::ends::{end, unwind};
use super::locks::LockId;
use super::quiet::quiet;
use super::schedule::{block, point, wake};
use super::state::with;
use super::threads::{Pending, Status};
use super::trace::Ending;
use crate::event::{Mode, Site};
use crate::refused::{Reason, Refused};

/// Creates a free lock.
pub(crate) fn lock() -> LockId {
    let contended = Rc::new(loom::sync::Condvar::new());
    with(|run| run.locks.add(contended))
}

/// Waits for the lock and acquires it. What the caller does next belongs to the same operation.
pub(crate) fn acquire(me: u16, lock: LockId, mode: Mode, site: Site) {
    loop {
        if !with(|run| run.locks.is_free(lock, mode)) {
            wait_for(me, lock, mode, site);
            continue;
        }
        with(|run| run.threads.set(me, Status::Acquiring(lock, mode, site)));
        let last = point(me);
        let (acquired, preempted) = with(|run| {
            run.threads.set(me, Status::Ready);
            let acquired = run.locks.try_hold(lock, mode);
            (
                acquired,
                last != me && run.threads.is_enabled(last, &run.locks),
            )
        });
        if acquired {
            return contend(lock);
        }
        if preempted {
            // Another thread acquired the lock in the meantime and could have continued. Loom has already
            // explored that, and this thread continues the same way there.
            end(Ending::Pruned);
            unwind();
        }
        wait_for(me, lock, mode, site);
    }
}

fn wait_for(me: u16, lock: LockId, mode: Mode, site: Site) {
    contend(lock);
    with(|run| run.locks.add_waiter(lock, me));
    block(me, Pending::Lock(mode, site));
}

/// Makes this attempt to acquire the lock dependent on the other attempts, and on nothing else.
fn contend(lock: LockId) {
    let contended = with(|run| (!run.threads.solo()).then(|| run.locks.contended(lock)));
    if let Some(contended) = contended {
        quiet(|| contended.notify_one());
    }
}

/// Acquires the lock if it is free. Returns whether it was.
pub(crate) fn try_acquire(me: u16, lock: LockId, mode: Mode) -> bool {
    point(me);
    let acquired = with(|run| run.locks.try_hold(lock, mode));
    contend(lock);
    acquired
}

/// Acquires the lock while the thread unwinds. If another thread holds it, refuses the model and lets the
/// others unwind until the lock is free.
pub(crate) fn acquire_unwinding(lock: LockId, mode: Mode) {
    loop {
        let (me, acquired) = with(|run| (run.threads.current(), run.locks.try_hold(lock, mode)));
        if acquired {
            return;
        }
        end(Ending::Refused(Refused::new(
            Reason::LockWhileUnwinding,
            "A destructor waited for a lock while a panic unwound its thread, which the explorer can't \
             explore. Catch the panic first, then acquire the lock.",
        )));
        loom::thread::yield_now();
        with(|run| run.threads.resume(me));
    }
}

/// Releases the lock and wakes the threads that wait for it.
pub(crate) fn release(lock: LockId, mode: Mode) {
    for waiter in with(|run| run.locks.release(lock, mode)) {
        wake(waiter);
    }
}
