//! Broken on purpose: if a setting makes the batch size 0, there is always another batch.

use std::iter;
use std::ops::Range;

/// Splits `items` items into batches of `size`. Returns the range of indices of each batch, in order.
///
/// With a `size` of 0 it returns the empty range `0..0` forever.
// ANCHOR: split
pub fn split(items: usize, size: usize) -> impl Iterator<Item = Range<usize>> {
    let mut start = 0_usize;
    iter::from_fn(move || {
        let batch = start..items.min(start.saturating_add(size));
        start = batch.end;
        (batch.start < items).then_some(batch)
    })
}
// ANCHOR_END: split
