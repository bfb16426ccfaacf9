//! The same future as a task, on its own, and in a `FuturesUnordered`.

use std::io;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::task::{Context, Waker};
use std::thread;

use futures::StreamExt;
use futures::executor::block_on;
use futures::stream::FuturesUnordered;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::Notify;

use crate::child::Waiting;

static GATE: Notify = Notify::const_new();
static WAITING: AtomicU64 = AtomicU64::new(0);
static ENDED: AtomicU64 = AtomicU64::new(0);

/// What every kind of future does.
async fn wait() {
    // Made before it is counted, so that the signal can't come too early.
    let signal = GATE.notified();
    WAITING.fetch_add(1, Relaxed);
    signal.await;
    ENDED.fetch_add(1, Relaxed);
}

/// Waits for a counter. Only one thread waits, and only for a moment.
fn until(counter: &AtomicU64, count: u64) {
    while counter.load(Relaxed) < count {
        thread::yield_now();
    }
}

/// A list in pieces, which never moves what it has.
struct Pieces<T>(Vec<Vec<T>>);

impl<T> Pieces<T> {
    const LENGTH: usize = 10_000;

    fn push(&mut self, value: T) {
        if self.0.last().is_none_or(|last| last.len() == Self::LENGTH) {
            self.0.push(Vec::with_capacity(Self::LENGTH));
        }
        self.0.last_mut().expect("it was pushed").push(value);
    }
}

/// Tasks on Tokio's runtime, with a worker per core.
pub(crate) struct Tasks {
    runtime: Runtime,
    started: u64,
}

impl Tasks {
    pub(crate) fn new() -> io::Result<Tasks> {
        let runtime = Builder::new_multi_thread().build()?;
        Ok(Tasks {
            runtime,
            started: 0,
        })
    }
}

impl Waiting for Tasks {
    fn start(&mut self) -> io::Result<()> {
        self.runtime.spawn(wait());
        self.started += 1;
        Ok(())
    }

    fn settle(&mut self) {
        until(&WAITING, self.started);
    }

    fn finish(self: Box<Self>) {
        GATE.notify_waiters();
        until(&ENDED, self.started);
    }
}

/// Futures that are polled once, and then lie there.
pub(crate) struct Bare<F> {
    started: Pieces<Pin<Box<F>>>,
    make: fn() -> F,
}

impl Bare<()> {
    pub(crate) fn new() -> Bare<impl Future<Output = ()>> {
        Bare {
            started: Pieces(Vec::new()),
            make: wait,
        }
    }
}

impl<F: Future<Output = ()>> Waiting for Bare<F> {
    fn start(&mut self) -> io::Result<()> {
        let mut future = Box::pin((self.make)());
        let pending = future
            .as_mut()
            .poll(&mut Context::from_waker(Waker::noop()));
        assert!(pending.is_pending());
        self.started.push(future);
        Ok(())
    }

    fn settle(&mut self) {}

    fn finish(self: Box<Self>) {
        GATE.notify_waiters();
        for mut future in self.started.0.into_iter().flatten() {
            let ready = future
                .as_mut()
                .poll(&mut Context::from_waker(Waker::noop()));
            assert!(ready.is_ready());
        }
    }
}

/// Futures that one task polls as they are woken.
pub(crate) struct Unordered<F> {
    started: FuturesUnordered<F>,
    make: fn() -> F,
}

impl Unordered<()> {
    pub(crate) fn new() -> Unordered<impl Future<Output = ()>> {
        Unordered {
            started: FuturesUnordered::new(),
            make: wait,
        }
    }
}

impl<F: Future<Output = ()>> Waiting for Unordered<F> {
    fn start(&mut self) -> io::Result<()> {
        self.started.push((self.make)());
        Ok(())
    }

    fn settle(&mut self) {
        let count = self.started.len() as u64;
        while WAITING.load(Relaxed) < count {
            let mut context = Context::from_waker(Waker::noop());
            assert!(self.started.poll_next_unpin(&mut context).is_pending());
        }
    }

    fn finish(mut self: Box<Self>) {
        GATE.notify_waiters();
        block_on(async { while self.started.next().await.is_some() {} });
    }
}
