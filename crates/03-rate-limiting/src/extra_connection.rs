//! Broken on purpose: two requests both see the last free permit, and both take it.

use std::num::NonZeroUsize;

use crate::sync::{
    AtomicUsize,
    Ordering::{Acquire, Relaxed, Release},
};

/// Permits of which, sometimes, too many are out.
#[derive(Debug)]
pub struct Permits {
    /// How many permits nobody has. Wraps below 0 if two requests take the last one.
    free: AtomicUsize,
}

/// The right to one connection. Dropping it gives it back.
#[derive(Debug)]
pub struct Permit<'a> {
    permits: &'a Permits,
}

impl Permits {
    /// Returns `limit` permits, all of them free.
    pub fn new(limit: NonZeroUsize) -> Permits {
        Permits {
            free: AtomicUsize::new(limit.get()),
        }
    }

    /// Takes a permit. Returns `None` if it sees that none is free.
    // ANCHOR: try_acquire
    pub fn try_acquire(&self) -> Option<Permit<'_>> {
        if self.free.load(Relaxed) == 0 {
            return None;
        }
        // Acquire: the holders before this one have finished.
        self.free.fetch_sub(1, Acquire);
        Some(Permit { permits: self })
    }
    // ANCHOR_END: try_acquire
}

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        // Release: the next holder sees what this one did.
        self.permits.free.fetch_add(1, Release);
    }
}
