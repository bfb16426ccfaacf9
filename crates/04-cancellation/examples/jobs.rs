//! A server whose browsers leave. Every variant of the chapter works for a request: open the page, start a job, leave,
//! and watch what goes on.

use std::io::{self, Write};
use std::net::SocketAddr;
use std::process::ExitCode;

use clap::Parser;
use tokio::net::TcpListener;

#[path = "jobs/board.rs"]
mod board;
#[path = "jobs/service.rs"]
mod service;

/// A job of many items behind a request, in five variants: open / in a browser, start a job and leave
#[derive(Parser)]
#[command(name = "jobs")]
struct Arguments {
    /// The address to listen on; port 0 chooses a free port
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
}

#[tokio::main]
async fn main() -> ExitCode {
    match serve(Arguments::parse().listen).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("jobs: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn serve(address: SocketAddr) -> io::Result<()> {
    let listener = TcpListener::bind(address).await.map_err(|error| {
        let hint = match error.kind() {
            io::ErrorKind::AddrInUse => "; choose another with --listen 127.0.0.1:0",
            _ => "",
        };
        io::Error::other(format!("can't listen on {address}: {error}{hint}"))
    })?;
    println!("http://{}", listener.local_addr()?);
    io::stdout().flush()?;
    axum::serve(listener, service::router(board::Board::default())).await
}
