//! The broker as a server. Ctrl-C or SIGTERM shuts it down.

use std::io::{self, Write};
use std::net::SocketAddr;
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use sse::Options;
use sse::broker::Broker;
use sse::serve::{Transport, serve};
use sse::service::{Served, heartbeats};
use tokio::net::TcpListener;

#[cfg(feature = "nats")]
#[path = "server/nats.rs"]
mod nats;

/// The time that a client may take to send the head of a request.
const HEAD_TIMEOUT: Duration = Duration::from_secs(10);

/// A broker for server-sent events: publish to /publish, subscribe to /events, watch both at /
#[derive(Parser)]
#[command(name = "server")]
struct Arguments {
    /// The address to listen on; port 0 chooses a free port
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// The number of events that may wait for one client
    #[arg(long, value_name = "N", default_value_t = 64, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    buffer: u32,
    /// The number of events that are kept for clients that come back
    #[arg(long, value_name = "N", default_value_t = 1_000)]
    history: u32,
    /// The number of clients that may be connected at a time
    #[arg(long, value_name = "N", default_value_t = 10_000)]
    max_clients: u32,
    /// The time between two comments, which show that a connection is alive
    #[arg(long, value_name = "SECONDS", default_value = "15", value_parser = seconds)]
    heartbeat: Duration,
    /// The time after which a client that accepts nothing is cut off
    #[arg(long, value_name = "SECONDS", default_value = "10", value_parser = seconds)]
    write_timeout: Duration,
    /// The size of the system's send buffer for one client [default: the system's choice]
    #[arg(long, value_name = "BYTES", value_parser = clap::value_parser!(u32).range(1_024..=1 << 30))]
    send_buffer: Option<u32>,
    #[cfg(feature = "nats")]
    #[command(flatten)]
    nats: nats::Flags,
}

/// Parses seconds, with or without a fraction, from a millisecond to a day.
fn seconds(words: &str) -> Result<Duration, String> {
    match words.parse::<f64>() {
        Ok(seconds) if (0.001..=86_400.0).contains(&seconds) => {
            Ok(Duration::from_secs_f64(seconds))
        }
        _ => Err("expected a number of seconds from 0.001 to 86400".to_owned()),
    }
}

fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) if error.use_stderr() => {
            // The first line has the reason; clap prints more.
            let words = error.to_string();
            let line = words.lines().find(|line| !line.trim().is_empty());
            eprintln!(
                "server: {}",
                line.unwrap_or_default().trim_start_matches("error: ")
            );
            return ExitCode::from(2);
        }
        Err(help) => help.exit(),
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build();
    let served = runtime.map_err(|error| (1, error)).and_then(|runtime| {
        let served = runtime.block_on(run(arguments));
        // Drops the tasks that are left, without waiting for them.
        runtime.shutdown_timeout(Duration::from_millis(100));
        served
    });
    match served {
        Ok(()) => ExitCode::SUCCESS,
        Err((status, error)) => {
            eprintln!("server: {error}");
            ExitCode::from(status)
        }
    }
}

async fn run(arguments: Arguments) -> Result<(), (u8, io::Error)> {
    let listener = TcpListener::bind(arguments.listen).await.map_err(|error| {
        let hint = match error.kind() {
            io::ErrorKind::AddrInUse => "; choose another with --listen 127.0.0.1:0",
            _ => "",
        };
        let words = format!("can't listen on {}: {error}{hint}", arguments.listen);
        (2, io::Error::new(error.kind(), words))
    })?;
    // Before the address is printed: from then on a signal shuts the server down.
    let signal = signal().map_err(|error| (1, error))?;
    let options = Options {
        buffer: arguments.buffer as usize,
        history: arguments.history as usize,
        max_clients: arguments.max_clients as usize,
        ..Options::default()
    };
    #[cfg(feature = "nats")]
    if let Some(nats) = arguments.nats.options() {
        let broker = tokio::select! {
            broker = nats::start(options, nats) => broker.map_err(|error| (1, error))?,
            () = signal => return Ok(()),
        };
        let signal = self::signal().map_err(|error| (1, error))?;
        return serve_until(signal, listener, broker, &arguments).await;
    }
    serve_until(signal, listener, Broker::start(options), &arguments).await
}

/// Prints the address, and serves the broker until the signal.
async fn serve_until<B: Served<Stats: Figures>>(
    signal: impl Future<Output = ()>,
    listener: TcpListener,
    broker: B,
    arguments: &Arguments,
) -> Result<(), (u8, io::Error)> {
    let address = listener.local_addr().map_err(|error| (1, error))?;
    println!("http://{address}");
    let _ = io::stdout().flush();
    tokio::spawn(heartbeats(broker.clone(), arguments.heartbeat));
    let transport = Transport {
        head_timeout: HEAD_TIMEOUT,
        write_timeout: arguments.write_timeout,
        send_buffer: arguments.send_buffer.map(|bytes| bytes as usize),
    };
    let end = async {
        signal.await;
        let clients = broker.stats().clients();
        say(&format!("shutting down; open streams: {clients}"));
    };
    let served = serve(listener, broker.clone(), transport, end).await;
    served.map_err(|error| (1, error))?;
    say("done");
    Ok(())
}

/// What both kinds of brokers count.
trait Figures {
    /// Returns the number of clients.
    fn clients(&self) -> usize;
}

impl Figures for sse::broker::Stats {
    fn clients(&self) -> usize {
        self.clients
    }
}

/// Prints a line to standard error, if there is any.
fn say(words: &str) {
    let _ = writeln!(io::stderr(), "server: {words}");
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
