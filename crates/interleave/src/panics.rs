//! Panics inside a model are outcomes, not noise: they are kept, not printed.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::panic;
use std::sync::Once;

thread_local! {
    static EXPLORING: Cell<bool> = const { Cell::new(false) };
    static LAST: RefCell<Option<Panic>> = const { RefCell::new(None) };
    static LOOM_GAVE_UP: Cell<bool> = const { Cell::new(false) };
}

/// What a panic said, on one line, and where.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Panic {
    pub(crate) message: String,
    pub(crate) file: String,
    pub(crate) line: u32,
}

/// Keeps the panics of this OS thread from now on, instead of printing them.
///
/// The hook is installed once for the process and hands all other threads' panics to the hook that
/// was there before.
pub(crate) fn keep() {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let previous = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if !EXPLORING.get() {
                return previous(info);
            }
            let message = one_line(&message(info.payload()));
            if of_loom(&message).is_some() {
                LOOM_GAVE_UP.set(true);
            }
            let panic = match info.location() {
                _ if is_data_race(&message) => Panic {
                    message: "a data race: nothing orders this access and the other".to_owned(),
                    // Where loom noticed; the operation itself is recorded.
                    file: String::new(),
                    line: 0,
                },
                Some(location) => Panic {
                    message,
                    file: location.file().to_owned(),
                    line: location.line(),
                },
                None => Panic {
                    message,
                    file: String::new(),
                    line: 0,
                },
            };
            LAST.set(Some(panic));
        }));
    });
    EXPLORING.set(true);
}

/// Whether a panic of loom's own was among them: it must not be called again, for it would panic
/// again, and in a destructor that ends the process.
pub(crate) fn loom_gave_up() -> bool {
    LOOM_GAVE_UP.get()
}

/// The panic that was just caught on this OS thread.
pub(crate) fn take(payload: &(dyn Any + Send)) -> Panic {
    LAST.take().unwrap_or_else(|| Panic {
        // `resume_unwind` reaches no hook.
        message: one_line(&message(payload)),
        file: String::new(),
        line: 0,
    })
}

/// What a panic's payload says.
pub(crate) fn message(payload: &(dyn Any + Send)) -> String {
    if let Some(words) = payload.downcast_ref::<&str>() {
        (*words).to_owned()
    } else if let Some(words) = payload.downcast_ref::<String>() {
        words.clone()
    } else {
        "a panic without words".to_owned()
    }
}

/// Whether loom reports two accesses to a cell.
fn is_data_race(message: &str) -> bool {
    [
        "Causality violation",
        "currently reading from cell",
        "currently writing to cell",
    ]
    .iter()
    .any(|report| message.contains(report))
        && !is_unordered_making(message)
}

/// Whether loom reports the use of an object that is not ordered after its making, which it counts as an
/// access of its own.
fn is_unordered_making(message: &str) -> bool {
    message.contains("mut accesses")
}

fn one_line(words: &str) -> String {
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What it means if loom itself gave up with this message; `None` if the panic is the model's own.
pub(crate) fn of_loom(message: &str) -> Option<String> {
    if is_unordered_making(message) {
        Some(
            "a thread uses an object of the model, and nothing orders that after its making: it came there by a \
             way that the explorer doesn't see. Look for std::sync (Mutex, channels) where interleave::sync should \
             be imported"
                .to_owned(),
        )
    } else if message.contains("Is the model fully deterministic?") {
        Some(
            "the model did something else when it ran again: it must depend on nothing but the \
             order of its operations (no clock, no random numbers, no iteration over a HashMap)"
                .to_owned(),
        )
    } else if message.contains("[loom internal bug]") {
        Some(format!("loom gave up: {message}"))
    } else if message.contains("Model exceeded maximum number of branches") {
        Some("an execution is longer than loom can hold: make the model smaller".to_owned())
    } else {
        None
    }
}
