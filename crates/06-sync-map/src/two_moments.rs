//! Broken on purpose: the number of results and the presence of one are read at two moments.

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

    /// Returns how many results there are, and whether the key's result is there a moment later.
    // ANCHOR: progress
    pub fn progress(&self, key: &K) -> Progress {
        let stored = self.map.lock().expect("the lock isn't poisoned").len();
        let map = self.map.lock().expect("the lock isn't poisoned");
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
