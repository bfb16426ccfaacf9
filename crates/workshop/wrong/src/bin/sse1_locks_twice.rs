//! Rejected: The lock is let go of between the look and the push

use workshop::sse::Client;
use workshop::sync::Mutex;

struct Registry {
    state: Mutex<State>,
}

struct State {
    closed: bool,
    clients: Vec<Client>,
}

impl Registry {
    fn new() -> Registry {
        let state = State {
            closed: false,
            clients: Vec::new(),
        };
        Registry {
            state: Mutex::new(state),
        }
    }

    fn register(&self, client: Client) -> bool {
        if self.state.lock().unwrap().closed {
            return false;
        }
        self.state.lock().unwrap().clients.push(client);
        true
    }

    fn close(&self) -> Vec<Client> {
        let mut state = self.state.lock().unwrap();
        state.closed = true;
        std::mem::take(&mut state.clients)
    }
}

fn main() {
    workshop::sse::sse1(Registry::new, Registry::register, Registry::close)
}
