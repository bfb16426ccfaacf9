//! One lock for each person, made once: the lock is the value that a [`Memo`] computes.

use std::hash::Hash;
use std::sync::Arc;

use crate::{Memo, sync::Mutex};

/// A lock for each person. Every request of a person gets the same one.
#[derive(Debug)]
pub struct Locks<K> {
    /// Keeps a lock for every person ever seen.
    locks: Memo<K, Arc<Mutex<()>>>,
}

impl<K: Clone + Eq + Hash> Locks<K> {
    /// Starts without locks.
    pub fn new() -> Locks<K> {
        Locks { locks: Memo::new() }
    }

    /// Returns the lock of this person.
    // ANCHOR: of
    pub fn of(&self, person: K) -> Arc<Mutex<()>> {
        let made = self
            .locks
            .get_or_compute(person, |_| Arc::new(Mutex::new(())));
        made.expect("making a lock asks for no other lock")
    }
    // ANCHOR_END: of
}

impl<K: Clone + Eq + Hash> Default for Locks<K> {
    fn default() -> Locks<K> {
        Locks::new()
    }
}
