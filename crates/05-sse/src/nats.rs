//! Several brokers over one NATS stream: what is published at any of them arrives at all, once and in one order.
//!
//! JetStream numbers the events and keeps them. Each broker is the chapter's own, and follows the stream by itself, at
//! its own pace. So an event has the same id everywhere, and a client can resume at any broker.

mod connection;
mod link;
mod outcome;
mod wire;

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use async_nats::jetstream::context::PublishErrorKind;
use async_nats::jetstream::message::PublishMessage;
use async_nats::jetstream::{self, Context};
use axum::http::StatusCode;
use tokio::sync::watch;
use tokio::time::{Instant, timeout};

pub use connection::Connection;
use connection::Nats;
use link::Link;
pub use outcome::{PublishError, Receipt, StartError};

use crate::broker::{self, Subscription};
use crate::event::Message;
use crate::service::{Refusal, Served};
use crate::{Closed, SubscribeError};

/// How long NATS may take to confirm one message, or to answer one question.
const ANSWER: Duration = Duration::from_secs(2);

/// How long a message is tried again before its publisher is told that its fate isn't known.
const TRIES: Duration = Duration::from_secs(5);

/// Where the events come from.
#[derive(Clone, Debug)]
pub struct Options {
    /// The address of NATS, such as `nats://127.0.0.1:4222`; several are separated by commas.
    pub url: String,
    /// The subject that the brokers share: letters, digits, `-`, `_` and `.`. Its stream has the same name, with `_`
    /// for `.`.
    pub subject: String,
    /// How many events the stream keeps, if this broker is the one that creates it.
    pub keep: u32,
    /// How long the start may wait for NATS.
    pub patience: Duration,
}

/// A handle to a broker that follows a stream. The broker shuts down on [`shutdown`](Broker::shutdown), or when the last
/// handle is dropped.
#[derive(Clone, Debug)]
pub struct Broker {
    broker: broker::Broker,
    jetstream: Context,
    subject: String,
    /// The first part of every id: when the stream was created.
    start: String,
    nats: watch::Receiver<Nats>,
    _link: Arc<Link>,
}

/// What a broker did since it started, and what it knows of NATS.
#[derive(Clone, Copy, Debug, serde::Serialize)]
pub struct Stats {
    /// The broker's own figures.
    #[serde(flatten)]
    pub broker: broker::Stats,
    /// The connection to NATS.
    pub nats: Connection,
}

impl Broker {
    /// Starts a broker that follows the stream, once it has read the events that its history keeps. Creates the stream
    /// if there is none. `options.start` and `options.follows` come from the stream.
    ///
    /// # Errors
    ///
    /// If an option is wrong, or NATS can't be followed within `nats.patience`.
    ///
    /// # Panics
    ///
    /// Outside of a Tokio runtime, or if `options.buffer` is 0.
    pub async fn start(options: crate::Options, nats: Options) -> Result<Broker, StartError> {
        let begun = Instant::now();
        let (jetstream, connected) = connection::connect(&nats).await?;
        let stream = loop {
            // Asks even if there is no connection yet: the answer then comes late, or says so.
            let asked = jetstream.get_or_create_stream(stream_config(&nats)).await;
            match asked {
                Ok(stream) => break stream,
                Err(error) if begun.elapsed() > nats.patience => {
                    return Err(StartError::Unreachable(describe(&error)));
                }
                Err(_) => tokio::time::sleep(link::PAUSE).await,
            }
        };
        let info = stream.cached_info();
        let start = link::start_of(info);
        let state = &info.state;
        let kept = (state.last_sequence + 1).saturating_sub(options.history as u64);
        let first = kept.max(state.first_sequence).max(1);
        let broker = broker::Broker::start(crate::Options {
            start: start.clone(),
            follows: Some(first - 1),
            ..options
        });
        let link = Link::new(broker.clone(), &jetstream, stream, first - 1, connected);
        let mut nats_now = link.nats();
        let left = nats.patience.saturating_sub(begun.elapsed()).max(ANSWER);
        let caught_up = nats_now.wait_for(|nats| nats.caught_up);
        if !matches!(timeout(left, caught_up).await, Ok(Ok(_))) {
            let words = "NATS answered, and then sent nothing".to_owned();
            return Err(StartError::Unreachable(words));
        }
        Ok(Broker {
            broker,
            jetstream,
            subject: nats.subject,
            start,
            nats: nats_now,
            _link: Arc::new(link),
        })
    }

    /// Registers a client. With `last`, the id of an event from any of the brokers, the client first gets what it missed
    /// since then.
    ///
    /// # Errors
    ///
    /// If the broker has shut down, or all slots are taken.
    pub async fn subscribe(&self, last: Option<&str>) -> Result<Subscription, SubscribeError> {
        self.broker.subscribe(last).await
    }

    /// Publishes a message to the clients of all brokers. Returns once the stream has it.
    ///
    /// # Errors
    ///
    /// Each says whether the stream may have the message.
    pub async fn publish(&self, message: Message) -> Result<Receipt, PublishError> {
        let key = wire::unique_key();
        self.publish_once(message, &key).await
    }

