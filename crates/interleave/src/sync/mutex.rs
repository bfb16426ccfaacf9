//! A mutual exclusion lock.

use std::fmt;
use std::ops::{Deref, DerefMut};
use std::panic::Location;
use std::sync::{LockResult, TryLockError, TryLockResult};

use super::lock::Lock;
use super::word::Word;
use crate::event::{Action, Mode, Site, Value};

/// `std::sync::Mutex`, explored and recorded. Acquiring and releasing it are operations.
///
/// If it guards an integer or a `bool`, pictures show the value that a thread finds and the value that it leaves.
///
/// The mutex is never poisoned: a panic that leaves a thread ends the execution.
///
/// # Panics
///
/// Outside a model.
// A call of `lock` is `Mutex::lock` if the type of the value allows that, and otherwise the one that it derefs to. So
// the same source works for both, as it does with std's type.
pub struct Mutex<T: ?Sized>(Unshown<T>);

/// A [`Mutex`] that guards a value which pictures don't show. Every `Mutex` derefs to it.
pub struct Unshown<T: ?Sized> {
    lock: Lock,
    // Never waited for: `lock` decides which thread gets it.
    value: std::sync::Mutex<T>,
}

/// Holds a [`Mutex`]. Dropping the guard releases the lock.
pub struct MutexGuard<'a, T: ?Sized> {
    mutex: &'a Unshown<T>,
    /// `None` while the thread waits on a condition variable, and once the guard is dropped.
    value: Option<std::sync::MutexGuard<'a, T>>,
    site: Site,
    show: Show<T>,
}

/// Returns what pictures show of a value.
type Show<T> = fn(&T) -> Option<Value>;

impl<T> Mutex<T> {
    /// Creates a free lock around `value`.
    #[track_caller]
    pub fn new(value: T) -> Mutex<T> {
        Mutex(Unshown {
            lock: Lock::new(),
            value: std::sync::Mutex::new(value),
        })
    }

    /// Returns the value. Always `Ok`.
    pub fn into_inner(self) -> LockResult<T> {
        Ok(self
            .0
            .value
            .into_inner()
            .unwrap_or_else(|poisoned| poisoned.into_inner()))
    }
}

impl<T: ?Sized> Mutex<T> {
    /// Returns the value, which no other thread can reach. Always `Ok`.
    pub fn get_mut(&mut self) -> LockResult<&mut T> {
        Ok(self
            .0
            .value
            .get_mut()
            .unwrap_or_else(|poisoned| poisoned.into_inner()))
    }
}

impl<T: Word> Mutex<T> {
    /// Waits until the lock is free and acquires it. Always returns `Ok`.
    #[track_caller]
    pub fn lock(&self) -> LockResult<MutexGuard<'_, T>> {
        Ok(self
            .0
            .acquire(Location::caller(), |value| Some(value.value())))
    }

    /// Acquires the lock if it is free. Otherwise returns `WouldBlock`.
    #[track_caller]
    pub fn try_lock(&self) -> TryLockResult<MutexGuard<'_, T>> {
        self.0
            .try_acquire(Location::caller(), |value| Some(value.value()))
    }
}

impl<T: ?Sized> Unshown<T> {
    /// Waits until the lock is free and acquires it. Always returns `Ok`.
    #[track_caller]
    pub fn lock(&self) -> LockResult<MutexGuard<'_, T>> {
        Ok(self.acquire(Location::caller(), |_| None))
    }

    /// Acquires the lock if it is free. Otherwise returns `WouldBlock`.
    #[track_caller]
    pub fn try_lock(&self) -> TryLockResult<MutexGuard<'_, T>> {
        self.try_acquire(Location::caller(), |_| None)
    }

    fn acquire(&self, site: Site, show: Show<T>) -> MutexGuard<'_, T> {
        let action = Action::Acquire(Mode::Lock);
        self.lock
            .acquire(Mode::Lock, site, action, || show(&self.held()));
        MutexGuard {
            mutex: self,
            value: Some(self.held()),
            site,
            show,
        }
    }

    fn try_acquire(&self, site: Site, show: Show<T>) -> TryLockResult<MutexGuard<'_, T>> {
        let guarded = || show(&self.held());
        if !self.lock.try_acquire(Mode::Lock, site, guarded) {
            return Err(TryLockError::WouldBlock);
        }
        Ok(MutexGuard {
            mutex: self,
            value: Some(self.held()),
            site,
            show,
        })
    }

    /// Locks the value for the thread that holds `lock`.
    fn held(&self) -> std::sync::MutexGuard<'_, T> {
        self.value.try_lock().unwrap_or_else(|error| match error {
            TryLockError::Poisoned(poisoned) => poisoned.into_inner(),
            TryLockError::WouldBlock => unreachable!("no other thread holds the lock"),
        })
    }
}

impl<T: ?Sized> MutexGuard<'_, T> {
    /// Releases the lock as a part of another operation: waiting on a condition variable.
    pub(super) fn release(&mut self) {
        self.value = None;
        self.mutex.lock.release_within(Mode::Lock);
    }

    /// Acquires the lock again after a wait that began at `site`.
    pub(super) fn reacquire(&mut self, site: Site, spurious: bool) {
        let woken = Action::Woken { spurious };
        self.mutex
            .lock
            .acquire(Mode::Lock, site, woken, || (self.show)(&self.mutex.held()));
        self.value = Some(self.mutex.held());
    }
}

impl<T: ?Sized> Drop for MutexGuard<'_, T> {
    fn drop(&mut self) {
        // `None` if the thread unwinds out of a wait, during which it doesn't hold the lock.
        if let Some(value) = self.value.take() {
            let left = (self.show)(&value);
            self.mutex.lock.release(value, Mode::Lock, self.site, left);
        }
    }
}

impl<T: ?Sized> Deref for Mutex<T> {
    type Target = Unshown<T>;

    fn deref(&self) -> &Unshown<T> {
        &self.0
    }
}

impl<T: ?Sized> Deref for MutexGuard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.value
            .as_ref()
            .expect("a guard that can be reached holds the lock")
    }
}

impl<T: ?Sized> DerefMut for MutexGuard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        self.value
            .as_mut()
            .expect("a guard that can be reached holds the lock")
    }
}

impl<T: Default> Default for Mutex<T> {
    #[track_caller]
    fn default() -> Mutex<T> {
        Mutex::new(T::default())
    }
}

impl<T> From<T> for Mutex<T> {
    #[track_caller]
    fn from(value: T) -> Mutex<T> {
        Mutex::new(value)
    }
}

impl<T: ?Sized + fmt::Debug> fmt::Debug for Mutex<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Mutex").field(&&self.0.value).finish()
    }
}

impl<T: ?Sized + fmt::Debug> fmt::Debug for MutexGuard<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}
