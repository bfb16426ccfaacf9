//! At most `limit` at once: a permit for each connection, and a queue for the requests that have to wait.

use std::collections::BTreeMap;
use std::fmt;
use std::num::NonZeroUsize;
use std::sync::PoisonError;
use std::task::Waker;

use crate::acquiring::Acquiring;
use crate::sync::{
    AtomicIsize, Mutex,
    Ordering::{Acquire, Relaxed, Release},
};

/// A fixed number of permits. At most that many are out at any time.
pub struct Permits {
    /// How many permits nobody has, or [`WAITED_FOR`] while the queue isn't empty: then none is free. Only a thread that
    /// has locked the queue changes it to or from `WAITED_FOR`.
    pub(crate) free: AtomicIsize,
    pub(crate) queue: Mutex<Queue>,
}

/// The requests that wait, first come, first served.
pub(crate) struct Queue {
    /// By ticket. A request whose ticket is gone has been handed a permit.
    pub(crate) waiting: BTreeMap<u64, Waker>,
    /// Larger than every ticket.
    pub(crate) next_ticket: u64,
}

/// Instead of a number of free permits: at least one request waits.
pub(crate) const WAITED_FOR: isize = -1;

/// The right to one connection. Dropping it gives it back, to the request that has waited longest.
#[must_use = "a permit that is dropped is given back"]
#[derive(Debug)]
pub struct Permit<'a> {
    pub(crate) permits: &'a Permits,
}

impl Permits {
    /// Returns `limit` permits, all of them free. At most `isize::MAX`.
    pub fn new(limit: NonZeroUsize) -> Permits {
        let limit = isize::try_from(limit.get()).unwrap_or(isize::MAX);
        let (waiting, next_ticket) = (BTreeMap::new(), 0);
        Permits {
            free: AtomicIsize::new(limit),
            queue: Mutex::new(Queue {
                waiting,
                next_ticket,
            }),
        }
    }

    /// Takes a permit. Returns `None` if none is free, or if another request waits for one: nobody jumps the queue.
    ///
    /// What a holder did before it dropped its permit happens before the return of the call that takes it next.
    // ANCHOR: try_acquire
    pub fn try_acquire(&self) -> Option<Permit<'_>> {
        let mut free = self.free.load(Relaxed);
        while free != 0 && free != WAITED_FOR {
            // Acquire: pairs with the Release of the drop that freed the permit.
            let taken = self
                .free
                .compare_exchange_weak(free, free - 1, Acquire, Relaxed);
            match taken {
                Ok(_) => return Some(Permit { permits: self }),
                Err(newer) => free = newer,
            }
        }
        None
    }
    // ANCHOR_END: try_acquire

    /// Takes a permit. Waits in the queue if none is free.
    ///
    /// # Cancellation
    ///
    /// If the future is dropped, it leaves the queue. If it was handed a permit that it hasn't returned yet, the permit
    /// goes to the next request in the queue.
    pub async fn acquire(&self) -> Permit<'_> {
        Acquiring::new(self).await
    }

    /// Gives a permit to the request that has waited longest, or frees it.
    pub(crate) fn hand_over(&self) {
        let mut queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner);
        let Some((_, waker)) = queue.waiting.pop_first() else {
            // The requests that waited have left. Release: as in `drop`.
            self.free.fetch_add(1, Release);
            return;
        };
        if queue.waiting.is_empty() {
            // Relaxed: no permit is free, so this publishes none.
            self.free.store(0, Relaxed);
        }
        drop(queue);
        waker.wake();
    }
}

// ANCHOR: drop
impl Drop for Permit<'_> {
    fn drop(&mut self) {
        let free = &self.permits.free;
        let mut seen = free.load(Relaxed);
        while seen != WAITED_FOR {
            // Release: what the holder did happens before what the next holder does.
            match free.compare_exchange_weak(seen, seen + 1, Release, Relaxed) {
                Ok(_) => return,
                Err(newer) => seen = newer,
            }
        }
        self.permits.hand_over();
    }
}
// ANCHOR_END: drop

impl fmt::Debug for Permits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Permits").finish_non_exhaustive()
    }
}
