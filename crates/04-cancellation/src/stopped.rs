//! Stops a future at the `await` that it has reached.

use std::fmt;

use crate::Token;

/// The error of work that stopped because its token was cancelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Stopped;

impl Token {
    /// Runs a future until it is ready or the token is cancelled. If both happen at the same poll, the token wins.
    ///
    /// # Errors
    ///
    /// [`Stopped`] if the token is cancelled. The future is then dropped at the `await` that it has reached. If the
    /// token was cancelled before, the future is never polled.
    pub async fn race<F: Future>(&self, future: F) -> Result<F::Output, Stopped> {
        tokio::select! {
            biased;
            () = self.cancelled() => Err(Stopped),
            output = future => Ok(output),
        }
    }
}

impl fmt::Display for Stopped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("stopped, because the token was cancelled")
    }
}

impl std::error::Error for Stopped {}
