//! Draws a chapter's benchmark results, from Criterion and from Go, as bars.
//!
//! A *group* is one picture. Its first benchmark is the baseline of the others, so a chapter's own code comes
//! first in its benchmark. Go's benchmarks join the group that they name: `BenchmarkPool/group/row`, with `_`
//! for a space.

pub mod criterion;
pub mod go;
mod page;

pub use page::{Head, page};

/// The result of one benchmark, in nanoseconds per item (or per run, if it has no items).
#[derive(Clone, Debug, PartialEq)]
pub struct Measured {
    /// The picture that it is in.
    pub group: String,
    /// Its row in the picture.
    pub row: String,
    /// The median.
    pub median: f64,
    /// The range around the median: Criterion's confidence interval, or Go's fastest and slowest run.
    pub range: (f64, f64),
    /// Whether the figures are per item.
    pub per_item: bool,
}
