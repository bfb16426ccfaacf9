//! papaya's map: readers never wait, and nothing is locked.

use std::collections::HashMap;
use std::collections::hash_map::RandomState;
use std::fmt;
use std::hash::{BuildHasher, Hash};
use std::num::NonZeroUsize;
use std::sync::Arc;

/// A map that threads share. It returns clones, because papaya keeps a value until no reader can see it any more.
pub struct Map<K, V, S = RandomState> {
    map: papaya::HashMap<K, V, S>,
}

impl<K: Eq + Hash, V: Clone> Map<K, V> {
    /// Creates an empty map.
    pub fn new() -> Map<K, V> {
        Map::with_hasher(RandomState::new())
    }
}

impl<K: Eq + Hash, V: Clone, S: BuildHasher> Map<K, V, S> {
    /// Creates an empty map that hashes with `hasher`.
    pub fn with_hasher(hasher: S) -> Map<K, V, S> {
        Map {
            map: papaya::HashMap::with_hasher(hasher),
        }
    }

    /// Returns the value of the key.
    #[inline]
    pub fn get(&self, key: &K) -> Option<V> {
        self.map.pin().get(key).cloned()
    }

    /// Stores a value and returns the one that it replaces.
    #[inline]
    // ANCHOR: insert
    pub fn insert(&self, key: K, value: V) -> Option<V> {
        // While `pin` lives, no value that this thread can see is freed.
        self.map.pin().insert(key, value).cloned()
    }
    // ANCHOR_END: insert

    /// Replaces the key's value by `change` of it, and returns the new one. `None` if there is none to change.
    /// May call `change` more than once, if another thread changes the value meanwhile.
    #[inline]
    pub fn update(&self, key: K, change: impl Fn(&V) -> V) -> Option<V> {
        self.map.pin().update(key, change).cloned()
    }

    /// Removes the value of the key and returns it.
    #[inline]
    pub fn remove(&self, key: &K) -> Option<V> {
        self.map.pin().remove(key).cloned()
    }

    /// Returns all keys and values in one map, which no other thread can reach.
    pub fn into_map(self) -> HashMap<K, V>
    where
        K: Clone,
    {
        let map = self.map.pin();
        map.iter()
            .map(|(key, value)| (key.clone(), value.clone()))
            .collect()
    }
}

impl<K: Eq + Hash, V: Clone> Default for Map<K, V> {
    fn default() -> Map<K, V> {
        Map::new()
    }
}

impl<K, V, S> fmt::Debug for Map<K, V, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Map").finish_non_exhaustive()
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
    K: Clone + Eq + Hash + Send + Sync + 'static,
    R: Clone + Send + Sync + 'static,
    Fut: Future<Output = R> + Send + 'static,
{
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
    let results = Arc::into_inner(results).expect("every worker has dropped its `Arc`");
    results.into_map()
}
// ANCHOR_END: collect
