//! The memo for computations that await: the others wait without a thread, and take over if the computing caller leaves.

use std::collections::HashMap;
use std::fmt;
use std::hash::Hash;
use std::sync::PoisonError;

use crate::claim::{Entry, FindOrClaim, Found, Shared, Table};
use crate::sync::Mutex;
use crate::{Cycle, chain};

/// A map from keys to values that are computed on demand. At most one task computes the value of a key at a time.
/// Different keys are computed at the same time.
pub struct Memo<K, V> {
    /// A `clone` that panics under the lock has changed nothing, so poison doesn't matter.
    pub(crate) table: Shared<K, V>,
}

impl<K: Clone + Eq + Hash, V: Clone> Memo<K, V> {
    /// Creates a map without values.
    pub fn new() -> Memo<K, V> {
        let (entries, ready) = (HashMap::new(), 0);
        Memo {
            table: Mutex::new(Table { entries, ready }),
        }
    }

    /// Returns the value of the key. Computes it if there is none. If another task computes it, waits for that task.
    ///
    /// # Errors
    ///
    /// [`Cycle`] if `compute` asks for its own key, or a computation inside it does. A task that `compute` spawns isn't
    /// inside it. Two tasks that ask for each other's keys wait forever.
    ///
    /// # Panics
    ///
    /// If `compute` panics, this panics with the same payload, and the key is free again.
    ///
    /// # Cancellation
    ///
    /// If the future is dropped while it computes, its `compute` is dropped, and the key is free again. One of the tasks
    /// that wait for the key then begins the computation from its start, with its own `compute`.
    // ANCHOR: get-or-compute
    pub async fn get_or_compute<Fut>(
        &self,
        key: K,
        compute: impl FnOnce(&K) -> Fut,
    ) -> Result<V, Cycle>
    where
        Fut: Future<Output = V>,
    {
        let claim = match FindOrClaim::new(self, &key).await? {
            Found::Value(value) => return Ok(value),
            Found::Claim(claim) => claim,
        };
        let value = chain::inside(claim.number(), async { compute(&key).await }).await;
        claim.publish(value.clone());
        Ok(value)
    }
    // ANCHOR_END: get-or-compute

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
