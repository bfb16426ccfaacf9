//! Broken on purpose: each batch has ⌊n ÷ b⌋ items, so the remainder of the division can be in no batch.

use std::ops::Range;

/// Splits `items` items into `batches` batches. Returns the range of indices of each batch, in order.
///
/// No batches come of 0 items or 0 batches.
// ANCHOR: split
pub fn split(items: usize, batches: usize) -> impl Iterator<Item = Range<usize>> {
    let batches = batches.min(items);
    (0..batches).map(move |batch| {
        let start = batch * items / batches;
        let end = start + items / batches;
        start..end
    })
}
// ANCHOR_END: split
