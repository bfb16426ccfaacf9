//! The command line.

use std::fmt::Display;
use std::io::{ErrorKind, Write, stdout};
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Parser, ValueEnum};
use hibernation::{Limits, Strategy};
use serde_json::Value;

/// Checks what can be hibernated in a cluster, hibernates it or wakes it
///
/// Without --context, the cluster is an embedded server with the talk's 100 resources, which takes 50 ms per call, and
/// which is gone when the program ends.
#[derive(Parser)]
#[command(name = "hibernation")]
pub(crate) struct Arguments {
    /// What to do
    pub(crate) command: Command,
    /// The context of the kubeconfig ($KUBECONFIG, or ~/.kube/config) that names a real cluster
    #[arg(long, value_name = "NAME")]
    pub(crate) context: Option<String>,
    /// Another kubeconfig file; needs --context
    #[arg(long, value_name = "PATH", requires = "context")]
    pub(crate) kubeconfig: Option<PathBuf>,
    /// Only resources with these labels, such as app=cart
    #[arg(long, value_name = "LABELS")]
    pub(crate) selector: Option<String>,
    /// Only resources in this namespace
    #[arg(long, value_name = "NAME")]
    pub(crate) namespace: Option<String>,
    /// How to check
    #[arg(long, value_name = "STRATEGY", value_enum, default_value = "window")]
    pub(crate) strategy: Chosen,
    /// How many calls may be in flight at once
    #[arg(long, value_name = "N", default_value = "10")]
    pub(crate) limit: NonZeroUsize,
    /// How many seconds it may take
    #[arg(long, value_name = "SECONDS", default_value_t = 60, value_parser = clap::value_parser!(u64).range(1..=86_400))]
    pub(crate) deadline: u64,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
    /// Change the cluster: without it, hibernate and wake only print what they would change
    #[arg(long)]
    pub(crate) yes: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Command {
    /// Count what can be hibernated, and what is
    Check,
    /// Scale what runs to 0, and note how many replicas it had
    Hibernate,
    /// Scale what is hibernated to the replicas that it had
    Wake,
}

/// A strategy's name on the command line.
#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Chosen {
    Sequential,
    Batches,
    Window,
    Listed,
    Watched,
}

impl From<Chosen> for Strategy {
    fn from(chosen: Chosen) -> Strategy {
        Strategy::ALL[chosen as usize]
    }
}

impl Arguments {
    pub(crate) fn limits(&self) -> Limits {
        Limits {
            in_flight: self.limit,
            deadline: Duration::from_secs(self.deadline),
        }
    }

    /// Prints the words, or with `--json` the JSON. Returns a sentence if that fails. A reader that has read enough, such
    /// as `head`, is no failure.
    pub(crate) fn print(&self, words: &impl Display, json: Value) -> Result<(), String> {
        let words = match self.json {
            true => format!("{json:#}\n"),
            false => words.to_string(),
        };
        let mut stdout = stdout().lock();
        let printed = stdout.write_all(words.as_bytes());
        match printed.and_then(|()| stdout.flush()) {
            Err(error) if error.kind() != ErrorKind::BrokenPipe => {
                Err(format!("can't print: {error}"))
            }
            _ => Ok(()),
        }
    }
}
