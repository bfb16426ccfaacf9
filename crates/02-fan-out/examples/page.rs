//! Serves a page that is made from three services. Each service can be told to be slow, to fail, to reset its connection,
//! to answer nonsense or to hang: open the page, choose, and watch what each variant answers.

use std::io::{self, Write};
use std::net::SocketAddr;
use std::process::ExitCode;

use clap::Parser;
use tokio::net::TcpListener;

#[path = "page/handler.rs"]
mod handler;
#[path = "page/remote.rs"]
mod remote;
#[path = "page/service.rs"]
mod service;

/// A page from three services over HTTP, in four variants: open / in a browser and press a button
#[derive(Parser)]
#[command(name = "page")]
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
            eprintln!("page: {error}");
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
    let services = [
        service::Service::start("passed").await?,
        service::Service::start("deployed").await?,
        service::Service::start("Ada").await?,
    ];
    println!("http://{}", listener.local_addr()?);
    io::stdout().flush()?;
    let addresses = services.each_ref().map(service::Service::address);
    axum::serve(listener, handler::router(addresses)).await
}
