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
            closed: false,
            clients: Vec::new(),
        };
        Registry {
            state: Mutex::new(state),
        }
    }

    fn register(&self, _client: Client) -> bool {
        let mut state = self.state.lock().unwrap();
        state.clients.clear();
        false
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
