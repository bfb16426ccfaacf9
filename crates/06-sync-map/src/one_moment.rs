//! Reads the number of results and the presence of one under the same lock, so that both are of one moment.

use std::collections::HashMap;
use std::hash::Hash;

use crate::Progress;
use crate::sync::Mutex;

/// Results that arrive one by one.
#[derive(Debug)]
pub struct Results<K, R> {
    map: Mutex<HashMap<K, R>>,
}

impl<K: Eq + Hash, R> Results<K, R> {
    /// Starts without results.
    pub fn new() -> Results<K, R> {
        Results {
            map: Mutex::new(HashMap::new()),
        }
    }

    /// Stores a result.
    pub fn insert(&self, key: K, result: R) {
        let mut map = self.map.lock().expect("the lock isn't poisoned");
        map.insert(key, result);
    }

    /// Returns how many results there are, and whether the key's result is among them.
    // ANCHOR: progress
    pub fn progress(&self, key: &K) -> Progress {
        let map = self.map.lock().expect("the lock isn't poisoned");
        let stored = map.len();
        let has_key = map.contains_key(key);
        Progress { stored, has_key }
    }
    // ANCHOR_END: progress
}

impl<K: Eq + Hash, R> Default for Results<K, R> {
    fn default() -> Results<K, R> {
        Results::new()
    }
}
