//! What a reader is told about results that are still arriving.

/// The answer of `Results::progress`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Progress {
    /// How many results there are.
    pub stored: usize,
    /// Whether the result that the reader asked for is there.
    pub has_key: bool,
}
