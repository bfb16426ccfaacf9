//! The flags.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, ValueEnum};
use serde::Serialize;

/// The limit on open files that this process requests, for itself and for the server.
pub(crate) const OPEN_FILES: u64 = 20_000;

/// The number of open files besides the clients' sockets.
const OTHER_FILES: u64 = 100;

/// Connects clients to a server, publishes events, and reports what the clients received
#[derive(Parser)]
pub(crate) struct Flags {
    #[command(flatten)]
    pub(crate) plan: Plan,
    /// The number of runs; the figures are medians
    #[arg(long, value_name = "R", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) runs: u32,
    /// Print one JSON object on one line
    #[arg(long)]
    pub(crate) json: bool,
    /// Run the chapter's whole comparison
    #[arg(long, requires = "out")]
    pub(crate) suite: bool,
    /// For the comparison: only the server alone and over NATS
    #[arg(long, requires = "suite")]
    pub(crate) over_nats: bool,
    /// For the comparison: one run each, with a tenth of the clients
    #[arg(long, requires = "suite")]
    pub(crate) quick: bool,
    /// For the comparison: the file to write
    #[arg(long, value_name = "FILE", requires = "suite")]
    pub(crate) out: Option<PathBuf>,
    /// For the comparison: a line that describes the machine
    #[arg(long, value_name = "LINE", requires = "suite")]
    pub(crate) machine: Option<String>,
    /// For the comparison: a line that names the compilers
    #[arg(long, value_name = "LINE", requires = "suite")]
    pub(crate) compilers: Option<String>,
}

/// One run.
#[derive(Args, Clone, Serialize)]
pub(crate) struct Plan {
    /// The server
    #[arg(long, value_enum, default_value = "ours")]
    pub(crate) server: Kind,
    /// The number of clients, including those that stall
    #[arg(long, value_name = "N", default_value_t = 1_000, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) clients: u32,
    /// The number of events per second
    #[arg(long, value_name = "EVENTS", default_value = "10", value_parser = rate)]
    pub(crate) rate: f64,
    /// The time to publish at that rate
    #[arg(long, value_name = "S", default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..=3600))]
    pub(crate) seconds: u32,
    /// The size of an event's data in bytes
    #[arg(long, value_name = "N", default_value_t = 128, value_parser = clap::value_parser!(u32).range(25..=65_536))]
    pub(crate) bytes: u32,
    /// Publish N events back to back instead of at a rate
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub(crate) burst: Option<u32>,
    /// For a burst: the number of requests that are sent before their answers are read
    #[arg(long, value_name = "N", default_value_t = 64, value_parser = clap::value_parser!(u32).range(1..=128))]
    pub(crate) pipeline: u32,
    /// For a burst: publish each event once every client has received the one before
    #[arg(long, requires = "burst")]
    pub(crate) one_at_a_time: bool,
    /// The share of clients that never read
    #[arg(long, value_name = "SHARE", default_value = "0", value_parser = share)]
    pub(crate) stalled: f64,
    /// Stalled clients that are cut off reconnect, and stall again
    #[arg(long)]
    pub(crate) stalled_return: bool,
    /// The size of the system's receive buffer for a stalled client
    #[arg(long, value_name = "BYTES", default_value_t = 4_096, value_parser = clap::value_parser!(u32).range(1..=1 << 30))]
    pub(crate) receive_buffer: u32,
    /// The number of threads that receive
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=64))]
    pub(crate) threads: u32,
    /// The number of events that may wait in the server for one client
    #[arg(long, value_name = "N", default_value_t = 256, value_parser = clap::value_parser!(u32).range(1..=1 << 20))]
    pub(crate) buffer: u32,
    /// For `ours` only: the number of events that are kept for clients that come back
    #[arg(long, value_name = "N")]
    pub(crate) history: Option<u32>,
    /// For `ours` only: the time between two comments
    #[arg(long, value_name = "SECONDS")]
    pub(crate) heartbeat: Option<f64>,
    /// For `ours` only: the time after which a client that accepts nothing is cut off
    #[arg(long, value_name = "SECONDS")]
    pub(crate) write_timeout: Option<f64>,
    /// For `ours` only: the size of the system's send buffer for one client
    #[arg(long, value_name = "BYTES")]
    pub(crate) send_buffer: Option<u32>,
    /// The time limit of a run [default: 120 s more than it publishes]
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u32).range(1..=86_400))]
    pub(crate) deadline: Option<u32>,
}

