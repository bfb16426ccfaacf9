//! Broken on purpose: two requests of one person can both find no lock, and each makes its own.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::Arc;

use crate::sync::{Mutex, MutexGuard};

/// A lock for each person, but possibly two.
#[derive(Debug)]
pub struct Locks<K> {
    /// The newest lock of each person. An older one may still be held.
    locks: Mutex<HashMap<K, Arc<Mutex<()>>>>,
}

impl<K: Clone + Eq + Hash> Locks<K> {
    /// Starts without locks.
    pub fn new() -> Locks<K> {
        Locks {
            locks: Mutex::new(HashMap::new()),
        }
    }

    /// Returns the lock of this person, which may not be the one that another request has.
    // ANCHOR: of
    pub fn of(&self, person: K) -> Arc<Mutex<()>> {
        let found = self.map().get(&person).cloned();
        found.unwrap_or_else(|| {
            let made = Arc::new(Mutex::new(()));
            self.map().insert(person, made.clone());
            made
        })
    }
    // ANCHOR_END: of

    fn map(&self) -> MutexGuard<'_, HashMap<K, Arc<Mutex<()>>>> {
        self.locks.lock().expect("the lock isn't poisoned")
    }
}

impl<K: Clone + Eq + Hash> Default for Locks<K> {
    fn default() -> Locks<K> {
        Locks::new()
    }
}
