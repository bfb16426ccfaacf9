//! What is asked for.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, ValueEnum};
use serde::Serialize;

/// How many open files are asked for, here and in the server.
pub(crate) const OPEN_FILES: u64 = 20_000;

/// Open files besides the clients' sockets.
const OTHER_FILES: u64 = 100;

/// Connects clients to a server, publishes, and says what was received.
#[derive(Parser)]
pub(crate) struct Flags {
    #[command(flatten)]
    pub(crate) plan: Plan,
    /// How often; the figures are medians
    #[arg(long, value_name = "R", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) runs: u32,
    /// Print one JSON object on one line
    #[arg(long)]
    pub(crate) json: bool,
    /// Run the chapter's whole comparison
    #[arg(long, requires = "out")]
    pub(crate) suite: bool,
    /// Of the comparison: one run each, and fewer clients
    #[arg(long, requires = "suite")]
    pub(crate) quick: bool,
    /// Of the comparison: the file to write
    #[arg(long, value_name = "FILE", requires = "suite")]
    pub(crate) out: Option<PathBuf>,
    /// Of the comparison: a line that says on what machine
    #[arg(long, value_name = "LINE", requires = "suite")]
    pub(crate) machine: Option<String>,
    /// Of the comparison: a line that says what compiled it
    #[arg(long, value_name = "LINE", requires = "suite")]
    pub(crate) compilers: Option<String>,
}

/// One run.
#[derive(Args, Clone, Serialize)]
pub(crate) struct Plan {
    /// The server
    #[arg(long, value_enum, default_value = "ours")]
    pub(crate) server: Kind,
    /// How many clients, with those that stall
    #[arg(long, value_name = "N", default_value_t = 1_000, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) clients: u32,
    /// How many events a second
    #[arg(long, value_name = "EVENTS", default_value = "10", value_parser = rate)]
    pub(crate) rate: f64,
    /// For how long to publish at that rate
    #[arg(long, value_name = "S", default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..=3600))]
    pub(crate) seconds: u32,
    /// How large an event's data is
    #[arg(long, value_name = "N", default_value_t = 128, value_parser = clap::value_parser!(u32).range(25..=65_536))]
    pub(crate) bytes: u32,
    /// Publish N events back to back instead
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub(crate) burst: Option<u32>,
    /// Of a burst: how many requests are sent before their answers are read
    #[arg(long, value_name = "N", default_value_t = 64, value_parser = clap::value_parser!(u32).range(1..=128))]
    pub(crate) pipeline: u32,
    /// Of a burst: wait with each event until all have received the last
    #[arg(long, requires = "burst")]
    pub(crate) one_at_a_time: bool,
    /// Which share of the clients never reads
    #[arg(long, value_name = "SHARE", default_value = "0", value_parser = share)]
    pub(crate) stalled: f64,
    /// Those that were cut connect again, and stall again
    #[arg(long)]
    pub(crate) stalled_return: bool,
    /// How much the system may keep for a client that never reads
    #[arg(long, value_name = "BYTES", default_value_t = 4_096, value_parser = clap::value_parser!(u32).range(1..=1 << 30))]
    pub(crate) receive_buffer: u32,
    /// How many threads receive
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=64))]
    pub(crate) threads: u32,
    /// How many events may wait in the server for one client
    #[arg(long, value_name = "N", default_value_t = 256, value_parser = clap::value_parser!(u32).range(1..=1 << 20))]
    pub(crate) buffer: u32,
    /// Only ours: how many events are kept for clients that return
    #[arg(long, value_name = "N")]
    pub(crate) history: Option<u32>,
    /// Only ours: how often clients get a comment
    #[arg(long, value_name = "SECONDS")]
    pub(crate) heartbeat: Option<f64>,
    /// Only ours: how long a write may take
    #[arg(long, value_name = "SECONDS")]
    pub(crate) write_timeout: Option<f64>,
    /// Only ours: how much the system may hold for a client in the server
    #[arg(long, value_name = "BYTES")]
    pub(crate) send_buffer: Option<u32>,
    /// Give a run up after so long; usually 120 s and the time it takes
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u32).range(1..=86_400))]
    pub(crate) deadline: Option<u32>,
}

/// The server that is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ValueEnum, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Kind {
    /// The chapter's
    Ours,
    /// Bare hyper, a bounded channel a client
    Hyper,
    /// Bare hyper, one broadcast channel
    Broadcast,
    /// A loop of non-blocking writes
    Raw,
    /// The talk's broker in Go
    Go,
}

impl Kind {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Kind::Ours => "ours",
            Kind::Hyper => "hyper",
            Kind::Broadcast => "broadcast",
            Kind::Raw => "raw",
            Kind::Go => "go",
        }
    }
}

impl Plan {
    /// What is run without any flags.
    pub(crate) fn usual() -> Plan {
        Flags::parse_from(["load"]).plan
    }

    pub(crate) fn stalling(&self) -> usize {
        (f64::from(self.clients) * self.stalled).round() as usize
    }

    /// How many clients read.
    pub(crate) fn reading(&self) -> usize {
        self.clients as usize - self.stalling()
    }

    pub(crate) fn events(&self) -> u64 {
        match self.burst {
            Some(events) => u64::from(events),
            None => ((self.rate * f64::from(self.seconds)).round() as u64).max(1),
        }
    }

    /// What is wrong with it, where it isn't for the parser to see.
    pub(crate) fn wrong(&self) -> Option<String> {
        let (clients, open_files) = (self.clients, raise_limit());
        let needed = u64::from(clients) + OTHER_FILES;
        if needed > open_files {
            return Some(format!(
                "--clients {clients}: it needs {needed} open files, and the limit is {open_files}"
            ));
        }
        if self.reading() == 0 {
            let share = self.stalled;
            return Some(format!(
                "--stalled {share}: of {clients} clients none is left that reads"
            ));
        }
        None
    }
}

impl Flags {
    /// The flags, or the status to end with: 2 when they are wrong, and it has said so in one line.
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
                // What is below the blank line is the usage.
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
        _ => Err("not a number from 0.01 to 1000000".to_owned()),
    }
}

fn share(words: &str) -> Result<f64, String> {
    match words.parse() {
        Ok(share) if (0.0..=1.0).contains(&share) => Ok(share),
        _ => Err("not a number from 0 to 1".to_owned()),
    }
}
