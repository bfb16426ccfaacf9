//! Broken on purpose: a task that checks the flag and then registers misses a cancellation between the two.

use std::mem;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use crate::sync::{
    AtomicBool, Mutex,
    Ordering::{Acquire, Release},
};

/// A token without children.
#[derive(Debug, Default)]
pub struct Token {
    /// Once true, stays true.
    cancelled: AtomicBool,
    /// The tasks that wait. A cancellation empties the list, but a task may join it later.
    waiters: Mutex<Vec<Waker>>,
}

/// A future that should be ready once the token is cancelled, but may wait forever.
#[derive(Debug)]
#[must_use = "a future does nothing unless it is polled"]
pub struct Cancelled<'a>(&'a Token);

impl Token {
    /// Returns a token that isn't cancelled.
    pub fn new() -> Token {
        Token::default()
    }

    /// Cancels the token and wakes the tasks that wait.
    // ANCHOR: cancel
    pub fn cancel(&self) {
        self.cancelled.store(true, Release);
        let waiters = mem::take(&mut *self.waiters.lock().expect("the lock isn't poisoned"));
        for waiter in waiters {
            waiter.wake();
        }
    }
    // ANCHOR_END: cancel

    /// Returns whether the token is cancelled.
    pub fn is_cancelled(&self) -> bool {
        self.cancelled.load(Acquire)
    }

    /// Returns a future that should be ready once the token is cancelled.
    pub fn cancelled(&self) -> Cancelled<'_> {
        Cancelled(self)
    }
}

impl Future for Cancelled<'_> {
    type Output = ();

    // ANCHOR: poll
    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let Cancelled(token) = *self;
        if token.is_cancelled() {
            return Poll::Ready(());
        }
        let waiter = context.waker().clone();
        token
            .waiters
            .lock()
            .expect("the lock isn't poisoned")
            .push(waiter);
        Poll::Pending
    }
    // ANCHOR_END: poll
}
