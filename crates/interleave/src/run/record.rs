//! How operations are recorded.

use std::sync::atomic::Ordering::{self, SeqCst};

use super::ends::refuse;
use super::state::with;
use super::trace::{Candidate, Gaps};
use crate::event::{Access, Action, Event, Object, Site};
use crate::refused::Reason;

/// Records what the running thread just did, and returns the index of the event.
pub(crate) fn record(object: Option<Object>, site: Option<Site>, action: Action) -> usize {
    record_access(object, site, action, Access::default())
}

/// Records an access to an atomic or a mutex, and returns the index of the event.
pub(crate) fn record_access(
    object: Option<Object>,
    site: Option<Site>,
    action: Action,
    access: Access,
) -> usize {
    let (event, exceeded) = with(|run| {
        let event = run.record.push(Event {
            thread: run.threads.current(),
            object,
            site,
            action,
            solo: run.threads.solo(),
            access,
        });
        let mut progress = run
            .settings
            .progress
            .lock()
            .expect("no panic while it is held");
        progress.operations += 1;
        progress.last = site.or(progress.last);
        let limit = run.settings.max_operations;
        (event, (run.record.operations() > limit).then_some(limit))
    });
    if let Some(limit) = exceeded {
        let message = format!(
            "An execution has more than {limit} operations. A loop that waits for another thread must block (on \
             a lock, a condition variable or `Notify`), not spin. If the model really is that long, set \
             `Explorer::max_operations`."
        );
        refuse(Reason::TooManyOperations, message);
    }
    event
}

/// Notes why the exploration is not complete.
pub(crate) fn gap(note: impl FnOnce(&mut Gaps)) {
    with(|run| note(run.record.gaps()));
}

/// Notes the ordering of the next access. Returns whether to explore it as exact `SeqCst`: such an access
/// reads the newest write, and its own write becomes the newest.
pub(crate) fn is_seq_cst(order: Ordering) -> bool {
    with(|run| {
        if !run.threads.solo() {
            run.record.note_ordering(order);
        }
        order == SeqCst && run.settings.seq_cst
    })
}

/// Notes that the thread's next operation may be a spurious event. Returns whether it must be one in this
/// execution.
pub(crate) fn is_forced(me: u16) -> bool {
    with(|run| {
        let candidate = Candidate {
            thread: me,
            number: run.threads.number_candidate(me),
        };
        run.record.candidate(candidate);
        run.settings.forced.contains(&candidate)
    })
}
