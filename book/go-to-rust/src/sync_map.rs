//! A map that several threads write to.

use std::collections::HashMap;
use std::sync::Mutex;
use std::thread;

// ANCHOR: count
/// Counts each word, with a thread per word.
pub fn count(words: &[&'static str]) -> HashMap<&'static str, u64> {
    let counts = Mutex::new(HashMap::new());
    thread::scope(|scope| {
        for word in words {
            scope.spawn(|| *counts.lock().unwrap().entry(*word).or_insert(0) += 1);
        }
    });
    counts.into_inner().unwrap()
}
// ANCHOR_END: count
