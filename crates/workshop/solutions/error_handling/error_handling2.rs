//! The error of a worker pool. A worker looks before each task whether one has failed. A task that
//! fails sets its error. At the end, the pool looks again, and reports what it sees.
//! No look takes the error away, so the pool reports it.
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
        // A copy: the error stays for the next look.
        *self.error.lock().unwrap()
    }

    /// Sets the error, unless one is set already.
    fn set(&self, error: u32) {
        // One lock for the look and the write: no other worker sets its error between the two.
        self.error.lock().unwrap().get_or_insert(error);
    }
}

fn main() -> Verdict {
    workshop::error_handling::error_handling2(PoolError::new, PoolError::look, PoolError::set)
}
