//! What the spans of one run share.

use std::cell::Cell;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use diagram::End;
use tokio::time::Instant;

use crate::recording::{Recording, SpanRecord};
use crate::span::{Entered, Span};

thread_local! {
    /// The timeline and the number of the span that this OS thread is polling.
    static INSIDE: Cell<Option<(usize, usize)>> = const { Cell::new(None) };
}

/// Records named spans from a common start. Clones record into the same timeline.
///
/// Time is Tokio's. Under a paused clock it stands still while any task can run, and the same run
/// gives the same recording every time: exact in whole milliseconds if the clock is paused from the
/// start (`start_paused = true`). Below a millisecond Tokio's timer rounds up, and a clock that is
/// paused later starts between two milliseconds. With a running clock a recording is a measurement.
/// An OS thread outside of a runtime always has the running clock, so don't record one together
/// with tasks whose clock is paused; `spawn_blocking` has its runtime's clock.
///
/// A span costs one lock and one entry when it begins, one lock when it ends, and nothing a poll;
/// entries are kept until the last clone and the last span are dropped. A panic in a span, on any
/// thread, leaves the timeline usable.
#[derive(Clone, Debug)]
pub struct Timeline {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    start: Instant,
    /// Only ever grows; a span's number is its index.
    spans: Mutex<Vec<Begun>>,
}

/// A span from its start on.
#[derive(Debug)]
struct Begun {
    name: String,
    start: Instant,
    /// Set once.
    end: Option<(Instant, End)>,
    /// Less than the span's own number.
    parent: Option<usize>,
}

impl Timeline {
    /// A timeline whose zero is now.
    pub fn start() -> Timeline {
        let shared = Shared {
            start: Instant::now(),
            spans: Mutex::default(),
        };
        Timeline {
            shared: Arc::new(shared),
        }
    }

    /// Wraps a future in a span, which begins at the first poll and ends when the future is ready.
    ///
    /// If the future panics, or is dropped before it is ready, the span is cut off there and then.
    /// If it is never polled, there is no span. A span that is first polled within another's poll
    /// (of this timeline, and so in the same task) is its child; a spawned task is nobody's.
    pub fn span<F: Future>(&self, name: impl Into<String>, future: F) -> Span<F> {
        Span::new(self.clone(), name.into(), future)
    }

    /// Begins a span that ends when the guard is dropped, for code that blocks a thread. If the
    /// guard is dropped by a panic, the span is cut off.
    ///
    /// A guard that is made within a span's poll is that span's child; it is no span's parent.
    pub fn enter(&self, name: impl Into<String>) -> Entered {
        Entered::new(self.clone(), name.into())
    }

    /// What has been recorded until now. A span that still runs is unfinished, and ends now.
    pub fn record(&self) -> Recording {
        let begun = self.spans();
        // Under the lock, so that no span in it began later.
        let now = Instant::now();
        let ms = |instant: Instant| {
            // Whole nanoseconds first: a product of seconds would not be exact.
            instant
                .saturating_duration_since(self.shared.start)
                .as_nanos() as f64
                / 1e6
        };
        let spans: Vec<SpanRecord> = begun
            .iter()
            .map(|span| {
                let (end, how) = span.end.unwrap_or((now, End::Unfinished));
                SpanRecord {
                    name: span.name.clone(),
                    start_ms: ms(span.start),
                    // Not before its start, whatever clock the thread had on which it ended.
                    end_ms: ms(end.max(span.start)),
                    end: how,
                    parent: span.parent,
                }
            })
            .collect();
        let total_ms = spans.iter().map(|span| span.end_ms).fold(0.0, f64::max);
        Recording { spans, total_ms }
    }

    /// Begins a span; returns its number.
    pub(crate) fn open(&self, name: String) -> usize {
        let parent = INSIDE
            .get()
            .filter(|(timeline, _)| *timeline == self.identity());
        let parent = parent.map(|(_, span)| span);
        let mut spans = self.spans();
        spans.push(Begun {
            name,
            start: Instant::now(),
            end: None,
            parent,
        });
        spans.len() - 1
    }

    /// Ends a span; without effect on one that has ended.
    pub(crate) fn close(&self, span: usize, how: End) {
        let mut spans = self.spans();
        spans[span].end.get_or_insert_with(|| (Instant::now(), how));
    }

    /// Makes `span` the parent of what is opened on this OS thread until the guard is dropped.
    pub(crate) fn inside(&self, span: usize) -> Inside {
        Inside(INSIDE.replace(Some((self.identity(), span))))
    }

    /// Differs from that of every other timeline that exists.
    fn identity(&self) -> usize {
        Arc::as_ptr(&self.shared).addr()
    }

    fn spans(&self) -> MutexGuard<'_, Vec<Begun>> {
        // Every change is whole before anything can panic, so a poisoned list is still right.
        self.shared
            .spans
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

/// Restores, when dropped, the parent that was there before.
pub(crate) struct Inside(Option<(usize, usize)>);

impl Drop for Inside {
    fn drop(&mut self) {
        INSIDE.set(self.0);
    }
}
