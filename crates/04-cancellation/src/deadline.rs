//! A deadline that is cancelled when it is dropped.

use std::time::Duration;

use tokio::time::sleep;

use crate::Token;

/// A token that is cancelled when a time limit has passed.
///
/// Dropping it cancels the token, and with it the task that waits for the limit. So a forgotten
/// deadline leaves no timer behind.
#[derive(Debug)]
pub struct Deadline {
    token: Token,
}

impl Deadline {
    /// Returns a deadline `limit` from now. Its token is a child of `parent`.
    ///
    /// # Panics
    ///
    /// Outside a Tokio runtime, because it spawns a task that waits.
    // ANCHOR: new
    pub fn new(parent: &Token, limit: Duration) -> Deadline {
        let token = parent.child();
        let timer = token.clone();
        tokio::spawn(async move {
            if timer.race(sleep(limit)).await.is_ok() {
                timer.cancel();
            }
        });
        Deadline { token }
    }
    // ANCHOR_END: new

    /// Returns the token that is cancelled at the deadline.
    pub fn token(&self) -> &Token {
        &self.token
    }

    /// Cancels the token before the deadline, and ends the task that waits.
    pub fn cancel(&self) {
        self.token.cancel();
    }
}

// ANCHOR: drop
impl Drop for Deadline {
    fn drop(&mut self) {
        self.cancel();
    }
}
// ANCHOR_END: drop
