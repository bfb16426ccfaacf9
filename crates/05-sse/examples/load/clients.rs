//! The clients that read.

use std::cell::RefCell;
use std::future;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::Poll;
use std::thread::{self, JoinHandle, Thread};
use std::time::{Duration, Instant};

use tokio::io::{AsyncRead, AsyncWriteExt, ReadBuf};
use tokio::net::TcpStream;
use tokio::sync::{Semaphore, watch};
use tokio::task::LocalSet;

use crate::clock::Clock;
use crate::histogram::Histogram;
use crate::parse::Parser;

pub(crate) const SUBSCRIBE: &[u8] =
    b"GET /events HTTP/1.1\r\nhost: sse\r\naccept: text/event-stream\r\n\r\n";

/// The number of a thread's clients that connect at a time: fewer than any server's backlog.
const CONNECTING: usize = 64;

/// All clients that read. Each thread has a share of them.
pub(crate) struct Crowd {
    clients: usize,
    totals: Arc<Totals>,
    stop: watch::Sender<()>,
    threads: Vec<JoinHandle<Received>>,
}

/// What the clients need to know.
#[derive(Clone, Copy)]
pub(crate) struct Orders {
    pub(crate) address: SocketAddr,
    pub(crate) clock: Clock,
    /// The size of an event's data.
    pub(crate) bytes: usize,
    /// The first event whose time counts.
    pub(crate) from: u64,
}

/// What the threads share.
struct Totals {
    connected: AtomicUsize,
    gone: AtomicUsize,
    received: AtomicU64,
    /// When the last event was received.
    last: AtomicU64,
    /// The number of receipts at which the waiting thread is woken.
    goal: AtomicU64,
    waiter: Thread,
    error: Mutex<Option<String>>,
}

/// What the clients of a thread received.
pub(crate) struct Received {
    /// The times from publication to receipt.
    pub(crate) times: Histogram,
    pub(crate) events: u64,
    pub(crate) out_of_order: u64,
}

impl Crowd {
    /// Starts connecting the clients on the given number of threads. Only the calling thread may wait for events.
    pub(crate) fn gather(clients: usize, threads: usize, orders: Orders) -> Crowd {
        let totals = Arc::new(Totals {
            connected: AtomicUsize::new(0),
            gone: AtomicUsize::new(0),
            received: AtomicU64::new(0),
            last: AtomicU64::new(0),
            goal: AtomicU64::new(u64::MAX),
            waiter: thread::current(),
            error: Mutex::new(None),
        });
        let (stop, stopped) = watch::channel(());
        let threads = (0..threads)
            .map(|thread| {
                let share = (clients + thread) / threads;
                let (totals, stopped) = (Arc::clone(&totals), stopped.clone());
                thread::spawn(move || receive(share, orders, totals, stopped))
            })
            .collect();
        Crowd {
            clients,
            totals,
            stop,
            threads,
        }
    }

    /// Returns whether all clients are connected, or an error if one of them can't connect.
    pub(crate) fn is_complete(&self) -> Result<bool, String> {
        match self.totals.error.lock().unwrap().take() {
            Some(error) => Err(error),
            None => Ok(self.totals.connected.load(Ordering::Relaxed) == self.clients),
        }
    }

    /// Returns the number of clients that have lost their connection.
    pub(crate) fn gone(&self) -> usize {
        self.totals.gone.load(Ordering::Relaxed)
    }

    /// Returns the time of the last receipt.
    pub(crate) fn last_receipt(&self) -> u64 {
        self.totals.last.load(Ordering::Relaxed)
    }

    /// Waits until each client has received this many events, and returns true. Returns false if nothing arrives for
    /// `quiet`.
    pub(crate) fn wait_for(&self, events: u64, quiet: Duration) -> bool {
        let goal = events * self.clients as u64;
        // SeqCst here and in `count`: either `count` sees the goal, or this thread sees the count.
        self.totals.goal.store(goal, Ordering::SeqCst);
        let (mut before, mut since) = (0, Instant::now());
        loop {
            let received = self.totals.received.load(Ordering::SeqCst);
            if received >= goal {
                return true;
            }
            if received != before {
                (before, since) = (received, Instant::now());
            } else if since.elapsed() > quiet {
                return false;
            }
            thread::park_timeout(Duration::from_millis(100));
        }
    }

    /// Disconnects all clients.
    pub(crate) fn dismiss(self) -> Received {
        drop(self.stop);
        let mut all = Received::new();
        for thread in self.threads {
            let received = thread.join().expect("a receiving thread panicked");
            all.times.merge(&received.times);
            all.events += received.events;
            all.out_of_order += received.out_of_order;
        }
        all
    }
}

impl Totals {
    fn count(&self, events: u64, time: u64) {
        self.last.fetch_max(time, Ordering::Relaxed);
        let before = self.received.fetch_add(events, Ordering::SeqCst);
        let goal = self.goal.load(Ordering::SeqCst);
        if before < goal && goal <= before + events {
            self.waiter.unpark();
        }
    }
}

