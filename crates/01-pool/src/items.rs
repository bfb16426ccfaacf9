//! Items that workers take, each once, and their results, each in the place of its item.

use std::mem;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::claims::{Claim, Claims};

/// The items that are left and the results that are there, shared by all workers.
pub(crate) struct Items<T, R> {
    claims: Claims,
    /// A place is locked by nobody but who claimed it: the lock only lets what can't be shared be handed
    /// from thread to thread.
    places: Vec<Mutex<Place<T, R>>>,
}

enum Place<T, R> {
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
                .map(|item| Mutex::new(Place::Item(item)))
                .collect(),
        }
    }

    /// The next item with the claim to it, or `None` once all are taken.
    pub(crate) fn take(&self) -> Option<(Claim, T)> {
        let claim = self.claims.claim()?;
        let item = mem::replace(&mut *self.place(&claim), Place::InFlight);
        match item {
            Place::Item(item) => Some((claim, item)),
            Place::InFlight | Place::Result(_) => unreachable!("each number is claimed once"),
        }
    }

    /// Leaves a result in the place of its item.
    pub(crate) fn put(&self, claim: Claim, result: R) {
        *self.place(&claim) = Place::Result(result);
    }

    /// Leaves what has not been taken yet: nobody takes another.
    pub(crate) fn close(&self) {
        self.claims.close();
    }

    /// The results in the order of the items.
    pub(crate) fn into_results(self) -> Vec<R> {
        let result = |place: Mutex<Place<T, R>>| match place.into_inner() {
            Ok(Place::Result(result)) => result,
            _ => unreachable!("every worker has ended, and every item with it"),
        };
        self.places.into_iter().map(result).collect()
    }

    fn place(&self, claim: &Claim) -> MutexGuard<'_, Place<T, R>> {
        // Nothing that can panic is done while it is held.
        self.places[claim.index()]
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}