    /// Publishes a message under a key. A message whose key the stream has seen within its last two minutes, from any of
    /// the brokers, isn't published again: its publisher gets the first one's id. A key is 1 to 128 visible characters
    /// of ASCII.
    ///
    /// # Errors
    ///
    /// Each says whether the stream may have the message.
    pub async fn publish_once(&self, message: Message, key: &str) -> Result<Receipt, PublishError> {
        let begun = Instant::now();
        let mut sent = false;
        loop {
            // The task that follows the stream has ended, or its runtime has.
            if self.nats.borrow().ended || self.nats.has_changed().is_err() {
                return Err(unless(sent, PublishError::Closed));
            }
            let mut why = "the connection is lost".to_owned();
            if self.nats.borrow().connection.connected {
                match self.try_publish(&message, key).await {
                    Ok(receipt) => return Ok(receipt),
                    Err(Failed::Surely(error)) => return Err(unless(sent, error)),
                    Err(Failed::Perhaps) => sent = true,
                    Err(Failed::NotYet(words)) => why = words,
                }
            }
            if !sent {
                return Err(PublishError::Unreachable(why));
            }
            if begun.elapsed() > TRIES {
                return Err(PublishError::Unconfirmed);
            }
            tokio::time::sleep(link::PAUSE).await;
        }
    }

    async fn try_publish(&self, message: &Message, key: &str) -> Result<Receipt, Failed> {
        let payload = wire::encode(message);
        let publish = PublishMessage::build().payload(payload).message_id(key);
        let sent = self.jetstream.send_publish(self.subject.clone(), publish);
        let acknowledged = match sent.await {
            Ok(sent) => sent.await,
            Err(error) => Err(error),
        };
        match acknowledged {
            Ok(receipt) => Ok(Receipt {
                id: format!("{}-{}", self.start, receipt.sequence),
                duplicate: receipt.duplicate,
            }),
            // ANCHOR: outcome
            Err(error) => Err(match error.kind() {
                PublishErrorKind::TimedOut | PublishErrorKind::BrokenPipe => Failed::Perhaps,
                PublishErrorKind::MaxPayloadExceeded => Failed::Surely(PublishError::TooLong),
                PublishErrorKind::StreamNotFound | PublishErrorKind::MaxAckPending => {
                    Failed::NotYet(describe(&error))
                }
                _ => Failed::Surely(PublishError::Refused(describe(&error))),
            }),
            // ANCHOR_END: outcome
        }
    }

    /// Sends a comment to the clients of this broker, which shows that the connection is alive.
    ///
    /// # Errors
    ///
    /// If the broker has shut down.
    pub async fn heartbeat(&self) -> Result<(), Closed> {
        self.broker.heartbeat().await
    }

    /// Ends every subscription at this broker after what is queued for it, and refuses new clients from now on. The
    /// stream and the other brokers stay.
    pub async fn shutdown(&self) {
        self.broker.shutdown().await;
    }

    /// Returns what the broker did so far, and how its connection to NATS is now.
    pub fn stats(&self) -> Stats {
        Stats {
            broker: self.broker.stats(),
            nats: self.nats.borrow().connection,
        }
    }

    /// Returns the connection to NATS each time that it is lost or is back, or `None` once the broker has ended.
    pub async fn next_change(&self, last: &Connection) -> Option<Connection> {
        let mut nats = self.nats.clone();
        let changed = nats.wait_for(|now| now.ended || now.connection.connected != last.connected);
        let now = *changed.await.ok()?;
        (!now.ended).then_some(now.connection)
    }
}

impl Served for Broker {
    type Receipt = Receipt;
    type Stats = Stats;

    async fn subscribe(&self, last: Option<&str>) -> Result<Subscription, SubscribeError> {
        self.subscribe(last).await
    }

    async fn publish(&self, message: Message, key: Option<&str>) -> Result<Receipt, Refusal> {
        let published = match key {
            None => self.publish(message).await,
            Some(key) if wire::is_key(key) => self.publish_once(message, key).await,
            Some(_) => {
                let words = format!("an Idempotency-Key is 1 to {} letters", wire::LONGEST_KEY);
                return Err((StatusCode::BAD_REQUEST, words));
            }
        };
        published.map_err(|error| (error.status(), error.to_string()))
    }

    async fn heartbeat(&self) -> Result<(), Closed> {
        self.heartbeat().await
    }

    async fn shutdown(&self) {
        self.shutdown().await;
    }

    fn stats(&self) -> Stats {
        self.stats()
    }
}

/// How one try to publish failed.
enum Failed {
    /// The stream doesn't have the message, and won't.
    Surely(PublishError),
    /// The stream may have it.
    Perhaps,
    /// The stream doesn't have it, and may take it later.
    NotYet(String),
}

/// Returns the error, unless an earlier try may have succeeded.
fn unless(sent: bool, error: PublishError) -> PublishError {
    match sent {
        true => PublishError::Unconfirmed,
        false => error,
    }
}

/// Returns the stream's configuration: in a file, the oldest event goes first.
fn stream_config(nats: &Options) -> jetstream::stream::Config {
    jetstream::stream::Config {
        name: nats.subject.replace('.', "_"),
        subjects: vec![nats.subject.clone()],
        max_messages: nats.keep.into(),
        ..Default::default()
    }
}

/// Returns an error's words with those of its causes.
fn describe(error: &dyn Error) -> String {
    let mut words = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        words += &format!(": {error}");
        cause = error.source();
    }
    words
}
