//! A list of all tasks, which owns none of them.

#![allow(unsafe_code)]

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::{Entry, TaskRef};

/// The values that exist, by number. A value has to be [`Listed`] to be in the list, and removes itself.
#[derive(Debug)]
pub(crate) struct List<T: Listed>(Mutex<Entries<T>>);

#[derive(Debug)]
struct Entries<T> {
    /// The number of the next value.
    next: u64,
    /// The values whose destructors have not removed them yet.
    by_number: BTreeMap<u64, Entry<T>>,
}

/// A value whose destructor calls [`List::remove`] with the number that [`List::insert`] gave it.
pub(crate) trait Listed: Send + Sync {}

impl<T: Listed> List<T> {
    pub(crate) fn new() -> List<T> {
        List(Mutex::new(Entries {
            next: 0,
            by_number: BTreeMap::new(),
        }))
    }

    /// Makes a value from its number, and adds it to the list.
    pub(crate) fn insert(&self, make: impl FnOnce(u64) -> T) -> TaskRef<T> {
        let mut entries = self.lock();
        let number = entries.next;
        entries.next += 1;
        let task = TaskRef::new(make(number));
        entries.by_number.insert(number, task.entry());
        task
    }

    /// Removes a value. Its destructor calls this.
    pub(crate) fn remove(&self, number: u64) {
        self.lock().by_number.remove(&number);
    }

    /// Returns an owner of each value that still has one. The caller has to drop them without a lock that a destructor
    /// takes.
    // ANCHOR: all
    pub(crate) fn all(&self) -> Vec<TaskRef<T>> {
        let entries = self.lock();
        let upgrade = |entry: &Entry<T>| {
            // SAFETY: this thread holds the list's lock. A destructor takes it to
            // remove its entry, so that of a listed value hasn't returned.
            unsafe { entry.upgrade() }
        };
        entries.by_number.values().filter_map(upgrade).collect()
    }
    // ANCHOR_END: all

    fn lock(&self) -> MutexGuard<'_, Entries<T>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
