//! The server as one of several, which follow one NATS stream.

use std::io;
use std::time::Duration;

use clap::Args;
use sse::nats::{Broker, Options, Stats};

use super::{Figures, say};

/// How long the server waits for NATS at its start.
const PATIENCE: Duration = Duration::from_secs(30);

/// The flags.
#[derive(Args)]
pub(super) struct Flags {
    /// The address of NATS: all servers with the same subject there are one broker
    #[arg(long, value_name = "URL")]
    nats: Option<String>,
    /// The subject that the servers share
    #[arg(long, value_name = "NAME", default_value = "sse", requires = "nats")]
    subject: String,
    /// The number of events that NATS keeps, if this server creates the stream
    #[arg(long, value_name = "N", default_value_t = 100_000, requires = "nats", value_parser = clap::value_parser!(u32).range(1..))]
    keep: u32,
}

impl Flags {
    pub(super) fn options(&self) -> Option<Options> {
        Some(Options {
            url: self.nats.clone()?,
            subject: self.subject.clone(),
            keep: self.keep,
            patience: PATIENCE,
        })
    }
}

impl Figures for Stats {
    fn clients(&self) -> usize {
        self.broker.clients
    }
}

/// Starts a broker that says on standard error when NATS is lost, and when it is back.
pub(super) async fn start(options: sse::Options, nats: Options) -> io::Result<Broker> {
    let broker = Broker::start(options, nats)
        .await
        .map_err(io::Error::other)?;
    let watched = broker.clone();
    tokio::spawn(async move {
        let mut last = watched.stats().nats;
        while let Some(now) = watched.next_change(&last).await {
            match now.connected {
                true => say(&format!("NATS is back after {} ms", now.last_outage_ms)),
                false => say("NATS can't be reached; publishers are refused"),
            }
            last = now;
        }
    });
    Ok(broker)
}
