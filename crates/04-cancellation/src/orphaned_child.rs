//! Broken on purpose: a child that is created while its parent is being cancelled can join the list of children after
//! the cancellation has gone through it.

use std::mem;
use std::sync::Arc;

use crate::sync::{
    AtomicBool, Mutex,
    Ordering::{Acquire, Release},
};

/// A token on which nothing waits.
#[derive(Clone, Debug, Default)]
pub struct Token {
    node: Arc<Node>,
}

#[derive(Debug, Default)]
struct Node {
    /// Once true, stays true.
    cancelled: AtomicBool,
    /// The children that a cancellation has to reach. A child may join after the cancellation.
    children: Mutex<Vec<Token>>,
}

impl Token {
    /// Returns a token that isn't cancelled and has no parent.
    pub fn new() -> Token {
        Token::default()
    }

    /// Returns a new token that should be cancelled when this one is.
    // ANCHOR: child
    pub fn child(&self) -> Token {
        let child = Token::new();
        if self.is_cancelled() {
            child.cancel();
        } else {
            let children = &self.node.children;
            children
                .lock()
                .expect("the lock isn't poisoned")
                .push(child.clone());
        }
        child
    }
    // ANCHOR_END: child

    /// Cancels this token and the children in its list.
    pub fn cancel(&self) {
        self.node.cancelled.store(true, Release);
        let mut children = self.node.children.lock().expect("the lock isn't poisoned");
        let children = mem::take(&mut *children);
        for child in children {
            child.cancel();
        }
    }

    /// Returns whether the token is cancelled.
    pub fn is_cancelled(&self) -> bool {
        self.node.cancelled.load(Acquire)
    }
}
