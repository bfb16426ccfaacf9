//! A client reconnects while events are being published. It gets every event after the last one
//! that it has seen, exactly once and in order: first those in the history, then those that are
//! published later.

use workshop::Verdict;
use workshop::sse::Client;
use workshop::sync::Mutex;

struct Broker {
    history: Mutex<Vec<u32>>,
    clients: Mutex<Vec<Client>>,
}

impl Broker {
    fn new() -> Broker {
        Broker {
            history: Mutex::new(Vec::new()),
            clients: Mutex::new(Vec::new()),
        }
    }

    /// Publishes an event. Events are numbered 1, 2, 3 and so on.
    fn publish(&self, event: u32) {
        self.history.lock().unwrap().push(event);
        for client in self.clients.lock().unwrap().iter() {
            client.send(event);
        }
    }

    /// Sends the client every event after `last`, and from now on every event that is published.
    fn resume(&self, last: u32, client: Client) {
        // TODO: lose no event and send none twice, whatever is published in the meantime.
        for event in self.history.lock().unwrap().iter() {
            if *event > last {
                client.send(*event);
            }
        }
        self.clients.lock().unwrap().push(client);
    }
}

fn main() -> Verdict {
    workshop::sse::sse4(Broker::new, Broker::publish, Broker::resume)
}
