//! The error of a worker pool. A worker looks before each task whether one has failed. A task that
//! fails sets its error. At the end, the pool looks again, and reports what it sees.
//! Here every look takes the error away, so the pool can report success after a failure.
//!
//! `Mutex` works as in `std::sync`.

use workshop::Verdict;
use workshop::sync::Mutex;

struct PoolError {
    error: Mutex<Option<u32>>,
}

impl PoolError {
    fn new() -> PoolError {
        PoolError {
            error: Mutex::new(None),
        }
    }

    /// Returns the error that was set first, if there is one.
    fn look(&self) -> Option<u32> {
        // TODO: the first error must stay, however often a worker looks.
        self.error.lock().unwrap().take()
    }

    /// Sets the error, unless one is set already.
    fn set(&self, error: u32) {
        if self.look().is_none() {
            *self.error.lock().unwrap() = Some(error);
        }
    }
}

fn main() -> Verdict {
    workshop::error_handling::error_handling2(PoolError::new, PoolError::look, PoolError::set)
}
