//! How an execution ends early, and how its threads then unwind.

use std::any::Any;
use std::panic;

use super::state::with;
use super::trace::Ending;
use crate::panics::Panic;
use crate::refused::{Reason, Refused};
use crate::source;

/// The payload that unwinds a thread after its execution has ended.
struct Cut;

/// Whether a payload caught at a thread's end comes from the explorer's own unwinding.
pub(crate) fn is_cut(payload: &(dyn Any + Send)) -> bool {
    payload.is::<Cut>()
}

/// Unwinds the running thread, because its execution has ended.
pub(super) fn unwind() -> ! {
    panic::resume_unwind(Box::new(Cut))
}

/// Whether the execution has been cut short.
pub(super) fn ended() -> bool {
    with(|run| run.ending.is_some())
}

/// Ends the execution as `ending`, unless it has ended. All other threads unwind when they run next.
pub(crate) fn end(ending: Ending) {
    let sleepers = with(|run| {
        if run.ending.is_some() {
            return None;
        }
        run.ending = Some(ending);
        Some(run.threads.wake_all())
    });
    if let Some(sleepers) = sleepers {
        // From here on, loom would only explore the order in which threads unwind.
        loom::skip_branch();
        for sleeper in sleepers {
            sleeper.unpark();
        }
    }
}

/// Ends the execution as blocked if no thread can continue and at least one is unfinished. Returns whether
/// it did.
pub(super) fn end_if_blocked() -> bool {
    let blocked = with(|run| match run.ending {
        Some(_) => Vec::new(),
        None => run.threads.deadlock(&run.locks),
    });
    let is_blocked = !blocked.is_empty();
    if is_blocked {
        end(Ending::Blocked(blocked));
    }
    is_blocked
}

/// Refuses the model: the exploration ends with this message.
pub(super) fn refuse(reason: Reason, message: impl Into<String>) -> ! {
    end(Ending::Refused(Refused::new(reason, message)));
    unwind()
}

/// Refuses the model if the thread did an operation while a panic unwound it and continues nevertheless:
/// the orders of that operation were not explored.
pub(crate) fn refuse_caught(me: u16) {
    let Some(site) = with(|run| run.threads.take_unwound(me)) else {
        return;
    };
    if ended() {
        return;
    }
    let message = format!(
        "The model caught a panic, but the operation at {} ran while the panic unwound the thread, and the \
         orders of such operations are not explored. Catch the panic first, then release or count.",
        source::location(site.file(), site.line())
    );
    refuse(Reason::CaughtPanic, message);
}

/// Notes that a panic has left a thread. The first panic is the end of the execution.
pub(crate) fn panicked(thread: u16, panic: Panic) {
    with(|run| {
        run.record.panicked(thread, panic);
        run.threads.take_unwound(thread); // the panic was not caught
    });
}
