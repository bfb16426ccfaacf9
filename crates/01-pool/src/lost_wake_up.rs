//! Broken on purpose: a thread looks, lets go of the lock, and takes it again to wait. What changes in
//! between is announced to nobody, and the thread waits forever.

use std::collections::VecDeque;

use crate::sync::{Condvar, Mutex};

/// Items for threads to take, first in, first out, until it is closed and empty.
#[derive(Debug)]
pub struct Queue<T> {
    state: Mutex<State<T>>,
    /// Notified after each change that a waiting thread could be waiting for.
    changed: Condvar,
}

#[derive(Debug)]
struct State<T> {
    items: VecDeque<T>,
    /// Nothing is added any more once this is set.
    closed: bool,
}

impl<T> Queue<T> {
    /// An open queue without items.
    pub fn new() -> Queue<T> {
        Queue {
            state: Mutex::new(State {
                items: VecDeque::new(),
                closed: false,
            }),
            changed: Condvar::new(),
        }
    }

    /// Adds an item and wakes one thread that waits.
    ///
    /// # Errors
    ///
    /// The item itself, if the queue is closed.
    pub fn push(&self, item: T) -> Result<(), T> {
        let mut state = self.state.lock().expect("no panic while it is held");
        if state.closed {
            return Err(item);
        }
        state.items.push_back(item);
        drop(state);
        self.changed.notify_one();
        Ok(())
    }

    /// Takes the oldest item; may wait for one although there is one, and returns `None` once the queue is
    /// closed and empty.
    // ANCHOR: pop
    pub fn pop(&self) -> Option<T> {
        while !self.ready() {
            let state = self.state.lock().expect("no panic while it is held");
            drop(self.changed.wait(state).expect("no panic while it is held"));
        }
        let mut state = self.state.lock().expect("no panic while it is held");
        state.items.pop_front()
    }

    fn ready(&self) -> bool {
        let state = self.state.lock().expect("no panic while it is held");
        !state.items.is_empty() || state.closed
    }
    // ANCHOR_END: pop

    /// Ends the queue: what is in it is still taken, and whoever waits is woken.
    pub fn close(&self) {
        self.state.lock().expect("no panic while it is held").closed = true;
        self.changed.notify_all();
    }
}

impl<T> Default for Queue<T> {
    fn default() -> Queue<T> {
        Queue::new()
    }
}
