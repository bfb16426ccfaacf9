//! A map in several parts, each under a lock of its own: threads meet only if their keys share a shard.

use std::collections::HashMap;
use std::collections::hash_map::RandomState;
use std::fmt;
use std::hash::{BuildHasher, Hash};
use std::num::NonZeroUsize;
use std::sync::{Arc, PoisonError};
use std::thread::available_parallelism;

use crossbeam_utils::CachePadded;
use hashbrown::HashTable;
use hashbrown::hash_table::Entry;

type Shard<K, V> = CachePadded<crate::sync::Mutex<HashTable<(K, V)>>>;

/// A map that threads share. Each method locks one shard, from its beginning to its end.
pub struct Map<K, V, S = RandomState> {
    /// A power of two. A `change` or `clone` that panics leaves a shard whole, so poison doesn't matter.
    /// Each has its own cache line, so that a lock doesn't slow down its neighbour.
    shards: Box<[Shard<K, V>]>,
    hasher: S,
}

impl<K: Eq + Hash, V> Map<K, V> {
    /// Creates an empty map with four shards per core, rounded up to a power of two.
    pub fn new() -> Map<K, V> {
        let cores = available_parallelism().unwrap_or(NonZeroUsize::MIN);
        Map::with_shards(cores.saturating_mul(FOUR), RandomState::new())
    }
}

const FOUR: NonZeroUsize = NonZeroUsize::new(4).unwrap();

impl<K: Eq + Hash, V, S: BuildHasher> Map<K, V, S> {
    /// Creates an empty map with this many shards, rounded up to a power of two, that hashes with `hasher`.
    pub fn with_shards(shards: NonZeroUsize, hasher: S) -> Map<K, V, S> {
        let shard = |_| CachePadded::new(crate::sync::Mutex::new(HashTable::new()));
        Map {
            shards: (0..shards.get().next_power_of_two()).map(shard).collect(),
            hasher,
        }
    }

    /// Returns the value of the key.
    pub fn get(&self, key: &K) -> Option<V>
    where
        V: Clone,
    {
        let hash = self.hasher.hash_one(key);
        let shard = self
            .shard(hash)
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let found = shard.find(hash, |(k, _)| k == key);
        found.map(|(_, value)| value.clone())
    }

    /// Stores a value and returns the one that it replaces.
    // ANCHOR: insert
    pub fn insert(&self, key: K, value: V) -> Option<V> {
        let hash = self.hasher.hash_one(&key);
        let mut shard = self
            .shard(hash)
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let rehash = |(k, _): &(K, V)| self.hasher.hash_one(k);
        match shard.entry(hash, |(k, _)| *k == key, rehash) {
            Entry::Occupied(mut entry) => Some(std::mem::replace(&mut entry.get_mut().1, value)),
            Entry::Vacant(entry) => {
                entry.insert((key, value));
                None
            }
        }
    }
    // ANCHOR_END: insert

    /// Replaces the key's value by `change` of it, and returns the new one. `None` if there is none to change.
    pub fn update(&self, key: K, change: impl Fn(&V) -> V) -> Option<V>
    where
        V: Clone,
    {
        let hash = self.hasher.hash_one(&key);
        let mut shard = self
            .shard(hash)
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let (_, value) = shard.find_mut(hash, |(k, _)| *k == key)?;
        *value = change(value);
        Some(value.clone())
    }

    /// Removes the value of the key and returns it.
    pub fn remove(&self, key: &K) -> Option<V> {
        let hash = self.hasher.hash_one(key);
        let mut shard = self
            .shard(hash)
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let found = shard.find_entry(hash, |(k, _)| k == key).ok()?;
        let ((_, value), _) = found.remove();
        Some(value)
    }

    /// Returns all keys and values in one map, which no other thread can reach.
    pub fn into_map(self) -> HashMap<K, V> {
        let shards = self.shards.into_iter().map(CachePadded::into_inner);
        let shards = shards.map(|shard| shard.into_inner().unwrap_or_else(PoisonError::into_inner));
        let shards: Vec<_> = shards.collect();
        let mut map = HashMap::with_capacity(shards.iter().map(HashTable::len).sum());
        map.extend(shards.into_iter().flatten());
        map
    }

    /// Returns the shard of a hash.
    // ANCHOR: shard
    fn shard(&self, hash: u64) -> &crate::sync::Mutex<HashTable<(K, V)>> {
        // The table uses the lowest bits and the highest seven: a shard is chosen by bits between them.
        &self.shards[(hash >> 40) as usize & (self.shards.len() - 1)]
    }
    // ANCHOR_END: shard
}

impl<K: Eq + Hash, V> Default for Map<K, V> {
    fn default() -> Map<K, V> {
        Map::new()
    }
}

impl<K, V, S> fmt::Debug for Map<K, V, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Map")
            .field("shards", &self.shards.len())
            .finish_non_exhaustive()
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
