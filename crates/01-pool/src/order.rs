//! Puts results back into the order of their items.

/// Sorts by index and drops the indices.
pub(crate) fn in_order<R>(mut indexed: Vec<(usize, R)>) -> Vec<R> {
    // The stable sort is fast on runs that are already in order, and items often finish in order.
    indexed.sort_by_key(|(index, _)| *index);
    indexed.into_iter().map(|(_, result)| result).collect()
}
