//! The state that the spans of one run share.

use std::cell::Cell;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use diagram::End;
use tokio::time::Instant;

use crate::recording::{Recording, SpanRecord};
use crate::span::{Entered, Span};

thread_local! {
    /// The timeline and the index of the span that this OS thread is polling.
    static POLLING: Cell<Option<(usize, usize)>> = const { Cell::new(None) };
}

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
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    start: Instant,
    /// Grows only, so that the index of a span never changes.
    spans: Mutex<Vec<Started>>,
}

/// A span that has started and perhaps ended.
#[derive(Debug)]
struct Started {
    name: String,
    start: Instant,
    /// Set once.
    end: Option<(Instant, End)>,
    /// Less than the span's own index.
    parent: Option<usize>,
}

impl Timeline {
    /// Creates a timeline that starts now.
    pub fn start() -> Timeline {
        let shared = Shared {
            start: Instant::now(),
            spans: Mutex::default(),
        };
        Timeline {
            shared: Arc::new(shared),
        }
    }

    /// Wraps a future in a span, which starts at the first poll and ends when the future is ready.
    ///
    /// If the future panics, or is dropped before it is ready, the span is cut off at that moment. If the
    /// future is never polled, there is no span. A span that is first polled during the poll of another
    /// span of this timeline is its child. A spawned task is no span's child.
    pub fn span<F: Future>(&self, name: impl Into<String>, future: F) -> Span<F> {
        Span::new(self.clone(), name.into(), future)
    }

    /// Starts a span for code that blocks a thread. The span ends when the guard is dropped. If a panic
    /// drops the guard, the span is cut off.
    ///
    /// A span entered during another span's poll is its child. It never becomes a parent itself.
    pub fn enter(&self, name: impl Into<String>) -> Entered {
        Entered::new(self.clone(), name.into())
    }

    /// Returns everything recorded so far. A span that is still running appears as unfinished, and ends at
    /// the time of this call.
    pub fn record(&self) -> Recording {
        let started = self.spans();
        // Read under the lock, so that no span starts later than this.
        let now = Instant::now();
        let ms = |instant: Instant| {
            // Divide whole nanoseconds: multiplying fractional seconds would not be exact.
            instant
                .saturating_duration_since(self.shared.start)
                .as_nanos() as f64
                / 1e6
        };
        let spans: Vec<SpanRecord> = started
            .iter()
            .map(|span| {
                let (end_time, end) = span.end.unwrap_or((now, End::Unfinished));
                SpanRecord {
                    name: span.name.clone(),
                    start_ms: ms(span.start),
                    // Never before the start, even if the ending thread used another clock.
                    end_ms: ms(end_time.max(span.start)),
                    end,
                    parent: span.parent,
                }
            })
            .collect();
        let total_ms = spans.iter().map(|span| span.end_ms).fold(0.0, f64::max);
        Recording { spans, total_ms }
    }

    /// Starts a span and returns its index.
    pub(crate) fn open(&self, name: String) -> usize {
        let parent = POLLING
            .get()
            .filter(|(timeline, _)| *timeline == self.identity());
        let parent = parent.map(|(_, span)| span);
        let mut spans = self.spans();
        spans.push(Started {
            name,
            start: Instant::now(),
            end: None,
            parent,
        });
        spans.len() - 1
    }

    /// Ends a span. Does nothing if the span has already ended.
    pub(crate) fn close(&self, span: usize, end: End) {
        let mut spans = self.spans();
        spans[span].end.get_or_insert_with(|| (Instant::now(), end));
    }

    /// Makes `span` the parent of spans opened on this OS thread until the guard is dropped.
    pub(crate) fn inside(&self, span: usize) -> Inside {
        Inside(POLLING.replace(Some((self.identity(), span))))
    }

    /// Returns an identity that no other existing timeline has.
    fn identity(&self) -> usize {
        Arc::as_ptr(&self.shared).addr()
    }

    fn spans(&self) -> MutexGuard<'_, Vec<Started>> {
        // Every change is complete before anything can panic, so a poisoned list is still consistent.
        self.shared
            .spans
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

/// Restores the previous parent when dropped.
pub(crate) struct Inside(Option<(usize, usize)>);

impl Drop for Inside {
    fn drop(&mut self) {
        POLLING.set(self.0);
    }
}
