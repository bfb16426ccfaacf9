//! Futures in a model: `block_on` and `AtomicWaker`.

use std::fmt;
use std::future::Future;
use std::panic::Location;
use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};

use crate::event::{Action, Site};
use crate::run::{self, HandOver, Identity, Pending, Turn};
use crate::sync::Notify;

/// Polls `future` until it is ready. Between polls, sleeps until the waker is called.
///
/// If no thread is left to wake the future, the execution ends as blocked. There are no spurious
/// wake-ups.
///
/// # Panics
///
/// Outside a model.
#[track_caller]
pub fn block_on<F: Future>(future: F) -> F::Output {
    let site = Location::caller();
    let task = Arc::new(Task(Notify::new()));
    let waker = Waker::from(task.clone());
    let mut context = Context::from_waker(&waker);
    let mut future = pin!(future);
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
            return output;
        }
        task.0.take(site, Pending::Future, Action::Polled);
    }
}

/// What `block_on` sleeps on.
struct Task(Notify);

impl Wake for Task {
    fn wake(self: Arc<Task>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Task>) {
        self.0.give(None, Action::Wake);
    }
}

/// `futures::task::AtomicWaker`, explored and recorded: a slot for one waker.
///
/// `register`, `wake` and `take` are one operation each, and `wake` then calls the waker as a second one.
/// Each of the three happens before every later one.
///
/// # Panics
///
/// Outside a model.
pub struct AtomicWaker {
    identity: Identity,
    hand_over: HandOver,
    waker: Mutex<Option<Waker>>,
}

impl AtomicWaker {
    /// Creates an empty slot.
    #[track_caller]
    pub fn new() -> AtomicWaker {
        AtomicWaker {
            identity: Identity::new(),
            hand_over: HandOver::new(),
            waker: Mutex::default(),
        }
    }

    /// Stores the waker and drops the previous one.
    #[track_caller]
    pub fn register(&self, waker: &Waker) {
        let site = Location::caller();
        let before = self.exchange(Some(waker.clone()), |_| Action::Register, site);
        drop(before);
    }

    /// Takes the waker out of the slot, if there is one, and calls it.
    #[track_caller]
    pub fn wake(&self) {
        let site = Location::caller();
        let taken = self.exchange(
            None,
            |found| Action::TakeWaker {
                method: "wake",
                found,
            },
            site,
        );
        if let Some(waker) = taken {
            waker.wake();
        }
    }

    /// Takes the waker out of the slot, if there is one.
    #[track_caller]
    pub fn take(&self) -> Option<Waker> {
        self.exchange(
            None,
            |found| Action::TakeWaker {
                method: "take",
                found,
            },
            Location::caller(),
        )
    }

    fn exchange(
        &self,
        new: Option<Waker>,
        action: impl FnOnce(bool) -> Action,
        site: Site,
    ) -> Option<Waker> {
        let turn = self.identity.turn_at(site);
        if let Turn::Go(me) = turn {
            run::point(me);
            self.hand_over.acquire();
            self.hand_over.release();
        }
        let old = std::mem::replace(
            &mut *self.waker.lock().expect("no panic while it is held"),
            new,
        );
        if let Turn::Go(_) = turn {
            run::record(
                Some(self.identity.object),
                Some(site),
                action(old.is_some()),
            );
        }
        old
    }
}

impl Default for AtomicWaker {
    #[track_caller]
    fn default() -> AtomicWaker {
        AtomicWaker::new()
    }
}

impl fmt::Debug for AtomicWaker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AtomicWaker").finish_non_exhaustive()
    }
}
