//! Broken on purpose: two threads can both find nothing before either inserts, and both compute.

use std::collections::HashMap;
use std::hash::Hash;

use crate::Cycle;
use crate::sync::Mutex;

/// A map from keys to values that are computed on demand, but possibly twice.
#[derive(Debug)]
pub struct Memo<K, V> {
    /// The newest value of each key. An older one, which a caller may have returned, is overwritten.
    values: Mutex<HashMap<K, V>>,
}

impl<K: Clone + Eq + Hash, V: Clone> Memo<K, V> {
    /// Creates a map without values.
    pub fn new() -> Memo<K, V> {
        Memo {
            values: Mutex::new(HashMap::new()),
        }
    }

    /// Returns the value of the key. Computes it if there is none, even if another thread is computing it.
    // ANCHOR: get-or-compute
    pub fn get_or_compute(&self, key: K, compute: impl FnOnce(&K) -> V) -> Result<V, Cycle> {
        if let Some(value) = self.get(&key) {
            return Ok(value);
        }
        let value = compute(&key);
        let mut values = self.values.lock().expect("the lock isn't poisoned");
        values.insert(key, value.clone());
        Ok(value)
    }
    // ANCHOR_END: get-or-compute

    /// Returns the value of the key, if there is one.
    pub fn get(&self, key: &K) -> Option<V> {
        let values = self.values.lock().expect("the lock isn't poisoned");
        values.get(key).cloned()
    }

    /// Removes the value of the key and returns it.
    pub fn remove(&self, key: &K) -> Option<V> {
        let mut values = self.values.lock().expect("the lock isn't poisoned");
        values.remove(key)
    }

    /// Returns the number of values.
    pub fn len(&self) -> usize {
        self.values.lock().expect("the lock isn't poisoned").len()
    }

    /// Returns whether there are no values.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl<K: Clone + Eq + Hash, V: Clone> Default for Memo<K, V> {
    fn default() -> Memo<K, V> {
        Memo::new()
    }
}
