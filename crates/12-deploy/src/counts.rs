//! How many clusters have ended, and how.

use std::fmt;

use crate::Kind;

/// How many clusters have ended, and how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Counts {
    /// How many have ended. Should be the sum of the others.
    pub total: u64,
    /// How many have ended in each way, in the order of [`Kind::ALL`].
    parts: [u64; Kind::ALL.len()],
}

impl Counts {
    /// Creates counts from what was read.
    pub(crate) fn new(total: u64, parts: [u64; Kind::ALL.len()]) -> Counts {
        Counts { total, parts }
    }

    /// How many have ended in this way.
    pub fn of(&self, kind: Kind) -> u64 {
        self.parts[kind as usize]
    }

    /// The number to add to when a cluster ends in this way.
    pub(crate) fn part(&mut self, kind: Kind) -> &mut u64 {
        &mut self.parts[kind as usize]
    }

    /// Whether the total is the sum of its parts.
    pub fn add_up(&self) -> bool {
        self.parts.iter().sum::<u64>() == self.total
    }
}

impl FromIterator<Kind> for Counts {
    fn from_iter<I: IntoIterator<Item = Kind>>(kinds: I) -> Counts {
        let mut counts = Counts::default();
        for kind in kinds {
            counts.total += 1;
            *counts.part(kind) += 1;
        }
        counts
    }
}

/// `3 ended: 2 applied, 1 failed`
impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ended", self.total)?;
        let parts = Kind::ALL.into_iter().filter(|kind| self.of(*kind) > 0);
        for (number, kind) in parts.enumerate() {
            let before = if number == 0 { ": " } else { ", " };
            write!(f, "{before}{} {kind}", self.of(kind))?;
        }
        Ok(())
    }
}
