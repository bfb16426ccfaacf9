//! The broker as a server. Ctrl-C or SIGTERM ends it.

use std::io::{self, Write};
use std::net::SocketAddr;
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use sse::Options;
use sse::broker::Broker;
use sse::serve::{Transport, serve};
use sse::service::heartbeats;
use tokio::net::TcpListener;

/// How long a client may take to send the head of a request.
const HEAD_TIMEOUT: Duration = Duration::from_secs(10);

/// A broker for server-sent events: publish at /publish, listen at /events, look at /.
#[derive(Parser)]
#[command(name = "server")]
struct Arguments {
    /// Where to listen; port 0 takes a free one
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// How many events may wait for one client
    #[arg(long, value_name = "N", default_value_t = 64, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    buffer: u32,
    /// How many of the last events are kept for clients that return
    #[arg(long, value_name = "N", default_value_t = 1_000)]
    history: u32,
    /// How many clients there may be at a time
    #[arg(long, value_name = "N", default_value_t = 10_000)]
    max_clients: u32,
    /// How often each client gets a comment
    #[arg(long, value_name = "SECONDS", default_value = "15", value_parser = seconds)]
    heartbeat: Duration,
    /// After how long a client is cut off that takes nothing
    #[arg(long, value_name = "SECONDS", default_value = "10", value_parser = seconds)]
    write_timeout: Duration,
    /// How much the system may hold for a client; it chooses, if this is not given
    #[arg(long, value_name = "BYTES", value_parser = clap::value_parser!(u32).range(1_024..=1 << 30))]
    send_buffer: Option<u32>,
}

/// Seconds, fractions too, from a millisecond to a day.
fn seconds(words: &str) -> Result<Duration, String> {
    match words.parse::<f64>() {
        Ok(seconds) if (0.001..=86_400.0).contains(&seconds) => {
            Ok(Duration::from_secs_f64(seconds))
        }
        _ => Err("not a number of seconds from 0.001 to 86400".to_owned()),
    }
}

fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) if error.use_stderr() => {
            // One line that says what is wrong; clap's has more.
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
        // A client's task that is still there is dropped, and not waited for.
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
        let words = format!("can't listen at {}: {error}", arguments.listen);
        (2, io::Error::new(error.kind(), words))
    })?;
    // Before anything is said, so that who reads the address can already end it.
    let end = end().map_err(|error| (1, error))?;
    let address = listener.local_addr().map_err(|error| (1, error))?;
    println!("http://{address}");
    let _ = io::stdout().flush();

    let broker = Broker::start(Options {
        buffer: arguments.buffer as usize,
        history: arguments.history as usize,
        max_clients: arguments.max_clients as usize,
        ..Options::default()
    });
    tokio::spawn(heartbeats(broker.clone(), arguments.heartbeat));
    let transport = Transport {
        head_timeout: HEAD_TIMEOUT,
        write_timeout: arguments.write_timeout,
        send_buffer: arguments.send_buffer.map(|bytes| bytes as usize),
    };
    let served = serve(listener, broker, transport, end).await;
    served.map_err(|error| (1, error))
}

/// Done when the process is told to end.
#[cfg(unix)]
fn end() -> io::Result<impl Future<Output = ()>> {
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

/// Done when the process is told to end.
#[cfg(not(unix))]
fn end() -> io::Result<impl Future<Output = ()>> {
    Ok(async {
        let _ = tokio::signal::ctrl_c().await;
    })
}
