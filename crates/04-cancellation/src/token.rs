//! The handle to a node: cancels it, checks it, waits for it.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use crate::node::{Listener, Node};

/// A handle that tells work to stop. Clones share one token.
///
/// Cancelling a token also cancels its descendants, and nothing else. Dropping a handle cancels nothing. If all handles
/// to a token are dropped, its descendants are still cancelled together with its ancestors.
#[derive(Clone)]
pub struct Token {
    node: Arc<Node>,
}

/// A future that is ready once the token is cancelled. Returned by [`Token::cancelled`].
#[must_use = "a future does nothing unless it is polled"]
pub struct Cancelled<'a> {
    node: &'a Node,
    /// The key of the waker in the node's list, once there is one.
    key: Option<usize>,
}

impl Token {
    /// Returns a token that isn't cancelled and has no parent.
    pub fn new() -> Token {
        let node = Arc::new(Node::root(false));
        Token { node }
    }

    /// Returns a new token that is cancelled when this one is, at once if this one already is.
    ///
    /// Cancelling the child doesn't cancel this token. A child takes a slot in this token until its last handle is
    /// dropped, and keeps this token's memory.
    pub fn child(&self) -> Token {
        let node = self.node.child();
        Token { node }
    }

    /// Cancels this token and all its descendants. Does nothing to those that are already cancelled.
    ///
    /// Wakes each waiting task once. When it returns, every descendant is cancelled. The one exception: if another
    /// thread is cancelling some of them at the same time, that thread may not have finished. Holds one lock at a
    /// time, and none while it wakes a task.
    ///
    /// # Panics
    ///
    /// If a waker panics. The descendants not reached by then are not cancelled. Tokio's wakers don't panic.
    // ANCHOR: cancel
    pub fn cancel(&self) {
        let mut closed = vec![self.node.close()];
        while let Some(listeners) = closed.pop() {
            for (_, listener) in listeners {
                match listener {
                    Listener::Waiter(waker) => waker.wake(),
                    // If all handles to a child are gone, nothing can wait for it.
                    Listener::Child(child) => {
                        let below = child.upgrade().map(|child| child.close());
                        closed.extend(below.filter(|listeners| !listeners.is_empty()));
                    }
                }
            }
        }
    }
    // ANCHOR_END: cancel

    /// Returns whether the token is cancelled. Costs one load, and takes no lock.
    ///
    /// What a thread did before it called [`cancel`](Token::cancel) happens before the return of `true`.
    pub fn is_cancelled(&self) -> bool {
        self.node.is_cancelled()
    }

    /// Returns the number of tasks that wait for this token and of children that have handles. 0 once it is cancelled.
    pub fn listeners(&self) -> usize {
        self.node.listeners()
    }

    /// Returns a future that is ready once the token is cancelled, at once if it already is.
    ///
    /// Dropping the future removes its waker from the token, so a loop may race a new one at each turn. Each poll and
    /// the drop take a lock, unless the token is cancelled.
    pub fn cancelled(&self) -> Cancelled<'_> {
        Cancelled {
            node: &self.node,
            key: None,
        }
    }
}

impl Default for Token {
    fn default() -> Token {
        Token::new()
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Token")
            .field("is_cancelled", &self.is_cancelled())
            .finish_non_exhaustive()
    }
}

impl Future for Cancelled<'_> {
    type Output = ();

    // ANCHOR: poll
    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let Cancelled { node, key } = &mut *self;
        if node.is_cancelled() || !node.register(key, context.waker()) {
            *key = None;
            return Poll::Ready(());
        }
        Poll::Pending
    }
    // ANCHOR_END: poll
}

impl Drop for Cancelled<'_> {
    fn drop(&mut self) {
        if let Some(key) = self.key {
            self.node.remove(key);
        }
    }
}

impl fmt::Debug for Cancelled<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cancelled").finish_non_exhaustive()
    }
}
