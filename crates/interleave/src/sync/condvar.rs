//! A condition variable whose lost notifications are found.

use std::collections::VecDeque;
use std::fmt;
use std::panic::Location;
use std::sync::{LockResult, Mutex};

use super::mutex::MutexGuard;
use crate::event::Action;
use crate::run::{self, Identity, Pending, Turn};

/// `std::sync::Condvar`, explored and recorded.
///
/// There are no spurious wake-ups, except up to the bound that
/// [`Explorer::spurious`](crate::Explorer::spurious) sets. Waiters are notified in the order in which they
/// began to wait. A model has no clock, so there is no `wait_timeout`.
///
/// # Panics
///
/// Outside a model.
pub struct Condvar {
    identity: Identity,
    /// The waiting threads, the longest-waiting first.
    waiters: Mutex<VecDeque<u16>>,
}

impl Condvar {
    /// Creates a condition variable without waiters.
    #[track_caller]
    pub fn new() -> Condvar {
        Condvar {
            identity: Identity::new(),
            waiters: Mutex::default(),
        }
    }

    fn waiters<R>(&self, f: impl FnOnce(&mut VecDeque<u16>) -> R) -> R {
        f(&mut self.waiters.lock().expect("no panic while it is held"))
    }

    /// Releases the lock, waits for a notification, and acquires the lock again. Always returns `Ok`.
    ///
    /// Releasing the lock and starting to wait are one operation.
    #[track_caller]
    pub fn wait<'a, T>(&self, mut guard: MutexGuard<'a, T>) -> LockResult<MutexGuard<'a, T>> {
        let site = Location::caller();
        let Turn::Go(me) = self.identity.turn() else {
            return Ok(guard);
        };
        run::point(me);
        let event = run::record(Some(self.identity.object), Some(site), Action::Wait);
        let spurious = run::is_forced(me);
        if spurious {
            // The thread wakes up at once. To the others, a later wake-up looks the same: until a
            // notification chooses this thread, its place in the queue changes nothing.
            guard.release();
        } else {
            self.waiters(|waiters| waiters.push_back(me));
            guard.release();
            run::block(me, Pending::Event(event));
        }
        guard.reacquire(site, spurious);
        Ok(guard)
    }

    /// Waits while `condition` returns true. Always returns `Ok`.
    #[track_caller]
    pub fn wait_while<'a, T>(
        &self,
        mut guard: MutexGuard<'a, T>,
        mut condition: impl FnMut(&mut T) -> bool,
    ) -> LockResult<MutexGuard<'a, T>> {
        while condition(&mut guard) {
            guard = self
                .wait(guard)
                .unwrap_or_else(|poisoned| poisoned.into_inner());
        }
        Ok(guard)
    }

    /// Wakes the thread that has waited longest, if any thread waits.
    #[track_caller]
    pub fn notify_one(&self) {
        let site = Location::caller();
        let Turn::Go(me) = self.identity.turn() else {
            return;
        };
        run::point(me);
        let woken = self.waiters(VecDeque::pop_front);
        if let Some(thread) = woken {
            run::wake(thread);
        }
        run::record(
            Some(self.identity.object),
            Some(site),
            Action::NotifyOne { woken },
        );
    }

    /// Wakes all waiting threads.
    #[track_caller]
    pub fn notify_all(&self) {
        let site = Location::caller();
        let Turn::Go(me) = self.identity.turn() else {
            return;
        };
        run::point(me);
        let threads = self.waiters(std::mem::take);
        let woken = threads.len() as u16;
        for thread in threads {
            run::wake(thread);
        }
        run::record(
            Some(self.identity.object),
            Some(site),
            Action::NotifyAll { woken },
        );
    }
}

impl Default for Condvar {
    #[track_caller]
    fn default() -> Condvar {
        Condvar::new()
    }
}

impl fmt::Debug for Condvar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Condvar").finish_non_exhaustive()
    }
}
