//! A browser tab loses its connection and opens another. The server is slow to notice that the first one has ended, and
//! may clean up after it when the second is on the list already. The second must stay there.

use std::collections::BTreeMap;

use workshop::Verdict;
use workshop::sse::Connection;
use workshop::sync::Mutex;

struct Registry {
    state: Mutex<State>,
}
struct State {
    /// The number of the next connection. Never the same twice.
    next: u64,
    /// The connection of each tab, with its number.
    connections: BTreeMap<u32, (u64, Connection)>,
}
/// Returned by `register`, and given back to `unregister` when that connection has ended. It may be of any type.
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

    /// Puts a tab's new connection on the list, in place of the one that it had.
    fn register(&self, tab: u32, connection: Connection) -> Ticket {
        let mut state = self.state.lock().unwrap();
        let number = state.next;
        state.next += 1;
        state.connections.insert(tab, (number, connection));
        (tab, number)
    }

    /// Takes the connection that has this ticket off the list, if it is still there.
    fn unregister(&self, ticket: Ticket) {
        let (tab, number) = ticket;
        let mut state = self.state.lock().unwrap();
        // The tab alone doesn't say which of its connections has ended. A lock wouldn't help: the cleanup may come an
        // hour after the tab has registered again.
        if state.connections.get(&tab).is_some_and(|it| it.0 == number) {
            state.connections.remove(&tab);
        }
    }

    /// The connections that the next event goes to.
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
