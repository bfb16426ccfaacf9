//! The part that `Mutex` and `RwLock` share: which threads hold the lock, and what a release orders.

use crate::event::{Access, Action, Mode, Site, Value};
use crate::run::{self, HandOver, Identity, LockId, Turn};

pub(super) struct Lock {
    identity: Identity,
    id: LockId,
    /// Orders each writer before the next reader or writer.
    writers: HandOver,
    /// Orders readers before the next writer. Readers don't order each other.
    readers: HandOver,
}

impl Lock {
    #[track_caller]
    pub(super) fn new() -> Lock {
        Lock {
            identity: Identity::new(),
            id: run::lock(),
            writers: HandOver::new(),
            readers: HandOver::new(),
        }
    }

    /// Waits until the lock is free for `mode`, acquires it, and records that as `action`, with the value that it guards.
    pub(super) fn acquire(
        &self,
        mode: Mode,
        site: Site,
        action: Action,
        guarded: impl FnOnce() -> Option<Value>,
    ) {
        match self.identity.turn_at(site) {
            Turn::Unwinding => run::acquire_unwinding(self.id, mode),
            Turn::Go(me) => {
                run::acquire(me, self.id, mode, site);
                self.acquired(mode);
                self.record(site, action, guarded());
            }
        }
    }

    /// Acquires the lock if it is free for `mode`. Returns whether it was.
    pub(super) fn try_acquire(
        &self,
        mode: Mode,
        site: Site,
        guarded: impl FnOnce() -> Option<Value>,
    ) -> bool {
        let Turn::Go(me) = self.identity.turn_at(site) else {
            return false;
        };
        let acquired = run::try_acquire(me, self.id, mode);
        let guarded = if acquired {
            self.acquired(mode);
            guarded()
        } else {
            None
        };
        self.record(site, Action::Try { mode, acquired }, guarded);
        acquired
    }

    /// Releases the lock, as an operation, and drops the guard `value` in the same moment. `guarded` is the value that the
    /// thread leaves.
    pub(super) fn release<V>(&self, value: V, mode: Mode, site: Site, guarded: Option<Value>) {
        struct Release<'a, V>(&'a Lock, Option<V>, Mode);
        impl<V> Drop for Release<'_, V> {
            fn drop(&mut self) {
                drop(self.1.take());
                self.0.release_within(self.2);
            }
        }

        // The lock is released even if the execution has ended and `turn_at` or `point` unwinds.
        let release = Release(self, Some(value), mode);
        if let Turn::Go(me) = self.identity.turn_at(site) {
            run::point(me);
            drop(release);
            self.record(site, Action::Release(mode), guarded);
        }
    }

    /// Releases the lock as a part of another operation.
    pub(super) fn release_within(&self, mode: Mode) {
        match mode {
            Mode::Read => self.readers.release(),
            Mode::Lock | Mode::Write => self.writers.release(),
        }
        run::release(self.id, mode);
    }

    fn record(&self, site: Site, action: Action, guarded: Option<Value>) {
        let access = Access {
            guarded,
            ..Access::default()
        };
        run::record_access(Some(self.identity.object), Some(site), action, access);
    }

    fn acquired(&self, mode: Mode) {
        self.writers.acquire();
        if mode == Mode::Write {
            self.readers.acquire();
        }
    }
}
