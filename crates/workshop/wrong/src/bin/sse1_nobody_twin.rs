//! Rejected: Nobody is ever let in

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
            closed: true,
            clients: Vec::new(),
        };
        Registry {
            state: Mutex::new(state),
        }
    }

    fn register(&self, client: Client) -> bool {
        let mut state = self.state.lock().unwrap();
        if !state.closed {
            state.clients.push(client);
        }
        !state.closed
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
