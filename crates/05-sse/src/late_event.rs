//! Broken on purpose: an event can reach a client after it was unregistered.

use crate::sync::Mutex;

/// The clients of a broker, each with a number of its own.
#[derive(Debug)]
pub struct Registry<C> {
    clients: Mutex<Vec<(u64, C)>>,
}

impl<C: Clone> Registry<C> {
    /// Nobody is registered.
    pub fn new() -> Registry<C> {
        Registry {
            clients: Mutex::new(Vec::new()),
        }
    }

    /// Adds a client.
    pub fn register(&self, number: u64, client: C) {
        let mut clients = self.clients.lock().expect("no panic while it is held");
        clients.push((number, client));
    }

    // ANCHOR: broadcast
    /// Removes a client.
    pub fn unregister(&self, number: u64) {
        let mut clients = self.clients.lock().expect("no panic while it is held");
        clients.retain(|(of, _)| *of != number);
    }

    /// Offers something to every client: to those that were there when the lock was held.
    pub fn broadcast(&self, mut offer: impl FnMut(&C) -> bool) {
        let clients = self
            .clients
            .lock()
            .expect("no panic while it is held")
            .clone();
        for (number, client) in clients {
            if !offer(&client) {
                self.unregister(number);
            }
        }
    }
    // ANCHOR_END: broadcast
}

impl<C: Clone> Default for Registry<C> {
    fn default() -> Registry<C> {
        Registry::new()
    }
}
