//! What the spans of one run share.

use std::cell::Cell;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use diagram::End;
use tokio::time::Instant;

use crate::recording::{Recording, SpanRecord};
use crate::span::{Entered, Span};

thread_local! {
    /// The span that is being polled on this OS thread, of whatever timeline.
    static INSIDE: Cell<Option<(usize, usize)>> = const { Cell::new(None) };
}

/// Records named spans from a common start. Clones record into the same timeline.
///
/// Time is Tokio's: under a paused clock it stands still while anything can run, and the same run
/// gives the same recording every time; otherwise it is real. A paused clock is exact in whole
/// milliseconds; Tokio's timer rounds what is shorter up.
#[derive(Clone, Debug)]
pub struct Timeline {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    start: Instant,
    spans: Mutex<Vec<Open>>,
}

/// A span from its start on.
#[derive(Debug)]
struct Open {
    name: String,
    start: Instant,
    end: Option<(Instant, End)>,
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
    /// A future that is dropped before, or panics, leaves a span that is cut off. One that was never
    /// polled leaves none. A span that is polled within another's poll is its child.
    pub fn span<F: Future>(&self, name: impl Into<String>, future: F) -> Span<F> {
        Span::new(self.clone(), name.into(), future)
    }

    /// Begins a span that ends when the guard is dropped, for code that blocks a thread. While it
    /// unwinds from a panic, it is cut off.
    pub fn enter(&self, name: impl Into<String>) -> Entered {
        Entered::new(self.clone(), name.into())
    }

    /// What has been recorded until now. A span that still runs is unfinished, and ends now.
    pub fn record(&self) -> Recording {
        let now = Instant::now();
        let ms = |instant: Instant| (instant - self.shared.start).as_secs_f64() * 1000.0;
        let spans: Vec<SpanRecord> = self
            .spans()
            .iter()
            .map(|span| {
                let (end, how) = span.end.unwrap_or((now, End::Unfinished));
                SpanRecord {
                    name: span.name.clone(),
                    start_ms: ms(span.start),
                    end_ms: ms(end),
                    end: how,
                    parent: span.parent,
                }
            })
            .collect();
        let total_ms = spans.iter().map(|span| span.end_ms).fold(0.0, f64::max);
        Recording { spans, total_ms }
    }

    /// Opens a span and returns its number.
    pub(crate) fn open(&self, name: String) -> usize {
        let parent = INSIDE
            .get()
            .filter(|(of, _)| *of == self.identity())
            .map(|(_, span)| span);
        let mut spans = self.spans();
        spans.push(Open {
            name,
            start: Instant::now(),
            end: None,
            parent,
        });
        spans.len() - 1
    }

    /// Ends a span, once.
    pub(crate) fn close(&self, span: usize, how: End) {
        let now = Instant::now();
        self.spans()[span].end.get_or_insert((now, how));
    }

    /// Makes `span` the parent of what is opened on this OS thread until the guard is dropped.
    pub(crate) fn inside(&self, span: usize) -> Inside {
        Inside(INSIDE.replace(Some((self.identity(), span))))
    }

    fn identity(&self) -> usize {
        Arc::as_ptr(&self.shared).addr()
    }

    fn spans(&self) -> MutexGuard<'_, Vec<Open>> {
        // Each change is whole before anything can panic, so a poisoned list is still right.
        self.shared
            .spans
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

/// Restores the parent that was there before.
pub(crate) struct Inside(Option<(usize, usize)>);

impl Drop for Inside {
    fn drop(&mut self) {
        INSIDE.set(self.0);
    }
}
