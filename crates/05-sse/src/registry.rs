//! The clients of a broker. The list and whether it is closed are under one lock.

use std::collections::BTreeMap;

use crate::SubscribeError;
use crate::sync::Mutex;

/// The clients of a broker, each under a number of its own. Any thread may call any method.
#[derive(Debug)]
pub struct Registry<C> {
    state: Mutex<State<C>>,
    max: usize,
}

#[derive(Debug)]
struct State<C> {
    /// Set once; from then on `clients` is empty.
    closed: bool,
    /// Never more than `max`.
    clients: BTreeMap<u64, C>,
}

impl<C> Registry<C> {
    /// Returns an empty registry with `max` slots.
    pub fn new(max: usize) -> Registry<C> {
        let clients = BTreeMap::new();
        Registry {
            state: Mutex::new(State {
                closed: false,
                clients,
            }),
            max,
        }
    }

    // ANCHOR: register
    /// Adds a client under a number that no other client has. `close` returns
    /// this client, unless it is removed before.
    pub fn register(&self, number: u64, client: C) -> Result<(), SubscribeError> {
        let mut state = self.state.lock().expect("no panic while it is held");
        if state.closed {
            return Err(SubscribeError::Closed);
        }
        if state.clients.len() == self.max {
            return Err(SubscribeError::Full { max: self.max });
        }
        state.clients.insert(number, client);
        Ok(())
    }
    // ANCHOR_END: register

    /// Removes a client and returns it, or `None` if it was removed before. No broadcast offers it anything once
    /// this has returned. Waits while a broadcast is under way.
    pub fn unregister(&self, number: u64) -> Option<C> {
        let mut state = self.state.lock().expect("no panic while it is held");
        state.clients.remove(&number)
    }

    // ANCHOR: broadcast
    /// Calls `offer` for every client, in the order of their numbers, and removes
    /// each client for which it returns false. Returns how many clients accepted,
    /// and how many were removed.
    ///
    /// The lock is held meanwhile: `offer` must neither wait nor use this registry.
    pub fn broadcast(&self, mut offer: impl FnMut(&C) -> bool) -> (usize, usize) {
        let mut state = self.state.lock().expect("no panic while it is held");
        let before = state.clients.len();
        state.clients.retain(|_, client| offer(client));
        let after = state.clients.len();
        (after, before - after)
    }
    // ANCHOR_END: broadcast

    /// Removes and returns all clients, and refuses new ones from now on. A second call returns none.
    pub fn close(&self) -> Vec<C> {
        let mut state = self.state.lock().expect("no panic while it is held");
        state.closed = true; // weaken: no client is added once it is set
        std::mem::take(&mut state.clients).into_values().collect()
    }

    /// Returns the number of clients.
    pub fn len(&self) -> usize {
        let state = self.state.lock().expect("no panic while it is held");
        state.clients.len()
    }

    /// Returns whether there is no client.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}
