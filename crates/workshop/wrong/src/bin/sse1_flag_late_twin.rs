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
        for _ in 0..2 {
            if self.closed.load(Ordering::SeqCst) {
                return false;
            }
        }
        let mut clients = self.clients.lock().unwrap();
        clients.push(client);
        true
    }

    fn close(&self) -> Vec<Client> {
        self.closed.swap(true, Ordering::SeqCst);
        self.clients.lock().unwrap().drain(..).collect()
    }
}

fn main() {
    workshop::sse::sse1(Registry::new, Registry::register, Registry::close)
}
