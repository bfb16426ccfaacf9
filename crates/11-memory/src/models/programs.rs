//! The models: small programs that the explorer runs in every order.

use interleave::sync::Arc;
use interleave::sync::atomic::{AtomicBool, Ordering::Relaxed};
use interleave::thread::named;
use interleave::{Execution, Exploration, Passing, Shown, explore};

use crate::TaskRef;
use crate::count::Count;
use crate::queued::Queued;

/// Two workers own a task. Each reads it and leaves, and the last one frees it.
// ANCHOR: two-workers-leave
pub(crate) fn two_workers_leave<O: Count>() -> [u8; 2] {
    let first: TaskRef<u8, O> = TaskRef::new(7);
    let second = first.clone();
    let workers = [("worker 1", first), ("worker 2", second)];
    let workers = workers.map(|(name, task)| named(name, move || *task.get()));
    workers.map(|worker| worker.join().unwrap())
}
// ANCHOR_END: two-workers-leave

pub(crate) fn freed<O: Count>() -> Exploration<[u8; 2]> {
    explore(two_workers_leave::<O>).worded(
        |[first, second]| format!("the workers read {first} and {second}"),
        "should be 7 and 7",
    )
}

/// What became of a task with one owner and a wake.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Woken {
    freed: bool,
    woken: bool,
}

impl Woken {
    pub(crate) fn is_freed_and_woken(&self) -> bool {
        self.freed && self.woken
    }
}

/// The last owner of a task leaves. Meanwhile a wake finds the task in a list, and wants to become an owner.
// ANCHOR: the-last-owner-leaves
pub(crate) fn the_last_owner_leaves<O: Count>() -> Woken {
    let owners = Arc::new(O::one());
    let owner = {
        let owners = owners.clone();
        named("owner", move || owners.remove())
    };
    let wake = named("wake", move || owners.add_unless_zero());
    Woken {
        freed: owner.join().unwrap(),
        woken: wake.join().unwrap(),
    }
}
// ANCHOR_END: the-last-owner-leaves

pub(crate) fn woken<O: Count>() -> Exploration<Woken> {
    let told = |it: &Woken| match (it.freed, it.woken) {
        (true, true) => "the task was freed, and the wake owns it",
        (true, false) => "the task was freed, and the wake was refused",
        (false, _) => "the wake owns the task",
    };
    explore(the_last_owner_leaves::<O>)
        .worded(move |it| told(it).to_owned(), "a freed task has no owner")
}

/// Picks the simplest execution in which the wake sees an owner, and the exchange then refuses it.
pub(crate) fn refused_by_the_exchange(passing: &Passing<Woken>) -> Shown<'_, Woken> {
    let refused = |it: &Execution<Woken>| it.outcome().is_some_and(|it| it.freed && !it.woken);
    // A wake that loads 0 doesn't try, so executions with an exchange are longer.
    let executions = passing.exploration().executions().iter();
    let longest = executions
        .filter(|it| refused(it))
        .map(Execution::steps)
        .max();
    passing.simplest_such_that(|it| refused(it) && Some(it.steps()) == longest)
}

/// An owner stays, and one more comes and leaves. Meanwhile a wake wants to become an owner. Returns whether it did.
pub(crate) fn an_owner_stays<O: Count>() -> bool {
    let owners = Arc::new(O::one());
    let owner = {
        let owners = owners.clone();
        named("owner", move || {
            owners.add();
            assert!(!owners.remove(), "an owner stays");
        })
    };
    let wake = named("wake", move || owners.add_unless_zero());
    owner.join().unwrap();
    wake.join().unwrap()
}

/// Two owners clone a task and leave, and so do their clones. Returns how many of the four were told to free it.
pub(crate) fn two_owners_clone<O: Count>() -> usize {
    let owners = Arc::new(O::one());
    owners.add();
    let both = ["owner 1", "owner 2"].map(|name| {
        let owners = owners.clone();
        named(name, move || {
            owners.add();
            [owners.remove(), owners.remove()]
        })
    });
    let frees = both.map(|owner| owner.join().unwrap());
    frees.as_flattened().iter().filter(|frees| **frees).count()
}

pub(crate) fn cloned<O: Count>() -> Exploration<usize> {
    explore(two_owners_clone::<O>).worded(|frees| format!("freed {frees} times"), "should be once")
}

/// What became of a wake.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Signalled {
    /// The wake has to queue the task, so there is another poll.
    pub(crate) queued: bool,
    /// The poll saw the signal.
    pub(crate) seen: bool,
}

/// A thread sets a signal and wakes the task, while a worker takes the task out of the queue and polls it.
pub(crate) fn a_wake_during_a_poll() -> Signalled {
    let task = Arc::new((Queued::new(), AtomicBool::new(false)));
    let waker = {
        let task = task.clone();
        named("waker", move || {
            let (queued, signal) = &*task;
            signal.store(true, Relaxed);
            queued.set()
        })
    };
    let worker = named("worker", move || {
        let (queued, signal) = &*task;
        queued.clear();
        signal.load(Relaxed)
    });
    Signalled {
        queued: waker.join().unwrap(),
        seen: worker.join().unwrap(),
    }
}

pub(crate) fn signalled() -> Exploration<Signalled> {
    explore(a_wake_during_a_poll).worded(|it| format!("{it:?}"), "should be queued or seen")
}
