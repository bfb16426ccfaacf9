//! Broken on purpose: a client can be added after the last one was closed, and nobody will ever close it.

use crate::SubscribeError;
use crate::sync::{AtomicBool, Mutex, Ordering::SeqCst};

/// The clients of a broker, each with a number of its own.
#[derive(Debug)]
pub struct Registry<C> {
    /// Set once. Not under the lock: that is the defect.
    closed: AtomicBool,
    clients: Mutex<Vec<(u64, C)>>,
}

impl<C> Registry<C> {
    /// Nobody is registered.
    pub fn new() -> Registry<C> {
        Registry {
            closed: AtomicBool::new(false),
            clients: Mutex::new(Vec::new()),
        }
    }

    // ANCHOR: register
    /// Adds a client.
    pub fn register(&self, number: u64, client: C) -> Result<(), SubscribeError> {
        if self.closed.load(SeqCst) {
            return Err(SubscribeError::Closed);
        }
        let mut clients = self.clients.lock().expect("no panic while it is held");
        clients.push((number, client));
        Ok(())
    }

    /// Removes all clients, for the caller to close.
    pub fn close(&self) -> Vec<C> {
        self.closed.store(true, SeqCst);
        let mut clients = self.clients.lock().expect("no panic while it is held");
        clients.drain(..).map(|(_, client)| client).collect()
    }
    // ANCHOR_END: register
}

impl<C> Default for Registry<C> {
    fn default() -> Registry<C> {
        Registry::new()
    }
}
