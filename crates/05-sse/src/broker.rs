//! The talk's broker: one loop, four inputs, and nobody waits for a slow client.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering::Relaxed};
use std::task::{Context, Poll, ready};

use atomics::sharded;
use tokio::select;
use tokio::sync::{mpsc, oneshot};

use crate::event::{Event, Message};
use crate::history::History;
use crate::registry::Registry;
use crate::{Closed, Options, Receipt, SubscribeError};

/// How many inputs of a kind may wait for the loop; who has one more waits in turn.
const INPUTS: usize = 1_024;

/// A way to reach the broker. The broker shuts down when one of them says so, or the last is dropped.
#[derive(Clone, Debug)]
pub struct Broker {
    notify: mpsc::Sender<Notice>,
    register: mpsc::Sender<Arrival>,
    shutdown: mpsc::Sender<()>,
    shared: Arc<Shared>,
}

/// What the loop and the others both see.
#[derive(Debug)]
struct Shared {
    registry: Registry<mpsc::Sender<Arc<Event>>>,
    published: AtomicU64,
    /// Raised for every event and every client, on all cores: so each has a part of its own.
    delivered: sharded::Counter,
    dropped_slow: AtomicU64,
    history: AtomicUsize,
}

/// Something to send.
#[derive(Debug)]
enum Notice {
    Message(Message, oneshot::Sender<Receipt>),
    Heartbeat,
}

/// Somebody who wants to be registered.
#[derive(Debug)]
struct Arrival {
    last: Option<String>,
    answer: oneshot::Sender<Result<Subscription, SubscribeError>>,
}

/// What a broker did since it started.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Stats {
    /// How many clients are registered.
    pub clients: usize,
    /// How many events were published.
    pub published: u64,
    /// How many events clients took from their queues.
    pub delivered: u64,
    /// How many clients were disconnected because their queue was full.
    pub dropped_slow: u64,
    /// How many events are kept.
    pub history: usize,
}

impl Broker {
    /// Starts the loop as a task of the running Tokio runtime.
    pub fn start(options: Options) -> Broker {
        let (notify, notices) = mpsc::channel(INPUTS);
        let (register, arrivals) = mpsc::channel(INPUTS);
        // Unbounded: a subscription that is dropped can't wait. It holds at most one for each client.
        let (unregister, departures) = mpsc::unbounded_channel();
        let (shutdown, end) = mpsc::channel(1);
        let shared = Arc::new(Shared {
            registry: Registry::new(options.max_clients),
            published: AtomicU64::new(0),
            delivered: sharded::Counter::new(),
            dropped_slow: AtomicU64::new(0),
            history: AtomicUsize::new(0),
        });
        let owner = Owner {
            notices,
            arrivals,
            departures,
            end,
            unregister,
            shared: shared.clone(),
            history: History::new(options.start, options.history),
            buffer: options.buffer,
            arrived: 0,
        };
        tokio::spawn(owner.run());
        Broker {
            notify,
            register,
            shutdown,
            shared,
        }
    }

    /// Registers a client, and gives it first what it missed since the event with the id `last`.
    ///
    /// # Errors
    ///
    /// If the broker has shut down, or all places are taken.
    pub async fn subscribe(&self, last: Option<&str>) -> Result<Subscription, SubscribeError> {
        let (answer, answered) = oneshot::channel();
        let last = last.map(str::to_owned);
        let sent = self.register.send(Arrival { last, answer }).await;
        sent.map_err(|_| SubscribeError::Closed)?;
        answered.await.unwrap_or(Err(SubscribeError::Closed))
    }

    /// Sends a message to every client, without waiting for any of them.
    ///
    /// # Errors
    ///
    /// If the broker has shut down.
    pub async fn publish(&self, message: Message) -> Result<Receipt, Closed> {
        let (receipt, queued) = oneshot::channel();
        let notice = Notice::Message(message, receipt);
        self.notify.send(notice).await.map_err(|_| Closed)?;
        queued.await.map_err(|_| Closed)
    }

    /// Sends every client a comment, which shows that the connection lives.
    ///
    /// # Errors
    ///
    /// If the broker has shut down.
    pub async fn heartbeat(&self) -> Result<(), Closed> {
        let sent = self.notify.send(Notice::Heartbeat).await;
        sent.map_err(|_| Closed)
    }

    /// Ends every subscription after what is queued for it, and lets nobody in any more. Returns when the loop
    /// has ended. What was not yet sent by then is refused. Done again, it does nothing.
    pub async fn shutdown(&self) {
        // Not left to the loop, which may have much to do before it gets there.
        self.shared.registry.close();
        // If there is no room, it has been told.
        let _ = self.shutdown.try_send(());
        self.notify.closed().await;
    }

