//! Two hundred requests at once, for each of which one service resets its connection.

use std::net::SocketAddr;
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use oorandom::Rand32;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::runtime::{Builder, RuntimeMetrics};
use tokio::sync::oneshot;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

mod client;
#[path = "../examples/page/handler.rs"]
mod handler;
#[path = "../examples/page/remote.rs"]
mod remote;
#[path = "../examples/page/service.rs"]
mod service;

use service::Service;

const REQUESTS: usize = 200;
/// The requests whose part is late, or whose client leaves.
const LEAVE: usize = 20;
const PATIENCE: Duration = Duration::from_secs(60);
/// Shorter than the patience of the pages, so that no page ends by itself in time.
const SOON: Duration = Duration::from_secs(30);
const SERVICES: [&str; 3] = ["ci", "cd", "user"];

/// The open descriptors of this process, where the system lists them; 0 elsewhere.
fn descriptors() -> usize {
    std::fs::read_dir("/dev/fd").map_or(0, Iterator::count)
}

/// The server and its services, on a thread of their own.
struct Server {
    address: SocketAddr,
    metrics: RuntimeMetrics,
    /// Tokio's tasks before the first request.
    tasks: usize,
    stop: oneshot::Sender<()>,
    thread: thread::JoinHandle<()>,
}

impl Server {
    fn start() -> Server {
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        let metrics = runtime.handle().metrics();
        let (stop, stopped) = oneshot::channel();
        let (ready, is_ready) = mpsc::channel();
        let thread = thread::spawn(move || {
            runtime.block_on(async {
                let services = [
                    Service::start("passed").await.unwrap(),
                    Service::start("deployed").await.unwrap(),
                    Service::start("Ada").await.unwrap(),
                ];
                let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
                let address = listener.local_addr().unwrap();
                let router = handler::router(services.each_ref().map(Service::address));
                let serving = axum::serve(listener, router).into_future();
                let tasks = runtime.metrics().num_alive_tasks();
                ready.send((address, tasks)).unwrap();
                tokio::select! {
                    _ = serving => {}
                    _ = stopped => {}
                }
            });
        });
        let (address, tasks) = is_ready.recv().unwrap();
        Server {
            address,
            metrics,
            tasks,
            stop,
            thread,
        }
    }

    /// Waits until the server has this many tasks more than it began with.
    async fn has_more_tasks(&self, more: usize) {
        let begun = Instant::now();
        loop {
            let tasks = self.metrics.num_alive_tasks();
            if tasks >= self.tasks + more {
                return;
            }
            assert!(begun.elapsed() < SOON, "{tasks} tasks");
            sleep(Duration::from_millis(5)).await;
        }
    }

    /// Waits until the server has only the tasks that it began with, and the process its descriptors.
    async fn settled(&self, open: usize) {
        let begun = Instant::now();
        loop {
            let (tasks, now_open) = (self.metrics.num_alive_tasks(), descriptors());
            if tasks == self.tasks && now_open <= open {
                return;
            }
            assert!(
                begun.elapsed() < SOON,
                "{tasks} tasks, {} before; {now_open} descriptors, {open} before",
                self.tasks
            );
            sleep(Duration::from_millis(5)).await;
        }
    }
}

/// Gets a page for which the service with this index resets. Returns the state of each part.
async fn page(server: SocketAddr, variant: &str, resets: usize) -> [String; 3] {
    let path = format!(
        "/page/{variant}?patience_ms=60000&ci_ms=20&cd_ms=30&user_ms=15&{}=resets",
        SERVICES[resets]
    );
    let answer = timeout(PATIENCE, client::get(server, &path)).await;
    let (status, body) = answer.expect("an answer in time").unwrap();
    assert_eq!(status, 200, "{body}");
    let page: Value = serde_json::from_str(&body).unwrap();
    [0, 1, 2].map(|index| page["parts"][index]["state"].as_str().unwrap().to_owned())
}

/// The pages are answered when their patience ends. Then nothing waits for the service that hangs.
async fn late_parts_leave_nothing_behind(server: &Server, variant: &str, open: usize) {
    let mut pages = JoinSet::new();
    for _ in 0..LEAVE {
        let path = format!("/page/{variant}?patience_ms=100&delay_ms=20&cd=hangs");
        let address = server.address;
        pages.spawn(async move { timeout(PATIENCE, client::get(address, &path)).await });
    }
    for answer in pages.join_all().await {
        let (status, body) = answer.expect("an answer in time").unwrap();
        assert!(
            status == 200 && body.contains(r#""state":"late""#),
            "{body}"
        );
    }
    server.settled(open).await;
}

/// A client that closes its connection ends its page, and with the page the requests to services that hang.
async fn clients_that_leave_leave_nothing_behind(server: &Server, variant: &str, open: usize) {
    let path = format!("/page/{variant}?patience_ms=60000&ci=hangs&cd=hangs&user=hangs");
    let mut clients = Vec::new();
    for _ in 0..LEAVE {
        clients.push(client::send(server.address, &path).await.unwrap());
    }
    // Each client's connection, and at least one to a service.
    server.has_more_tasks(2 * LEAVE).await;
    drop(clients);
    server.settled(open).await;
}

/// One test, because it counts the descriptors of the whole process.
#[test]
fn two_hundred_requests_get_two_hundred_pages_and_leave_nothing_behind() {
    // Eight descriptors per request: a client and three services, both ends.
    #[cfg(unix)]
    rlimit::increase_nofile_limit(4_096).unwrap();
    let server = Server::start();
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        // The first request makes what is made only once.
        page(server.address, "joined", 0).await;
        server.settled(usize::MAX).await;
        let open = descriptors();
        let mut random = Rand32::new(2);
        for variant in ["sequential", "joined", "spawned", "hedged"] {
            let mut pages = JoinSet::new();
            for _ in 0..REQUESTS {
                let resets = random.rand_range(0..3) as usize;
                let address = server.address;
                pages.spawn(async move { (resets, page(address, variant, resets).await) });
            }
            let pages = pages.join_all().await;
            assert_eq!(pages.len(), REQUESTS);
            for (resets, states) in pages {
                let mut expected = ["ready"; 3];
                expected[resets] = "failed";
                assert_eq!(states, expected, "{variant}");
            }
            server.settled(open).await;
            late_parts_leave_nothing_behind(&server, variant, open).await;
            clients_that_leave_leave_nothing_behind(&server, variant, open).await;
        }
    });
    let _ = server.stop.send(());
    server.thread.join().unwrap();
}