/// The server that is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ValueEnum, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Kind {
    /// This chapter's server
    Ours,
    /// This chapter's server, built with the feature `nats`, with a private NATS
    Nats,
    /// Bare hyper, with a bounded channel per client
    Hyper,
    /// Bare hyper, with one broadcast channel
    Broadcast,
    /// A loop of non-blocking writes
    Raw,
    /// The talk's broker in Go
    Go,
}

impl Kind {
    /// Returns whether it is this chapter's server.
    pub(crate) fn is_ours(self) -> bool {
        matches!(self, Kind::Ours | Kind::Nats)
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Kind::Ours => "ours",
            Kind::Nats => "nats",
            Kind::Hyper => "hyper",
            Kind::Broadcast => "broadcast",
            Kind::Raw => "raw",
            Kind::Go => "go",
        }
    }
}

impl Plan {
    /// Returns the plan without any flags.
    pub(crate) fn usual() -> Plan {
        Flags::parse_from(["load"]).plan
    }

    pub(crate) fn stalling(&self) -> usize {
        (f64::from(self.clients) * self.stalled).round() as usize
    }

    /// Returns the number of clients that read.
    pub(crate) fn reading(&self) -> usize {
        self.clients as usize - self.stalling()
    }

    pub(crate) fn events(&self) -> u64 {
        match self.burst {
            Some(events) => u64::from(events),
            None => ((self.rate * f64::from(self.seconds)).round() as u64).max(1),
        }
    }

    /// Returns what is wrong with the plan, if it is something that the parser can't check.
    pub(crate) fn wrong(&self) -> Option<String> {
        let (clients, open_files) = (self.clients, raise_limit());
        let needed = u64::from(clients) + OTHER_FILES;
        if needed > open_files {
            return Some(format!(
                "--clients {clients} needs {needed} open files, but the limit is {open_files}"
            ));
        }
        if self.reading() == 0 {
            let share = self.stalled;
            return Some(format!(
                "--stalled {share} leaves none of {clients} clients that reads"
            ));
        }
        None
    }
}

impl Flags {
    /// Returns the flags, or the exit status: 2 if they are wrong, after one line with the reason.
    pub(crate) fn read() -> Result<Flags, ExitCode> {
        let wrong = |line: &str| {
            eprintln!("load: {line}");
            Err(ExitCode::from(2))
        };
        match Flags::try_parse() {
            Ok(flags) => match flags.plan.wrong() {
                Some(line) => wrong(&line),
                None => Ok(flags),
            },
            Err(error) if error.use_stderr() => {
                let text = error.to_string();
                let text = text.strip_prefix("error: ").unwrap_or(&text);
                // The usage follows the blank line.
                let line: Vec<&str> = text.split("\n\n").next().unwrap_or(text).lines().collect();
                let words: Vec<&str> = line.iter().map(|line| line.trim()).collect();
                wrong(&words.join(" "))
            }
            Err(help) => {
                let _ = help.print();
                Err(ExitCode::SUCCESS)
            }
        }
    }
}

/// Raises the limit on open files, which the server inherits, and returns it.
#[cfg(unix)]
fn raise_limit() -> u64 {
    rlimit::increase_nofile_limit(OPEN_FILES).unwrap_or(OPEN_FILES)
}

#[cfg(not(unix))]
fn raise_limit() -> u64 {
    OPEN_FILES
}

fn rate(words: &str) -> Result<f64, String> {
    match words.parse() {
        Ok(rate) if (0.01..=1e6).contains(&rate) => Ok(rate),
        _ => Err("expected a number from 0.01 to 1000000".to_owned()),
    }
}

fn share(words: &str) -> Result<f64, String> {
    match words.parse() {
        Ok(share) if (0.0..=1.0).contains(&share) => Ok(share),
        _ => Err("expected a number from 0 to 1".to_owned()),
    }
}
