//! Keeps the panics of a model instead of printing them: a panic is an outcome.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::panic;
use std::path::Path;
use std::sync::Once;

use crate::refused::{Reason, Refused};

thread_local! {
    static EXPLORING: Cell<bool> = const { Cell::new(false) };
    static LAST: RefCell<Option<Panic>> = const { RefCell::new(None) };
    /// Why loom has panicked first.
    static GAVE_UP: RefCell<Option<Refused>> = const { RefCell::new(None) };
}

/// A panic's message, on one line, and its source line.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Panic {
    pub(crate) message: String,
    pub(crate) file: String,
    pub(crate) line: u32,
}

/// Keeps the panics of this OS thread from now on, instead of printing them.
///
/// Installs a panic hook, once per process. It passes the panics of all other threads to the previous
/// hook.
pub(crate) fn keep() {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let previous = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if !EXPLORING.get() {
                return previous(info);
            }
            let message = one_line(&message(info.payload()));
            let file = info.location().map_or("", |location| location.file());
            if let Some(refused) = of_loom(&message, file) {
                GAVE_UP.with_borrow_mut(|it| _ = it.get_or_insert(refused));
            }
            let panic = match info.location() {
                _ if is_data_race(&message) => Panic {
                    message: "a data race with an earlier access".to_owned(),
                    // The location is inside loom. The operation itself is recorded.
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

/// Whether loom itself has panicked. It must not be called again: it would panic again, which aborts the
/// process if it happens in a destructor.
pub(crate) fn loom_gave_up() -> bool {
    GAVE_UP.with_borrow(Option::is_some)
}

/// Returns why loom has panicked, if it has.
pub(crate) fn refusal() -> Option<Refused> {
    GAVE_UP.with_borrow(Clone::clone)
}

/// Returns the panic that was just caught on this OS thread.
pub(crate) fn take(payload: &(dyn Any + Send)) -> Panic {
    LAST.take().unwrap_or_else(|| Panic {
        // `resume_unwind` doesn't call the hook.
        message: one_line(&message(payload)),
        file: String::new(),
        line: 0,
    })
}

/// Returns the message in a panic's payload.
pub(crate) fn message(payload: &(dyn Any + Send)) -> String {
    if let Some(message) = payload.downcast_ref::<&str>() {
        (*message).to_owned()
    } else if let Some(message) = payload.downcast_ref::<String>() {
        message.clone()
    } else {
        "a panic without a message".to_owned()
    }
}

/// Whether this is loom's report of two unordered accesses to a cell.
fn is_data_race(message: &str) -> bool {
    [
        "Causality violation",
        "currently reading from cell",
        "currently writing to cell",
    ]
    .iter()
    .any(|report| message.contains(report))
        && !is_use_before_creation(message)
}

/// Whether this is loom's report of an object whose use isn't ordered after its creation. Loom counts
/// the creation as a mutable access.
fn is_use_before_creation(message: &str) -> bool {
    message.contains("mut accesses")
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Explains a panic of loom's own. `None` if it is the model's own panic, or loom's report of a data race.
fn of_loom(message: &str, file: &str) -> Option<Refused> {
    let refused = if is_use_before_creation(message) {
        Refused::new(
            Reason::UnorderedUse,
            "A thread uses an object of the model, but nothing orders that use after its creation. The object \
             must have reached the thread in a way that the explorer can't see. Import `interleave::sync` \
             instead of `std::sync` (Mutex, channels).",
        )
    } else if message.contains("Is the model fully deterministic?") {
        not_deterministic()
    } else if message.contains("Model exceeded maximum number of branches") {
        Refused::new(
            Reason::TooManyBranches,
            "An execution is too long for loom. Make the model smaller.",
        )
    } else if is_loom(file) && !is_data_race(message) || message.contains("[loom internal bug]") {
        Refused::new(
            Reason::Internal,
            format!(
                "Loom failed with an internal error: {message}. That happens to a model that does something else \
                 when it runs again: a clock, random numbers, a `static` that remembers the previous run."
            ),
        )
    } else {
        return None;
    };
    Some(refused)
}

/// Refuses a model that doesn't do the same again.
pub(crate) fn not_deterministic() -> Refused {
    Refused::new(
        Reason::NotDeterministic,
        "The model did something else when it ran again. It must depend only on the order of its \
         operations: no clock, no random numbers, no iteration over a `HashMap`, no `static` that \
         remembers the previous run.",
    )
}

/// Whether this is a source file of loom's: `…/loom-0.7.2/src/rt/path.rs`.
fn is_loom(file: &str) -> bool {
    let mut folders = Path::new(file).ancestors().skip(1);
    let source = folders.find(|folder| folder.ends_with("src"));
    let package = source.and_then(Path::parent).and_then(Path::file_name);
    package.and_then(|name| name.to_str()).is_some_and(|name| {
        let version = name.strip_prefix("loom");
        version.is_some_and(|it| it.is_empty() || it.starts_with("-0."))
    })
}
