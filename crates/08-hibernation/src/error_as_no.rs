//! Broken on purpose, as in production: a call that failed is counted as a "no".

use crate::{Answer, Counts};

/// Returns what the answer adds to the counts. A workload whose call failed can't be hibernated, and isn't.
// ANCHOR: counts
pub fn counts(answer: &Answer) -> Counts {
    match answer {
        Answer::CannotBe(_) | Answer::Unknown(_) => Counts::NONE,
        Answer::Running { .. } => Counts::RUNNING,
        Answer::Hibernated { .. } => Counts::HIBERNATED,
    }
}
// ANCHOR_END: counts
