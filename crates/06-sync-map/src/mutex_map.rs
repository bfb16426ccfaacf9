//! A map under one lock: what `sync.Map`'s own documentation recommends for most code.

use std::collections::HashMap;
use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hash};
use std::num::NonZeroUsize;
use std::sync::{Arc, PoisonError};

/// A map that threads share. Each method holds the lock from its beginning to its end.
#[derive(Debug, Default)]
pub struct Map<K, V, S = RandomState> {
    /// A `change` or `clone` that panics leaves the map whole, so poison doesn't matter.
    map: crate::sync::Mutex<HashMap<K, V, S>>,
}

impl<K: Eq + Hash, V> Map<K, V> {
    /// Creates an empty map.
    pub fn new() -> Map<K, V> {
        Map::with_hasher(RandomState::new())
    }
}

impl<K: Eq + Hash, V, S: BuildHasher> Map<K, V, S> {
    /// Creates an empty map that hashes with `hasher`.
    pub fn with_hasher(hasher: S) -> Map<K, V, S> {
        let map = HashMap::with_hasher(hasher);
        Map {
            map: crate::sync::Mutex::new(map),
        }
    }

    /// Returns the value of the key.
    pub fn get(&self, key: &K) -> Option<V>
    where
        V: Clone,
    {
        self.map
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(key)
            .cloned()
    }

    /// Stores a value and returns the one that it replaces.
    pub fn insert(&self, key: K, value: V) -> Option<V> {
        self.map
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(key, value)
    }

    /// Replaces the key's value by `change` of it, and returns the new one. `None` if there is none to change.
    pub fn update(&self, key: K, change: impl Fn(&V) -> V) -> Option<V>
    where
        V: Clone,
    {
        let mut map = self.map.lock().unwrap_or_else(PoisonError::into_inner);
        let value = map.get_mut(&key)?;
        *value = change(value);
        Some(value.clone())
    }

    /// Removes the value of the key and returns it.
    pub fn remove(&self, key: &K) -> Option<V> {
        self.map
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(key)
    }

    /// Returns the map, which no other thread can reach any more.
    pub fn into_map(self) -> HashMap<K, V, S> {
        let map = self.map.into_inner();
        map.unwrap_or_else(PoisonError::into_inner)
    }
}

/// Runs `work` on each cluster, on at most `limit` at once, and returns the results by cluster.
///
/// Of a cluster that is listed twice, one result stays. If `work` panics, this panics with the same payload after
/// aborting the other workers. Dropping the future aborts them as well. Panics outside a Tokio runtime, unless there
/// are no clusters.
// ANCHOR: collect
pub async fn collect<K, R, Fut>(
    clusters: Vec<K>,
    limit: NonZeroUsize,
    work: impl Fn(K) -> Fut + Clone + Send + 'static,
) -> HashMap<K, R>
where
    K: Clone + Eq + Hash + Send + 'static,
    R: Send + 'static,
    Fut: Future<Output = R> + Send + 'static,
{
    // ANCHOR: stores
    let results = Arc::new(Map::new());
    let worker = {
        let results = results.clone();
        move |cluster: K| {
            let (results, working) = (results.clone(), work(cluster.clone()));
            async move {
                results.insert(cluster, working.await);
            }
        }
    };
    pool::window::run(clusters, limit, worker).await;
    // ANCHOR_END: stores
    let results = Arc::into_inner(results).expect("every worker has dropped its `Arc`");
    results.into_map()
}
// ANCHOR_END: collect
