//! A client comes back while events are published. It gets every event after the last that it has seen: once, and in
//! order. Those in the history are sent at once, the others as they are published.

use workshop::Verdict;
use workshop::sse::Client;
use workshop::sync::Mutex;

struct Broker {
    state: Mutex<State>,
}
struct State {
    history: Vec<u32>,
    clients: Vec<Client>,
}
impl Broker {
    fn new() -> Broker {
        Broker {
            state: Mutex::new(State {
                history: Vec::new(),
                clients: Vec::new(),
            }),
        }
    }

    /// Publishes an event. Events are numbered: 1, then 2, and so on.
    fn publish(&self, event: u32) {
        let mut state = self.state.lock().unwrap();
        state.history.push(event);
        for client in &state.clients {
            client.send(event);
        }
    }

    /// Sends the client every event after `last`, and from now on every event that is published.
    fn resume(&self, last: u32, client: Client) {
        // An event is either in the history by now, or is published when the client is on the list: the lock is held
        // over both. It may be held while sending, because `send` never waits.
        let mut state = self.state.lock().unwrap();
        for event in &state.history {
            if *event > last {
                client.send(*event);
            }
        }
        state.clients.push(client);
    }
}

fn main() -> Verdict {
    workshop::sse::sse4(Broker::new, Broker::publish, Broker::resume)
}
