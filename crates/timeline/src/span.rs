//! A future, or a stretch of blocking code, that is on the record while it runs.

use std::pin::Pin;
use std::task::{Context, Poll};

use diagram::End;
use pin_project_lite::pin_project;

use crate::timeline::Timeline;

pin_project! {
    /// A future in a span; made by [`Timeline::span`].
    #[derive(Debug)]
    #[must_use = "a future does nothing unless it is polled"]
    pub struct Span<F> {
        // Dropped first, so that spans within it end before it does.
        #[pin]
        future: F,
        state: State,
    }
}

#[derive(Debug)]
enum State {
    /// Not polled yet.
    Waiting { timeline: Timeline, name: String },
    /// Polled, and not ready yet.
    Running(Running),
    /// Ready, panicked, or being polled right now.
    Over,
}

/// A span that is cut off when this is dropped, unless it has ended.
#[derive(Debug)]
struct Running {
    timeline: Timeline,
    number: usize,
}

impl Drop for Running {
    fn drop(&mut self) {
        self.timeline.close(self.number, End::CutOff);
    }
}

impl<F> Span<F> {
    pub(crate) fn new(timeline: Timeline, name: String, future: F) -> Span<F> {
        Span {
            future,
            state: State::Waiting { timeline, name },
        }
    }
}

impl<F: Future> Future for Span<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.project();
        // Taken out while the future is polled: if it panics, this is dropped and the span cut off.
        let running = match std::mem::replace(this.state, State::Over) {
            State::Waiting { timeline, name } => {
                let number = timeline.open(name);
                Running { timeline, number }
            }
            State::Running(running) => running,
            // What a future does that is polled once more is its own affair.
            State::Over => return this.future.poll(context),
        };
        let inside = running.timeline.inside(running.number);
        let poll = this.future.poll(context);
        drop(inside);
        match poll {
            Poll::Ready(_) => running.timeline.close(running.number, End::Finished),
            Poll::Pending => *this.state = State::Running(running),
        }
        poll
    }
}

/// A stretch of blocking code in a span, until it is dropped; made by [`Timeline::enter`].
#[derive(Debug)]
#[must_use = "the span ends when this is dropped"]
pub struct Entered {
    timeline: Timeline,
    number: usize,
}

impl Entered {
    pub(crate) fn new(timeline: Timeline, name: String) -> Entered {
        let number = timeline.open(name);
        Entered { timeline, number }
    }
}

impl Drop for Entered {
    fn drop(&mut self) {
        let end = if std::thread::panicking() {
            End::CutOff
        } else {
            End::Finished
        };
        self.timeline.close(self.number, end);
    }
}
