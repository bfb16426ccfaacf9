//! The objects, their revisions, and the newest changes.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::Value;
use tokio::sync::watch;

use crate::kinds::Kind;

/// Where an object is. The order of the keys is the order of a list.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Key {
    /// The plural of the kind; no two kinds share one.
    pub(crate) plural: &'static str,
    /// Empty if the kind has no namespaces.
    pub(crate) namespace: String,
    pub(crate) name: String,
}

/// One change of one object.
#[derive(Clone, Debug)]
pub(crate) struct Change {
    /// One more than that of the change before it.
    pub(crate) revision: u64,
    pub(crate) key: Key,
    /// `None` if the change created the object.
    pub(crate) before: Option<Arc<Value>>,
    /// `None` if the change deleted the object.
    pub(crate) after: Option<Arc<Value>>,
}

/// All objects. Every change gets the next revision, whatever its kind.
pub(crate) struct Store {
    objects: Mutex<Objects>,
    newest: watch::Receiver<u64>,
}

/// The contents of a [`Store`], under its lock. Nothing waits while the lock is held.
pub(crate) struct Objects {
    current: BTreeMap<Key, Arc<Value>>,
    /// The newest changes, oldest first; at most `history` of them.
    log: VecDeque<Change>,
    history: usize,
    /// The revision of the newest change.
    revision: u64,
    /// Tells the watchers that there is a new revision.
    announce: watch::Sender<u64>,
}

impl Store {
    /// Makes an empty store that remembers `history` changes.
    pub(crate) fn new(history: usize) -> Store {
        let (announce, newest) = watch::channel(1);
        let objects = Objects {
            current: BTreeMap::new(),
            log: VecDeque::new(),
            history,
            revision: 1,
            announce,
        };
        Store {
            objects: Mutex::new(objects),
            newest,
        }
    }

    /// Locks the objects: a request reads and writes under one lock, so that requests happen one after the other.
    pub(crate) fn lock(&self) -> MutexGuard<'_, Objects> {
        self.objects.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns a channel that holds the newest revision.
    pub(crate) fn newest(&self) -> watch::Receiver<u64> {
        self.newest.clone()
    }
}

impl Objects {
    /// The revision of the newest change.
    pub(crate) fn revision(&self) -> u64 {
        self.revision
    }

    pub(crate) fn get(&self, key: &Key) -> Option<Arc<Value>> {
        self.current.get(key).cloned()
    }

    /// Stores an object, which gets the next revision as its `resourceVersion`, and returns it.
    pub(crate) fn put(&mut self, key: Key, mut object: Value) -> Arc<Value> {
        object["metadata"]["resourceVersion"] = (self.revision + 1).to_string().into();
        let object = Arc::new(object);
        let before = self.current.insert(key.clone(), object.clone());
        self.record(key, before, Some(object.clone()));
        object
    }

    /// Removes an object and returns it.
    pub(crate) fn remove(&mut self, key: &Key) -> Option<Arc<Value>> {
        let before = self.current.remove(key)?;
        self.record(key.clone(), Some(before.clone()), None);
        Some(before)
    }

    fn record(&mut self, key: Key, before: Option<Arc<Value>>, after: Option<Arc<Value>>) {
        self.revision += 1;
        self.log.push_back(Change {
            revision: self.revision,
            key,
            before,
            after,
        });
        if self.log.len() > self.history {
            self.log.pop_front();
        }
        self.announce.send_replace(self.revision);
    }

    /// The objects of a kind, of one namespace or of all, in order.
    pub(crate) fn of(&self, kind: &Kind, namespace: Option<&str>) -> Vec<(Key, Arc<Value>)> {
        let first = Key {
            plural: kind.plural,
            namespace: namespace.unwrap_or_default().to_owned(),
            name: String::new(),
        };
        self.current
            .range(first..)
            .take_while(|(key, _)| {
                key.plural == kind.plural && namespace.is_none_or(|name| key.namespace == name)
            })
            .map(|(key, object)| (key.clone(), object.clone()))
            .collect()
    }

    /// The same as they were at an older revision, or `None` if that is too long ago.
    pub(crate) fn of_at(
        &self,
        kind: &Kind,
        namespace: Option<&str>,
        revision: u64,
    ) -> Option<Vec<(Key, Arc<Value>)>> {
        let mut objects: BTreeMap<Key, Arc<Value>> = self.of(kind, namespace).into_iter().collect();
        for change in self.since(revision)?.rev() {
            if change.key.plural == kind.plural
                && namespace.is_none_or(|name| change.key.namespace == name)
            {
                match &change.before {
                    Some(before) => objects.insert(change.key.clone(), before.clone()),
                    None => objects.remove(&change.key),
                };
            }
        }
        Some(objects.into_iter().collect())
    }

    /// The changes after a revision, oldest first, or `None` if some of them are forgotten.
    pub(crate) fn since(
        &self,
        revision: u64,
    ) -> Option<impl DoubleEndedIterator<Item = &Change> + '_> {
        let oldest = self.revision - self.log.len() as u64;
        let skipped = usize::try_from(revision.checked_sub(oldest)?).ok()?;
        Some(self.log.range(skipped.min(self.log.len())..))
    }

    /// All keys in a namespace.
    pub(crate) fn in_namespace(&self, namespace: &str) -> Vec<Key> {
        let keys = self.current.keys();
        keys.filter(|key| key.namespace == namespace)
            .cloned()
            .collect()
    }
}
