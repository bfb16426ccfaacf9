//! Who is registered. Everything that belongs together is under one lock.

use std::collections::BTreeMap;

use crate::SubscribeError;
use crate::sync::Mutex;

/// The clients of a broker, each with a number of its own. Any thread may call any method.
#[derive(Debug)]
pub struct Registry<C> {
    state: Mutex<State<C>>,
    max: usize,
}

#[derive(Debug)]
struct State<C> {
    /// Set once; from then on `clients` is empty.
    closed: bool,
    /// At most `max` of them.
    clients: BTreeMap<u64, C>,
}

impl<C> Registry<C> {
    /// Nobody is registered, and at most `max` may be.
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
    /// Adds a client under a number that nobody else has. Whoever is added will be handed to
    /// [`close`](Registry::close), unless somebody removes it before.
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

    /// Removes a client, and gives it back if it was there. After this no broadcast reaches it.
    pub fn unregister(&self, number: u64) -> Option<C> {
        let mut state = self.state.lock().expect("no panic while it is held");
        state.clients.remove(&number)
    }

    // ANCHOR: broadcast
    /// Offers something to every client, in the order of their numbers, and removes those that don't keep up:
    /// for whom `offer` says false. Returns how many took it, and how many were removed.
    ///
    /// The lock is held meanwhile, so `offer` must not wait, nor use this registry.
    pub fn broadcast(&self, mut offer: impl FnMut(&C) -> bool) -> (usize, usize) {
        let mut state = self.state.lock().expect("no panic while it is held");
        let before = state.clients.len();
        state.clients.retain(|_, client| offer(client));
        let after = state.clients.len();
        (after, before - after)
    }
    // ANCHOR_END: broadcast

    // ANCHOR: close
    /// Removes all clients, for the caller to close, and lets nobody in any more. Done again, it finds nobody.
    pub fn close(&self) -> Vec<C> {
        let mut state = self.state.lock().expect("no panic while it is held");
        state.closed = true;
        std::mem::take(&mut state.clients).into_values().collect()
    }
    // ANCHOR_END: close

    /// How many clients there are.
    pub fn len(&self) -> usize {
        let state = self.state.lock().expect("no panic while it is held");
        state.clients.len()
    }

    /// Whether there is no client.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}
