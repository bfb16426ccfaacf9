//! Whole pages: from sources that answer at once, and over sockets.

use std::hint::black_box;
use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::panic::AssertUnwindSafe;
use std::thread;
use std::time::{Duration, Instant};

use fan_out::hedged::Hedged;
use fan_out::{Error, Page, Sources, joined, sequential, spawned, wait_group};
use futures::FutureExt;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio::time::error::Elapsed;
use tokio::time::timeout;

use crate::branches::timed;
use crate::service::Service;

const PAGES: usize = 30_000;
const PATIENCE: Duration = Duration::from_secs(60);

/// Sources that answer at once.
#[derive(Clone, Copy)]
struct Ready;

impl Sources for Ready {
    async fn ci(&self) -> Result<String, Error> {
        Ok("passed".to_owned())
    }
    async fn cd(&self) -> Result<String, Error> {
        Ok("deployed".to_owned())
    }
    async fn user(&self) -> Result<String, Error> {
        Ok("Ada".to_owned())
    }
}

impl wait_group::Sources for Ready {
    fn ci(&self) -> Result<String, Error> {
        Ok("passed".to_owned())
    }
    fn cd(&self) -> Result<String, Error> {
        Ok("deployed".to_owned())
    }
    fn user(&self) -> Result<String, Error> {
        Ok("Ada".to_owned())
    }
}

/// Returns the nanoseconds of each kind of page, by its name.
pub(crate) fn pages(runtime: &Runtime) -> [(&'static str, f64); 6] {
    [
        (
            "join! page",
            timed(runtime, PAGES, || used(bare(&Ready, PATIENCE))),
        ),
        (
            "joined page",
            timed(runtime, PAGES, || used(joined::page(&Ready, PATIENCE))),
        ),
        (
            "sequential page",
            timed(runtime, PAGES, || used(sequential::page(&Ready, PATIENCE))),
        ),
        ("hedged page", timed(runtime, PAGES, || used(hedged()))),
        (
            "spawned page",
            timed(runtime, PAGES / 10, || {
                used(spawned::page(&Ready, PATIENCE))
            }),
        ),
        ("threads page", threads()),
    ]
}

async fn used<P>(page: impl Future<Output = P>) {
    black_box(page.await);
}

async fn hedged() -> Page {
    let delay = Duration::from_secs(1);
    Hedged { delay }.page(&Ready, PATIENCE).await
}

/// What a bare `join!` returns: for each source its answer, or the payload of its panic.
type Caught = thread::Result<Result<String, Error>>;

/// The bare `join!`: with the same time-out and the same catching of panics as `joined`, and nothing else.
async fn bare<S: Sources>(sources: &S, patience: Duration) -> Result<[Caught; 3], Elapsed> {
    let fetches = async {
        let (ci, cd, user) = tokio::join!(
            AssertUnwindSafe(sources.ci()).catch_unwind(),
            AssertUnwindSafe(sources.cd()).catch_unwind(),
            AssertUnwindSafe(sources.user()).catch_unwind(),
        );
        [ci, cd, user]
    };
    timeout(patience, fetches).await
}

fn threads() -> f64 {
    let pages = PAGES / 100;
    let start = Instant::now();
    for _ in 0..pages {
        black_box(wait_group::page(&Ready));
    }
    start.elapsed().as_nanos() as f64 / pages as f64
}

/// The example's server and its services, in a runtime of their own.
pub(crate) struct Server {
    /// Where the server listens, and the slowest service.
    addresses: [SocketAddr; 2],
    _runtime: Runtime,
    _services: [Service; 3],
}

impl Server {
    pub(crate) fn start() -> io::Result<Server> {
        let runtime = Runtime::new()?;
        let (services, listener) = runtime.block_on(async {
            let services = [
                Service::start("passed").await?,
                Service::start("deployed").await?,
                Service::start("Ada").await?,
            ];
            Ok::<_, io::Error>((services, TcpListener::bind("127.0.0.1:0").await?))
        })?;
        let addresses = [listener.local_addr()?, services[1].address()];
        let router = crate::handler::router(services.each_ref().map(Service::address));
        runtime.spawn(async move { axum::serve(listener, router).await });
        Ok(Server {
            addresses,
            _runtime: runtime,
            _services: services,
        })
    }

    /// Returns the milliseconds of a request to the slowest service, and of a page by each of two variants.
    pub(crate) fn measure(&self) -> io::Result<[(&'static str, f64); 3]> {
        let [server, slowest] = self.addresses;
        Ok([
            (
                "slowest socket",
                request(slowest, "/?after_ms=300&does=answers")?,
            ),
            ("joined socket", request(server, "/page/joined")?),
            ("spawned socket", request(server, "/page/spawned")?),
        ])
    }
}

/// Returns the milliseconds of a request on a connection of its own.
pub(crate) fn request(address: SocketAddr, path: &str) -> io::Result<f64> {
    let start = Instant::now();
    let mut stream = TcpStream::connect(address)?;
    stream.set_nodelay(true)?;
    let request = format!("GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes())?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    let took = start.elapsed().as_secs_f64() * 1e3;
    if !answer.starts_with("HTTP/1.1 200") {
        return Err(io::Error::other(format!("{path} was answered {answer:?}")));
    }
    Ok(took)
}
