//! Items that workers take, each once, and their results, each in the place of its item.

use std::mem;

use takecell::TakeCell;

use crate::claims::Claims;

/// The items that are left and the results that are there, shared by all workers.
pub(crate) struct Items<T, R> {
    claims: Claims,
    /// A place is taken by nobody but who claimed it.
    places: Vec<TakeCell<Place<T, R>>>,
}

/// Where an item was, and its result is to be.
pub(crate) enum Place<T, R> {
    Item(T),
    InFlight,
    Result(R),
}

impl<T, R> Items<T, R> {
    pub(crate) fn new(items: Vec<T>) -> Items<T, R> {
        Items {
            claims: Claims::new(items.len()),
            places: items
                .into_iter()
                .map(|item| TakeCell::new(Place::Item(item)))
                .collect(),
        }
    }

    /// The next item with its place, or `None` once all are taken.
    pub(crate) fn take(&self) -> Option<(&mut Place<T, R>, T)> {
        let claim = self.claims.claim()?;
        let place = self.places[claim.index()]
            .take()
            .expect("each number is claimed once");
        match mem::replace(place, Place::InFlight) {
            Place::Item(item) => Some((place, item)),
            Place::InFlight | Place::Result(_) => unreachable!("each number is claimed once"),
        }
    }

    /// Leaves what has not been taken yet: nobody takes another.
    pub(crate) fn close(&self) {
        self.claims.close();
    }

    /// The results in the order of the items.
    pub(crate) fn into_results(self) -> Vec<R> {
        let result = |place: TakeCell<Place<T, R>>| match place.into_inner() {
            Place::Result(result) => result,
            _ => unreachable!("every worker has ended, and every item with it"),
        };
        self.places.into_iter().map(result).collect()
    }
}
