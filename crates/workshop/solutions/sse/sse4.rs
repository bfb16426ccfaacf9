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

    /// Publishes an event. Events are numbered 1, 2, 3 and so on.
    fn publish(&self, event: u32) {
        let mut state = self.state.lock().unwrap();
        state.history.push(event);
        for client in &state.clients {
            client.send(event);
        }
    }

    /// Sends the client every event after `last`, and from now on every event that is published.
    fn resume(&self, last: u32, client: Client) {
        // Every event is either in the history by now, or is published once the client is on the
        // list: the lock is held over both steps. Holding it while sending is fine, because `send`
        // never waits.
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
