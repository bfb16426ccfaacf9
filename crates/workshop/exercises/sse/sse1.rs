//! A browser tab loses its connection and opens another. The server is slow to notice that the first one has ended, and
//! may clean up after it when the second is on the list already. The second must stay there.

use std::collections::BTreeMap;

use workshop::Verdict;
use workshop::sse::Connection;
use workshop::sync::Mutex;

struct Registry {
    connections: Mutex<BTreeMap<u32, Connection>>,
}

/// Returned by `register`, and given back to `unregister` when that connection has ended. It may be of any type.
type Ticket = u32;

impl Registry {
    fn new() -> Registry {
        Registry {
            connections: Mutex::new(BTreeMap::new()),
        }
    }

    /// Puts a tab's new connection on the list, in place of the one that it had.
    fn register(&self, tab: u32, connection: Connection) -> Ticket {
        self.connections.lock().unwrap().insert(tab, connection);
        tab
    }

    /// Takes the connection that has this ticket off the list, if it is still there.
    fn unregister(&self, ticket: Ticket) {
        // TODO: leave the tab's next connection alone.
        self.connections.lock().unwrap().remove(&ticket);
    }

    /// The connections that the next event goes to.
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
