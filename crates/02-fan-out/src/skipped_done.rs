//! Broken on purpose: `done` is the last statement of a fetch. A fetch that panics never reaches it. The panic is caught
//! further out, so the program goes on, and waits forever.

use std::array;
use std::mem;
use std::panic::{self, AssertUnwindSafe};
use std::sync::{Arc, PoisonError};

use crate::sync::{Builder, Mutex};
use crate::wait_group::WaitGroup;
use crate::{Error, Part};

/// Runs each fetch on a thread of its own. Should block until all of them have ended, but blocks forever if one of them
/// panics.
///
/// A fetch whose thread the system doesn't start has failed.
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
                let run = || {
                    let part = Part::from(fetch());
                    parts.lock().unwrap_or_else(PoisonError::into_inner)[index] = part;
                    group.done().expect("the fetch was added");
                };
                // Catches every panic of a thread, as a server does that has to stay up.
                let _ = panic::catch_unwind(AssertUnwindSafe(run));
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
