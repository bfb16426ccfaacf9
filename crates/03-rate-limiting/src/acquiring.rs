//! The future that waits for a permit.

use std::pin::Pin;
use std::sync::PoisonError;
use std::task::{Context, Poll};

use crate::permits::{Permit, Permits, WAITED_FOR};
use crate::sync::Ordering::{Acquire, Relaxed};

/// Ready once it has a permit.
pub(crate) struct Acquiring<'a> {
    permits: &'a Permits,
    /// The place in the queue; `None` before the first poll that waits, and after the last.
    ticket: Option<u64>,
}

impl<'a> Acquiring<'a> {
    pub(crate) fn new(permits: &'a Permits) -> Acquiring<'a> {
        let ticket = None;
        Acquiring { permits, ticket }
    }
}

impl<'a> Future for Acquiring<'a> {
    type Output = Permit<'a>;

    // ANCHOR: poll
    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Permit<'a>> {
        let permits = self.permits;
        let Some(ticket) = self.ticket else {
            if let Some(permit) = permits.try_acquire() {
                return Poll::Ready(permit);
            }
            // Under the lock, a request takes a permit that is free now, or joins the queue before another is freed.
            let mut queue = permits.queue.lock().unwrap_or_else(PoisonError::into_inner);
            // Acquire: as in `try_acquire`.
            let before = permits
                .free
                .fetch_update(Acquire, Relaxed, |free| match free {
                    WAITED_FOR => None,
                    0 => Some(WAITED_FOR),
                    free => Some(free - 1),
                });
            if matches!(before, Ok(free) if free > 0) {
                return Poll::Ready(Permit { permits });
            }
            let ticket = queue.next_ticket;
            queue.next_ticket += 1;
            queue.waiting.insert(ticket, context.waker().clone());
            self.ticket = Some(ticket);
            return Poll::Pending;
        };
        let mut queue = permits.queue.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(waker) = queue.waiting.get_mut(&ticket) {
            waker.clone_from(context.waker());
            return Poll::Pending;
        }
        self.ticket = None;
        Poll::Ready(Permit { permits })
    }
    // ANCHOR_END: poll
}

impl Drop for Acquiring<'_> {
    fn drop(&mut self) {
        let Some(ticket) = self.ticket else { return };
        let permits = self.permits;
        let mut queue = permits.queue.lock().unwrap_or_else(PoisonError::into_inner);
        if queue.waiting.remove(&ticket).is_none() {
            // It was handed a permit.
            drop(queue);
            drop(Permit { permits });
        } else if queue.waiting.is_empty() {
            // Relaxed: no permit is free, so this publishes none.
            permits.free.store(0, Relaxed);
        }
    }
}
