//! The handle that creates spans from a common start.

use crate::log::Log;
use crate::recording::Recording;
use crate::span::{Entered, Span};

/// Records named spans from a common start. Clones record into the same timeline.
///
/// The clock is Tokio's. If it is paused, time stands still while any task can run, and the same run
/// gives the same recording every time. The recording is exact in whole milliseconds if the clock is
/// paused from the start (`start_paused = true`). Below a millisecond Tokio's timer rounds up, and a
/// clock that is paused later starts between two milliseconds. If the clock runs, the recording is a
/// measurement. OS threads outside a runtime always use the running clock, so don't record them
/// together with tasks whose clock is paused. `spawn_blocking` uses the clock of its runtime.
///
/// A span takes one lock and adds one entry when it starts, and takes one lock when it ends. Polls take
/// no lock. Entries are kept until the last clone and the last span are dropped. The timeline stays
/// usable after a panic in a span, on any thread.
#[derive(Clone, Debug)]
pub struct Timeline {
    log: Log,
}

impl Timeline {
    /// Creates a timeline that starts now.
    pub fn start() -> Timeline {
        Timeline { log: Log::start() }
    }

    /// Wraps a future in a span, which starts at the first poll and ends when the future is ready.
    ///
    /// If the future panics, or is dropped before it is ready, the span is cut off at that moment. If the
    /// future is never polled, there is no span. A span that is first polled during the poll of another
    /// span of this timeline is its child. A spawned task is no span's child.
    pub fn span<F: Future>(&self, name: impl Into<String>, future: F) -> Span<F> {
        Span::new(self.log.clone(), name.into(), future)
    }

    /// Starts a span for code that blocks a thread. The span ends when the guard is dropped. If a panic
    /// drops the guard, the span is cut off.
    ///
    /// A span entered during another span's poll is its child. It never becomes a parent itself.
    pub fn enter(&self, name: impl Into<String>) -> Entered {
        Entered::new(self.log.clone(), name.into())
    }

    /// Returns everything recorded so far. A span that is still running appears as unfinished, and ends at
    /// the time of this call.
    pub fn record(&self) -> Recording {
        self.log.record()
    }
}
