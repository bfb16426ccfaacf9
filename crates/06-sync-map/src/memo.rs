//! Computes the value of a key once: the first caller claims the key, and the others wait for its value.

use std::collections::HashMap;
use std::fmt;
use std::hash::Hash;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::{Arc, PoisonError};

use crate::Cycle;
use crate::sync::{Condvar, Mutex, ThreadId, current};

/// A map from keys to values that are computed on demand. At most one thread computes the value of a key at a time.
/// Different keys are computed at the same time.
pub struct Memo<K, V> {
    /// A `clone` that panics under the lock has changed nothing, so poison doesn't matter.
    table: Mutex<Table<K, V>>,
}

struct Table<K, V> {
    entries: HashMap<K, Entry<V>>,
    /// How many of the entries are `Ready`.
    ready: usize,
    /// The key whose computation each blocked thread waits for. A thread that is about to wake up may still be here.
    waiting: HashMap<ThreadId, K>,
}

enum Entry<V> {
    /// The thread `by` computes the value. It notifies `settled` once it has replaced or removed this entry.
    Computing {
        by: ThreadId,
        settled: Arc<Condvar>,
    },
    Ready(V),
}

impl<K: Clone + Eq + Hash, V: Clone> Memo<K, V> {
    /// Creates a map without values.
    pub fn new() -> Memo<K, V> {
        let table = Table {
            entries: HashMap::new(),
            ready: 0,
            waiting: HashMap::new(),
        };
        Memo {
            table: Mutex::new(table),
        }
    }

    /// Returns the value of the key. Computes it if there is none. If another thread computes it, waits for that thread.
    ///
    /// No lock is held during `compute`, which may use the map for other keys.
    ///
    /// # Errors
    ///
    /// [`Cycle`] if this thread would wait for itself: `compute` asks for its own key, or for a key whose computation
    /// waits for this thread.
    ///
    /// # Panics
    ///
    /// If `compute` panics, this panics with the same payload. The key is free again. One of the threads that waited
    /// for it computes the value with its own `compute`.
    // ANCHOR: get-or-compute
    pub fn get_or_compute(&self, key: K, compute: impl FnOnce(&K) -> V) -> Result<V, Cycle> {
        if let Some(value) = self.find_or_claim(&key)? {
            return Ok(value);
        }
        let computed = catch_unwind(AssertUnwindSafe(|| {
            let value = compute(&key);
            (value.clone(), value)
        }));
        match computed {
            Ok((copy, value)) => {
                self.settle(&key, Some(copy));
                Ok(value)
            }
            Err(panic) => {
                self.settle(&key, None);
                resume_unwind(panic)
            }
        }
    }
    // ANCHOR_END: get-or-compute

    /// Returns the value of the key, once there is one. Otherwise claims the key for this thread.
    // ANCHOR: find-or-claim
    fn find_or_claim(&self, key: &K) -> Result<Option<V>, Cycle> {
        let me = current().id();
        let mut table = self.table.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            let settled = match table.entries.get(key) {
                Some(Entry::Ready(value)) => return Ok(Some(value.clone())),
                Some(Entry::Computing { settled, .. }) => settled.clone(),
                None => break,
            };
            if table.waits_for(key, me) {
                return Err(Cycle);
            }
            table.waiting.insert(me, key.clone());
            table = settled.wait(table).unwrap_or_else(PoisonError::into_inner);
            table.waiting.remove(&me);
        }
        let settled = Arc::new(Condvar::new());
        let claim = Entry::Computing { by: me, settled };
        table.entries.insert(key.clone(), claim);
        Ok(None)
    }
    // ANCHOR_END: find-or-claim

    /// Ends this thread's claim, with a value or without, and wakes the threads that wait for it.
    // ANCHOR: settle
    fn settle(&self, key: &K, value: Option<V>) {
        let mut table = self.table.lock().unwrap_or_else(PoisonError::into_inner);
        let claim = match value {
            Some(value) => {
                table.ready += 1;
                table.entries.insert(key.clone(), Entry::Ready(value))
            }
            None => table.entries.remove(key),
        };
        drop(table);
        if let Some(Entry::Computing { settled, .. }) = claim {
            settled.notify_all();
        }
    }
    // ANCHOR_END: settle

    /// Returns the value of the key. `None` if it was never computed, or is still being computed.
    pub fn get(&self, key: &K) -> Option<V> {
        match self
            .table
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .entries
            .get(key)
        {
            Some(Entry::Ready(value)) => Some(value.clone()),
            _ => None,
        }
    }

    /// Removes the value of the key and returns it. Doesn't stop a computation, whose value comes later.
    pub fn remove(&self, key: &K) -> Option<V> {
        let mut table = self.table.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(Entry::Ready(_)) = table.entries.get(key) else {
            return None;
        };
        table.ready -= 1;
        match table.entries.remove(key) {
            Some(Entry::Ready(value)) => Some(value),
            _ => None,
        }
    }

    /// Returns the number of values. Keys that are being computed don't count.
    pub fn len(&self) -> usize {
        self.table
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .ready
    }

    /// Returns whether there are no values.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl<K: Eq + Hash, V> Table<K, V> {
    /// Returns whether the key is computed by `thread`, or by a thread that waits for it, directly or not.
    // ANCHOR: waits-for
    fn waits_for<'a>(&'a self, mut key: &'a K, thread: ThreadId) -> bool {
        while let Some(Entry::Computing { by, .. }) = self.entries.get(key) {
            if *by == thread {
                return true;
            }
            match self.waiting.get(by) {
                Some(next) => key = next,
                None => return false,
            }
        }
        false
    }
    // ANCHOR_END: waits-for
}

impl<K: Clone + Eq + Hash, V: Clone> Default for Memo<K, V> {
    fn default() -> Memo<K, V> {
        Memo::new()
    }
}

impl<K, V> fmt::Debug for Memo<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Memo").finish_non_exhaustive()
    }
}
