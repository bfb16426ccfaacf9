//! How threads are spawned, how they finish, and how they are joined.

use std::sync::Arc;

use super::ends::{end_if_blocked, refuse};
use super::schedule::{block, wake};
use super::state::with;
use super::threads::{Pending, Thread};
use crate::event::Site;
use crate::refused::Reason;

/// Adds a thread that has not run yet.
pub(crate) fn spawn(name: Option<String>) -> u16 {
    let number = with(|run| run.threads.count());
    if number == loom::MAX_THREADS {
        let message = format!(
            "The model spawns too many threads: loom allows {}, including `main`. Use fewer threads.",
            loom::MAX_THREADS
        );
        refuse(Reason::TooManyThreads, message);
    }
    let name = name.map_or_else(|| format!("thread {number}").into(), Into::into);
    let thread = Thread::new(name);
    with(|run| run.threads.add(thread));
    number as u16
}

/// Notes that the thread `me` runs for the first time. Returns whether it should run at all.
pub(crate) fn start(me: u16) -> bool {
    let handle = loom::thread::current();
    with(|run| {
        run.threads.start(me, handle);
        run.ending.is_none()
    })
}

/// Notes that the thread `me` has finished, and wakes the threads that join it.
pub(crate) fn finish(me: u16) {
    let (joiners, end) = with(|run| run.threads.finish(me));
    end.release();
    for joiner in joiners {
        wake(joiner);
    }
    end_if_blocked();
}

/// Waits until `thread` has finished.
pub(crate) fn join(me: u16, thread: u16, site: Option<Site>) {
    while !with(|run| run.threads.is_done_or_wakes(thread, me)) {
        block(me, Pending::Join(thread, site));
    }
    let end = with(|run| run.threads.join(thread));
    end.acquire();
}

/// Waits, as `main`, for all threads that have not been joined. Called after `main` has returned.
pub(crate) fn join_all(me: u16) {
    for thread in 1.. {
        if with(|run| run.threads.count() <= usize::from(thread)) {
            break;
        }
        join(me, thread, None);
    }
}

/// Returns a thread's name.
pub(crate) fn name(thread: u16) -> Arc<str> {
    with(|run| run.threads.name(thread))
}

/// Returns the running thread's number and name.
pub(crate) fn current() -> (u16, Arc<str>) {
    with(|run| {
        let current = run.threads.current();
        (current, run.threads.name(current))
    })
}

/// Whether `main` is alone: no thread has been spawned yet, or all have been joined.
pub(crate) fn solo() -> bool {
    with(|run| run.threads.solo())
}
