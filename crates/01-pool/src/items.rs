//! Items that workers take, each once.

use takecell::TakeOwnCell;

use crate::claims::Claims;

/// The items that are left, to be taken by many workers at once.
pub(crate) struct Items<T> {
    claims: Claims,
    /// Full until its number is claimed.
    places: Vec<TakeOwnCell<T>>,
}

impl<T> Items<T> {
    pub(crate) fn new(items: Vec<T>) -> Items<T> {
        Items {
            claims: Claims::new(items.len()),
            places: items.into_iter().map(TakeOwnCell::new).collect(),
        }
    }

    /// The next item with its number, or `None` once all are taken.
    pub(crate) fn take(&self) -> Option<(usize, T)> {
        let claim = self.claims.claim()?;
        let item = self.places[claim.index()]
            .take()
            .expect("each number is claimed once");
        Some((claim.index(), item))
    }
}
