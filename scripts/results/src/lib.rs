//! A chapter's benchmark results: what criterion and Go measured, as bars.
//!
//! A *group* is one picture. Its first benchmark is what the others are compared with, so a chapter's own
//! code comes first in its benchmark. Go's benchmarks join the group of their name: `BenchmarkPool/group/row`,
//! with blanks written as `_` in Go's output.

pub mod criterion;
pub mod go;
mod page;

pub use page::{Head, page};

/// What was measured of one benchmark, in nanoseconds for one item (or for one run, if it has no items).
#[derive(Clone, Debug, PartialEq)]
pub struct Measured {
    /// The picture that it belongs to.
    pub group: String,
    /// Its row.
    pub row: String,
    /// The median.
    pub median: f64,
    /// The interval in which it lies: criterion's confidence interval, or all of Go's runs.
    pub range: (f64, f64),
    /// Whether it is for one item of many.
    pub per_item: bool,
}
