//! Counts that workers share, all of them in one word: a reader gets them as they were at one moment.

use crate::Counts;
use crate::sync::{AtomicU64, Ordering::Relaxed};

/// The counts of a check that runs.
#[derive(Debug)]
pub struct Tally {
    /// From the lowest bit: `can_be_hibernated`, `hibernated` and `unknown`, of 21 bits each. None ever exceeds
    /// [`Tally::MOST`].
    word: AtomicU64,
}

const BITS: u32 = 21;

impl Tally {
    /// How many resources a tally can count: 2,097,151. One more would carry into the next count.
    pub const MOST: u64 = (1 << BITS) - 1;

    /// Starts with nothing counted.
    pub fn new() -> Tally {
        Tally {
            word: AtomicU64::new(0),
        }
    }

    /// Adds to the counts. No sum may exceed [`Tally::MOST`].
    // ANCHOR: add
    pub fn add(&self, more: Counts) {
        let word = more.can_be_hibernated | more.hibernated << BITS | more.unknown << (2 * BITS);
        // Relaxed: the counts are all that a reader learns from the word.
        self.word.fetch_add(word, Relaxed);
    }
    // ANCHOR_END: add

    /// Returns the counts of one moment.
    // ANCHOR: counts
    pub fn counts(&self) -> Counts {
        let word = self.word.load(Relaxed);
        Counts {
            can_be_hibernated: word & Tally::MOST,
            hibernated: word >> BITS & Tally::MOST,
            unknown: word >> (2 * BITS),
        }
    }
    // ANCHOR_END: counts
}

impl Default for Tally {
    fn default() -> Tally {
        Tally::new()
    }
}
