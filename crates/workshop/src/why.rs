//! The sentences about what can go wrong in any exercise. What an execution did decides which of them is used, not how
//! the answer is written.

use interleave::{Call, End, Reason, Refused};

use crate::call::{is_strong, locks, notifies};
use crate::race::Failure;
use crate::verdict::Kind;

/// The sentence about an exploration that found a single order.
pub(crate) const ONE_ORDER: &str =
    "This can run in only one order: the threads never meet, so nothing was tested.";

/// The sentence about an answer that waits in real time.
pub(crate) const SLEEPS: &str = "Something here sleeps or spins for a while. That makes the order above less likely, \
                                 but not impossible.";

/// Returns the sentence about a failing execution about which the exercise itself has nothing to say.
pub(crate) fn fails<T>(failure: &Failure<T>) -> String {
    let sentence = match &failure.end {
        End::Panicked(message) if failure.is_alone() => {
            return format!("Your code panics before the threads start: {message}");
        }
        End::Panicked(message) => return format!("A thread panicked: {message}"),
        End::Blocked if failure.is_alone() => {
            "Your code waits forever before the threads start: in `new`, or in something else that runs first."
        }
        End::Blocked => blocked(&failure.calls),
        End::Returned(_) if failure.sleeps => SLEEPS,
        End::Returned(_) if failure.always => {
            "Every order fails, even those in which one thread finishes before the other starts. This isn't a race: \
             it would go wrong on a single thread, too."
        }
        End::Returned(_) if failure.interleaves() => {
            "Another thread runs between two operations that belong together."
        }
        End::Returned(_) => {
            "In this order the result is wrong, although no thread runs between two operations of another."
        }
    };
    sentence.to_owned()
}

/// Returns the sentence about a wait that returns although nobody notified, if the failure needs one.
pub(crate) fn woken_by_nobody<T>(failure: &Failure<T>) -> Option<String> {
    let woken = failure.calls.iter().any(|call| call.method == "woken");
    (failure.spurious && woken).then(|| {
        "A wait can return although nobody notified. Check the state again: use a loop.".to_owned()
    })
}

/// Returns the sentence about an update that takes several operations, with another thread's in between.
pub(crate) fn torn<T>(failure: &Failure<T>) -> Option<&'static str> {
    let calls = || failure.calls.iter();
    let accesses = || calls().filter(|call| ["load", "store"].contains(&call.method));
    if failure.always || failure.outcome().is_none() || !failure.interleaves() {
        None
    } else if failure.sleeps {
        Some(SLEEPS)
    } else if calls().filter(|call| locks(call)).count() > 2 && accesses().count() == 0 {
        Some(
            "The lock is released after the value is read, and acquired again to write it. The other thread gets in \
             between.",
        )
    } else if accesses().count() > 0 && locks_nothing(&failure.calls) {
        Some(
            "The lock is released before anything is done: `let _ = …` drops the guard at once. Give the guard a name, \
             such as `_guard`.",
        )
    } else if calls().any(|call| call.failed) {
        Some(
            "A `compare_exchange` fails here and changes nothing. Its return value says whether it succeeded.",
        )
    } else if accesses().count() > 0 && accesses().all(is_strong) {
        Some(
            "These orderings are strong, and the execution above is still possible. An ordering determines what else \
             a thread sees. It doesn't turn two operations into one.",
        )
    } else {
        None
    }
}

/// Returns whether locks are acquired, and each is released again before its thread does anything else.
fn locks_nothing(calls: &[Call]) -> bool {
    let releases = |(place, call): (usize, &Call)| {
        let mut later = calls[place + 1..].iter();
        let next = later.find(|next| next.thread == call.thread);
        next.is_some_and(|next| next.method == "unlock")
    };
    let locks = || calls.iter().enumerate().filter(|(_, call)| locks(call));
    locks().count() > 0 && locks().all(releases)
}

/// Returns the sentence about a thread that waits forever: which thread was notified, and when.
pub(crate) fn blocked(calls: &[Call]) -> &'static str {
    let waiting = || calls.iter().filter(|call| call.blocked);
    if waiting().any(locks) {
        return "A thread waits forever for a lock. Either it already holds that lock, or the thread that holds it is \
                waiting, too.";
    }
    let waits = |thread| waiting().any(|call| call.thread == thread);
    let last = calls.iter().rposition(notifies).filter(|last| {
        // A change after the last notification is not announced.
        let mut later = calls[last + 1..].iter();
        !later.any(|call| !waits(call.thread) && locks(call))
    });
    let Some(last) = last else {
        return "A thread waits forever: nothing notifies it after the last change.";
    };
    let woken = calls[last + 1..].iter().find(|call| call.method == "woken");
    match (calls[last].returned.as_deref(), woken) {
        (Some("nobody"), _) => {
            "The notification comes before the thread waits, so it wakes nobody. Either something changes between \
             the check and the wait, or no check sees what has changed."
        }
        (_, Some(woken)) if waits(woken.thread) => {
            "The thread is woken and waits again, and nothing notifies it after that. Does its condition cover \
             everything that it waits for?"
        }
        _ => {
            "One thread is woken and another keeps waiting. A change that concerns every waiting thread has to wake \
             them all."
        }
    }
}

/// Returns how grading ends if the explorer refuses the answer.
pub(crate) fn kind(refused: &Refused) -> Kind {
    match refused.reason() {
        Reason::TooManyOperations => Kind::Spins,
        _ => Kind::Refused,
    }
}

/// Returns why the explorer refuses the answer.
pub(crate) fn refused(refused: &Refused) -> String {
    let sentence = match refused.reason() {
        Reason::Stuck => {
            "Everything has stopped: a thread is waiting for something that the explorer can't see, or a loop never \
             ends. Use the types from `workshop::sync`, not those from `std::sync`."
        }
        Reason::NothingShared => {
            "The explorer sees nothing that the threads share. Either they share nothing yet, or they use types \
             from `std::sync`. Use those from `workshop::sync`."
        }
        Reason::UnorderedUse => {
            "Something passes from one thread to another in a way that the explorer can't see: by a `static`, or by \
             a type from `std::sync`. Use the types from `workshop::sync`, and make them in `new`."
        }
        Reason::NotDeterministic | Reason::KeptObject => {
            "The explorer repeats an execution to continue from it, and this code took another way the second time. Does \
             a `static` remember the first run, does it read a clock or a random number, or does a loop go on for as \
             long as another thread changes something?"
        }
        Reason::TooManyOperations => {
            "A loop ran for 1,000 operations and would go on forever. To wait for another thread, block. To retry a \
             `compare_exchange`, expect the value that the failed one returned, and stop once one succeeds."
        }
        _ => return refused.to_string(),
    };
    sentence.to_owned()
}
