//! The server, or many, as a program. Ctrl-C or SIGTERM stops it, and it says what it was asked.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write};
use std::net::SocketAddr;
use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use apiserver::{Faults, Fleet, Load, Options, Rule, Security};
use clap::{Parser, ValueEnum};

/// An embedded Kubernetes API server, in memory, with faults on demand
#[derive(Parser)]
#[command(name = "apiserver")]
struct Arguments {
    /// The address to listen on; port 0 chooses a free port
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:0")]
    listen: SocketAddr,
    /// The number of servers, each with a cluster of its own; c01, c02 and so on are their contexts in the kubeconfig
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=1000))]
    clusters: u16,
    /// The objects that are there from the start
    #[arg(long, value_enum, default_value_t = Objects::Empty)]
    load: Objects,
    /// Where to write a kubeconfig for this server
    #[arg(long, value_name = "PATH")]
    kubeconfig: Option<PathBuf>,
    /// Use HTTPS, with an authority that the kubeconfig names
    #[arg(long)]
    tls: bool,
    /// Use HTTPS, and answer only to the token in the kubeconfig
    #[arg(long, requires = "kubeconfig")]
    token: bool,
    /// The time that each request takes in milliseconds, or a range: 20..80
    #[arg(long, value_name = "MS", default_value = "0", value_parser = latency)]
    latency_ms: RangeInclusive<Duration>,
    /// A fault: 429=SECONDS, 403, 500 to 599, slow=MS, hang, truncated, reset or lost; before it optionally the cluster
    /// that has it (c07:) and the method (PATCH:), after it optionally how often (@10%, or @1 for the first try of each
    /// request) and the end of a path (/web-01); may be given more than once
    #[arg(long, value_name = "RULE", value_parser = fault)]
    fault: Vec<(Option<String>, Rule)>,
    /// Two servers with the same seed fail in the same way. Of several, the first has this one, the second has the next one,
    /// and so on
    #[arg(long, value_name = "N", default_value_t = 0)]
    seed: u64,
    /// The number of changes that the server remembers
    #[arg(long, value_name = "N", default_value_t = 10_000)]
    history: u32,
}

#[derive(Clone, Copy, ValueEnum)]
enum Objects {
    /// Two Namespaces
    Empty,
    /// The talk's 100 resources, in the Namespace talk
    Talk,
}

/// Parses milliseconds, or a range of them, up to an hour.
fn latency(words: &str) -> Result<RangeInclusive<Duration>, String> {
    let ms = |words: &str| words.parse().ok().filter(|ms| *ms <= 3_600_000);
    let (least, most) = words.split_once("..").unwrap_or((words, words));
    match (ms(least), ms(most.trim_start_matches('='))) {
        (Some(least), Some(most)) if least <= most => {
            Ok(Duration::from_millis(least)..=Duration::from_millis(most))
        }
        _ => Err("expected milliseconds from 0 to 3600000, or a range such as 20..80".to_owned()),
    }
}

/// Parses a rule, and the name of its cluster if it has one.
fn fault(words: &str) -> Result<(Option<String>, Rule), String> {
    match words.split_once(':') {
        Some((name, rule)) if name.starts_with('c') => Ok((Some(name.to_owned()), rule.parse()?)),
        _ => Ok((None, words.parse()?)),
    }
}

fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) if error.use_stderr() => {
            // The first line has the reason; clap prints more.
            let words = error.to_string();
            let line = words.lines().find(|line| !line.trim().is_empty());
            let line = line.unwrap_or_default().trim_start_matches("error: ");
            eprintln!("apiserver: {line}");
            return ExitCode::from(2);
        }
        Err(help) => help.exit(),
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build();
    let served = runtime
        .map_err(|error| (1, error))
        .and_then(|runtime| runtime.block_on(run(arguments)));
    match served {
        Ok(()) => ExitCode::SUCCESS,
        Err((status, error)) => {
            eprintln!("apiserver: {error}");
            ExitCode::from(status)
        }
    }
}

async fn run(arguments: Arguments) -> Result<(), (u8, io::Error)> {
    let signal = signal().map_err(|error| (1, error))?;
    let fleet = start(&arguments)?;
    if let Some(path) = &arguments.kubeconfig {
        write_private(path, &fleet.kubeconfig)
            .map_err(|error| (2, said(&error, &format!("can't write {}", path.display()))))?;
    }
    for server in &fleet.servers {
        // Nobody may be there to read it.
        let _ = writeln!(io::stdout(), "{}", server.url);
    }
    let _ = io::stdout().flush();
    signal.await;
    let mut counts: BTreeMap<(String, String), u64> = BTreeMap::new();
    for server in &fleet.servers {
        for (verb, resource, count) in server.requests().counts() {
            *counts
                .entry((verb.to_owned(), resource.to_owned()))
                .or_default() += count;
        }
    }
    let mut said = format!("apiserver: {} requests", counts.values().sum::<u64>());
    for ((verb, resource), count) in counts {
        said += &format!("\n{count:>9} {verb} {resource}");
    }
    let _ = writeln!(io::stderr(), "{said}");
    Ok(())
}

fn start(arguments: &Arguments) -> Result<Fleet, (u8, io::Error)> {
    let names = match arguments.clusters {
        1 => vec![Options::default().name],
        count => Fleet::names(count.into()),
    };
    let mut named = arguments.fault.iter().filter_map(|(name, _)| name.as_ref());
    if let Some(unknown) = named.find(|name| !names.contains(name)) {
        let words = format!("there is no cluster {unknown} to have a fault");
        return Err((2, io::Error::other(words)));
    }
    let listen = arguments.listen;
    if listen.port() != 0 && names.len() > 1 {
        let words = format!("{} servers can't share one port", names.len());
        return Err((2, io::Error::other(words)));
    }
    // A seed of its own for each server, or one request would fail at all of them or at none.
    let options = names
        .into_iter()
        .zip(arguments.seed..)
        .map(|(name, seed)| Options {
            listen,
            security: match (arguments.tls, arguments.token) {
                (_, true) => Security::Token,
                (true, false) => Security::Tls,
                (false, false) => Security::Plain,
            },
            load: match arguments.load {
                Objects::Empty => Load::Empty,
                Objects::Talk => Load::Talk,
            },
            faults: Faults {
                latency: arguments.latency_ms.clone(),
                rules: (arguments.fault.iter())
                    .filter(|(of, _)| of.as_ref().is_none_or(|of| *of == name))
                    .map(|(_, rule)| rule.clone())
                    .collect(),
                seed,
            },
            history: arguments.history as usize,
            name,
            ..Options::default()
        });
    Fleet::start(options).map_err(|error| (2, said(&error, &format!("can't listen on {listen}"))))
}

fn said(error: &io::Error, words: &str) -> io::Error {
    io::Error::new(error.kind(), format!("{words}: {error}"))
}

/// Writes a file that only its owner can read.
fn write_private(path: &PathBuf, contents: &str) -> io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)?.write_all(contents.as_bytes())
}

/// Completes when the process is told to end.
#[cfg(unix)]
fn signal() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

/// Completes when the process is told to end.
#[cfg(not(unix))]
fn signal() -> io::Result<impl Future<Output = ()>> {
    Ok(async {
        let _ = tokio::signal::ctrl_c().await;
    })
}
