//! A future and what is needed to wake it.

use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use crate::TaskRef;
use crate::executor::Shared;
use crate::list::Listed;
use crate::queued::Queued;
use crate::waker::waker;

/// What the owners of a task share: the queue, and every waker of the task.
pub(crate) struct Task {
    pub(crate) queued: Queued,
    /// `None` once it has finished, and while it is polled. The lock is held during a poll.
    running: Mutex<Option<Running>>,
    number: u64,
    shared: Arc<Shared>,
}

/// A future that has not finished.
struct Running {
    future: Pin<Box<dyn Future<Output = ()> + Send>>,
    /// Below the future, because fields are dropped in this order.
    _unfinished: Unfinished,
}

/// Counts the task as finished when it is dropped.
struct Unfinished(Arc<Shared>);

impl Drop for Unfinished {
    fn drop(&mut self) {
        self.0.finished();
    }
}

impl Task {
    /// A task that nobody has queued. The caller has counted it as unfinished.
    pub(crate) fn new(
        number: u64,
        shared: &Arc<Shared>,
        future: impl Future<Output = ()> + Send + 'static,
    ) -> Task {
        let running = Running {
            future: Box::pin(future),
            _unfinished: Unfinished(shared.clone()),
        };
        Task {
            queued: Queued::new(),
            running: Mutex::new(Some(running)),
            number,
            shared: shared.clone(),
        }
    }

    /// Drops the future, if it has not finished.
    pub(crate) fn cancel(&self) {
        let running = self
            .running
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        drop(running); // not under the lock: it is the future's code
    }
}

impl TaskRef<Task> {
    /// Puts the task into the queue, unless it is there.
    pub(crate) fn wake(self) {
        if self.get().queued.set() {
            let shared = self.get().shared.clone();
            shared.push(self);
        }
    }

    /// Polls the future. A worker that gets a task while another one polls it waits. If the poll panics, the future is
    /// dropped, and counts as finished.
    // ANCHOR: poll
    pub(crate) fn poll(self) {
        let task = self.get();
        // Before the poll: a wake during the poll puts the task into the queue again.
        task.queued.clear();
        let mut slot = task.running.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(mut running) = slot.take() else {
            return; // a wake after the end
        };
        let waker = waker(self.clone());
        let mut context = Context::from_waker(&waker);
        match running.future.as_mut().poll(&mut context) {
            Poll::Pending => *slot = Some(running),
            Poll::Ready(()) => drop(running),
        }
    }
    // ANCHOR_END: poll
}

impl Listed for Task {}

impl Drop for Task {
    fn drop(&mut self) {
        self.shared.tasks.remove(self.number);
    }
}
