//! Clients that vanish at random moments, and what the server still does for them.

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use oorandom::Rand32;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use crate::board::{Board, State, Variant};
use crate::service;

pub(crate) const VARIANTS: [Variant; 5] = [
    Variant::Ignored,
    Variant::Polled,
    Variant::Raced,
    Variant::Dropped,
    Variant::Tree,
];

const ITEMS: usize = 5;
const ITEM_MS: u64 = 20;
/// Clients that are connected at the same time. The board keeps at least as many jobs.
const AT_ONCE: usize = 50;
/// Everything has to end by then.
const PATIENCE: Duration = Duration::from_secs(30);

/// What a variant did for the clients that vanished.
pub(crate) struct Counted {
    pub(crate) variant: Variant,
    pub(crate) requests: usize,
    /// Requests whose client the server saw go before the answer.
    pub(crate) gone: usize,
    /// Items that were begun after the server had seen that.
    pub(crate) begun_after: usize,
    /// The latest end of the work after that, in milliseconds.
    pub(crate) latest_ms: u64,
    /// Tokio's tasks, and file descriptors of the process, after all of it; and before.
    pub(crate) tasks: [usize; 2],
    pub(crate) descriptors: [usize; 2],
}

/// How a client goes.
#[derive(Clone, Copy, Debug)]
enum Leaves {
    /// Closes its socket: a browser's tab, or a process that is killed.
    Closes,
    /// Closes it with a reset, as a system does that drops what is unread.
    Resets,
    /// Closes only its sending half, and waits for the server to close the rest.
    HalfCloses,
}

pub(crate) fn heading() -> String {
    format!(
        "{:<8}  {:>8}  {:>6}  {:>11}  {:>10}  {:>10}  {:>11}",
        "variant", "requests", "vanish", "begun after", "latest end", "tasks left", "descriptors"
    )
}

impl fmt::Display for Counted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let variant = format!("{:?}", self.variant).to_lowercase();
        let difference = |[after, before]: [usize; 2]| after as i64 - before as i64;
        write!(
            f,
            "{variant:<8}  {:>8}  {:>6}  {:>11}  {:>7} ms  {:>10}  {:>+11}",
            self.requests,
            self.gone,
            self.begun_after,
            self.latest_ms,
            difference(self.tasks),
            difference(self.descriptors),
        )
    }
}

/// Sends the requests of one variant to a server that runs on a thread of its own.
///
/// On one thread, nothing can begin in the moment between the end that the server sees and the cancellation.
pub(crate) fn run(variant: Variant, requests: usize) -> io::Result<Counted> {
    let server = Server::start()?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let (states, descriptors) = runtime.block_on(async {
        // The first request makes what is made only once.
        vanish(server.address, variant, Leaves::Closes, ITEM_MS).await?;
        server.settled().await?;
        let before = descriptors();
        let mut states = Vec::new();
        let mut random = Rand32::new(4);
        for _ in 0..requests.div_ceil(AT_ONCE) {
            let mut clients = JoinSet::new();
            for _ in 0..AT_ONCE {
                let leaves = [Leaves::Closes, Leaves::Resets, Leaves::HalfCloses]
                    [random.rand_range(0..3) as usize];
                let after_ms =
                    u64::from(random.rand_range(0..(ITEMS as u32 * ITEM_MS as u32 * 6 / 5)));
                clients.spawn(vanish(server.address, variant, leaves, after_ms));
            }
            for client in clients.join_all().await {
                client?;
            }
            server.settled().await?;
            let newest = server.board.states();
            states.extend(newest.into_iter().rev().take(AT_ONCE));
        }
        server.settled().await?;
        Ok::<_, io::Error>((states, [descriptors(), before]))
    })?;
    let tasks = server.stop();
    let gone: Vec<&State> = states
        .iter()
        .filter(|state| state.gone_ms.is_some())
        .collect();
    let late = |state: &&State| Some(state.ended_ms?.saturating_sub(state.gone_ms?));
    Ok(Counted {
        variant,
        requests: states.len(),
        gone: gone.len(),
        begun_after: gone.iter().map(|state| state.begun_after).sum(),
        latest_ms: gone.iter().filter_map(late).max().unwrap_or(0),
        tasks,
        descriptors,
    })
}

/// Sends a request, and goes after a while. Returns once nothing more can come.
async fn vanish(
    server: SocketAddr,
    variant: Variant,
    leaves: Leaves,
    after_ms: u64,
) -> io::Result<()> {
    let mut stream = TcpStream::connect(server).await?;
    let variant = format!("{variant:?}").to_lowercase();
    let request = format!(
        "GET /process/{variant}?items={ITEMS}&item_ms={ITEM_MS} HTTP/1.1\r\nhost: localhost\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).await?;
    sleep(Duration::from_millis(after_ms)).await;
    match leaves {
        Leaves::Closes => {}
        Leaves::Resets => socket2::SockRef::from(&stream).set_linger(Some(Duration::ZERO))?,
        Leaves::HalfCloses => {
            stream.shutdown().await?;
            let rest = timeout(PATIENCE, stream.read_to_end(&mut Vec::new())).await;
            rest.map_err(|_| {
                io::Error::other("the server doesn't close a half-closed connection")
            })??;
        }
    }
    Ok(())
}

/// The open descriptors of this process, where the system lists them; 0 elsewhere.
fn descriptors() -> usize {
    std::fs::read_dir("/dev/fd").map_or(0, Iterator::count)
}

/// The chapter's server, on a thread of its own.
struct Server {
    address: SocketAddr,
    board: Board,
    metrics: tokio::runtime::RuntimeMetrics,
    /// Tokio's tasks before the first request.
    tasks: usize,
    stop: oneshot::Sender<()>,
    thread: thread::JoinHandle<()>,
}

impl Server {
    fn start() -> io::Result<Server> {
        let board = Board::default();
        let router = service::router(board.clone());
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0"))?;
        let address = listener.local_addr()?;
        let metrics = runtime.handle().metrics();
        let (stop, stopped) = oneshot::channel();
        let (ready, is_ready) = mpsc::channel();
        let thread = thread::spawn(move || {
            runtime.block_on(async {
                let serving = axum::serve(listener, router).into_future();
                let tasks = runtime.metrics().num_alive_tasks();
                ready.send(tasks).expect("the test waits");
                tokio::select! {
                    _ = serving => {}
                    _ = stopped => {}
                }
            });
        });
        let tasks = is_ready.recv().expect("the server starts");
        Ok(Server {
            address,
            board,
            metrics,
            tasks,
            stop,
            thread,
        })
    }

    /// Waits until the server has only the tasks that it began with.
    async fn settled(&self) -> io::Result<()> {
        let begun = Instant::now();
        while self.metrics.num_alive_tasks() > self.tasks {
            if begun.elapsed() > PATIENCE {
                let left = self.metrics.num_alive_tasks() - self.tasks;
                return Err(io::Error::other(format!("{left} tasks are left")));
            }
            sleep(Duration::from_millis(1)).await;
        }
        Ok(())
    }

    /// Stops the server. Returns the number of its tasks at the end, and at the beginning.
    fn stop(self) -> [usize; 2] {
        let tasks = self.metrics.num_alive_tasks();
        let _ = self.stop.send(());
        self.thread.join().expect("the server doesn't panic");
        [tasks, self.tasks]
    }
}
