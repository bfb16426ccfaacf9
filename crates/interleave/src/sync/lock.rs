//! What `Mutex` and `RwLock` share: who may hold the lock, and what its release hands over.

use crate::event::{Action, Mode, Site};
use crate::run::{self, HandOver, Identity, LockId, Turn};

pub(super) struct Lock {
    identity: Identity,
    id: LockId,
    /// From who wrote to who reads or writes next.
    writers: HandOver,
    /// From who read to who writes next; readers order nothing among themselves.
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

    /// Waits until the lock is free for `mode`, takes it, and records that as `action`.
    pub(super) fn acquire(&self, mode: Mode, site: Site, action: Action) {
        match self.identity.turn() {
            Turn::Unwinding => run::acquire_unwinding(self.id, mode),
            Turn::Go(me) => {
                run::acquire(me, self.id, mode, site);
                self.acquired(mode);
                run::record(Some(self.identity.object), Some(site), action, false);
            }
        }
    }

    /// Takes the lock if it is free for `mode`; says whether it was.
    pub(super) fn try_acquire(&self, mode: Mode, site: Site) -> bool {
        let Turn::Go(me) = self.identity.turn() else {
            return false;
        };
        let acquired = run::try_acquire(me, self.id, mode);
        if acquired {
            self.acquired(mode);
        }
        run::record(
            Some(self.identity.object),
            Some(site),
            Action::Try { mode, acquired },
            false,
        );
        acquired
    }

    /// Lets go of the lock, as an operation. `value` is dropped at the moment when the lock is free.
    pub(super) fn release<V>(&self, value: V, mode: Mode, site: Site) {
        struct LetGo<'a, V>(&'a Lock, Option<V>, Mode);
        impl<V> Drop for LetGo<'_, V> {
            fn drop(&mut self) {
                drop(self.1.take());
                self.0.let_go(self.2);
            }
        }

        // Freed also if the execution has ended in the meantime, and this thread unwinds from here.
        let let_go = LetGo(self, Some(value), mode);
        if let Turn::Go(me) = self.identity.turn() {
            run::point(me);
            drop(let_go);
            run::record(
                Some(self.identity.object),
                Some(site),
                Action::Release(mode),
                false,
            );
        }
    }

    /// Lets go of the lock as a part of another operation.
    pub(super) fn let_go(&self, mode: Mode) {
        match mode {
            Mode::Read => self.readers.release(),
            Mode::Lock | Mode::Write => self.writers.release(),
        }
        run::release(self.id, mode);
    }

    fn acquired(&self, mode: Mode) {
        self.writers.acquire();
        if mode == Mode::Write {
            self.readers.acquire();
        }
    }
}
