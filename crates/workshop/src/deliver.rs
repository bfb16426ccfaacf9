//! Runs a grader, and returns a verdict even if the answer panics or never ends.

use std::any::Any;
use std::env;
use std::panic;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use crate::verdict::{Kind, Means, Picture, Verdict};

/// Grades on a separate thread, so that an answer that panics or never ends gets a verdict, too.
pub(crate) fn deliver(
    means: Means,
    grade: impl FnOnce() -> Result<String, Verdict> + Send + 'static,
) -> Verdict {
    // A learner gets a sentence, not a backtrace.
    panic::set_hook(Box::new(|_| {}));
    let (sender, graded) = mpsc::channel();
    let grader = thread::spawn(move || {
        sender
            .send(grade().map_or_else(|wrong| wrong, Verdict::right))
            .ok();
    });
    // A grader that takes longer is stuck. An exploration can take a second or two on a slow machine, and the others
    // take milliseconds.
    let longest = patience(match means {
        Means::Explored => 10,
        Means::VirtualTime | Means::Predicted => 2,
    });
    let verdict = graded.recv_timeout(longest).unwrap_or_else(|error| {
        let (kind, sentence) = match error {
            RecvTimeoutError::Timeout => (Kind::Endless, ENDLESS.to_owned()),
            RecvTimeoutError::Disconnected => {
                (Kind::Panicked, panicked(grader.join().err(), means))
            }
        };
        Verdict::of(kind, Picture::None, sentence)
    });
    verdict.by(means)
}

/// Returns how long to wait for something that may never end. The test of an answer that never does waits a twentieth
/// of that.
pub(crate) fn patience(seconds: u64) -> Duration {
    match env::var_os("WORKSHOP_IMPATIENT") {
        Some(_) => Duration::from_millis(50 * seconds),
        None => Duration::from_secs(seconds),
    }
}

const ENDLESS: &str = "There is no result. Look for a loop that never ends, or for something that waits in real time.";

/// Returns the sentence about a panic with this payload.
fn panicked(payload: Option<Box<dyn Any + Send>>, means: Means) -> String {
    let text = payload.as_deref().and_then(|payload| {
        let text = payload.downcast_ref::<String>().map(String::as_str);
        text.or_else(|| payload.downcast_ref::<&str>().copied())
    });
    match text {
        Some(text) if means == Means::VirtualTime && text.starts_with("interleave's") => {
            "`workshop::sync` is for code that is explored. This code runs in virtual time: use `std::sync` or \
             `tokio::sync`."
                .to_owned()
        }
        Some(text) => format!("Your code panicked: {text}"),
        None => "Your code panicked, without a message.".to_owned(),
    }
}
