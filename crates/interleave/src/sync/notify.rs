//! A permit that one thread waits for.

use std::fmt;
use std::panic::Location;
use std::sync::Mutex;

use crate::event::{Action, Site};
use crate::run::{self, HandOver, Identity, Pending, Turn};

/// Loom's `Notify`, explored and recorded: a permit that one thread waits for.
///
/// A notification without a waiter stores one permit, no matter how often it is repeated. There are no
/// spurious wake-ups. A `notify` happens before the return of the `wait` that it ends.
///
/// # Panics
///
/// Outside a model, and if two threads wait at the same time.
pub struct Notify {
    identity: Identity,
    hand_over: HandOver,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    permit: bool,
    waiter: Option<u16>,
}

impl Notify {
    /// Creates a `Notify` without a permit.
    #[track_caller]
    pub fn new() -> Notify {
        Notify {
            identity: Identity::new(),
            hand_over: HandOver::new(),
            state: Mutex::default(),
        }
    }

    fn state<R>(&self, f: impl FnOnce(&mut State) -> R) -> R {
        f(&mut self.state.lock().expect("no panic while it is held"))
    }

    /// Stores a permit and wakes the waiting thread, if there is one.
    #[track_caller]
    pub fn notify(&self) {
        self.give(Some(Location::caller()), Action::Notify);
    }

    /// Waits for a permit and consumes it.
    #[track_caller]
    pub fn wait(&self) {
        let site = Location::caller();
        self.take(site, Pending::Permit(site), Action::Notified);
    }

    pub(crate) fn give(&self, site: Option<Site>, action: Action) {
        let turn = self.identity.turn();
        if let Turn::Go(me) = turn {
            run::point(me);
        }
        self.hand_over.release();
        let waiter = self.state(|state| {
            state.permit = true;
            state.waiter.take()
        });
        if let Some(thread) = waiter {
            run::wake(thread);
        }
        if let Turn::Go(_) = turn {
            run::record(Some(self.identity.object), site, action);
        }
    }

    pub(crate) fn take(&self, site: Site, pending: Pending, action: Action) {
        let Turn::Go(me) = self.identity.turn_at(site) else {
            return;
        };
        loop {
            if self.state(|state| state.permit) {
                run::point(me);
                // A second waiter may have consumed the permit in the meantime.
                if self.state(|state| std::mem::take(&mut state.permit)) {
                    break;
                }
            } else {
                let alone = self.state(|state| *state.waiter.get_or_insert(me) == me);
                assert!(alone, "only one thread may wait on a `Notify` at a time");
                run::block(me, pending.clone());
            }
        }
        self.hand_over.acquire();
        run::record(Some(self.identity.object), Some(site), action);
    }
}

impl Default for Notify {
    #[track_caller]
    fn default() -> Notify {
        Notify::new()
    }
}

impl fmt::Debug for Notify {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Notify").finish_non_exhaustive()
    }
}
