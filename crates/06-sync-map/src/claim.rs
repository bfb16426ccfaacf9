//! The right to compute a key's value, and the future that waits for the value or the right.

use std::collections::HashMap;
use std::hash::Hash;
use std::pin::Pin;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::task::{Context, Poll, Waker};

use slab::Slab;

use crate::async_memo::Memo;
use crate::sync::Mutex;
use crate::{Cycle, chain};

/// What the tasks share.
pub(crate) type Shared<K, V> = Mutex<Table<K, V>>;

pub(crate) struct Table<K, V> {
    pub(crate) entries: HashMap<K, Entry<V>>,
    /// How many of the entries are `Ready`.
    pub(crate) ready: usize,
}

pub(crate) enum Entry<V> {
    /// Exists as long as the claim with this number. The waiters are woken when it goes.
    Computing {
        number: u64,
        waiters: Slab<Waker>,
    },
    Ready(V),
}

/// The number of the next claim, unique among all memos.
static NEXT: AtomicU64 = AtomicU64::new(0);

/// The key's value, or the right to compute it.
pub(crate) enum Found<'a, K: Eq + Hash, V> {
    Value(V),
    Claim(Claim<'a, K, V>),
}

/// A future that is ready once the key has a value or is free. If the key is free, claims it.
pub(crate) struct FindOrClaim<'a, K: Eq + Hash, V> {
    memo: &'a Memo<K, V>,
    key: &'a K,
    /// The number of the claim that this future waits for, and the key of its waker there.
    waits: Option<(u64, usize)>,
}

impl<'a, K: Eq + Hash, V> FindOrClaim<'a, K, V> {
    pub(crate) fn new(memo: &'a Memo<K, V>, key: &'a K) -> FindOrClaim<'a, K, V> {
        let waits = None;
        FindOrClaim { memo, key, waits }
    }
}

impl<'a, K: Clone + Eq + Hash, V: Clone> Future for FindOrClaim<'a, K, V> {
    type Output = Result<Found<'a, K, V>, Cycle>;

    // ANCHOR: poll
    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let FindOrClaim { memo, key, waits } = &mut *self;
        let waited = waits.take();
        let mut table = memo.table.lock().unwrap_or_else(PoisonError::into_inner);
        match table.entries.get_mut(*key) {
            Some(Entry::Ready(value)) => Poll::Ready(Ok(Found::Value(value.clone()))),
            Some(Entry::Computing { number, .. }) if chain::is_inside(*number) => {
                Poll::Ready(Err(Cycle))
            }
            Some(Entry::Computing { number, waiters }) => {
                let waker = match waited {
                    Some((waits_for, waker)) if waits_for == *number => {
                        waiters[waker].clone_from(context.waker());
                        waker
                    }
                    _ => waiters.insert(context.waker().clone()),
                };
                *waits = Some((*number, waker));
                Poll::Pending
            }
            None => {
                // Relaxed: the number needs only to be unique.
                let number = NEXT.fetch_add(1, Relaxed);
                let waiters = Slab::new();
                let claim = Entry::Computing { number, waiters };
                table.entries.insert(key.clone(), claim);
                let key = Some((*key).clone());
                Poll::Ready(Ok(Found::Claim(Claim { memo, key, number })))
            }
        }
    }
    // ANCHOR_END: poll
}

impl<K: Eq + Hash, V> Drop for FindOrClaim<'_, K, V> {
    fn drop(&mut self) {
        let Some((waits_for, waker)) = self.waits else {
            return;
        };
        let mut table = self
            .memo
            .table
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(Entry::Computing { number, waiters }) = table.entries.get_mut(self.key)
            && *number == waits_for
        {
            waiters.remove(waker);
        }
    }
}

/// The right to compute the value of a key. Dropping it makes the key free.
pub(crate) struct Claim<'a, K: Eq + Hash, V> {
    memo: &'a Memo<K, V>,
    /// `None` once the value is published.
    key: Option<K>,
    number: u64,
}

impl<K: Eq + Hash, V> Claim<'_, K, V> {
    /// Returns the number of the claim, unique among all memos.
    pub(crate) fn number(&self) -> u64 {
        self.number
    }

    /// Stores the value and wakes the tasks that wait for it.
    pub(crate) fn publish(mut self, value: V) {
        if let Some(key) = self.key.take() {
            let mut table = self
                .memo
                .table
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            table.ready += 1;
            let claim = table.entries.insert(key, Entry::Ready(value));
            drop(table);
            wake(claim);
        }
    }
}

// ANCHOR: drop
impl<K: Eq + Hash, V> Drop for Claim<'_, K, V> {
    fn drop(&mut self) {
        if let Some(key) = &self.key {
            let claim = self
                .memo
                .table
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .entries
                .remove(key);
            wake(claim);
        }
    }
}
// ANCHOR_END: drop

/// Wakes the tasks that wait for a claim. All of them: one that is woken may be dropped before it looks.
fn wake<V>(claim: Option<Entry<V>>) {
    if let Some(Entry::Computing { waiters, .. }) = claim {
        for (_, waker) in waiters {
            waker.wake();
        }
    }
}
