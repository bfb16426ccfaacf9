use std::collections::BTreeMap;

use workshop::Verdict;
use workshop::sse::Connection;
use workshop::sync::Mutex;

struct Registry {
    state: Mutex<State>,
}
struct State {
    /// The number of the next connection. No number is used twice.
    next: u64,
    /// The connection of each tab, with its number.
    connections: BTreeMap<u32, (u64, Connection)>,
}
/// What `register` returns, and what `unregister` gets when that connection has ended. It can be
/// any type.
type Ticket = (u32, u64);

impl Registry {
    fn new() -> Registry {
        Registry {
            state: Mutex::new(State {
                next: 0,
                connections: BTreeMap::new(),
            }),
        }
    }

    /// Puts a tab's new connection on the list, in place of its old one.
    fn register(&self, tab: u32, connection: Connection) -> Ticket {
        let mut state = self.state.lock().unwrap();
        let number = state.next;
        state.next += 1;
        state.connections.insert(tab, (number, connection));
        (tab, number)
    }

    /// Takes the connection with this ticket off the list, if it is still there.
    fn unregister(&self, ticket: Ticket) {
        let (tab, number) = ticket;
        let mut state = self.state.lock().unwrap();
        // The tab alone doesn't say which of its connections has ended. A lock can't help: the
        // cleanup may run an hour after the tab has reconnected.
        if state.connections.get(&tab).is_some_and(|it| it.0 == number) {
            state.connections.remove(&tab);
        }
    }

    /// Returns the connections that the next event goes to.
    fn connected(&self) -> Vec<Connection> {
        let state = self.state.lock().unwrap();
        let connections = state.connections.values();
        connections.map(|(_, it)| it.clone()).collect()
    }
}

fn main() -> Verdict {
    workshop::sse::sse1(
        Registry::new,
        Registry::register,
        Registry::unregister,
        Registry::connected,
    )
}
