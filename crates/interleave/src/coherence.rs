//! Rules out executions that loom lets through although the memory model forbids them.
//!
//! A read-modify-write follows the write that it reads from immediately in modification order: no other
//! write comes between the two. Loom doesn't draw that conclusion. A thread that stores to an atomic may
//! then read what another thread's read-modify-write wrote before the store. Here the modification order
//! is derived, as far as what was recorded determines it. If it has a cycle, there was no such execution.

use std::sync::atomic::Ordering::{AcqRel, Acquire, Release, SeqCst};

use crate::event::{Action, Event, Object};

/// A relation between events, or between an atomic's writes: `relation[a][b]` is "a before b".
type Relation = Vec<Vec<bool>>;

/// Whether every atomic can have a modification order. Never false for an execution that exists.
pub(crate) fn is_coherent(events: &[Event]) -> bool {
    let mut objects: Vec<Object> = events
        .iter()
        .filter(|event| is_rmw(event))
        .filter_map(|event| event.object)
        .collect();
    objects.sort();
    objects.dedup();
    // Without a plain store beside the read-modify-writes, loom's own order is the only one.
    objects.retain(|object| {
        let mut own = events.iter().filter(|it| it.object == Some(*object));
        own.any(|event| matches!(event.action, Action::Store { .. }))
    });
    if objects.is_empty() {
        return true;
    }
    let happens_before = happens_before(events);
    objects
        .into_iter()
        .all(|object| has_modification_order(events, object, &happens_before))
}

fn is_rmw(event: &Event) -> bool {
    event.access.read.is_some() && event.access.wrote.is_some()
}

/// What certainly happens before what: less than the memory model derives, never more.
fn happens_before(events: &[Event]) -> Relation {
    let mut relation = vec![vec![false; events.len()]; events.len()];
    for (later, event) in events.iter().enumerate() {
        for (earlier, before) in events[..later].iter().enumerate() {
            // While a thread is alone, it comes after all that ran before, and before all that runs later.
            relation[earlier][later] = before.thread == event.thread
                || before.solo
                || event.solo
                || synchronises(before, event)
                || unlocks(before, event);
        }
    }
    close(&mut relation);
    relation
}

/// Whether an acquire reads directly from a release.
fn synchronises(write: &Event, read: &Event) -> bool {
    let releases = match write.action {
        Action::Store { order, .. } | Action::Rmw { order, .. } => {
            matches!(order, Release | AcqRel | SeqCst)
        }
        Action::CompareExchange { orders, found, .. } => {
            found.is_ok() && matches!(orders.0, Release | AcqRel | SeqCst)
        }
        _ => false,
    };
    let acquires = match read.action {
        Action::Load { order, .. } | Action::Rmw { order, .. } => {
            matches!(order, Acquire | AcqRel | SeqCst)
        }
        Action::CompareExchange { orders, found, .. } => {
            let order = if found.is_ok() { orders.0 } else { orders.1 };
            matches!(order, Acquire | AcqRel | SeqCst)
        }
        _ => false,
    };
    releases && acquires && write.object == read.object && write.access.wrote == read.access.read
}

fn unlocks(release: &Event, acquire: &Event) -> bool {
    release.object == acquire.object
        && matches!(release.action, Action::Release(_))
        && matches!(acquire.action, Action::Acquire(_) | Action::Woken { .. })
}

/// Derives the modification order of one atomic, and says whether it is free of cycles.
fn has_modification_order(events: &[Event], object: Object, happens_before: &Relation) -> bool {
    let own: Vec<(usize, &Event)> = events
        .iter()
        .enumerate()
        .filter(|(_, event)| event.object == Some(object))
        .collect();
    let numbers = own
        .iter()
        .flat_map(|(_, event)| [event.access.read, event.access.wrote]);
    let writes = numbers.flatten().max().map_or(0, |newest| newest + 1);
    let mut order = vec![vec![false; writes]; writes];
    order[0][1..].fill(true); // the initial value comes first
    for &(first, before) in &own {
        for &(second, after) in &own {
            if !happens_before[first][second] {
                continue;
            }
            // Coherence: write-write, write-read, read-read, read-write.
            for earlier in [before.access.read, before.access.wrote]
                .into_iter()
                .flatten()
            {
                for later in [after.access.read, after.access.wrote]
                    .into_iter()
                    .flatten()
                {
                    order[earlier][later] |= earlier != later;
                }
            }
        }
    }
    let pairs: Vec<(usize, usize)> = own
        .iter()
        .filter_map(|(_, event)| Some((event.access.read?, event.access.wrote?)))
        .collect();
    loop {
        let before = count(&order);
        for &(source, own) in &pairs {
            order[source][own] = true;
            for other in (0..writes).filter(|other| ![source, own].contains(other)) {
                order[other][source] |= order[other][own];
                order[own][other] |= order[source][other];
            }
        }
        close(&mut order);
        if (0..writes).any(|write| order[write][write]) {
            return false;
        }
        if count(&order) == before {
            return true;
        }
    }
}

fn count(relation: &Relation) -> usize {
    relation.iter().flatten().filter(|holds| **holds).count()
}

/// Adds what follows by transitivity.
fn close(relation: &mut Relation) {
    for through in 0..relation.len() {
        for from in 0..relation.len() {
            if relation[from][through] {
                let reached = relation[through].clone();
                for (to, holds) in reached.into_iter().enumerate() {
                    relation[from][to] |= holds;
                }
            }
        }
    }
}
