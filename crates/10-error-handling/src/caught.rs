//! Catches panics, with their messages and places.

use std::any::Any;
use std::cell::Cell;
use std::error::Error;
use std::fmt;
use std::future::poll_fn;
use std::mem;
use std::panic::{self, AssertUnwindSafe};
use std::pin::pin;
use std::sync::Once;
use std::task::Poll;
use std::thread;

/// A panic that was caught.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Panic {
    /// What it said, or a remark if its payload isn't text.
    pub message: String,
    /// The file, line and column of the panic. `None` if it went past the panic hook, as
    /// [`resume_unwind`](panic::resume_unwind) does, or if another hook has replaced ours.
    pub place: Option<String>,
}

thread_local! {
    /// Where this thread panicked last, since it last called [`catch`].
    static PLACE: Cell<Option<String>> = const { Cell::new(None) };
}

// ANCHOR: hook
/// Installs a panic hook, once, that notes the place and then calls the hook before it.
fn note_places() {
    static INSTALLED: Once = Once::new();
    // A thread that panics can't change the hook.
    if INSTALLED.is_completed() || thread::panicking() {
        return;
    }
    INSTALLED.call_once(|| {
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |panic| {
            let place = panic.location().map(ToString::to_string);
            // Fails only on a thread that is ending.
            let _ = PLACE.try_with(|last| last.set(place));
            before(panic);
        }));
    });
}
// ANCHOR_END: hook

/// Calls a function and catches its panic.
pub(crate) fn catch<R>(call: impl FnOnce() -> R) -> Result<R, Panic> {
    note_places();
    PLACE.take();
    // Unwind safe: after a panic, nothing uses what `call` captured.
    panic::catch_unwind(AssertUnwindSafe(call)).map_err(|payload| Panic {
        // First: the payload may panic when it is dropped.
        place: PLACE.take(),
        message: message(payload),
    })
}

// ANCHOR: caught
/// Awaits a future and catches its panic. Polls it no more after that.
#[expect(
    clippy::redundant_async_block,
    reason = "it decides when the future is dropped"
)]
pub(crate) async fn caught<F: Future>(future: F) -> Result<F::Output, Panic> {
    // The block drops the future inside the last poll, so that a panic in its `drop` is caught, too.
    let mut future = pin!(async move { future.await });
    poll_fn(|context| match catch(|| future.as_mut().poll(context)) {
        Ok(Poll::Pending) => Poll::Pending,
        Ok(Poll::Ready(output)) => Poll::Ready(Ok(output)),
        Err(panic) => Poll::Ready(Err(panic)),
    })
    .await
}
// ANCHOR_END: caught

fn message(payload: Box<dyn Any + Send>) -> String {
    let payload = match payload.downcast::<String>() {
        Ok(message) => return *message,
        Err(payload) => payload,
    };
    if let Some(message) = payload.downcast_ref::<&str>() {
        return (*message).to_owned();
    }
    // The payload may panic when it is dropped, and so may the payload of that panic: that one is leaked.
    if let Err(second) = panic::catch_unwind(AssertUnwindSafe(|| drop(payload))) {
        mem::forget(second);
    }
    "a value that isn't text".to_owned()
}

impl fmt::Display for Panic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "panicked: {}", self.message)?;
        match &self.place {
            Some(place) => write!(f, " ({place})"),
            None => Ok(()),
        }
    }
}

impl Error for Panic {}
