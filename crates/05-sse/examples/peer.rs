//! The servers that the chapter's is measured beside: the same HTTP by other means, and no more than that.

#[path = "peer/broadcast.rs"]
mod broadcast;
#[path = "peer/event.rs"]
mod event;
#[path = "peer/http.rs"]
mod http;
#[path = "peer/hyper.rs"]
mod hyper;
#[path = "peer/raw.rs"]
mod raw;

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::process::ExitCode;

use clap::{Parser, ValueEnum};

/// Serves GET /events and POST /publish, and prints its address
#[derive(Parser)]
struct Flags {
    peer: Peer,
    /// The address to listen on; port 0 chooses a free port
    #[arg(long, default_value = "127.0.0.1:0")]
    listen: SocketAddr,
    /// The number of events that may wait for one client; `raw` has no queues
    #[arg(long, default_value_t = 256, value_parser = clap::value_parser!(u32).range(1..=1 << 20))]
    buffer: u32,
}

#[derive(Clone, Copy, ValueEnum)]
enum Peer {
    /// Bare hyper, with a bounded channel per client
    Hyper,
    /// Bare hyper, with one broadcast channel for all
    Broadcast,
    /// A loop of non-blocking writes
    Raw,
}

fn main() -> ExitCode {
    let flags = Flags::parse();
    #[cfg(unix)]
    let _ = rlimit::increase_nofile_limit(20_000);
    match serve(&flags) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("peer: {error}");
            ExitCode::FAILURE
        }
    }
}

fn serve(flags: &Flags) -> io::Result<()> {
    let listener = TcpListener::bind(flags.listen)?;
    println!("http://{}", listener.local_addr()?);
    let buffer = flags.buffer as usize;
    match flags.peer {
        Peer::Hyper => http::serve(listener, hyper::Clients::new(buffer)),
        Peer::Broadcast => http::serve(listener, broadcast::Clients::new(buffer)),
        Peer::Raw => raw::serve(&listener),
    }
}
