//! One token of a tree: a flag, and the list of what a cancellation reaches.

use std::mem;
use std::sync::{Arc, PoisonError, Weak};
use std::task::Waker;

use slab::Slab;

use crate::sync::{
    AtomicBool, Mutex, MutexGuard,
    Ordering::{Acquire, Relaxed, Release},
};

pub(crate) struct Node {
    /// Written under the lock of `listeners`. Once true, stays true.
    cancelled: AtomicBool,
    /// The waiting tasks and the children. Empty once the token is cancelled.
    listeners: Mutex<Slab<Listener>>,
    /// `None` for a token without a parent.
    parent: Option<Arc<Node>>,
    /// The key of this node in its parent's `listeners`. A `u32` keeps a node at 80 bytes on the heap.
    key: u32,
}

/// What a cancellation reaches.
pub(crate) enum Listener {
    /// A task that waits.
    Waiter(Waker),
    /// A child. Weak, so that a parent doesn't keep its children alive.
    Child(Weak<Node>),
}

impl Node {
    /// Returns a node without a parent.
    pub(crate) fn root(cancelled: bool) -> Node {
        Node {
            cancelled: AtomicBool::new(cancelled),
            listeners: Mutex::new(Slab::new()),
            parent: None,
            key: 0,
        }
    }

    pub(crate) fn is_cancelled(&self) -> bool {
        // Acquire: pairs with the store in `close`.
        self.cancelled.load(Acquire)
    }

    /// Makes a child, which is cancelled if this node is.
    ///
    /// # Panics
    ///
    /// If the node already has 2³² children and waiting tasks.
    // ANCHOR: child
    pub(crate) fn child(self: &Arc<Node>) -> Arc<Node> {
        let mut listeners = self.lock();
        // Relaxed: `close` stores under the same lock.
        if self.cancelled.load(Relaxed) {
            return Arc::new(Node::root(true));
        }
        make_room(&mut listeners);
        let slot = listeners.vacant_entry();
        let key = u32::try_from(slot.key()).expect("fewer than 2³² listeners");
        let child = Arc::new(Node::below(self.clone(), key));
        slot.insert(Listener::Child(Arc::downgrade(&child)));
        child
    }
    // ANCHOR_END: child

    fn below(parent: Arc<Node>, key: u32) -> Node {
        let mut node = Node::root(false);
        (node.parent, node.key) = (Some(parent), key);
        node
    }

    /// Registers a waker, or replaces the one at `key`. Returns false if the node is cancelled: then nothing is
    /// registered.
    // ANCHOR: register
    pub(crate) fn register(&self, key: &mut Option<usize>, waker: &Waker) -> bool {
        let waiter = Listener::Waiter(waker.clone());
        let mut listeners = self.lock();
        // Relaxed: `close` stores under the same lock.
        if self.cancelled.load(Relaxed) {
            return false;
        }
        let replaced = match *key {
            Some(key) => Some(mem::replace(&mut listeners[key], waiter)),
            None => {
                make_room(&mut listeners);
                *key = Some(listeners.insert(waiter));
                None
            }
        };
        drop(listeners);
        // Not under the lock: dropping a waker can drop a task, and with it a future that takes this lock.
        drop(replaced);
        true
    }
    // ANCHOR_END: register

    /// Removes what is at `key`, unless the node is cancelled.
    pub(crate) fn remove(&self, key: usize) {
        // Bound to a name, so that it is dropped after the lock has been released.
        let _removed = self.lock().try_remove(key);
    }

    /// Sets the flag and returns the tasks and children that a cancellation reaches. Returns none if the flag was
    /// set before.
    // ANCHOR: close
    pub(crate) fn close(&self) -> Slab<Listener> {
        let mut listeners = self.lock();
        // Release: what happened before the cancellation is visible to a thread that sees the flag.
        self.cancelled.store(true, Release);
        mem::take(&mut *listeners)
    }
    // ANCHOR_END: close

    pub(crate) fn listeners(&self) -> usize {
        self.lock().len()
    }

    fn lock(&self) -> MutexGuard<'_, Slab<Listener>> {
        // Every change is complete before anything can panic, so a poisoned list is still consistent.
        self.listeners
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

/// Makes room for one listener: most tokens have at most one. By default, the first one would make room for four.
fn make_room(listeners: &mut Slab<Listener>) {
    if listeners.capacity() == 0 {
        listeners.reserve_exact(1);
    }
}

impl Drop for Node {
    /// Leaves the parent's list. A loop, not a recursion: a chain of parents may be as long as the program runs.
    fn drop(&mut self) {
        let (mut next, mut key) = (self.parent.take(), self.key);
        while let Some(parent) = next {
            parent.remove(key as usize);
            let last = Arc::into_inner(parent);
            (next, key) = last.map_or((None, 0), |mut node| (node.parent.take(), node.key));
        }
    }
}