    /// What it did so far.
    pub fn stats(&self) -> Stats {
        let Shared {
            registry,
            published,
            delivered,
            dropped_slow,
            history,
        } = &*self.shared;
        // Relaxed: figures to look at; they need not belong to one moment.
        Stats {
            clients: registry.len(),
            published: published.load(Relaxed),
            delivered: delivered.get(),
            dropped_slow: dropped_slow.load(Relaxed),
            history: history.load(Relaxed),
        }
    }
}

/// The loop, and what it alone has.
struct Owner {
    notices: mpsc::Receiver<Notice>,
    arrivals: mpsc::Receiver<Arrival>,
    departures: mpsc::UnboundedReceiver<u64>,
    end: mpsc::Receiver<()>,
    /// For the subscriptions.
    unregister: mpsc::UnboundedSender<u64>,
    shared: Arc<Shared>,
    history: History,
    buffer: usize,
    /// How many clients have been numbered.
    arrived: u64,
}

impl Owner {
    // ANCHOR: loop
    async fn run(mut self) {
        loop {
            select! {
                biased; // in this order: who comes and goes is few beside the events
                _ = self.end.recv() => break, // told to, or nobody is left who could
                Some(number) = self.departures.recv() => {
                    self.shared.registry.unregister(number);
                }
                Some(arrival) = self.arrivals.recv() => self.register(arrival),
                Some(notice) = self.notices.recv() => self.broadcast(notice),
            }
        }
        // Dropping `self` closes all clients.
    }

    fn register(&mut self, arrival: Arrival) {
        self.arrived += 1;
        let (queue, events) = mpsc::channel(self.buffer);
        let registered = self.shared.registry.register(self.arrived, queue);
        let subscription = registered.map(|()| Subscription {
            number: self.arrived,
            missed: self.missed(arrival.last.as_deref()),
            events,
            unregister: self.unregister.clone(),
            shared: self.shared.clone(),
        });
        // If nobody waits for the answer, the subscription is dropped, and so unregistered.
        let _ = arrival.answer.send(subscription);
    }

    fn broadcast(&mut self, notice: Notice) {
        let (event, receipt) = match notice {
            Notice::Message(message, receipt) => (self.history.add(&message), Some(receipt)),
            Notice::Heartbeat => (Arc::new(Event::heartbeat()), None),
        };
        let offer = |queue: &mpsc::Sender<_>| queue.try_send(event.clone()).is_ok();
        let (clients, slow) = self.shared.registry.broadcast(offer);
        self.count(&event, slow);
        if let (Some(receipt), Some(number)) = (receipt, event.number) {
            let id = self.history.id(number);
            let _ = receipt.send(Receipt { id, clients });
        }
    }
    // ANCHOR_END: loop

    fn missed(&self, last: Option<&str>) -> VecDeque<Arc<Event>> {
        last.map_or_else(VecDeque::new, |last| self.history.missed(last).into())
    }

    fn count(&self, event: &Event, slow: usize) {
        let shared = &self.shared;
        let published = u64::from(event.number.is_some());
        shared.published.fetch_add(published, Relaxed);
        shared.dropped_slow.fetch_add(slow as u64, Relaxed);
        shared.history.store(self.history.len(), Relaxed);
    }
}

impl Drop for Owner {
    /// However the loop ends, by a panic or with its runtime too: nobody waits for it in vain.
    fn drop(&mut self) {
        self.shared.registry.close();
    }
}

/// A client's place. Dropped, it is given up.
#[derive(Debug)]
pub struct Subscription {
    number: u64,
    /// What is sent before anything new.
    missed: VecDeque<Arc<Event>>,
    events: mpsc::Receiver<Arc<Event>>,
    unregister: mpsc::UnboundedSender<u64>,
    shared: Arc<Shared>,
}

impl Subscription {
    /// The next event; `None` when there will be none, because the broker has shut down or this client was too
    /// slow. What was queued before that is still given. Cancel safe: no event is lost if it is dropped.
    pub async fn next(&mut self) -> Option<Arc<Event>> {
        std::future::poll_fn(|context| self.poll_next(context)).await
    }

    /// As [`next`](Subscription::next), for who polls.
    pub fn poll_next(&mut self, context: &mut Context<'_>) -> Poll<Option<Arc<Event>>> {
        let event = match self.missed.pop_front() {
            Some(event) => Some(event),
            None => ready!(self.events.poll_recv(context)),
        };
        if event.as_ref().is_some_and(|event| event.number.is_some()) {
            self.shared.delivered.increment();
        }
        Poll::Ready(event)
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        // If the loop has ended, nobody is registered any more.
        let _ = self.unregister.send(self.number);
    }
}
