//! A future, or a stretch of blocking code, that is on the record while it runs.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

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
        record: Record,
    }
}

#[derive(Debug)]
struct Record {
    timeline: Timeline,
    name: String,
    /// The span's number, from the first poll on.
    number: Option<usize>,
}

impl Drop for Record {
    fn drop(&mut self) {
        if let Some(number) = self.number {
            // Without effect on a span that has ended.
            self.timeline.close(number, End::CutOff);
        }
    }
}

impl<F> Span<F> {
    pub(crate) fn new(timeline: Timeline, name: String, future: F) -> Span<F> {
        Span {
            future,
            record: Record {
                timeline,
                name,
                number: None,
            },
        }
    }
}

impl<F: Future> Future for Span<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.project();
        let Record {
            timeline,
            name,
            number,
        } = this.record;
        let number = *number.get_or_insert_with(|| timeline.open(std::mem::take(name)));
        let _inside = timeline.inside(number);
        let output = ready!(this.future.poll(context));
        timeline.close(number, End::Finished);
        Poll::Ready(output)
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
        let how = if std::thread::panicking() {
            End::CutOff
        } else {
            End::Finished
        };
        self.timeline.close(self.number, how);
    }
}
