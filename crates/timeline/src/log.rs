//! The log of the spans that have started, which all clones of a timeline share.

use std::cell::Cell;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use diagram::End;
use tokio::time::Instant;

use crate::recording::{Recording, SpanRecord};

thread_local! {
    /// The log and the index of the span that this OS thread is polling.
    static POLLING: Cell<Option<(usize, usize)>> = const { Cell::new(None) };
}

/// The spans of one run. Clones share the log.
#[derive(Clone, Debug)]
pub(crate) struct Log {
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

impl Log {
    /// Creates an empty log that starts now.
    pub(crate) fn start() -> Log {
        let shared = Shared {
            start: Instant::now(),
            spans: Mutex::default(),
        };
        Log {
            shared: Arc::new(shared),
        }
    }

    /// Returns everything recorded so far. A running span ends at the time of this call.
    pub(crate) fn record(&self) -> Recording {
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
        let parent = POLLING.get().filter(|(log, _)| *log == self.identity());
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

    /// Returns an identity that no other existing log has.
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
