//! Results in the order of the items, whatever the order in which they came.

/// Sorts by number and drops the numbers.
pub(crate) fn in_order<R>(mut numbered: Vec<(usize, R)>) -> Vec<R> {
    // Stable, because that sort finds what is in order already: each worker's own results are.
    numbered.sort_by_key(|(number, _)| *number);
    numbered.into_iter().map(|(_, result)| result).collect()
}
