//! Items that workers take, each once, and their results, each in the slot of its item.

use std::mem;

use takecell::TakeCell;

use crate::claims::Claims;

/// The items that are left and the results that are there, shared by all workers.
pub(crate) struct Items<T, R> {
    claims: Claims,
    /// A slot is taken by nobody but who claimed it.
    slots: Vec<TakeCell<Slot<T, R>>>,
}

/// Where an item was, and its result is to be.
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

    /// The next item with its slot, or `None` once all are taken.
    pub(crate) fn take(&self) -> Option<(&mut Slot<T, R>, T)> {
        let claim = self.claims.claim()?;
        let slot = self.slots[claim.index()]
            .take()
            .expect("each number is claimed once");
        match mem::replace(slot, Slot::InFlight) {
            Slot::Item(item) => Some((slot, item)),
            Slot::InFlight | Slot::Result(_) => unreachable!("each number is claimed once"),
        }
    }

    /// Leaves what has not been taken yet: nobody takes another.
    pub(crate) fn close(&self) {
        self.claims.close();
    }

    /// The results in the order of the items.
    pub(crate) fn into_results(self) -> Vec<R> {
        let result = |slot: TakeCell<Slot<T, R>>| match slot.into_inner() {
            Slot::Result(result) => result,
            _ => unreachable!("every worker has ended, and every item with it"),
        };
        self.slots.into_iter().map(result).collect()
    }
}
