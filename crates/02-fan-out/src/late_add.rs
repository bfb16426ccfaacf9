//! Broken on purpose: each thread adds itself to the group. If the caller waits before that, it waits for nothing.

use std::array;
use std::mem;
use std::panic::{self, AssertUnwindSafe};
use std::sync::{Arc, PoisonError};

use crate::sync::{Builder, Mutex};
use crate::wait_group::WaitGroup;
use crate::{Error, Part};

/// Runs each fetch on a thread of its own. Should block until all of them have ended, but may return before some of
/// them have begun: their parts are then late.
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
                group.add(1);
                let part = Part::from(panic::catch_unwind(AssertUnwindSafe(fetch)));
                parts.lock().unwrap_or_else(PoisonError::into_inner)[index] = part;
                group.done().expect("the fetch was added");
            }
        };
        // ANCHOR_END: thread
        let builder = Builder::new().name(format!("fetch {}", index + 1));
        if let Err(error) = builder.spawn(thread) {
            let part = Part::Failed(Error::new(error.to_string()));
            parts.lock().unwrap_or_else(PoisonError::into_inner)[index] = part;
        }
    }
    group.wait();
    let mut parts = parts.lock().unwrap_or_else(PoisonError::into_inner);
    mem::replace(&mut *parts, array::from_fn(|_| Part::Late))
}
// ANCHOR_END: fetch_all
