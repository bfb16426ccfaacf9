//! Broken on purpose: the broker waits for room in a client's queue, and all other clients wait with it.

use std::sync::Arc;

use tokio::select;
use tokio::sync::{mpsc, oneshot};

use crate::event::{Event, Message};
use crate::history::History;
use crate::{Closed, Options, Receipt, SubscribeError};

/// A handle to a broker. The broker shuts down on [`shutdown`](Broker::shutdown), or when the last handle is
/// dropped.
#[derive(Clone, Debug)]
pub struct Broker {
    notify: mpsc::Sender<(Message, oneshot::Sender<Receipt>)>,
    register: mpsc::Sender<Arrival>,
    shutdown: mpsc::Sender<()>,
}

#[derive(Debug)]
struct Arrival {
    last: Option<String>,
    answer: oneshot::Sender<Result<Subscription, SubscribeError>>,
}

impl Broker {
    /// Starts the loop as a task of the current Tokio runtime.
    ///
    /// # Panics
    ///
    /// Outside of a runtime.
    pub fn start(options: Options) -> Broker {
        let (notify, notices) = mpsc::channel(1);
        let (register, arrivals) = mpsc::channel(1);
        let (shutdown, end) = mpsc::channel(1);
        tokio::spawn(run(notices, arrivals, end, options));
        Broker {
            notify,
            register,
            shutdown,
        }
    }

    /// Registers a client. With `last`, the id of an event, the client first gets what it missed since then.
    /// Waits while the loop waits for another client.
    ///
    /// # Errors
    ///
    /// If the broker has shut down, or all slots are taken.
    pub async fn subscribe(&self, last: Option<&str>) -> Result<Subscription, SubscribeError> {
        let (answer, answered) = oneshot::channel();
        let last = last.map(str::to_owned);
        let sent = self.register.send(Arrival { last, answer }).await;
        sent.map_err(|_| SubscribeError::Closed)?;
        answered.await.unwrap_or(Err(SubscribeError::Closed))
    }

    /// Sends a message to every client, and waits for each in turn.
    ///
    /// # Errors
    ///
    /// If the broker has shut down.
    pub async fn publish(&self, message: Message) -> Result<Receipt, Closed> {
        let (receipt, queued) = oneshot::channel();
        let sent = self.notify.send((message, receipt)).await;
        sent.map_err(|_| Closed)?;
        queued.await.map_err(|_| Closed)
    }

    /// Ends every subscription. Waits while the loop waits for a client: forever, if that client has stalled.
    pub async fn shutdown(&self) {
        let _ = self.shutdown.try_send(());
        self.notify.closed().await;
    }
}

async fn run(
    mut notices: mpsc::Receiver<(Message, oneshot::Sender<Receipt>)>,
    mut arrivals: mpsc::Receiver<Arrival>,
    mut end: mpsc::Receiver<()>,
    options: Options,
) {
    let mut history = History::new(options.start, options.history);
    let mut clients: Vec<mpsc::Sender<Arc<Event>>> = Vec::new();
    loop {
        select! {
            _ = end.recv() => break,
            Some(Arrival { last, answer }) = arrivals.recv() => {
                clients.retain(|queue| !queue.is_closed());
                let subscription = if clients.len() < options.max_clients {
                    let (queue, events) = mpsc::channel(options.buffer);
                    clients.push(queue);
                    let missed = last.map_or_else(Vec::new, |last| history.missed(&last));
                    Ok(Subscription { missed: missed.into_iter(), events })
                } else {
                    Err(SubscribeError::Full { max: options.max_clients })
                };
                let _ = answer.send(subscription);
            }
            Some((message, receipt)) = notices.recv() => {
                let event = history.add(&message);
                // ANCHOR: broadcast
                for queue in &clients {
                    // Waits for room; an error means that the client has gone.
                    let _ = queue.send(event.clone()).await;
                }
                // ANCHOR_END: broadcast
                clients.retain(|queue| !queue.is_closed());
                let id = history.id(event.number.unwrap_or_default());
                let _ = receipt.send(Receipt { id, clients: clients.len() });
            }
        }
    }
}

/// A client's place in a broker. Dropping it unregisters the client.
#[derive(Debug)]
pub struct Subscription {
    missed: std::vec::IntoIter<Arc<Event>>,
    events: mpsc::Receiver<Arc<Event>>,
}

impl Subscription {
    /// Returns the next event, or `None` once the broker has shut down.
    pub async fn next(&mut self) -> Option<Arc<Event>> {
        match self.missed.next() {
            Some(event) => Some(event),
            None => self.events.recv().await,
        }
    }
}
