//! Follows the stream, and hands each event to the broker. No other broker notices how fast.

use std::time::Duration;

use async_nats::jetstream::consumer::DeliverPolicy;
use async_nats::jetstream::consumer::pull::{Ordered, OrderedConfig};
use async_nats::jetstream::stream::Info;
use async_nats::jetstream::{Context, Message, stream};
use futures::{FutureExt, StreamExt};
use tokio::select;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep, timeout};

use super::connection::{Nats, Up};
use super::wire;
use crate::Closed;
use crate::broker::Broker;

/// How long a broker waits before it asks NATS again.
pub(super) const PAUSE: Duration = Duration::from_millis(50);

/// How long a broker that is behind waits for a client whose queue is full. Then the client is disconnected. A broker
/// that isn't behind never waits.
const PATIENCE: Duration = Duration::from_millis(50);

/// The task that follows the stream. Dropping this ends the task.
#[derive(Debug)]
pub(super) struct Link {
    task: JoinHandle<()>,
    nats: watch::Receiver<Nats>,
}

impl Link {
    /// Starts the task, which hands the events after the number `newest` to the broker.
    pub(super) fn new(
        broker: Broker,
        jetstream: &Context,
        stream: stream::Stream,
        newest: u64,
        connected: watch::Receiver<Up>,
    ) -> Link {
        let info = stream.cached_info();
        let (tell, nats) = watch::channel(Nats::default());
        let follower = Follower {
            broker,
            jetstream: jetstream.clone(),
            stream: info.config.name.clone(),
            start: start_of(info),
            newest,
            connected,
            tell,
        };
        let task = tokio::spawn(follower.run());
        Link { task, nats }
    }

    /// Returns what the link tells.
    pub(super) fn nats(&self) -> watch::Receiver<Nats> {
        self.nats.clone()
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Returns the first part of the ids of a stream's events. It differs from one stream to the next of the same name.
pub(super) fn start_of(info: &Info) -> String {
    format!("{:x}", info.created.unix_timestamp_nanos())
}

/// Why the stream isn't followed any more.
enum End {
    /// The broker has shut down, or the stream is another one, whose numbers mean other events.
    ForGood,
    /// The connection is lost, or the stream couldn't be read.
    Lost,
}

impl From<Closed> for End {
    fn from(_: Closed) -> End {
        End::ForGood
    }
}

struct Follower {
    broker: Broker,
    jetstream: Context,
    stream: String,
    start: String,
    /// The number of the newest event that the broker got, or won't get.
    newest: u64,
    connected: watch::Receiver<Up>,
    tell: watch::Sender<Nats>,
}

impl Follower {
    async fn run(mut self) {
        let mut lost = None;
        loop {
            let broker = self.broker.clone();
            let end = select! {
                end = self.follow(&mut lost) => end,
                () = broker.ended() => End::ForGood,
            };
            match end {
                End::ForGood => break,
                End::Lost => sleep(PAUSE).await,
            }
        }
        self.tell.send_modify(|nats| {
            nats.ended = true;
            nats.connection.connected = false;
        });
        self.broker.shutdown().await;
    }

    /// Follows the stream until something fails. `lost` is when it was lost last, if it is.
    async fn follow(&mut self, lost: &mut Option<Instant>) -> End {
        let up = match self.connected.wait_for(|up| up.connected).await {
            Ok(up) => *up,
            Err(_) => return End::ForGood,
        };
        let (mut messages, pending) = match self.open().await {
            Ok(opened) => opened,
            Err(end) => return end,
        };
        if let Err(Closed) = self.found(lost.take(), pending).await {
            return End::ForGood;
        }
        let end = self.read(&mut messages, up).await;
        if let End::Lost = end {
            *lost = Some(Instant::now());
            self.tell.send_modify(|nats| {
                nats.connection.connected = false;
                nats.connection.lost += 1;
            });
            let words = " NATS can't be reached; events will follow when it is back";
            if self.broker.comment(words).await.is_err() {
                return End::ForGood;
            }
        }
        end
    }

    // ANCHOR: open
    /// Starts to read after the newest event, whatever was read before.
    async fn open(&self) -> Result<(Ordered, u64), End> {
        let stream = self.jetstream.get_stream(&self.stream).await;
        let stream = stream.map_err(|_| End::Lost)?;
        if start_of(stream.cached_info()) != self.start {
            return Err(End::ForGood);
        }
        let consumer = stream.create_consumer(OrderedConfig {
            deliver_policy: DeliverPolicy::ByStartSequence {
                start_sequence: self.newest + 1,
            },
            ..OrderedConfig::default()
        });
        let consumer = consumer.await.map_err(|_| End::Lost)?;
        let pending = consumer.cached_info().num_pending;
        let messages = consumer.messages().await.map_err(|_| End::Lost)?;
        Ok((messages, pending))
    }
    // ANCHOR_END: open

    /// Tells everybody that the stream is followed, and after how long, if it had been lost.
    async fn found(&self, lost: Option<Instant>, pending: u64) -> Result<(), Closed> {
        let outage = lost.map(|lost| lost.elapsed().as_millis() as u64);
        self.tell.send_modify(|nats| {
            nats.connection.connected = true;
            nats.connection.newest = self.newest;
            nats.connection.behind = pending;
            nats.caught_up |= pending == 0;
            if let Some(outage) = outage {
                nats.connection.last_outage_ms = outage;
            }
        });
        match outage {
            None => Ok(()),
            Some(ms) => {
                let words = format!(" NATS is back after {ms} ms; events missed: {pending}");
                self.broker.comment(&words).await
            }
        }
    }

    async fn read(&mut self, messages: &mut Ordered, up: Up) -> End {
        let mut waiting = None;
        loop {
            let message = match waiting.take() {
                Some(message) => message,
                None => select! {
                    biased; // what has arrived is handed on before the loss is told
                    message = messages.next() => message,
                    _ = self.connected.wait_for(|now| *now != up) => return End::Lost,
                },
            };
            waiting = messages.next().now_or_never();
            let Some(Ok(message)) = message else {
                return End::Lost;
            };
            if let Err(end) = self.hand_on(&message, waiting.is_some()).await {
                return end;
            }
        }
    }

    /// Hands on a message. `more` says whether another is waiting here.
    async fn hand_on(&mut self, message: &Message, more: bool) -> Result<(), End> {
        let info = message.info().map_err(|_| End::Lost)?;
        let (number, behind) = (info.stream_sequence, info.pending);
        // Others may publish to the subject, too. What isn't a message counts as missed: its number is skipped.
        if let Some(decoded) = wire::decode(&message.payload)
            && number > self.newest
        {
            if more || behind > 0 {
                self.wait_for_room().await;
            }
            self.broker.publish_as(number, decoded).await?;
        }
        self.newest = self.newest.max(number);
        self.tell.send_modify(|nats| {
            nats.connection.newest = self.newest;
            nats.connection.behind = behind;
            nats.caught_up |= behind == 0;
        });
        Ok(())
    }

    /// After an outage, thousands of events may follow at once, and no client is slow because of that.
    async fn wait_for_room(&self) {
        let room = async {
            while !self.broker.has_room() {
                sleep(Duration::from_millis(1)).await;
            }
        };
        let _ = timeout(PATIENCE, room).await;
    }
}
