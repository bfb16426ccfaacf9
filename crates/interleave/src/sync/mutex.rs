//! A lock whose waiting is explored.

use std::fmt;
use std::ops::{Deref, DerefMut};
use std::panic::Location;
use std::sync::{LockResult, TryLockError, TryLockResult};

use super::lock::Lock;
use crate::event::{Action, Mode, Site};

/// `std::sync::Mutex`, explored and recorded: taking it and letting go are operations.
///
/// It is never poisoned: a panic that leaves a thread ends the execution.
///
/// # Panics
///
/// Outside of a model.
pub struct Mutex<T: ?Sized> {
    lock: Lock,
    // Never waited for: `lock` says who may have it.
    value: std::sync::Mutex<T>,
}

/// Holds the lock until it is dropped.
pub struct MutexGuard<'a, T: ?Sized> {
    mutex: &'a Mutex<T>,
    /// `None` while the holder waits on a condition variable, and when it is dropped.
    value: Option<std::sync::MutexGuard<'a, T>>,
    site: Site,
}

impl<T> Mutex<T> {
    /// A free lock around `value`.
    #[track_caller]
    pub fn new(value: T) -> Mutex<T> {
        Mutex {
            lock: Lock::new(),
            value: std::sync::Mutex::new(value),
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

impl<T: ?Sized> Mutex<T> {
    /// Waits until the lock is free and takes it. Always `Ok`.
    #[track_caller]
    pub fn lock(&self) -> LockResult<MutexGuard<'_, T>> {
        let site = Location::caller();
        self.lock
            .acquire(Mode::Lock, site, Action::Acquire(Mode::Lock));
        Ok(MutexGuard {
            mutex: self,
            value: Some(self.held()),
            site,
        })
    }

    /// Takes the lock if it is free; `WouldBlock` if not.
    #[track_caller]
    pub fn try_lock(&self) -> TryLockResult<MutexGuard<'_, T>> {
        let site = Location::caller();
        if self.lock.try_acquire(Mode::Lock, site) {
            Ok(MutexGuard {
                mutex: self,
                value: Some(self.held()),
                site,
            })
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

    /// The value, whose lock is this thread's.
    fn held(&self) -> std::sync::MutexGuard<'_, T> {
        self.value.try_lock().unwrap_or_else(|error| match error {
            TryLockError::Poisoned(poisoned) => poisoned.into_inner(),
            TryLockError::WouldBlock => unreachable!("nobody else holds the lock"),
        })
    }
}

impl<T: ?Sized> MutexGuard<'_, T> {
    /// Lets go of the lock as a part of another operation: waiting on a condition variable.
    pub(super) fn let_go(&mut self) {
        self.value = None;
        self.mutex.lock.let_go(Mode::Lock);
    }

    /// Waits for the lock again, woken here.
    pub(super) fn take_again(&mut self, site: Site) {
        self.mutex.lock.acquire(Mode::Lock, site, Action::Woken);
        self.value = Some(self.mutex.held());
    }
}

impl<T: ?Sized> Drop for MutexGuard<'_, T> {
    fn drop(&mut self) {
        // `None`: the thread unwinds out of a wait, and the lock is somebody else's.
        if let Some(value) = self.value.take() {
            self.mutex.lock.release(value, Mode::Lock, self.site);
        }
    }
}

impl<T: ?Sized> Deref for MutexGuard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.value.as_ref().expect("held while it is reachable")
    }
}

impl<T: ?Sized> DerefMut for MutexGuard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        self.value.as_mut().expect("held while it is reachable")
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
        f.debug_tuple("Mutex").field(&&self.value).finish()
    }
}

impl<T: ?Sized + fmt::Debug> fmt::Debug for MutexGuard<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}