impl Received {
    fn new() -> Received {
        Received {
            times: Histogram::new(),
            events: 0,
            out_of_order: 0,
        }
    }
}

/// What the clients of a thread share. They run one after the other, so one buffer is enough.
struct Shared {
    orders: Orders,
    totals: Arc<Totals>,
    buffer: RefCell<Vec<u8>>,
    received: RefCell<Received>,
    connecting: Semaphore,
}

fn receive(
    clients: usize,
    orders: Orders,
    totals: Arc<Totals>,
    mut stopped: watch::Receiver<()>,
) -> Received {
    let shared = Rc::new(Shared {
        orders,
        totals,
        buffer: RefCell::new(vec![0; 64 * 1024]),
        received: RefCell::new(Received::new()),
        connecting: Semaphore::new(CONNECTING),
    });
    // A runtime on one thread: no work stealing, and nothing to synchronise.
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_io()
        .build()
        .expect("a runtime");
    let tasks = LocalSet::new();
    for _ in 0..clients {
        tasks.spawn_local(client(Rc::clone(&shared)));
    }
    // The sender is dropped, which is an error here.
    let _ = tasks.block_on(&runtime, stopped.changed());
    drop(tasks);
    shared.received.replace(Received::new())
}

async fn client(shared: Rc<Shared>) {
    if let Err(error) = connect_and_read(&shared).await {
        let words = format!("a client: {error}");
        shared.totals.error.lock().unwrap().get_or_insert(words);
    }
    shared.totals.gone.fetch_add(1, Ordering::Relaxed);
}

/// Reads until the server ends the stream.
///
/// # Errors
///
/// If the stream doesn't begin, or its contents are garbled.
async fn connect_and_read(shared: &Shared) -> io::Result<()> {
    let permit = shared.connecting.acquire().await;
    let mut stream = TcpStream::connect(shared.orders.address).await?;
    stream.set_nodelay(true)?;
    stream.write_all(SUBSCRIBE).await?;
    let mut head = Vec::new();
    let mut client = Client {
        parser: Parser::new(shared.orders.bytes),
        next: 0,
    };
    loop {
        let open = shared
            .read(&mut stream, |bytes| head.extend_from_slice(bytes))
            .await?;
        if let Some(at) = end_of_head(&head) {
            if !head.starts_with(b"HTTP/1.1 200 ") {
                let line = String::from_utf8_lossy(&head);
                let line = line.lines().next().unwrap_or_default();
                return Err(io::Error::other(format!("GET /events: {line}")));
            }
            client.read(shared, &head[at..])?;
            break;
        }
        if !open {
            return Err(io::Error::other(
                "the server closed the connection before it answered",
            ));
        }
    }
    drop((permit, head));
    shared.totals.connected.fetch_add(1, Ordering::Relaxed);
    loop {
        let mut garbled = Ok(());
        // A broken connection is no error: it is counted, and so are the lost events.
        let read = shared.read(&mut stream, |bytes| garbled = client.read(shared, bytes));
        let Ok(true) = read.await else {
            return Ok(());
        };
        garbled?;
    }
}

fn end_of_head(bytes: &[u8]) -> Option<usize> {
    let at = bytes.windows(4).position(|bytes| bytes == b"\r\n\r\n")?;
    Some(at + 4)
}

impl Shared {
    /// Reads once. Returns false if the server has ended the stream.
    async fn read(&self, stream: &mut TcpStream, mut then: impl FnMut(&[u8])) -> io::Result<bool> {
        // After a short read, poll_read knows that there is no more, and saves a system call.
        future::poll_fn(|context| {
            let mut buffer = self.buffer.borrow_mut();
            let mut buffer = ReadBuf::new(&mut buffer);
            match Pin::new(&mut *stream).poll_read(context, &mut buffer) {
                Poll::Ready(read) => Poll::Ready(read.map(|()| {
                    then(buffer.filled());
                    !buffer.filled().is_empty()
                })),
                Poll::Pending => Poll::Pending,
            }
        })
        .await
    }
}

/// One client's position in the stream.
struct Client {
    parser: Parser,
    /// The number of the expected event.
    next: u64,
}

impl Client {
    fn read(&mut self, shared: &Shared, bytes: &[u8]) -> io::Result<()> {
        let now = shared.orders.clock.now();
        let received = &mut *shared.received.borrow_mut();
        let mut events = 0;
        let read = self.parser.read(bytes, |time, number| {
            events += 1;
            if number < self.next {
                received.out_of_order += 1;
            }
            self.next = number + 1;
            if number >= shared.orders.from {
                received.times.add(now.saturating_sub(time));
            }
        });
        if events > 0 {
            received.events += events;
            shared.totals.count(events, now);
        }
        read.map_err(|_| io::Error::other("the stream is garbled"))
    }
}
