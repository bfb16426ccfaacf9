//! A server that answers slowly, and a client process that runs out of files.

use std::collections::BTreeMap;
use std::env;
use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::process::{Command, Stdio};
use std::time::Duration;

use rlimit::{Resource, increase_nofile_limit};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::{Builder, Runtime};
use tokio::time::sleep;

/// The number of items; each is one connection.
pub(crate) const ITEMS: usize = 1_000;
/// The number of files that the client may have open at once.
pub(crate) const FILES: u64 = 150;
/// The limit of the window.
pub(crate) const LIMIT: NonZeroUsize = NonZeroUsize::new(100).unwrap();
/// How long the server waits before it answers. By then `unlimited` has tried to open all its connections.
const ANSWER: Duration = Duration::from_millis(100);
/// The environment variable that makes this program the client; its value is the variant to run.
const CLIENT: &str = "POOL_CRASH_CLIENT";

/// How many of a variant's items succeeded and failed.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Report {
    pub(crate) variant: String,
    pub(crate) done: usize,
    /// The number of failures for each error message of the operating system.
    pub(crate) failed: BTreeMap<String, usize>,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:<10} {:>5} done", self.variant, self.done)?;
        for (error, count) in &self.failed {
            write!(f, ", {count:>5} failed: {error}")?;
        }
        Ok(())
    }
}

/// Runs the client in a client process; calls `f` in any other.
pub(crate) fn client_or(f: impl FnOnce() -> io::Result<()>) -> io::Result<()> {
    match (env::var(CLIENT), env::args().nth(1)) {
        (Ok(variant), Some(server)) => client(&variant, server.parse().map_err(io::Error::other)?),
        _ => f(),
    }
}

/// Runs one variant in a new client process, against a server in this process.
pub(crate) fn run(variant: &str) -> io::Result<Report> {
    // Each connection takes a file in this process too.
    increase_nofile_limit(4 * ITEMS as u64)?;
    runtime()?.block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let mut client = Command::new(env::current_exe()?);
        client
            .env(CLIENT, variant)
            .arg(listener.local_addr()?.to_string());
        let client = client.stdout(Stdio::piped()).spawn()?;
        let output = tokio::task::spawn_blocking(|| client.wait_with_output());
        tokio::select! {
            served = serve(listener) => Err(served.expect_err("the server runs until it fails")),
            output = output => {
                let output = output.map_err(io::Error::other)??;
                if !output.status.success() {
                    return Err(io::Error::other(format!("the client failed: {}", output.status)));
                }
                parse(variant, &String::from_utf8_lossy(&output.stdout))
            }
        }
    })
}

fn runtime() -> io::Result<Runtime> {
    Builder::new_current_thread().enable_all().build()
}

async fn serve(listener: TcpListener) -> io::Result<()> {
    loop {
        let (mut connection, _) = listener.accept().await?;
        tokio::spawn(async move {
            sleep(ANSWER).await;
            // If the client has closed the connection, the answer can be lost.
            let _ = connection.write_all(b"ok").await;
        });
    }
}

fn client(variant: &str, server: SocketAddr) -> io::Result<()> {
    rlimit::setrlimit(Resource::NOFILE, FILES, FILES)?;
    let items = vec![server; ITEMS];
    let results = runtime()?.block_on(async {
        match variant {
            "unlimited" => Ok(pool::unlimited::run(items, LIMIT, ask).await),
            "window" => Ok(pool::window::run(items, LIMIT, ask).await),
            _ => Err(io::Error::other(format!(
                "there is no variant named {variant}"
            ))),
        }
    })?;
    for result in results {
        println!(
            "{}",
            result.map_or_else(|error| error.to_string(), |()| String::new())
        );
    }
    Ok(())
}

async fn ask(server: SocketAddr) -> io::Result<()> {
    let mut connection = TcpStream::connect(server).await?;
    let mut answer = Vec::new();
    connection.read_to_end(&mut answer).await?;
    if answer == b"ok" {
        Ok(())
    } else {
        Err(io::Error::other("no answer"))
    }
}

/// Parses the client's output: one line per item, empty if it succeeded, otherwise the error.
fn parse(variant: &str, output: &str) -> io::Result<Report> {
    let mut report = Report {
        variant: variant.to_owned(),
        done: 0,
        failed: BTreeMap::new(),
    };
    for line in output.lines() {
        match line {
            "" => report.done += 1,
            error => *report.failed.entry(error.to_owned()).or_default() += 1,
        }
    }
    match report.done + report.failed.values().sum::<usize>() {
        ITEMS => Ok(report),
        items => Err(io::Error::other(format!(
            "the client reported {items} of {ITEMS} items"
        ))),
    }
}
