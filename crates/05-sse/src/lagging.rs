//! Tokio's broadcast channel as a broker: all clients share one buffer, and a slow one loses the oldest events.

use std::sync::{Arc, Mutex};

use tokio::sync::broadcast::{self, error::RecvError};

use crate::event::{Event, Message};
use crate::history::History;
use crate::{Closed, Options, Receipt, SubscribeError};

/// A handle to a broker. The broker shuts down on [`shutdown`](Broker::shutdown), or when the last handle is
/// dropped.
#[derive(Clone, Debug)]
pub struct Broker {
    state: Arc<Mutex<State>>,
    max_clients: usize,
}

#[derive(Debug)]
struct State {
    /// `None` once the broker has shut down.
    sender: Option<broadcast::Sender<Arc<Event>>>,
    history: History,
}

impl Broker {
    /// Starts the broker. It has no loop: each publisher puts its event into the buffer.
    ///
    /// # Panics
    ///
    /// If `options.buffer` is 0.
    pub fn start(options: Options) -> Broker {
        let state = State {
            sender: Some(broadcast::Sender::new(options.buffer)),
            history: History::new(options.start, options.history),
        };
        Broker {
            state: Arc::new(Mutex::new(state)),
            max_clients: options.max_clients,
        }
    }

    /// Registers a client. With `last`, the id of an event, the client first gets what it missed since then.
    ///
    /// # Errors
    ///
    /// If the broker has shut down, or all slots are taken.
    pub async fn subscribe(&self, last: Option<&str>) -> Result<Subscription, SubscribeError> {
        let state = self.state.lock().expect("no panic while it is held");
        let sender = state.sender.as_ref().ok_or(SubscribeError::Closed)?;
        if sender.receiver_count() >= self.max_clients {
            let max = self.max_clients;
            return Err(SubscribeError::Full { max });
        }
        let missed = last.map_or_else(Vec::new, |last| state.history.missed(last));
        Ok(Subscription {
            missed: missed.into_iter(),
            events: sender.subscribe(),
        })
    }

    /// Puts a message into the buffer, where it may overwrite one that a slow client hasn't read.
    ///
    /// # Errors
    ///
    /// If the broker has shut down.
    pub async fn publish(&self, message: Message) -> Result<Receipt, Closed> {
        let mut state = self.state.lock().expect("no panic while it is held");
        let State { sender, history } = &mut *state;
        let sender = sender.as_ref().ok_or(Closed)?;
        let event = history.add(&message);
        let id = history.id(event.number.unwrap_or_default());
        // Fails if there is no client.
        let clients = sender.send(event).unwrap_or(0);
        Ok(Receipt { id, clients })
    }

    /// Ends every subscription after what is in the buffer for it, and refuses new clients from now on.
    pub async fn shutdown(&self) {
        let mut state = self.state.lock().expect("no panic while it is held");
        state.sender = None;
    }
}

/// A client's place in a broker. Dropping it unregisters the client.
#[derive(Debug)]
pub struct Subscription {
    missed: std::vec::IntoIter<Arc<Event>>,
    events: broadcast::Receiver<Arc<Event>>,
}

impl Subscription {
    // ANCHOR: next
    /// Returns the next event, or `None` once there will be none. A client that
    /// was too slow gets an event `gap` with the number of events that it lost.
    pub async fn next(&mut self) -> Option<Arc<Event>> {
        if let Some(event) = self.missed.next() {
            return Some(event);
        }
        match self.events.recv().await {
            Ok(event) => Some(event),
            Err(RecvError::Closed) => None,
            Err(RecvError::Lagged(missed)) => {
                // Without an id: a client that comes back sends that of the last event.
                Some(Arc::new(Event::gap(&missed.to_string(), None)))
            }
        }
    }
    // ANCHOR_END: next
}
