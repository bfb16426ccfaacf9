//! The table of locks: which threads hold each lock, and which wait for it.

use std::rc::Rc;

use crate::event::Mode;

/// A lock's index in the execution's table.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LockId(usize);

/// All locks of an execution, in the order of their creation.
#[derive(Default)]
pub(super) struct Locks(Vec<Lock>);

struct Lock {
    writer: bool,
    readers: u32,
    waiters: Vec<u16>,
    /// Touched by a thread that acquires the lock and by a thread that finds it held, so that loom also lets
    /// the second thread go first. A release doesn't touch it: no other thread could have acquired the
    /// lock just before.
    contended: Rc<loom::sync::Condvar>,
}

impl Locks {
    /// Adds a free lock.
    pub(super) fn add(&mut self, contended: Rc<loom::sync::Condvar>) -> LockId {
        self.0.push(Lock {
            writer: false,
            readers: 0,
            waiters: Vec::new(),
            contended,
        });
        LockId(self.0.len() - 1)
    }

    /// Whether a thread could acquire the lock now.
    pub(super) fn is_free(&self, lock: LockId, mode: Mode) -> bool {
        self.0[lock.0].is_free(mode)
    }

    /// Marks the lock as held if it is free. Returns whether it was.
    pub(super) fn try_hold(&mut self, lock: LockId, mode: Mode) -> bool {
        let lock = &mut self.0[lock.0];
        let free = lock.is_free(mode);
        if free {
            match mode {
                Mode::Read => lock.readers += 1,
                Mode::Lock | Mode::Write => lock.writer = true,
            }
        }
        free
    }

    /// Marks the lock as no longer held in this mode. Returns the threads to wake, which are none while
    /// readers remain.
    pub(super) fn release(&mut self, lock: LockId, mode: Mode) -> Vec<u16> {
        let lock = &mut self.0[lock.0];
        match mode {
            Mode::Read => lock.readers -= 1,
            Mode::Lock | Mode::Write => lock.writer = false,
        }
        if lock.readers == 0 {
            std::mem::take(&mut lock.waiters)
        } else {
            Vec::new()
        }
    }

    /// Adds a thread to wake at the next release.
    pub(super) fn add_waiter(&mut self, lock: LockId, thread: u16) {
        self.0[lock.0].waiters.push(thread);
    }

    /// Returns what attempts to acquire the lock touch.
    pub(super) fn contended(&self, lock: LockId) -> Rc<loom::sync::Condvar> {
        self.0[lock.0].contended.clone()
    }
}

impl Lock {
    fn is_free(&self, mode: Mode) -> bool {
        !self.writer && (mode == Mode::Read || self.readers == 0)
    }
}
