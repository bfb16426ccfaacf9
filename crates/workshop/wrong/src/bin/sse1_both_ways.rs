//! Rejected: `register` and `close` disagree

//! A client registers while the broker shuts down. It must be closed, or turned away: nothing in between.

use workshop::sse::Client;
use workshop::sync::Mutex;
use workshop::sync::atomic::{AtomicBool, Ordering};

struct Registry {
    closed: AtomicBool,
    clients: Mutex<Vec<Client>>,
}

impl Registry {
    fn new() -> Registry {
        Registry {
            closed: AtomicBool::new(false),
            clients: Mutex::new(Vec::new()),
        }
    }

    /// Lets a client in, or says `false` if the broker has shut down.
    fn register(&self, client: Client) -> bool {
        // TODO: whoever is let in must be among those that `close` returns.
        if self.closed.load(Ordering::SeqCst) {
            return false;
        }
        self.clients.lock().unwrap().push(client);
        !self.closed.load(Ordering::SeqCst)
    }

    /// Shuts down: lets nobody in any more, and returns who is there, to be closed.
    fn close(&self) -> Vec<Client> {
        self.closed.store(true, Ordering::SeqCst);
        std::mem::take(&mut self.clients.lock().unwrap())
    }
}

fn main() {
    workshop::sse::sse1(Registry::new, Registry::register, Registry::close)
}
