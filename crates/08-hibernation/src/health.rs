//! How a watch of one kind is doing.

use tokio::sync::watch;

use crate::Cause;

/// How a watch of one kind is doing. Shared by the task that watches and the client that it uses.
#[derive(Clone, Debug)]
pub(crate) struct Health(watch::Sender<State>);

#[derive(Clone, Debug, Default)]
struct State {
    /// The store has all objects of the kind.
    complete: bool,
    /// Why the store gets no events. `None` if it does, or if nothing was tried yet.
    broken: Option<Cause>,
}

impl Health {
    /// Starts with an empty store.
    pub(crate) fn new() -> Health {
        Health(watch::Sender::default())
    }

    /// The server has answered.
    pub(crate) fn answered(&self) {
        self.0.send_modify(|state| state.broken = None);
    }

    /// The list or the watch has failed.
    pub(crate) fn broke(&self, cause: Cause) {
        self.0.send_modify(|state| state.broken = Some(cause));
    }

    /// The list begins (`false`) or has ended (`true`).
    pub(crate) fn complete(&self, complete: bool) {
        self.0.send_modify(|state| state.complete = complete);
    }

    /// Waits until the store is complete and gets events.
    pub(crate) async fn current(&self) {
        let is_current = |state: &State| state.complete && state.broken.is_none();
        let mut states = self.0.subscribe();
        // Fails only if the sender is gone, which `self` has.
        let _ = states.wait_for(is_current).await;
    }

    /// Why the store isn't current.
    pub(crate) fn why_not(&self) -> Cause {
        self.0.borrow().broken.clone().unwrap_or(Cause::Deadline)
    }
}
