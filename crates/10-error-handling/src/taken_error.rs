//! Broken on purpose, as in production: the pool keeps its error in a channel, so each look takes the error away.

use crate::channel::Channel;
use crate::sync::{AtomicUsize, Ordering::Relaxed};

/// Tasks that threads work off until one fails, and the error of that one, unless something takes it away.
#[derive(Debug)]
pub struct Pool<F, E> {
    tasks: Vec<F>,
    /// The index of the next task; `tasks.len()` or more once all are claimed.
    next: AtomicUsize,
    error: Channel<E>,
}

impl<F, E> Pool<F, E>
where
    F: Fn() -> Result<(), E>,
    E: Clone,
{
    /// Returns a pool with these tasks, which haven't started.
    pub fn new(tasks: Vec<F>) -> Pool<F, E> {
        Pool {
            tasks,
            next: AtomicUsize::new(0),
            error: Channel::new(),
        }
    }

    /// Does what one worker does: claims tasks until none is left. Should skip those that come after a failure, and can
    /// block forever.
    // ANCHOR: work
    pub fn work(&self) {
        while let Some(task) = self.claim() {
            if self.error().is_some() {
                continue;
            }
            if let Err(error) = task() {
                self.set_error(error);
            }
        }
    }
    // ANCHOR_END: work

    fn claim(&self) -> Option<&F> {
        // Relaxed: a claim needs only to be atomic. Joining the workers publishes what the tasks did.
        let claimed = self.next.fetch_add(1, Relaxed);
        self.tasks.get(claimed)
    }

    // ANCHOR: error
    /// Returns the error of a task that failed, and takes it away.
    pub fn error(&self) -> Option<E> {
        self.error.try_receive()
    }

    fn set_error(&self, error: E) {
        if self.error().is_none() {
            let _ = self.error.send(error);
        }
    }
    // ANCHOR_END: error

    /// Returns what the pool reports once all workers have returned. Should be the error of the first task that failed.
    pub fn finish(&self) -> Result<(), E> {
        self.error().map_or(Ok(()), Err)
    }
}
