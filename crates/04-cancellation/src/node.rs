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
    parent: Option<Parent>,
}

/// What a cancellation reaches.
pub(crate) enum Listener {
    /// A task that waits.
    Waiter(Waker),
    /// A child. Weak, so that a parent doesn't keep its children alive.
    Child(Weak<Node>),
}

struct Parent {
    node: Arc<Node>,
    /// The key of the child in the parent's `listeners`.
    key: usize,
}

impl Node {
    /// Returns a node without a parent.
    pub(crate) fn root() -> Node {
        Node::new(false, None)
    }

    fn new(cancelled: bool, parent: Option<Parent>) -> Node {
        Node {
            cancelled: AtomicBool::new(cancelled),
            listeners: Mutex::new(Slab::new()),
            parent,
        }
    }

    pub(crate) fn is_cancelled(&self) -> bool {
        // Acquire: pairs with the store in `close`.
        self.cancelled.load(Acquire)
    }

    /// Makes a child, which is cancelled if this node is.
    // ANCHOR: child
    pub(crate) fn child(self: &Arc<Node>) -> Arc<Node> {
        let mut listeners = self.lock();
        // Relaxed: `close` stores under the same lock.
        if self.cancelled.load(Relaxed) {
            return Arc::new(Node::new(true, None));
        }
        let slot = listeners.vacant_entry();
        let parent = Parent {
            node: self.clone(),
            key: slot.key(),
        };
        let child = Arc::new(Node::new(false, Some(parent)));
        slot.insert(Listener::Child(Arc::downgrade(&child)));
        child
    }
    // ANCHOR_END: child

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

    /// Sets the flag and returns everything that has to hear about it; nothing if the flag was set before.
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

impl Drop for Node {
    /// Leaves the parent's list. A loop, not a recursion: a chain of parents may be as long as the program runs.
    fn drop(&mut self) {
        let mut next = self.parent.take();
        while let Some(Parent { node, key }) = next {
            node.remove(key);
            next = Arc::into_inner(node).and_then(|mut node| node.parent.take());
        }
    }
}
