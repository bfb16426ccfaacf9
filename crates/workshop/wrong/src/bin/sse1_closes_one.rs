//! Rejected: with two one waits forever

//! A client registers while the broker shuts down. It must be closed, or turned away: nothing in between.

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

    /// Lets a client in, or says `false` if the broker has shut down.
    fn register(&self, client: Client) -> bool {
        let mut state = self.state.lock().unwrap();
        if state.closed {
            return false;
        }
        state.clients.push(client);
        true
    }

    /// Shuts down: lets nobody in any more, and returns who is there, to be closed.
    fn close(&self) -> Vec<Client> {
        let mut state = self.state.lock().unwrap();
        state.closed = true;
        state.clients.pop().into_iter().collect()
    }
}

fn main() {
    workshop::sse::sse1(Registry::new, Registry::register, Registry::close)
}
