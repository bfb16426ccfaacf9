//! What a database sees: connections, refusals and queries. It also decides when an answer is due.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Semaphore, watch};
use tokio::time::{Instant, sleep_until};

/// Counts of one database, from its start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Seen {
    /// Connections that are open now.
    pub(crate) connections: usize,
    /// The highest that `connections` has been.
    pub(crate) most_connections: usize,
    /// Connections that were refused because the database had no free one: error 53300.
    pub(crate) refusals: usize,
    /// Queries that have an answer.
    pub(crate) answers: usize,
    /// Queries that have no answer yet.
    pub(crate) in_flight: usize,
    /// The highest that `in_flight` has been.
    pub(crate) most_in_flight: usize,
}

/// Counts what one database sees. A clone counts for the same database.
#[derive(Clone, Debug)]
pub(crate) struct Observer {
    seen: watch::Sender<Seen>,
    latency: Duration,
    /// Has one permit for each answer that may still be given. Once it is closed, all may.
    allowed: Arc<Semaphore>,
}

impl Observer {
    /// Each answer is due after `latency`.
    pub(crate) fn new(latency: Duration) -> Observer {
        let observer = Observer::holding_after(0, latency);
        observer.release();
        observer
    }

    /// Gives the first `answers` answers, and holds the others until [`release`](Observer::release).
    pub(crate) fn holding_after(answers: usize, latency: Duration) -> Observer {
        Observer {
            seen: watch::Sender::default(),
            latency,
            allowed: Arc::new(Semaphore::new(answers)),
        }
    }

    /// Gives all the answers that are held, and holds no more.
    pub(crate) fn release(&self) {
        self.allowed.close();
    }

    /// Returns the counts as they are now.
    pub(crate) fn seen(&self) -> Seen {
        *self.seen.borrow()
    }

    /// Waits until the counts satisfy `enough`, and returns them.
    pub(crate) async fn until(&self, enough: impl FnMut(&Seen) -> bool) -> Seen {
        let mut seen = self.seen.subscribe();
        *seen.wait_for(enough).await.expect("self has the sender")
    }

    /// Counts a new connection, or a refusal if `limit` of them are open.
    pub(crate) fn connect(&self, limit: usize) -> Option<Connection> {
        let mut admitted = false;
        self.seen.send_modify(|seen| {
            admitted = seen.connections < limit;
            if admitted {
                seen.connections += 1;
                seen.most_connections = seen.most_connections.max(seen.connections);
            } else {
                seen.refusals += 1;
            }
        });
        admitted.then(|| Connection(self.clone()))
    }

    /// Counts a refusal.
    pub(crate) fn refuse(&self) {
        self.seen.send_modify(|seen| seen.refusals += 1);
    }

    /// Counts a query.
    pub(crate) fn query(&self) -> Query {
        self.seen.send_modify(|seen| {
            seen.in_flight += 1;
            seen.most_in_flight = seen.most_in_flight.max(seen.in_flight);
        });
        Query {
            observer: self.clone(),
            due: Instant::now() + self.latency,
            answered: false,
        }
    }
}

/// An open connection. Dropping it closes it.
#[derive(Debug)]
pub(crate) struct Connection(Observer);

impl Drop for Connection {
    fn drop(&mut self) {
        self.0.seen.send_modify(|seen| seen.connections -= 1);
    }
}

/// A query in flight. It is over when this is dropped.
#[derive(Debug)]
pub(crate) struct Query {
    observer: Observer,
    due: Instant,
    answered: bool,
}

impl Query {
    /// Waits until the answer is due.
    pub(crate) async fn due(&self) {
        sleep_until(self.due).await;
        if let Ok(permit) = self.observer.allowed.acquire().await {
            permit.forget();
        }
    }

    /// Counts the answer.
    pub(crate) fn answered(mut self) {
        self.answered = true;
    }
}

impl Drop for Query {
    fn drop(&mut self) {
        self.observer.seen.send_modify(|seen| {
            seen.in_flight -= 1;
            seen.answers += usize::from(self.answered);
        });
    }
}
