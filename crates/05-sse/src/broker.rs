//! The talk's broker: one loop sends the events, and no client waits for a slow one.

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

/// The capacity of each input of the loop. A sender waits while an input is full.
const INPUTS: usize = 1_024;

/// A handle to a broker. The broker shuts down on [`shutdown`](Broker::shutdown), or when the last handle is
/// dropped.
#[derive(Clone, Debug)]
pub struct Broker {
    notify: mpsc::Sender<Notice>,
    resume: mpsc::Sender<Resume>,
    shutdown: mpsc::Sender<()>,
    shared: Arc<Shared>,
    buffer: usize,
    follows: bool,
}

/// What the loop shares with all handles and all subscriptions.
#[derive(Debug)]
struct Shared {
    /// The first part of every id.
    start: String,
    registry: Registry<mpsc::Sender<Arc<Event>>>,
    /// How many clients have been given a number.
    numbered: AtomicU64,
    published: AtomicU64,
    /// Sharded: clients on all cores increment it for every event.
    delivered: sharded::Counter,
    dropped_slow: AtomicU64,
    history: AtomicUsize,
}

/// Something to send to every client.
#[derive(Debug)]
enum Notice {
    Message(Message, oneshot::Sender<Receipt>),
    Numbered(u64, Message, oneshot::Sender<Receipt>),
    Comment(Event),
}

/// A registered client's question: which events came after the one with this id, or come from now on?
#[derive(Debug)]
struct Resume {
    last: Option<String>,
    answer: oneshot::Sender<Missed>,
}

/// What a client gets before anything from its queue.
#[derive(Debug)]
struct Missed {
    /// The number of the last event before these.
    after: u64,
    events: Vec<Arc<Event>>,
}

/// What a broker did since it started. The figures need not belong to one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Stats {
    /// The clients that are registered now.
    pub clients: usize,
    /// The events published so far.
    pub published: u64,
    /// The events that clients have taken from their queues, added up over all clients.
    pub delivered: u64,
    /// The clients disconnected so far because their queue was full.
    pub dropped_slow: u64,
    /// The events in the history now.
    pub history: usize,
}

impl Broker {
    /// Starts the loop as a task of the current Tokio runtime.
    ///
    /// # Panics
    ///
    /// Outside of a runtime, or if `options.buffer` is 0.
    pub fn start(options: Options) -> Broker {
        assert!(
            options.buffer > 0,
            "a client's queue needs room for 1 event"
        );
        let (notify, notices) = mpsc::channel(INPUTS);
        let (resume, resumes) = mpsc::channel(INPUTS);
        let (shutdown, end) = mpsc::channel(1);
        let shared = Arc::new(Shared {
            start: options.start.clone(),
            registry: Registry::new(options.max_clients),
            numbered: AtomicU64::new(0),
            published: AtomicU64::new(0),
            delivered: sharded::Counter::new(),
            dropped_slow: AtomicU64::new(0),
            history: AtomicUsize::new(0),
        });
        let history = match options.follows {
            None => History::new(options.start, options.history),
            Some(newest) => History::following(options.start, options.history, newest),
        };
        let owner = Owner {
            notices,
            resumes,
            end,
            shared: shared.clone(),
            history,
        };
        tokio::spawn(owner.run());
        Broker {
            notify,
            resume,
            shutdown,
            shared,
            buffer: options.buffer,
            follows: options.follows.is_some(),
        }
    }

    /// Registers a client. With `last`, the id of an event, the client first gets what it missed since then.
    ///
    /// # Errors
    ///
    /// If the broker has shut down, or all slots are taken.
    pub async fn subscribe(&self, last: Option<&str>) -> Result<Subscription, SubscribeError> {
        let (queue, events) = mpsc::channel(self.buffer);
        // Relaxed: it only has to be unique.
        let number = self.shared.numbered.fetch_add(1, Relaxed);
        self.shared.registry.register(number, queue)?;
        let mut subscription = Subscription {
            number,
            missed: VecDeque::new(),
            events,
            seen: None,
            shared: self.shared.clone(),
        };
        // Registered first: an event that is published meanwhile is in the queue, in the answer, or in both.
        if last.is_some() || self.follows {
            let missed = self.missed(last).await?;
            subscription.seen = Some(missed.after);
            subscription.missed = missed.events.into();
        }
        Ok(subscription)
    }

