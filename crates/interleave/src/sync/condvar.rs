//! A condition variable whose notifications can be lost, and are then seen to be.

use std::collections::VecDeque;
use std::fmt;
use std::panic::Location;
use std::sync::{LockResult, Mutex};

use super::MutexGuard;
use crate::event::Action;
use crate::run::{self, Identity, Pending, Turn};

/// `std::sync::Condvar`, explored and recorded.
///
/// There are no spurious wake-ups, waiters are notified first in, first out, and no wait times out.
///
/// # Panics
///
/// Outside of a model.
pub struct Condvar {
    identity: Identity,
    /// Who waits, longest first.
    waiters: Mutex<VecDeque<u16>>,
}

impl Condvar {
    /// A condition variable that nobody waits on.
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

    /// Lets go of the lock, waits until it is notified, and takes the lock again. Always `Ok`.
    ///
    /// Letting go and beginning to wait are one operation.
    #[track_caller]
    pub fn wait<'a, T>(&self, mut guard: MutexGuard<'a, T>) -> LockResult<MutexGuard<'a, T>> {
        let site = Location::caller();
        let Turn::Go(me) = self.identity.turn() else {
            return Ok(guard);
        };
        run::point(me);
        let event = run::record(Some(self.identity.object), Some(site), Action::Wait, false);
        self.waiters(|waiters| waiters.push_back(me));
        guard.let_go();
        run::block(me, Pending::Event(event));
        guard.take_again(site);
        Ok(guard)
    }

    /// Waits while `condition` holds. Always `Ok`.
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

    /// Wakes who has waited longest, if anybody waits.
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
            false,
        );
    }

    /// Wakes everybody who waits.
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
            false,
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
