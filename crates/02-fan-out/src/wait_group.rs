//! The talk's variant: a thread for each fetch, and Go's `sync.WaitGroup`, which counts those that haven't ended.

use std::array;
use std::fmt;
use std::mem;
use std::panic::{self, AssertUnwindSafe};
use std::sync::{Arc, PoisonError};

pub use crate::blocking::{Sources, page};
use crate::sync::{Builder, Condvar, Mutex};
use crate::{Error, Part};

/// A count of what hasn't ended yet. Threads wait until it is 0.
///
/// Add before you start what is counted: a thread that adds itself may do so after the wait.
#[derive(Debug)]
pub struct WaitGroup {
    /// What was added and isn't done.
    count: Mutex<usize>,
    /// Notified whenever the count becomes 0.
    zero: Condvar,
}

/// The error of [`WaitGroup::done`] if the count is 0: more was done than added. In Go this is a panic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BelowZero;

impl WaitGroup {
    /// Returns a group whose count is 0.
    pub fn new() -> WaitGroup {
        WaitGroup {
            count: Mutex::new(0),
            zero: Condvar::new(),
        }
    }

    /// Adds `more` to the count.
    ///
    /// # Panics
    ///
    /// If the count would be larger than a `usize` can hold. The count then stays as it was.
    pub fn add(&self, more: usize) {
        let mut count = self.count.lock().unwrap_or_else(PoisonError::into_inner);
        *count = count.checked_add(more).expect("the count fits a usize");
    }

    /// Subtracts 1 from the count. If it becomes 0, wakes all waiting threads.
    ///
    /// What a thread did before it called `done` happens before the return of a [`wait`](WaitGroup::wait) that this
    /// call allows.
    ///
    /// # Errors
    ///
    /// [`BelowZero`] if the count is 0. It then stays 0.
    // ANCHOR: done
    pub fn done(&self) -> Result<(), BelowZero> {
        let mut count = self.count.lock().unwrap_or_else(PoisonError::into_inner);
        let left = count.checked_sub(1).ok_or(BelowZero)?;
        *count = left;
        if left == 0 {
            self.zero.notify_all();
        }
        Ok(())
    }
    // ANCHOR_END: done

    /// Blocks until the count is 0. Returns at once if it is.
    ///
    /// If the count becomes 0 and is raised again at once, a thread that waits may miss that moment.
    // ANCHOR: wait
    pub fn wait(&self) {
        let mut count = self.count.lock().unwrap_or_else(PoisonError::into_inner);
        while *count > 0 {
            count = self
                .zero
                .wait(count)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }
    // ANCHOR_END: wait
}

impl Default for WaitGroup {
    fn default() -> WaitGroup {
        WaitGroup::new()
    }
}

impl fmt::Display for BelowZero {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("done was called more often than the group was added to")
    }
}

impl std::error::Error for BelowZero {}

/// Runs each fetch on a thread of its own, and blocks until all of them have ended. Returns their parts in order.
///
/// A panic in a fetch is caught, and the fetch counted as done. A fetch whose thread the system doesn't start has
/// failed.
// ANCHOR: fetch_all
pub fn fetch_all<T, F, const N: usize>(fetches: [F; N]) -> [Part<T>; N]
where
    T: Send + 'static,
    F: FnOnce() -> Result<T, Error> + Send + 'static,
{
    let group = Arc::new(WaitGroup::new());
    let parts = Arc::new(Mutex::new(array::from_fn(|_| Part::Late)));
    for (index, fetch) in fetches.into_iter().enumerate() {
        // ANCHOR: thread
        let thread = {
            let (group, parts) = (group.clone(), parts.clone());
            move || {
                let part = Part::from(panic::catch_unwind(AssertUnwindSafe(fetch)));
                parts.lock().unwrap_or_else(PoisonError::into_inner)[index] = part;
                group.done().expect("the fetch was added");
            }
        };
        group.add(1);
        // ANCHOR_END: thread
        let builder = Builder::new().name(format!("fetch {}", index + 1));
        if let Err(error) = builder.spawn(thread) {
            let part = Part::Failed(Error::new(error.to_string()));
            parts.lock().unwrap_or_else(PoisonError::into_inner)[index] = part;
            group.done().expect("the fetch was added");
        }
    }
    group.wait();
    let mut parts = parts.lock().unwrap_or_else(PoisonError::into_inner);
    mem::replace(&mut *parts, array::from_fn(|_| Part::Late))
}
// ANCHOR_END: fetch_all
