//! The pool of [`taken_error`](crate::taken_error), whose error stays where it is.

use crate::sync::{AtomicUsize, Mutex, Ordering::Relaxed};

/// Tasks that threads work off until one fails, and the error of that one.
#[derive(Debug)]
pub struct Pool<F, E> {
    tasks: Vec<F>,
    /// The index of the next task; `tasks.len()` or more once all are claimed.
    next: AtomicUsize,
    /// The error that was set first. Never changes again.
    error: Mutex<Option<E>>,
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
            error: Mutex::new(None),
        }
    }

    /// Does what one worker does: claims tasks until none is left, and skips those that it claims after a failure. A
    /// task that another thread has already started is finished.
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

    fn claim(&self) -> Option<&F> {
        // Relaxed: a claim needs only to be atomic. Joining the workers publishes what the tasks did.
        let claimed = self.next.fetch_add(1, Relaxed);
        self.tasks.get(claimed)
    }

    // ANCHOR: error
    /// Returns a copy of the error of the task that failed first.
    pub fn error(&self) -> Option<E> {
        let error = self.error.lock().expect("no panic while it is held");
        error.clone()
    }

    fn set_error(&self, error: E) {
        let mut first = self.error.lock().expect("no panic while it is held");
        first.get_or_insert(error);
    }
    // ANCHOR_END: error

    /// Returns what the pool reports once all workers have returned: the error of the first task that failed.
    pub fn finish(&self) -> Result<(), E> {
        self.error().map_or(Ok(()), Err)
    }
}
