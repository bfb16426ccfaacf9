//! A browser tab loses its connection and opens a new one. The server notices late that the old
//! connection has ended, and may clean up when the new one is already on the list. The new one must
//! stay there.

use std::collections::BTreeMap;

use workshop::Verdict;
use workshop::sse::Connection;
use workshop::sync::Mutex;

struct Registry {
    connections: Mutex<BTreeMap<u32, Connection>>,
}

/// What `register` returns, and what `unregister` gets when that connection has ended. It can be
/// any type.
type Ticket = u32;

impl Registry {
    fn new() -> Registry {
        Registry {
            connections: Mutex::new(BTreeMap::new()),
        }
    }

    /// Puts a tab's new connection on the list, in place of its old one.
    fn register(&self, tab: u32, connection: Connection) -> Ticket {
        self.connections.lock().unwrap().insert(tab, connection);
        tab
    }

    /// Takes the connection with this ticket off the list, if it is still there.
    fn unregister(&self, ticket: Ticket) {
        // TODO: never take a newer connection of the tab off the list.
        self.connections.lock().unwrap().remove(&ticket);
    }

    /// Returns the connections that the next event goes to.
    fn connected(&self) -> Vec<Connection> {
        let connections = self.connections.lock().unwrap();
        connections.values().cloned().collect()
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
