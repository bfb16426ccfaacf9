//! The items that workers take, each once, and the results, each in the slot of its item.

use std::mem;

use takecell::TakeCell;

use crate::claims::Claims;

/// The items and their results, shared by all workers.
pub(crate) struct Items<T, R> {
    claims: Claims,
    /// One slot per item; only the worker that claimed its index takes it.
    slots: Vec<TakeCell<Slot<T, R>>>,
}

/// Holds an item until a worker takes it, and later its result.
pub(crate) enum Slot<T, R> {
    Item(T),
    InFlight,
    Result(R),
}

impl<T, R> Items<T, R> {
    pub(crate) fn new(items: Vec<T>) -> Items<T, R> {
        Items {
            claims: Claims::new(items.len()),
            slots: items
                .into_iter()
                .map(|item| TakeCell::new(Slot::Item(item)))
                .collect(),
        }
    }

    /// Takes the next item, with the slot for its result. Returns `None` once all are taken.
    pub(crate) fn take(&self) -> Option<(&mut Slot<T, R>, T)> {
        let claim = self.claims.claim()?;
        let slot = self.slots[claim.index()]
            .take()
            .expect("each index is claimed once");
        match mem::replace(slot, Slot::InFlight) {
            Slot::Item(item) => Some((slot, item)),
            Slot::InFlight | Slot::Result(_) => unreachable!("each index is claimed once"),
        }
    }

    /// Withdraws the items that are left: from now on `take` returns `None`.
    pub(crate) fn close(&self) {
        self.claims.close();
    }

    /// Returns the results in the order of the items.
    ///
    /// # Panics
    ///
    /// If a slot has no result.
    pub(crate) fn into_results(self) -> Vec<R> {
        let result = |slot: TakeCell<Slot<T, R>>| match slot.into_inner() {
            Slot::Result(result) => result,
            _ => unreachable!("every worker has finished, so every slot has its result"),
        };
        self.slots.into_iter().map(result).collect()
    }
}
