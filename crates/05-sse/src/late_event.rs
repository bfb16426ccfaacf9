//! Broken on purpose: a broadcast still offers its event to a client that has left.

use crate::sync::Mutex;

/// The clients of a broker, each under a number of its own.
#[derive(Debug)]
pub struct Registry<C> {
    clients: Mutex<Vec<(u64, C)>>,
}

impl<C: Clone> Registry<C> {
    /// Returns an empty registry.
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

    /// Removes a client and returns it, or `None` if it was removed before.
    pub fn unregister(&self, number: u64) -> Option<C> {
        let mut clients = self.clients.lock().expect("no panic while it is held");
        let index = clients.iter().position(|(of, _)| *of == number)?;
        Some(clients.remove(index).1)
    }

    // ANCHOR: broadcast
    /// Calls `offer` for every client that was there when the list was copied, and
    /// removes each client for which it returns false. Returns how many clients
    /// accepted, and how many were removed.
    pub fn broadcast(&self, mut offer: impl FnMut(&C) -> bool) -> (usize, usize) {
        let clients = self.clients.lock().expect("no panic while it is held");
        let copy = clients.clone();
        drop(clients);
        let (mut accepted, mut removed) = (0, 0);
        for (number, client) in copy {
            if offer(&client) {
                accepted += 1;
            } else {
                self.unregister(number);
                removed += 1;
            }
        }
        (accepted, removed)
    }
    // ANCHOR_END: broadcast
}

impl<C: Clone> Default for Registry<C> {
    fn default() -> Registry<C> {
        Registry::new()
    }
}
