//! Broken on purpose: a client can be added after all others were closed, and then nothing ever closes it.

use crate::SubscribeError;
use crate::sync::{AtomicBool, Mutex, Ordering::SeqCst};

/// The clients of a broker, each under a number of its own.
#[derive(Debug)]
pub struct Registry<C> {
    /// Set once. It is not under the lock: that is the defect.
    closed: AtomicBool,
    clients: Mutex<Vec<(u64, C)>>,
}

impl<C> Registry<C> {
    /// Returns an empty registry.
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

    /// Removes and returns all clients, and refuses new ones from now on.
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
