//! What a check counts.

use std::fmt;
use std::iter::Sum;
use std::ops::Add;

/// How many workloads can be hibernated, how many of them are, and how many are unknown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Counts {
    /// Workloads that can be hibernated, whether they are or not.
    pub can_be_hibernated: u64,
    /// Workloads that are hibernated; never more than `can_be_hibernated`, if the counts are of one moment.
    pub hibernated: u64,
    /// Resources whose call failed. Each may be anything.
    pub unknown: u64,
}

impl Counts {
    /// One resource that can't be hibernated.
    pub const NONE: Counts = Counts {
        can_be_hibernated: 0,
        hibernated: 0,
        unknown: 0,
    };
    /// One workload that runs, but can be hibernated.
    pub const RUNNING: Counts = Counts {
        can_be_hibernated: 1,
        ..Counts::NONE
    };
    /// One workload that is hibernated.
    pub const HIBERNATED: Counts = Counts {
        can_be_hibernated: 1,
        hibernated: 1,
        ..Counts::NONE
    };
    /// One resource whose call failed.
    pub const UNKNOWN: Counts = Counts {
        unknown: 1,
        ..Counts::NONE
    };
}

impl Add for Counts {
    type Output = Counts;

    fn add(self, more: Counts) -> Counts {
        Counts {
            can_be_hibernated: self.can_be_hibernated + more.can_be_hibernated,
            hibernated: self.hibernated + more.hibernated,
            unknown: self.unknown + more.unknown,
        }
    }
}

impl Sum for Counts {
    fn sum<I: Iterator<Item = Counts>>(counts: I) -> Counts {
        counts.fold(Counts::NONE, Counts::add)
    }
}

/// `42 of 85 are hibernated`, and if there are any, `, 3 are unknown`.
impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} of {} are hibernated",
            self.hibernated, self.can_be_hibernated
        )?;
        match self.unknown {
            0 => Ok(()),
            unknown => write!(f, ", {unknown} are unknown"),
        }
    }
}
