//! A lock for many readers or one writer.

use std::fmt;
use std::ops::{Deref, DerefMut};
use std::panic::Location;
use std::sync::{LockResult, TryLockError, TryLockResult};

use super::lock::Lock;
use crate::event::{Action, Mode, Site};

/// `std::sync::RwLock`, explored and recorded. Acquiring and releasing it are operations.
///
/// Waiting readers and writers acquire the lock in any order. The lock is never poisoned: a panic that
/// leaves a thread ends the execution.
///
/// # Panics
///
/// Outside a model.
pub struct RwLock<T: ?Sized> {
    lock: Lock,
    // Never waited for: `lock` decides which thread gets it.
    value: std::sync::RwLock<T>,
}

/// Holds an [`RwLock`] for reading. Dropping the guard releases the lock.
pub struct RwLockReadGuard<'a, T: ?Sized> {
    lock: &'a Lock,
    /// `None` only once the guard is dropped.
    value: Option<std::sync::RwLockReadGuard<'a, T>>,
    site: Site,
}

/// Holds an [`RwLock`] for writing. Dropping the guard releases the lock.
pub struct RwLockWriteGuard<'a, T: ?Sized> {
    lock: &'a Lock,
    /// `None` only once the guard is dropped.
    value: Option<std::sync::RwLockWriteGuard<'a, T>>,
    site: Site,
}

impl<T> RwLock<T> {
    /// Creates a free lock around `value`.
    #[track_caller]
    pub fn new(value: T) -> RwLock<T> {
        RwLock {
            lock: Lock::new(),
            value: std::sync::RwLock::new(value),
        }
    }

    /// Returns the value. Always `Ok`.
    pub fn into_inner(self) -> LockResult<T> {
        Ok(self
            .value
            .into_inner()
            .unwrap_or_else(|poisoned| poisoned.into_inner()))
    }
}

impl<T: ?Sized> RwLock<T> {
    /// Waits until no thread writes and acquires the lock for reading. Always returns `Ok`.
    #[track_caller]
    pub fn read(&self) -> LockResult<RwLockReadGuard<'_, T>> {
        let site = Location::caller();
        self.lock
            .acquire(Mode::Read, site, Action::Acquire(Mode::Read), || None);
        Ok(self.reading(site))
    }

    /// Waits until no thread reads or writes and acquires the lock for writing. Always returns `Ok`.
    #[track_caller]
    pub fn write(&self) -> LockResult<RwLockWriteGuard<'_, T>> {
        let site = Location::caller();
        self.lock
            .acquire(Mode::Write, site, Action::Acquire(Mode::Write), || None);
        Ok(self.writing(site))
    }

    /// Acquires the lock for reading if no thread writes. Otherwise returns `WouldBlock`.
    #[track_caller]
    pub fn try_read(&self) -> TryLockResult<RwLockReadGuard<'_, T>> {
        let site = Location::caller();
        let acquired = self.lock.try_acquire(Mode::Read, site, || None);
        if acquired {
            Ok(self.reading(site))
        } else {
            Err(TryLockError::WouldBlock)
        }
    }

    /// Acquires the lock for writing if it is free. Otherwise returns `WouldBlock`.
    #[track_caller]
    pub fn try_write(&self) -> TryLockResult<RwLockWriteGuard<'_, T>> {
        let site = Location::caller();
        let acquired = self.lock.try_acquire(Mode::Write, site, || None);
        if acquired {
            Ok(self.writing(site))
        } else {
            Err(TryLockError::WouldBlock)
        }
    }

    /// Returns the value, which no other thread can reach. Always `Ok`.
    pub fn get_mut(&mut self) -> LockResult<&mut T> {
        Ok(self
            .value
            .get_mut()
            .unwrap_or_else(|poisoned| poisoned.into_inner()))
    }

    fn reading(&self, site: Site) -> RwLockReadGuard<'_, T> {
        let value = self.value.try_read().unwrap_or_else(|error| match error {
            TryLockError::Poisoned(poisoned) => poisoned.into_inner(),
            TryLockError::WouldBlock => unreachable!("no other thread writes"),
        });
        RwLockReadGuard {
            lock: &self.lock,
            value: Some(value),
            site,
        }
    }

    fn writing(&self, site: Site) -> RwLockWriteGuard<'_, T> {
        let value = self.value.try_write().unwrap_or_else(|error| match error {
            TryLockError::Poisoned(poisoned) => poisoned.into_inner(),
            TryLockError::WouldBlock => unreachable!("no other thread holds the lock"),
        });
        RwLockWriteGuard {
            lock: &self.lock,
            value: Some(value),
            site,
        }
    }
}

impl<T: ?Sized> Drop for RwLockReadGuard<'_, T> {
    fn drop(&mut self) {
        self.lock
            .release(self.value.take(), Mode::Read, self.site, None);
    }
}

impl<T: ?Sized> Drop for RwLockWriteGuard<'_, T> {
    fn drop(&mut self) {
        self.lock
            .release(self.value.take(), Mode::Write, self.site, None);
    }
}

impl<T: ?Sized> Deref for RwLockReadGuard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.value
            .as_ref()
            .expect("a guard that can be reached holds the lock")
    }
}

impl<T: ?Sized> Deref for RwLockWriteGuard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.value
            .as_ref()
            .expect("a guard that can be reached holds the lock")
    }
}

impl<T: ?Sized> DerefMut for RwLockWriteGuard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        self.value
            .as_mut()
            .expect("a guard that can be reached holds the lock")
    }
}

impl<T: Default> Default for RwLock<T> {
    #[track_caller]
    fn default() -> RwLock<T> {
        RwLock::new(T::default())
    }
}

impl<T> From<T> for RwLock<T> {
    #[track_caller]
    fn from(value: T) -> RwLock<T> {
        RwLock::new(value)
    }
}

impl<T: ?Sized + fmt::Debug> fmt::Debug for RwLock<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("RwLock").field(&&self.value).finish()
    }
}

impl<T: ?Sized + fmt::Debug> fmt::Debug for RwLockReadGuard<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

impl<T: ?Sized + fmt::Debug> fmt::Debug for RwLockWriteGuard<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}
