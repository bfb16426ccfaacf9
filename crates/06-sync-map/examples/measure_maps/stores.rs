//! What results are stored into: the chapter's maps and their peers, with one hasher and the same number of shards.

use std::collections::HashMap;
use std::num::NonZeroUsize;
use std::sync::{Mutex, RwLock};

use dashmap::DashMap;
use foldhash::fast::FixedState;
use sync_map::{concurrent, mutex_map, sharded};

/// The hasher of all maps.
pub(crate) type Hasher = FixedState;

/// The number of shards of `sharded` and of `DashMap`: what each chooses by itself on two cores.
pub(crate) const SHARDS: usize = 8;

/// A map that threads share.
pub(crate) trait Store: Sync {
    const NAME: &'static str;
    fn new() -> Self;
    fn get(&self, key: u64) -> bool;
    fn insert(&self, key: u64, value: u64);
    fn remove(&self, key: u64);
    fn update(&self, key: u64);
}

macro_rules! ours {
    ($($name:literal: $map:ty = $new:expr;)*) => {
        $(impl Store for $map {
            const NAME: &'static str = $name;
            fn new() -> Self {
                $new
            }
            #[inline]
            fn get(&self, key: u64) -> bool {
                self.get(&key).is_some()
            }
            #[inline]
            fn insert(&self, key: u64, value: u64) {
                self.insert(key, value);
            }
            #[inline]
            fn remove(&self, key: u64) {
                self.remove(&key);
            }
            #[inline]
            fn update(&self, key: u64) {
                self.update(key, |value| value + 1);
            }
        })*
    };
}

ours! {
    "mutex_map": mutex_map::Map<u64, u64, Hasher> = mutex_map::Map::with_hasher(Hasher::default());
    "sharded": sharded::Map<u64, u64, Hasher> =
        sharded::Map::with_shards(NonZeroUsize::new(SHARDS).unwrap(), Hasher::default());
    "concurrent": concurrent::Map<u64, u64, Hasher> = concurrent::Map::with_hasher(Hasher::default());
}

type Papaya = papaya::HashMap<u64, u64, Hasher>;

impl Store for Papaya {
    const NAME: &'static str = "papaya";
    fn new() -> Self {
        papaya::HashMap::with_hasher(Hasher::default())
    }
    #[inline]
    fn get(&self, key: u64) -> bool {
        self.pin().get(&key).is_some()
    }
    #[inline]
    fn insert(&self, key: u64, value: u64) {
        self.pin().insert(key, value);
    }
    #[inline]
    fn remove(&self, key: u64) {
        self.pin().remove(&key);
    }
    #[inline]
    fn update(&self, key: u64) {
        self.pin().update(key, |value| value + 1);
    }
}

impl Store for DashMap<u64, u64, Hasher> {
    const NAME: &'static str = "DashMap";
    fn new() -> Self {
        DashMap::with_hasher_and_shard_amount(Hasher::default(), SHARDS)
    }
    #[inline]
    fn get(&self, key: u64) -> bool {
        self.get(&key).is_some()
    }
    #[inline]
    fn insert(&self, key: u64, value: u64) {
        self.insert(key, value);
    }
    #[inline]
    fn remove(&self, key: u64) {
        self.remove(&key);
    }
    #[inline]
    fn update(&self, key: u64) {
        if let Some(mut value) = self.get_mut(&key) {
            *value += 1;
        }
    }
}

impl Store for scc::HashMap<u64, u64, Hasher> {
    const NAME: &'static str = "scc";
    fn new() -> Self {
        scc::HashMap::with_hasher(Hasher::default())
    }
    #[inline]
    fn get(&self, key: u64) -> bool {
        self.read_sync(&key, |_, value| *value).is_some()
    }
    #[inline]
    fn insert(&self, key: u64, value: u64) {
        self.upsert_sync(key, value);
    }
    #[inline]
    fn remove(&self, key: u64) {
        self.remove_sync(&key);
    }
    #[inline]
    fn update(&self, key: u64) {
        self.update_sync(&key, |_, value| *value += 1);
    }
}

/// A map under a lock that lets several readers in.
pub(crate) type Locked = RwLock<HashMap<u64, u64, Hasher>>;

impl Store for Locked {
    const NAME: &'static str = "RwLock";
    fn new() -> Self {
        RwLock::default()
    }
    #[inline]
    fn get(&self, key: u64) -> bool {
        self.read().expect("no panic").contains_key(&key)
    }
    #[inline]
    fn insert(&self, key: u64, value: u64) {
        self.write().expect("no panic").insert(key, value);
    }
    #[inline]
    fn remove(&self, key: u64) {
        self.write().expect("no panic").remove(&key);
    }
    #[inline]
    fn update(&self, key: u64) {
        if let Some(value) = self.write().expect("no panic").get_mut(&key) {
            *value += 1;
        }
    }
}

/// What threads collect into, and what becomes of it once all are done.
pub(crate) trait Collects: Sync {
    const NAME: &'static str;
    fn new() -> Self;
    /// Stores a thread's results.
    fn store(&self, results: impl ExactSizeIterator<Item = (u64, u64)>);
    /// Called by one thread once all have stored.
    fn finish(&mut self);
}

impl<S: Store> Collects for S {
    const NAME: &'static str = S::NAME;
    fn new() -> Self {
        S::new()
    }
    #[inline]
    fn store(&self, results: impl ExactSizeIterator<Item = (u64, u64)>) {
        for (key, value) in results {
            self.insert(key, value);
        }
    }
    /// The map itself is the result.
    fn finish(&mut self) {}
}

/// Each thread returns its results in a list, and one thread makes a map of the lists: what `returned::collect` does.
#[derive(Default)]
pub(crate) struct Returned {
    /// Stands for the `JoinHandle`s: a thread leaves its list here at its end.
    lists: Mutex<Vec<Vec<(u64, u64)>>>,
    map: HashMap<u64, u64, Hasher>,
}

impl Returned {
    fn returned(&self, results: impl ExactSizeIterator<Item = (u64, u64)>) {
        let list = results.collect();
        self.lists.lock().expect("no panic").push(list);
    }
}

impl Collects for Returned {
    const NAME: &'static str = "returned";
    fn new() -> Self {
        Returned::default()
    }
    #[inline]
    fn store(&self, results: impl ExactSizeIterator<Item = (u64, u64)>) {
        self.returned(results);
    }
    fn finish(&mut self) {
        let lists = std::mem::take(self.lists.get_mut().expect("no panic"));
        self.map.reserve(lists.iter().map(Vec::len).sum());
        self.map.extend(lists.into_iter().flatten());
    }
}

/// The same, but the lists stay lists.
#[derive(Default)]
pub(crate) struct Lists(Returned);

impl Collects for Lists {
    const NAME: &'static str = "returned, as lists";
    fn new() -> Self {
        Lists::default()
    }
    #[inline]
    fn store(&self, results: impl ExactSizeIterator<Item = (u64, u64)>) {
        self.0.returned(results);
    }
    fn finish(&mut self) {}
}
