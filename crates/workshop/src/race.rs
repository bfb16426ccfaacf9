//! Explores an answer, and says of a failing execution what is behind it: judged by what it did, not by how it
//! is written.

use std::fmt::Debug;
use std::hash::Hash;
use std::time::{Duration, Instant};

use diagram::{Mark, Step};
use interleave::{End, Explorer, Operation, Recording, Refused};

use crate::verdict::Wrong;

/// How long one run of a model takes at most, unless something in it waits in real time.
const RUN: Duration = Duration::from_millis(1);

/// What the learner is told if there is nothing more special to say.
pub(crate) struct Words {
    /// What is wrong with an outcome: `should be items 1 and 2`.
    pub(crate) expected: &'static str,
    /// What a failing execution shows.
    pub(crate) fails: &'static str,
    /// Whether a first exploration was right, so that the numbers matter and not the order.
    pub(crate) again: bool,
    /// Whether a wrong outcome comes of a step that is torn apart: then the operations say how.
    pub(crate) torn: bool,
}

/// Explores the model in every order. Right if each outcome holds.
pub(crate) fn explored<T: Debug + Eq + Hash + Send + 'static>(
    model: impl Fn() -> T + Clone + Send + Sync + 'static,
    result: impl Fn(&T) -> String + Send + Sync + 'static,
    holds: impl Fn(&T) -> bool,
    words: &Words,
) -> Result<String, Wrong> {
    let explorer = Explorer::new().patience(Duration::from_secs(5));
    let begun = Instant::now();
    let exploration = explorer.try_explore(model.clone()).map_err(refused)?;
    let long = RUN * u32::try_from(exploration.runs()).unwrap_or(u32::MAX);
    let mut quickest = begun.elapsed();
    let exploration = exploration.worded(result, words.expected);
    let right = |end: &End<T>| matches!(end, End::Returned(outcome) if holds(outcome));
    let count = exploration.executions().len();
    if exploration.ends().iter().all(|(end, _)| right(end)) {
        if count < 2 {
            return Err(Wrong::new(
                "",
                "There is only one order in which this can run: the threads never meet, so nothing was shown.",
            ));
        }
        return Ok(format!(
            "✓ Explored {count} executions, every order: none fails."
        ));
    }
    // A busy machine is slow too, but not three times in a row.
    for _ in 0..2 {
        if quickest > long {
            let begun = Instant::now();
            explorer.try_explore(model.clone()).map_err(refused)?;
            quickest = quickest.min(begun.elapsed());
        }
    }
    let slow = quickest > long;
    let always = exploration.ends().iter().all(|(end, _)| !right(end));
    let failing = exploration.failing(|outcome| !holds(outcome));
    let shown = failing.simplest();
    let recording = shown.recording();
    let sentence = match shown.execution().end() {
        End::Panicked(words) => format!("A thread panicked: {words}"),
        End::Blocked => blocked(&shown.lanes().steps).to_owned(),
        End::Returned(_) if always && !words.again => {
            "Every order fails, even where one thread is done before the other begins: it is wrong without any race."
                .to_owned()
        }
        End::Returned(_) => reason(&recording, slow)
            .filter(|_| words.torn)
            .unwrap_or(words.fails)
            .to_owned(),
    };
    Err(Wrong {
        picture: shown.to_string(),
        sentence,
        always,
        lanes: Box::new(shown.lanes()),
    })
}

/// What is behind a wrong outcome, as far as the operations tell.
fn reason(recording: &Recording, slow: bool) -> Option<&'static str> {
    let calls = |name: &str| {
        let call = format!(".{name}(");
        let called = |operation: &&Operation| operation.text.contains(&call);
        recording.operations.iter().filter(called).count()
    };
    let locks = calls("lock") > 0;
    let exchanges = calls("compare_exchange") + calls("compare_exchange_weak") > 0;
    let accesses = recording.operations.iter().filter(|operation| {
        operation.text.contains(".load(") || operation.text.contains(".store(")
    });
    let mut accesses = accesses.peekable();
    let strong =
        accesses.peek().is_some() && accesses.all(|access| !access.text.contains("Relaxed"));
    if slow {
        Some(
            "Something here sleeps. A sleep makes the order less likely, not impossible: it is drawn above \
             all the same.",
        )
    } else if locks {
        Some(
            "The lock is let go of between the look and what depends on it: hold it over both, and they are \
             one step.",
        )
    } else if exchanges {
        Some(
            "A compare_exchange says whether it succeeded. Where it failed, nothing has happened, and it \
             has to be tried again with what it found.",
        )
    } else if strong {
        Some(
            "These orderings are strong, and the order above is still possible: an ordering says what is seen \
             of other accesses, it does not make two accesses one.",
        )
    } else {
        None
    }
}

/// What is behind a thread that waits forever: who was notified, and when.
fn blocked(steps: &[Step]) -> &'static str {
    let notifies = |step: &Step| step.text.contains(".notify_");
    let waits = |step: &&Step| step.mark == Some(Mark::Blocked);
    if steps
        .iter()
        .filter(waits)
        .any(|step| step.text.contains(".lock("))
    {
        return "A thread waits for a lock that nobody will let go of: it holds it itself, or another does that waits \
                for this one.";
    }
    let waiting: Vec<usize> = steps.iter().filter(waits).map(|step| step.lane).collect();
    let told = steps.iter().rposition(notifies).filter(|told| {
        // What another thread changed after that, nobody was told of.
        let mut later = steps[told + 1..].iter();
        !later.any(|step| !waiting.contains(&step.lane) && step.text.contains(".lock("))
    });
    match told.map(|told| steps[told].value.as_deref()) {
        None => "A thread waits forever: after the last change nobody notifies it.",
        Some(Some("nobody")) => {
            "The notification came before anybody waited, and is gone. To look and to begin to wait must be one step, \
             under one lock; and the look must be at everything that is waited for."
        }
        Some(_) => {
            "One thread was woken, and another still waits: whoever has to know must be told, or tell the next."
        }
    }
}

/// The explorer could say nothing; its reason in the words of the workshop.
pub(crate) fn refused(refused: Refused) -> Wrong {
    let words = refused.to_string();
    let sentence = if words.contains("stuck") {
        "It waits for something that the explorer doesn't know, and nothing moves any more: use the types of \
         `workshop::sync`, not those of `std::sync`. Or is there a loop that never ends?"
    } else if words.contains("in common") {
        "The threads touch nothing in common, as far as the explorer sees: either they do nothing yet, or they use \
         the types of `std::sync`, where those of `workshop::sync` belong."
    } else if words.contains("after its making") {
        "Something goes from one thread to another by a way that the explorer doesn't see: use the types of \
         `workshop::sync`, not those of `std::sync`."
    } else if words.contains("again") {
        "It does something else when it is run a second time: is there a `static` that remembers the first?"
    } else if words.contains("spin") {
        "A thread goes round and round without waiting for anything: let it wait for what it needs."
    } else {
        return Wrong::new("", words);
    };
    Wrong::new("", sentence)
}
