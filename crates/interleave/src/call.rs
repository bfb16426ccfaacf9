//! An operation of an execution as data, for a program that checks what was done.

use std::sync::atomic::Ordering;

use crate::describe;
use crate::event::Action;
use crate::execution::Execution;
use crate::run::Pending;
use crate::source;

/// One operation, as [`Execution::calls`] returns it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// The thread, as an index into [`Execution::threads`].
    pub thread: usize,
    /// The method, such as `load`. A guard that is dropped is an `unlock`, and the end of a wait is `woken`.
    pub method: &'static str,
    /// What the source calls the object, such as `next`. `None` if it has no name there.
    pub object: Option<String>,
    /// The numbers or truth values that are passed, as text.
    pub arguments: Vec<String>,
    /// The memory orderings: two for a compare-exchange, none for anything but an atomic or a fence.
    pub orderings: Vec<Ordering>,
    /// What the operation returned or found, as text.
    pub returned: Option<String>,
    /// Whether it is a compare-exchange that failed.
    pub failed: bool,
    /// Whether it read a write older than the newest one.
    pub stale: bool,
    /// Whether it never returned.
    pub blocked: bool,
}

impl<T> Execution<T> {
    /// Returns the operations in order, then those that threads wait in forever: one for each step of the picture,
    /// except for a panic.
    pub fn calls(&self) -> Vec<Call> {
        let events = self.drawn().map(|(index, event)| {
            let (method, arguments, orderings) = parts(&event.action);
            Call {
                thread: event.thread.into(),
                method,
                object: event.site.and_then(source::receiver),
                arguments,
                orderings,
                returned: describe::event(event, &self.names).value,
                failed: matches!(event.action, Action::CompareExchange { found: Err(_), .. }),
                stale: event.access.stale,
                blocked: self.blocks(index),
            }
        });
        let pending = self.blocked().filter_map(|(thread, pending)| {
            let (method, site) = match pending {
                Pending::Event(_) => return None,
                Pending::Lock(mode, site) => (mode.method(), Some(*site)),
                Pending::Join(..) => ("join", None),
                Pending::Permit(site) => ("wait", Some(*site)),
                Pending::Future => ("block_on", None),
            };
            Some(Call {
                thread: usize::from(*thread),
                method,
                object: site.and_then(source::receiver),
                arguments: Vec::new(),
                orderings: Vec::new(),
                returned: None,
                failed: false,
                stale: false,
                blocked: true,
            })
        });
        events.chain(pending).collect()
    }
}

/// Returns the method, the arguments and the orderings.
fn parts(action: &Action) -> (&'static str, Vec<String>, Vec<Ordering>) {
    let method = match *action {
        Action::Load { order, .. } => return ("load", Vec::new(), vec![order]),
        Action::Store { order, value } => {
            return ("store", vec![value.to_string()], vec![order]);
        }
        Action::Rmw {
            method,
            operand,
            order,
            ..
        } => return (method, vec![operand.to_string()], vec![order]),
        Action::CompareExchange {
            method,
            current,
            new,
            orders,
            ..
        } => {
            let arguments = vec![current.to_string(), new.to_string()];
            return (method, arguments, vec![orders.0, orders.1]);
        }
        Action::Fence { order } => return ("fence", Vec::new(), vec![order]),
        Action::Acquire(mode) => mode.method(),
        Action::Try { mode, .. } => mode.try_method(),
        Action::Release(_) => "unlock",
        Action::Wait | Action::Notified => "wait",
        Action::Woken { .. } => "woken",
        Action::NotifyOne { .. } => "notify_one",
        Action::NotifyAll { .. } => "notify_all",
        Action::Notify => "notify",
        Action::Register => "register",
        Action::TakeWaker { method, .. } | Action::Count { method, .. } => method,
        Action::Wake => "wake",
        Action::Polled => "poll",
        Action::CellRead => "with",
        Action::CellWrite => "with_mut",
    };
    (method, Vec::new(), Vec::new())
}
