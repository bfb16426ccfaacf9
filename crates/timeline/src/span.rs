//! A future, or a section of blocking code, that is recorded while it runs.

use std::pin::Pin;
use std::task::{Context, Poll};

use diagram::End;
use pin_project_lite::pin_project;

use crate::log::Log;

pin_project! {
    /// A future that is recorded as a span. Returned by [`Timeline::span`](crate::Timeline::span).
    #[derive(Debug)]
    #[must_use = "a future does nothing unless it is polled"]
    pub struct Span<F> {
        // Dropped first, so that child spans end before this one.
        #[pin]
        future: F,
        state: State,
    }
}

#[derive(Debug)]
enum State {
    /// Not polled yet.
    Waiting { log: Log, name: String },
    /// Polled, and not ready yet.
    Running(Running),
    /// Ready, panicked, or being polled right now.
    Over,
}

/// A span in progress. Dropping it cuts the span off, unless the span has ended.
#[derive(Debug)]
struct Running {
    log: Log,
    index: usize,
}

impl Drop for Running {
    fn drop(&mut self) {
        self.log.close(self.index, End::CutOff);
    }
}

impl<F> Span<F> {
    pub(crate) fn new(log: Log, name: String, future: F) -> Span<F> {
        Span {
            future,
            state: State::Waiting { log, name },
        }
    }
}

impl<F: Future> Future for Span<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.project();
        // Taken out during the poll: if the future panics, dropping `running` cuts the span off.
        let running = match std::mem::replace(this.state, State::Over) {
            State::Waiting { log, name } => {
                let index = log.open(name);
                Running { log, index }
            }
            State::Running(running) => running,
            // The future decides what happens when it is polled after completion.
            State::Over => return this.future.poll(context),
        };
        let inside = running.log.inside(running.index);
        let poll = this.future.poll(context);
        drop(inside);
        match poll {
            Poll::Ready(_) => running.log.close(running.index, End::Finished),
            Poll::Pending => *this.state = State::Running(running),
        }
        poll
    }
}

/// A span of blocking code, which ends when this guard is dropped. Returned by
/// [`Timeline::enter`](crate::Timeline::enter).
#[derive(Debug)]
#[must_use = "the span ends when the guard is dropped"]
pub struct Entered {
    log: Log,
    index: usize,
}

impl Entered {
    pub(crate) fn new(log: Log, name: String) -> Entered {
        let index = log.open(name);
        Entered { log, index }
    }
}

impl Drop for Entered {
    fn drop(&mut self) {
        let end = if std::thread::panicking() {
            End::CutOff
        } else {
            End::Finished
        };
        self.log.close(self.index, end);
    }
}
