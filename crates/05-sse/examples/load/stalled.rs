//! The clients that never read.

use std::io;
use std::net::SocketAddr;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use tokio::io::{AsyncWriteExt, Interest};
use tokio::net::{TcpSocket, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::task::LocalSet;

use crate::clients::SUBSCRIBE;

/// All stalled clients, on one thread.
pub(crate) struct Stalled {
    totals: Arc<Totals>,
    /// Dropping it disconnects them.
    stop: watch::Sender<()>,
    thread: JoinHandle<()>,
}

/// Counts of clients and of their connections.
#[derive(Default)]
struct Totals {
    connected: AtomicUsize,
    /// The number of connections that have not been cut off.
    open: AtomicUsize,
    cuts: AtomicUsize,
    /// The number of clients that were cut off at least once.
    cut: AtomicUsize,
    returning: AtomicBool,
}

impl Stalled {
    /// Starts connecting the clients, each with a receive buffer of this size. If `returning`, a client that is cut
    /// off reconnects.
    pub(crate) fn gather(
        clients: usize,
        address: SocketAddr,
        receive_buffer: u32,
        returning: bool,
    ) -> Stalled {
        let totals = Arc::new(Totals {
            returning: AtomicBool::new(returning),
            ..Totals::default()
        });
        let (stop, mut stopped) = watch::channel(());
        let all = Arc::clone(&totals);
        let thread = thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .expect("a runtime");
            let tasks = LocalSet::new();
            let connecting = Rc::new(Semaphore::new(64));
            for _ in 0..clients {
                let (all, connecting) = (Arc::clone(&all), Rc::clone(&connecting));
                tasks.spawn_local(client(all, address, receive_buffer, connecting));
            }
            let _ = tasks.block_on(&runtime, stopped.changed());
        });
        Stalled {
            totals,
            stop,
            thread,
        }
    }

    /// Returns the number of clients that have connected at least once.
    pub(crate) fn connected(&self) -> usize {
        self.totals.connected.load(Ordering::Relaxed)
    }

    /// Returns the number of connections that have not been cut off.
    pub(crate) fn open(&self) -> usize {
        self.totals.open.load(Ordering::Relaxed)
    }

    /// Returns the number of connections that were cut off.
    pub(crate) fn cuts(&self) -> usize {
        self.totals.cuts.load(Ordering::Relaxed)
    }

    /// Returns the number of clients that were cut off at least once.
    pub(crate) fn cut(&self) -> usize {
        self.totals.cut.load(Ordering::Relaxed)
    }

    /// From now on, a client that is cut off doesn't reconnect.
    pub(crate) fn stay_away(&self) {
        self.totals.returning.store(false, Ordering::Relaxed);
    }

    /// Disconnects all clients.
    pub(crate) fn dismiss(self) {
        drop(self.stop);
        let _ = self.thread.join();
    }
}

async fn client(
    totals: Arc<Totals>,
    address: SocketAddr,
    receive_buffer: u32,
    connecting: Rc<Semaphore>,
) {
    let mut times = 0;
    loop {
        let permit = connecting.acquire().await;
        let connected = subscribe(address, receive_buffer).await;
        drop(permit);
        match connected {
            Ok(stream) => {
                totals.open.fetch_add(1, Ordering::Relaxed);
                if times == 0 {
                    totals.connected.fetch_add(1, Ordering::Relaxed);
                }
                cut(&stream).await;
                drop(stream);
                totals.open.fetch_sub(1, Ordering::Relaxed);
                totals.cuts.fetch_add(1, Ordering::Relaxed);
                if times == 0 {
                    totals.cut.fetch_add(1, Ordering::Relaxed);
                }
                times += 1;
            }
            // The server may be full, and have a free slot soon.
            Err(_) => tokio::time::sleep(Duration::from_millis(100)).await,
        }
        if times > 0 && !totals.returning.load(Ordering::Relaxed) {
            return;
        }
    }
}

async fn subscribe(address: SocketAddr, receive_buffer: u32) -> io::Result<TcpStream> {
    let socket = TcpSocket::new_v4()?;
    // Before connecting, which is when the two ends agree on the window.
    socket.set_recv_buffer_size(receive_buffer)?;
    let mut stream = socket.connect(address).await?;
    stream.write_all(SUBSCRIBE).await?;
    Ok(stream)
}

/// Waits until the connection is reset or closed, without reading. A close is seen only if it fits into the
/// receive buffer.
async fn cut(stream: &TcpStream) {
    #[cfg(any(target_os = "linux", target_os = "android"))]
    // No other interest is ready once the server has closed and there is data left to read.
    let interest = Interest::ERROR | Interest::PRIORITY;
    #[cfg(not(any(target_os = "linux", target_os = "android")))]
    let interest = Interest::ERROR;
    let _ = stream.ready(interest).await;
}
