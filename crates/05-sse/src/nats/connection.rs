//! The connection to NATS: how it is made, and what is known of it.

use std::time::Duration;

use async_nats::jetstream::Context;
use async_nats::jetstream::context::ContextBuilder;
use async_nats::{ConnectOptions, Event, ServerAddr};
use tokio::sync::watch;

use super::{ANSWER, Options, StartError, describe};

/// The longest pause between two tries to connect.
const LONGEST_PAUSE: Duration = Duration::from_millis(500);

/// How often a silent connection is checked. After two checks without an answer, it is lost.
const CHECK: Duration = Duration::from_secs(2);

/// The connection to NATS, as people see it.
#[derive(Clone, Copy, Debug, Default, PartialEq, serde::Serialize)]
pub struct Connection {
    /// Whether the broker follows the stream now. If not, publishers are refused.
    pub connected: bool,
    /// How often the connection was lost since the broker started.
    pub lost: u64,
    /// How long the last loss lasted, in milliseconds, from when it was noticed; 0 before the first.
    pub last_outage_ms: u64,
    /// The number of the newest event that the broker has got from the stream.
    pub newest: u64,
    /// How many events the stream had beyond that one when it was sent.
    pub behind: u64,
}

/// What the link tells all handles.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Nats {
    pub(super) connection: Connection,
    /// Whether the broker has once got all that the stream had.
    pub(super) caught_up: bool,
    /// Whether the link has ended: the broker was shut down, or the stream is not the one that it was.
    pub(super) ended: bool,
}

/// Whether there is a connection now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Up {
    pub(super) connected: bool,
    /// How often it was made. It may be lost and made again before anybody looks.
    pub(super) times: u64,
}

/// Connects in the background, now and whenever the connection is lost.
pub(super) async fn connect(
    options: &Options,
) -> Result<(Context, watch::Receiver<Up>), StartError> {
    let known = |char: char| char.is_ascii_alphanumeric() || "-_.".contains(char);
    let mut parts = options.subject.split('.');
    if !options.subject.chars().all(known) || parts.any(str::is_empty) {
        let words = "a subject is letters, digits, - and _, in parts with a . between two";
        return Err(StartError::Wrong(format!("{:?}: {words}", options.subject)));
    }
    let wrong = |error: &dyn std::error::Error| {
        StartError::Wrong(format!("{:?}: {}", options.url, describe(error)))
    };
    let addresses = options.url.split(',').map(str::parse);
    let addresses: Vec<ServerAddr> = addresses
        .collect::<Result<_, std::io::Error>>()
        .map_err(|error| wrong(&error))?;
    let (sender, connected) = watch::channel(Up::default());
    let client = ConnectOptions::new()
        .name("sse broker")
        .retry_on_initial_connect()
        .ping_interval(CHECK)
        .connection_timeout(CHECK)
        .reconnect_delay_callback(|tries| {
            let pause = Duration::from_millis(1 << tries.min(10));
            pause.min(LONGEST_PAUSE)
        })
        .event_callback(move |event| {
            match event {
                Event::Connected => sender.send_modify(|up| {
                    up.connected = true;
                    up.times += 1;
                }),
                Event::Disconnected | Event::Closed => {
                    sender.send_modify(|up| up.connected = false);
                }
                _ => {}
            }
            std::future::ready(())
        })
        .connect(addresses)
        .await
        .map_err(|error| wrong(&error))?;
    let jetstream = ContextBuilder::new().timeout(ANSWER).build(client);
    Ok((jetstream, connected))
}