    /// Asks the loop, which owns the history.
    async fn missed(&self, last: Option<&str>) -> Result<Missed, SubscribeError> {
        let (answer, answered) = oneshot::channel();
        let last = last.map(str::to_owned);
        let asked = self.resume.send(Resume { last, answer }).await;
        asked.map_err(|_| SubscribeError::Closed)?;
        answered.await.map_err(|_| SubscribeError::Closed)
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

    /// Sends a message under a number that was given elsewhere, as [`publish`](Broker::publish) does. If numbers were
    /// skipped, each client gets a `gap` with the number of events that it missed.
    ///
    /// # Errors
    ///
    /// If the broker has shut down. It does if the number isn't above all before it: its loop panics.
    pub async fn publish_as(&self, number: u64, message: Message) -> Result<Receipt, Closed> {
        let (receipt, queued) = oneshot::channel();
        let notice = Notice::Numbered(number, message, receipt);
        self.notify.send(notice).await.map_err(|_| Closed)?;
        queued.await.map_err(|_| Closed)
    }

    /// Sends a comment to every client, which shows that the connection is alive.
    ///
    /// # Errors
    ///
    /// If the broker has shut down.
    pub async fn heartbeat(&self) -> Result<(), Closed> {
        self.comment("").await
    }

    /// Sends a comment with words to every client.
    ///
    /// # Errors
    ///
    /// If the broker has shut down.
    pub async fn comment(&self, words: &str) -> Result<(), Closed> {
        let comment = Notice::Comment(Event::comment(words));
        self.notify.send(comment).await.map_err(|_| Closed)
    }

    /// Returns whether every client's queue has room for one event now.
    pub fn has_room(&self) -> bool {
        let mut room = true;
        let look = |queue: &mpsc::Sender<_>| {
            room &= queue.capacity() > 0;
            true
        };
        self.shared.registry.broadcast(look);
        room
    }

    /// Ends every subscription after what is queued for it, and refuses new clients from now on. Returns once the
    /// loop has ended. Messages that the loop hasn't received by then are refused. A second call does nothing.
    pub async fn shutdown(&self) {
        // On the caller's thread: the loop may be busy with an event.
        self.shared.registry.close();
        // If there is no room, the loop has been told already.
        let _ = self.shutdown.try_send(());
        self.ended().await;
    }

    /// Completes once the broker has shut down.
    pub async fn ended(&self) {
        self.notify.closed().await;
    }

    /// Returns what the broker did so far.
    pub fn stats(&self) -> Stats {
        let Shared {
            start: _,
            registry,
            numbered: _,
            published,
            delivered,
            dropped_slow,
            history,
        } = &*self.shared;
        // Relaxed: these figures are only read by people.
        Stats {
            clients: registry.len(),
            published: published.load(Relaxed),
            delivered: delivered.get(),
            dropped_slow: dropped_slow.load(Relaxed),
            history: history.load(Relaxed),
        }
    }
}

/// The loop's inputs, and the history, which only the loop uses.
struct Owner {
    notices: mpsc::Receiver<Notice>,
    resumes: mpsc::Receiver<Resume>,
    end: mpsc::Receiver<()>,
    shared: Arc<Shared>,
    history: History,
}

impl Owner {
    async fn run(mut self) {
        loop {
            select! {
                biased; // in this order
                _ = self.end.recv() => break, // on shutdown, or when the last handle is gone
                Some(resume) = self.resumes.recv() => self.catch_up(resume),
                Some(notice) = self.notices.recv() => self.broadcast(notice),
            }
        }
    }

