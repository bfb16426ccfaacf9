//! What a learner is told, and how an exercise ends.

use diagram::Lanes;
use std::process::exit;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

/// A grader that has not come to an end by then has met something that waits in real time.
const PATIENCE: Duration = Duration::from_secs(10);

/// Why an answer is not right yet.
pub(crate) struct Wrong {
    /// The learner's own execution or timeline; empty where there is none to show.
    pub(crate) picture: String,
    /// One sentence that says what the picture shows.
    pub(crate) sentence: String,
    /// Whether no order at all is right, so that no race is behind it.
    pub(crate) always: bool,
    /// The execution that the picture shows; without lanes where it is a timeline.
    pub(crate) lanes: Box<Lanes>,
}

impl Wrong {
    pub(crate) fn new(picture: impl Into<String>, sentence: impl Into<String>) -> Wrong {
        Wrong {
            picture: picture.into(),
            sentence: sentence.into(),
            always: false,
            lanes: Box::default(),
        }
    }
}

/// Grades on a thread of its own, prints the verdict and ends the process. Whatever the answer does, it ends: a
/// panic and a wait in vain are verdicts too.
pub(crate) fn deliver(grade: impl FnOnce() -> Result<String, Wrong> + Send + 'static) -> ! {
    // A panic of the learner's is told in one sentence, not in a backtrace.
    std::panic::set_hook(Box::new(|_| {}));
    let (sender, verdict) = mpsc::channel();
    let grader = thread::spawn(move || {
        let _ = sender.send(grade());
    });
    let verdict = verdict.recv_timeout(PATIENCE);
    let verdict = match verdict {
        Ok(verdict) => verdict,
        Err(mpsc::RecvTimeoutError::Timeout) => Err(Wrong::new(
            "",
            "Nothing came of it within 10 s. Is there a loop that never ends, or a wait for a lock that is never let \
             go of?",
        )),
        Err(mpsc::RecvTimeoutError::Disconnected) => {
            let payload = grader.join().err();
            let words = payload.as_deref().and_then(words).unwrap_or("no message");
            Err(Wrong::new("", format!("Your code panicked: {words}")))
        }
    };
    match verdict {
        Ok(words) => {
            println!("{words}");
            exit(0)
        }
        Err(Wrong {
            picture, sentence, ..
        }) => {
            if !picture.is_empty() {
                println!("{}\n", picture.trim_end());
            }
            println!("{sentence}");
            exit(1)
        }
    }
}

/// What a panic says.
pub(crate) fn words(payload: &(dyn std::any::Any + Send)) -> Option<&str> {
    let text = payload.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| payload.downcast_ref::<&str>().copied())
}
