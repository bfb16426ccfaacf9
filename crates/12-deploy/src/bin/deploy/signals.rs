//! Ctrl-C and SIGTERM: the first one stops the rollout, the second one ends the program.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering::Relaxed};

use tokio_util::sync::CancellationToken;

use crate::Refused;
use crate::progress::Progress;

/// Listens from when it is made until the program ends.
pub(crate) struct Signals {
    stop: CancellationToken,
    /// The exit status for the first signal; 0 if there was none.
    caught: Arc<AtomicU8>,
}

impl Signals {
    /// Listens to signals. Returns a sentence if that can't be done.
    pub(crate) fn listen() -> Result<Signals, String> {
        let mut source =
            Source::new().map_err(|error| format!("can't listen to signals: {error}"))?;
        let signals = Signals {
            stop: CancellationToken::new(),
            caught: Arc::default(),
        };
        let (stop, caught) = (signals.stop.clone(), signals.caught.clone());
        tokio::spawn(async move {
            // Relaxed, here and in `caught`: the token publishes the status.
            caught.store(source.next().await, Relaxed);
            stop.cancel();
            std::process::exit(source.next().await.into());
        });
        Ok(signals)
    }

    /// Is cancelled by the first signal.
    pub(crate) fn token(&self) -> CancellationToken {
        self.stop.clone()
    }

    /// Returns the exit status for the signal that was caught, if one was.
    pub(crate) fn caught(&self) -> Option<u8> {
        Some(self.caught.load(Relaxed)).filter(|status| *status > 0)
    }

    /// Does something that a signal ends: nothing is lost if it never ends.
    pub(crate) async fn unless_stopped<T>(
        &self,
        work: impl Future<Output = T>,
    ) -> Result<T, Refused> {
        let worked = self.stop.run_until_cancelled(work).await;
        worked.ok_or_else(|| Refused::Signal(self.caught().unwrap_or(1)))
    }

    /// Says what goes on, once there is a signal.
    pub(crate) fn stopping(&self, progress: Progress) {
        let stop = self.stop.clone();
        tokio::spawn(async move {
            stop.cancelled().await;
            progress.stopping();
        });
    }
}

/// The signals that end a program, as its exit status.
#[cfg(unix)]
struct Source {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Source {
    fn new() -> std::io::Result<Source> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Source {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    async fn next(&mut self) -> u8 {
        tokio::select! {
            _ = self.interrupt.recv() => 130,
            _ = self.terminate.recv() => 143,
        }
    }
}

/// The signals that end a program, as its exit status.
#[cfg(not(unix))]
struct Source;

#[cfg(not(unix))]
impl Source {
    fn new() -> std::io::Result<Source> {
        Ok(Source)
    }

    async fn next(&mut self) -> u8 {
        match tokio::signal::ctrl_c().await {
            Ok(()) => 130,
            // There will be none.
            Err(_) => std::future::pending().await,
        }
    }
}