    // ANCHOR: broadcast
    fn broadcast(&mut self, notice: Notice) {
        let (event, receipt) = match notice {
            Notice::Message(message, receipt) => (self.history.add(&message), Some(receipt)),
            Notice::Numbered(number, message, receipt) => {
                (self.history.add_as(number, &message), Some(receipt))
            }
            Notice::Comment(comment) => (Arc::new(comment), None),
        };
        let offer = |queue: &mpsc::Sender<_>| queue.try_send(event.clone()).is_ok();
        let (clients, slow) = self.shared.registry.broadcast(offer);
        self.count(&event, slow);
        if let (Some(receipt), Some(number)) = (receipt, event.number) {
            let id = self.history.id(number);
            // Fails if the publisher has left.
            let _ = receipt.send(Receipt { id, clients });
        }
    }
    // ANCHOR_END: broadcast

    fn catch_up(&self, resume: Resume) {
        let missed = match &resume.last {
            Some(last) => Missed {
                after: self.history.position(last),
                events: self.history.missed(last),
            },
            None => Missed {
                after: self.history.newest(),
                events: Vec::new(),
            },
        };
        // The client may have left.
        let _ = resume.answer.send(missed);
    }

    fn count(&self, event: &Event, slow: usize) {
        let shared = &self.shared;
        let published = u64::from(event.number.is_some());
        // Relaxed: each is a count on its own.
        shared.published.fetch_add(published, Relaxed);
        shared.dropped_slow.fetch_add(slow as u64, Relaxed);
        shared.history.store(self.history.len(), Relaxed);
    }
}

impl Drop for Owner {
    /// Ends every subscription, however the loop ends: by a panic or with its runtime too.
    fn drop(&mut self) {
        self.shared.registry.close();
    }
}

/// A client's place in a broker. Dropping it unregisters the client.
#[derive(Debug)]
pub struct Subscription {
    number: u64,
    /// What the client gets before anything from its queue.
    missed: VecDeque<Arc<Event>>,
    events: mpsc::Receiver<Arc<Event>>,
    /// The number of the newest event that the client got, or knows to be gone; `None` before the first, unless the
    /// client came back.
    seen: Option<u64>,
    shared: Arc<Shared>,
}

impl Subscription {
    /// Returns the next event, or `None` once there will be none, because the broker has shut down or this
    /// client was too slow. What was queued before that is still returned. Cancel safe: no event is lost if
    /// this future is dropped.
    pub async fn next(&mut self) -> Option<Arc<Event>> {
        std::future::poll_fn(|context| self.poll_next(context)).await
    }

    /// Polls for what [`next`](Subscription::next) returns.
    pub fn poll_next(&mut self, context: &mut Context<'_>) -> Poll<Option<Arc<Event>>> {
        loop {
            let event = match self.missed.pop_front() {
                Some(event) => event,
                None => match ready!(self.events.poll_recv(context)) {
                    Some(event) => event,
                    None => return Poll::Ready(None),
                },
            };
            let Some(number) = event.number else {
                return Poll::Ready(Some(event));
            };
            match self.seen {
                // It was among what the client missed, and in its queue too.
                Some(seen) if number <= seen => continue,
                Some(seen) if number > seen + 1 => {
                    self.missed.push_front(event);
                    return Poll::Ready(Some(self.gap(seen, number - 1)));
                }
                _ => {}
            }
            self.seen = Some(number);
            self.shared.delivered.increment();
            return Poll::Ready(Some(event));
        }
    }

    /// Returns the event that tells the client that all events after the number `seen`, up to `last`, are gone.
    fn gap(&mut self, seen: u64, last: u64) -> Arc<Event> {
        self.seen = Some(last);
        let id = format!("{}-{last}", self.shared.start);
        Arc::new(Event::gap(&(last - seen).to_string(), Some(&id)))
    }
}

impl Drop for Subscription {
    /// Unregisters the client, on whatever thread drops it. After the shutdown this does nothing.
    fn drop(&mut self) {
        self.shared.registry.unregister(self.number);
    }
}
