//! One permit and one waiter.

use std::fmt;
use std::panic::Location;
use std::sync::Mutex;

use crate::event::{Action, Site};
use crate::run::{self, HandOver, Identity, Pending, Turn};

/// Loom's `Notify`, explored and recorded: a permit that one thread waits for.
///
/// A notification with nobody waiting is kept, as one permit however often it is given. There are no
/// spurious wake-ups. What came before `notify` happens before what follows the `wait` that it ends.
///
/// # Panics
///
/// Outside of a model, and if two threads wait at once.
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
    /// No permit, nobody waiting.
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

    /// Leaves a permit and wakes who waits for it.
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
            run::record(Some(self.identity.object), site, action, false);
        }
    }

    pub(crate) fn take(&self, site: Site, pending: Pending, action: Action) {
        let Turn::Go(me) = self.identity.turn() else {
            return;
        };
        loop {
            let permit = self.state(|state| {
                if !state.permit {
                    assert!(
                        state.waiter.is_none(),
                        "only one thread may wait on a `Notify`"
                    );
                    state.waiter = Some(me);
                }
                state.permit
            });
            if permit {
                break;
            }
            run::block(me, pending.clone());
        }
        run::point(me);
        self.state(|state| state.permit = false);
        self.hand_over.acquire();
        run::record(Some(self.identity.object), Some(site), action, false);
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
