//! Rejected: use the types of `workshop::sync`

//! A client registers while the broker shuts down. It must be closed, or turned away: nothing in between.

use std::sync::RwLock;
use workshop::sse::Client;
use workshop::sync::atomic::{AtomicBool, Ordering};

struct Registry {
    closed: AtomicBool,
    clients: RwLock<Vec<Client>>,
}

impl Registry {
    fn new() -> Registry {
        Registry {
            closed: AtomicBool::new(false),
            clients: RwLock::new(Vec::new()),
        }
    }

    /// Lets a client in, or says `false` if the broker has shut down.
    fn register(&self, client: Client) -> bool {
        // TODO: whoever is let in must be among those that `close` returns.
        if self.closed.load(Ordering::SeqCst) {
            return false;
        }
        self.clients.write().unwrap().push(client);
        true
    }

    /// Shuts down: lets nobody in any more, and returns who is there, to be closed.
    fn close(&self) -> Vec<Client> {
        self.closed.store(true, Ordering::SeqCst);
        std::mem::take(&mut self.clients.write().unwrap())
    }
}

fn main() {
    workshop::sse::sse1(Registry::new, Registry::register, Registry::close)
}
