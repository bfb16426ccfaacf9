//! Broken on purpose: a thread checks the queue, releases the lock, and acquires the lock again to wait. A
//! notification between the check and the wait wakes no thread, and the thread waits forever.

use std::collections::VecDeque;

use crate::sync::{Condvar, Mutex};

/// A queue from which threads pop items, first in, first out, until it is closed and empty.
#[derive(Debug)]
pub struct Queue<T> {
    state: Mutex<State<T>>,
    /// Notified after each push and after the close.
    changed: Condvar,
}

#[derive(Debug)]
struct State<T> {
    items: VecDeque<T>,
    /// Once true, stays true, and no item is added.
    closed: bool,
}

impl<T> Queue<T> {
    /// Returns an open, empty queue.
    pub fn new() -> Queue<T> {
        Queue {
            state: Mutex::new(State {
                items: VecDeque::new(),
                closed: false,
            }),
            changed: Condvar::new(),
        }
    }

    /// Adds an item and wakes one waiting thread, if there is one.
    ///
    /// # Errors
    ///
    /// Returns the item if the queue is closed.
    pub fn push(&self, item: T) -> Result<(), T> {
        let mut state = self.state.lock().expect("the lock isn't poisoned");
        if state.closed {
            return Err(item);
        }
        state.items.push_back(item);
        drop(state);
        self.changed.notify_one();
        Ok(())
    }

    /// Pops the oldest item. Blocks while the queue is open and empty, and sometimes forever, even if the queue
    /// has an item or is closed. Returns `None` once it is closed and empty.
    // ANCHOR: pop
    pub fn pop(&self) -> Option<T> {
        while !self.ready() {
            let state = self.state.lock().expect("the lock isn't poisoned");
            drop(self.changed.wait(state).expect("the lock isn't poisoned"));
        }
        let mut state = self.state.lock().expect("the lock isn't poisoned");
        state.items.pop_front()
    }

    fn ready(&self) -> bool {
        let state = self.state.lock().expect("the lock isn't poisoned");
        !state.items.is_empty() || state.closed
    }
    // ANCHOR_END: pop

    /// Closes the queue and wakes all waiting threads. Items that are already in the queue can still be popped.
    pub fn close(&self) {
        self.state.lock().expect("the lock isn't poisoned").closed = true;
        self.changed.notify_all();
    }
}

impl<T> Default for Queue<T> {
    fn default() -> Queue<T> {
        Queue::new()
    }
}
