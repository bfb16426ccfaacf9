//! What a variant has done, and how it ended.

/// The results of the items that were finished, and how the run ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Processed<R> {
    /// The results, in the order of the items. An item that was interrupted has none.
    pub done: Vec<R>,
    /// How the run ended.
    pub ended: Ended,
}

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Ended {
    /// All items were finished.
    Finished,
    /// The token was cancelled. The missing items, if there are any, were interrupted or never started.
    Cancelled,
}
