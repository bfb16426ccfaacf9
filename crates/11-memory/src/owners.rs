//! The owners of a task, counted so that the last one can free it.

use crate::count::Count;
#[cfg(not(thread_sanitizer))]
use crate::sync::fence;
use crate::sync::{
    AtomicUsize,
    Ordering::{Acquire, Relaxed, Release},
};

/// Half of the numbers are left for the threads that add at the same moment, before one of them aborts.
const MOST: usize = usize::MAX / 2;

/// A number of owners.
#[derive(Debug)]
pub struct Owners {
    /// The owners that have not left. Once it is 0, it stays 0.
    count: AtomicUsize,
}

impl Count for Owners {
    fn one() -> Owners {
        Owners {
            count: AtomicUsize::new(1),
        }
    }

    /// Aborts the process beyond `usize::MAX / 2` owners, which only a program that forgets its handles can reach.
    #[inline]
    fn add(&self) {
        // Relaxed: the caller is an owner, so nobody can free the memory meanwhile.
        if self.count.fetch_add(1, Relaxed) > MOST {
            std::process::abort();
        }
    }

    // ANCHOR: add-unless-zero
    fn add_unless_zero(&self) -> bool {
        // Relaxed, in all three places: the exchange confirms what the load saw.
        let mut count = self.count.load(Relaxed);
        while count != 0 {
            let more = count + 1;
            match self
                .count
                .compare_exchange_weak(count, more, Relaxed, Relaxed)
            {
                Ok(_) => return true,
                Err(newer) => count = newer,
            }
        }
        false
    }
    // ANCHOR_END: add-unless-zero

    #[inline]
    // ANCHOR: remove
    fn remove(&self) -> bool {
        // Release: this owner's accesses come before its decrement.
        if self.count.fetch_sub(1, Release) != 1 {
            return false;
        }
        // Acquire: the free comes after every owner's decrement.
        #[cfg(not(thread_sanitizer))]
        fence(Acquire);
        // ThreadSanitizer doesn't understand fences.
        #[cfg(thread_sanitizer)]
        self.count.load(Acquire); // weaken: compiled only for ThreadSanitizer
        true
    }
    // ANCHOR_END: remove
}
