//! Memory that threads share without a lock. The explorer checks it for data races.

use std::fmt;
use std::panic::Location;

use crate::event::Action;
use crate::run::{self, Identity, Turn};

/// Loom's `UnsafeCell`, explored and recorded. Two accesses that nothing orders, at least one of them a
/// write, end the execution as a data race.
///
/// # Panics
///
/// Outside a model.
pub struct UnsafeCell<T: ?Sized> {
    identity: Identity,
    /// Loom's record of the accesses so far and what happened before them.
    accesses: loom::cell::UnsafeCell<()>,
    value: std::cell::UnsafeCell<T>,
}

impl<T> UnsafeCell<T> {
    /// Creates a cell that contains `value`.
    #[track_caller]
    pub fn new(value: T) -> UnsafeCell<T> {
        UnsafeCell {
            identity: Identity::new(),
            accesses: loom::cell::UnsafeCell::new(()),
            value: std::cell::UnsafeCell::new(value),
        }
    }

    /// Returns the value. Not an operation: no other thread can reach the cell any more.
    pub fn into_inner(self) -> T {
        self.value.into_inner()
    }
}

impl<T: ?Sized> UnsafeCell<T> {
    /// Calls `f` with a pointer to read through. The pointer must not escape from `f`.
    ///
    /// # Panics
    ///
    /// On a data race: if a write is in progress, or if an earlier write doesn't happen before the read.
    #[track_caller]
    pub fn with<R>(&self, f: impl FnOnce(*const T) -> R) -> R {
        let site = Location::caller();
        let Turn::Go(me) = self.identity.turn() else {
            return f(self.value.get());
        };
        run::point(me);
        run::record(Some(self.identity.object), Some(site), Action::CellRead);
        let _reading = self.accesses.get();
        f(self.value.get())
    }

    /// Calls `f` with a pointer to write through. The pointer must not escape from `f`.
    ///
    /// # Panics
    ///
    /// On a data race: if another access is in progress, or if an earlier access doesn't happen before the
    /// write.
    #[track_caller]
    pub fn with_mut<R>(&self, f: impl FnOnce(*mut T) -> R) -> R {
        let site = Location::caller();
        let Turn::Go(me) = self.identity.turn() else {
            return f(self.value.get());
        };
        run::point(me);
        run::record(Some(self.identity.object), Some(site), Action::CellWrite);
        let _writing = self.accesses.get_mut();
        f(self.value.get())
    }
}

impl<T: Default> Default for UnsafeCell<T> {
    #[track_caller]
    fn default() -> UnsafeCell<T> {
        UnsafeCell::new(T::default())
    }
}

impl<T> From<T> for UnsafeCell<T> {
    #[track_caller]
    fn from(value: T) -> UnsafeCell<T> {
        UnsafeCell::new(value)
    }
}

impl<T: ?Sized> fmt::Debug for UnsafeCell<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UnsafeCell").finish_non_exhaustive()
    }
}
