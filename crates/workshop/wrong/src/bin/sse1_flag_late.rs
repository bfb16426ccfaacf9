//! Rejected: A flag beside the lock can change between the look and the push

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

    fn register(&self, client: Client) -> bool {
        let open = !self.closed.load(Ordering::Acquire);
        if open {
            self.clients.lock().unwrap().push(client);
        }
        open
    }

    fn close(&self) -> Vec<Client> {
        let clients = std::mem::take(&mut *self.clients.lock().unwrap());
        self.closed.store(true, Ordering::Release);
        clients
    }
}

fn main() {
    workshop::sse::sse1(Registry::new, Registry::register, Registry::close)
}
