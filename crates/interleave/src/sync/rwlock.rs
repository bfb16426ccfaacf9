//! A lock for many readers or one writer, whose waiting is explored.

use std::fmt;
use std::ops::{Deref, DerefMut};
use std::panic::Location;
use std::sync::{LockResult, TryLockError, TryLockResult};

use super::lock::Lock;
use crate::event::{Action, Mode, Site};

/// `std::sync::RwLock`, explored and recorded: taking it and letting go are operations.
///
/// Readers and writers get it in any order. It is never poisoned: a panic that leaves a thread ends
/// the execution.
///
/// # Panics
///
/// Outside of a model.
pub struct RwLock<T: ?Sized> {
    lock: Lock,
    // Never waited for: `lock` says who may have it.
    value: std::sync::RwLock<T>,
}

/// Holds the lock for reading until it is dropped.
pub struct RwLockReadGuard<'a, T: ?Sized> {
    lock: &'a Lock,
    /// `None` only when it is dropped.
    value: Option<std::sync::RwLockReadGuard<'a, T>>,
    site: Site,
}

/// Holds the lock for writing until it is dropped.
pub struct RwLockWriteGuard<'a, T: ?Sized> {
    lock: &'a Lock,
    /// `None` only when it is dropped.
    value: Option<std::sync::RwLockWriteGuard<'a, T>>,
    site: Site,
}

impl<T> RwLock<T> {
    /// A free lock around `value`.
    #[track_caller]
    pub fn new(value: T) -> RwLock<T> {
        RwLock {
            lock: Lock::new(),
            value: std::sync::RwLock::new(value),
        }
    }

    /// The value, with nobody else left to lock it. Always `Ok`.
    pub fn into_inner(self) -> LockResult<T> {
        Ok(self
            .value
            .into_inner()
            .unwrap_or_else(|poisoned| poisoned.into_inner()))
    }
}

impl<T: ?Sized> RwLock<T> {
    /// Waits until nobody writes and takes the lock for reading. Always `Ok`.
    #[track_caller]
    pub fn read(&self) -> LockResult<RwLockReadGuard<'_, T>> {
        let site = Location::caller();
        self.lock
            .acquire(Mode::Read, site, Action::Acquire(Mode::Read));
        Ok(self.reading(site))
    }

    /// Waits until nobody reads or writes and takes the lock for writing. Always `Ok`.
    #[track_caller]
    pub fn write(&self) -> LockResult<RwLockWriteGuard<'_, T>> {
        let site = Location::caller();
        self.lock
            .acquire(Mode::Write, site, Action::Acquire(Mode::Write));
        Ok(self.writing(site))
    }

    /// Takes the lock for reading if nobody writes; `WouldBlock` if somebody does.
    #[track_caller]
    pub fn try_read(&self) -> TryLockResult<RwLockReadGuard<'_, T>> {
        let site = Location::caller();
        let acquired = self.lock.try_acquire(Mode::Read, site);
        if acquired {
            Ok(self.reading(site))
        } else {
            Err(TryLockError::WouldBlock)
        }
    }

    /// Takes the lock for writing if it is free; `WouldBlock` if not.
    #[track_caller]
    pub fn try_write(&self) -> TryLockResult<RwLockWriteGuard<'_, T>> {
        let site = Location::caller();
        let acquired = self.lock.try_acquire(Mode::Write, site);
        if acquired {
            Ok(self.writing(site))
        } else {
            Err(TryLockError::WouldBlock)
        }
    }

    /// The value, while nobody else can reach it. Always `Ok`.
    pub fn get_mut(&mut self) -> LockResult<&mut T> {
        Ok(self
            .value
            .get_mut()
            .unwrap_or_else(|poisoned| poisoned.into_inner()))
    }

    fn reading(&self, site: Site) -> RwLockReadGuard<'_, T> {
        let value = self.value.try_read().unwrap_or_else(|error| match error {
            TryLockError::Poisoned(poisoned) => poisoned.into_inner(),
            TryLockError::WouldBlock => unreachable!("nobody writes"),
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
            TryLockError::WouldBlock => unreachable!("nobody else holds the lock"),
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
        self.lock.release(self.value.take(), Mode::Read, self.site);
    }
}

impl<T: ?Sized> Drop for RwLockWriteGuard<'_, T> {
    fn drop(&mut self) {
        self.lock.release(self.value.take(), Mode::Write, self.site);
    }
}

impl<T: ?Sized> Deref for RwLockReadGuard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.value.as_ref().expect("held while it is reachable")
    }
}

impl<T: ?Sized> Deref for RwLockWriteGuard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.value.as_ref().expect("held while it is reachable")
    }
}

impl<T: ?Sized> DerefMut for RwLockWriteGuard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        self.value.as_mut().expect("held while it is reachable")
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
