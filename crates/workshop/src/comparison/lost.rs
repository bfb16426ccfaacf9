//! Why a lowest number of free rooms is lost, judged by what the clerks do.

use interleave::Call;

use crate::call::{locks, writes};
use crate::comparison::comparison1::Outcome;
use crate::race::Failure;

/// The sentence about a failing execution, or `None` if a general one will do.
pub(super) fn because(failure: &Failure<Outcome>) -> Option<String> {
    let (seen, lowest) = failure.outcome()?;
    if failure.always {
        return None;
    }
    let (one, two) = (seen[0], seen[1]);
    let free = |method| {
        let mut calls = failure.calls.iter();
        calls.any(|call| is_on(call, "free") && call.method == method)
    };
    let sentence = if one == two && one == 0 {
        "Both clerks see 0. A clerk has to report the number that its own change has made: by the time of a second \
         operation, another clerk may have changed it."
    } else if one == two && free("load") && free("store") {
        "Both clerks see the same number: one of them changes it between the other's load and its store."
    } else if *lowest <= one {
        return None;
    } else if puts_back_a_higher_one(failure, *lowest) {
        "A clerk compares with a number that the other clerk lowers in the meantime. Then the store puts back a higher \
         one."
    } else if gives_up(failure, *lowest) {
        "A clerk's `compare_exchange` fails, and its lower number is never recorded."
    } else if reads_again(failure) {
        "A clerk records a number that it has read again. Record the one that its own `fetch_sub` has made."
    } else {
        return None;
    };
    Some(sentence.to_owned())
}

fn is_on(call: &Call, object: &str) -> bool {
    let on = call.object.as_deref();
    on.is_some_and(|on| on.ends_with(object))
}

/// Returns the number that an operation finds.
fn found(call: &Call) -> Option<u32> {
    let found = call.returned.as_deref()?;
    let found = found.strip_prefix("Err(").unwrap_or(found);
    found.trim_end_matches(')').parse().ok()
}

/// Returns the number that an operation writes or, if it is one like `fetch_min`, might write.
fn written(call: &Call) -> Option<u32> {
    let number = call.arguments.last().filter(|_| writes(call))?;
    number.parse().ok()
}

/// Returns whether a clerk compares with a number of `lowest`, the other clerk writes a lower one, and then the first
/// clerk's store writes one that is higher again.
fn puts_back_a_higher_one(failure: &Failure<Outcome>, lowest: u32) -> bool {
    let clerks = ["clerk 1", "clerk 2"];
    clerks.into_iter().any(|clerk| {
        let own = || {
            failure
                .calls_of(clerk)
                .filter(|(_, call)| is_on(call, "lowest"))
        };
        own().any(|(place, call)| {
            let compares = || {
                own()
                    .take_while(|(before, _)| *before < place)
                    .filter_map(|(_, call)| found(call))
            };
            // What a lock guards is known when the lock is acquired.
            let lowered = match call.method {
                "store" | "swap" => {
                    let others = failure.calls[..place]
                        .iter()
                        .filter(|it| it.thread != call.thread);
                    let others = others.filter(|it| is_on(it, "lowest")).filter_map(written);
                    others
                        .min()
                        .filter(|lowered| Some(*lowered) < written(call))
                }
                _ if locks(call) => found(call).filter(|lowered| *lowered < lowest),
                _ => None,
            };
            lowered.is_some_and(|lowered| compares().any(|found| found > lowered))
        })
    })
}

/// Returns whether the exchange of a number below `lowest` fails, and the number is never written.
fn gives_up(failure: &Failure<Outcome>, lowest: u32) -> bool {
    let calls = || failure.calls.iter();
    let mut failed = calls().filter(|call| call.failed && is_on(call, "lowest"));
    failed.any(|call| {
        let number = call.arguments.last();
        let lost = number.and_then(|number| number.parse().ok());
        let is_lower = lost.is_some_and(|lost: u32| lost < lowest);
        is_lower && !calls().any(|it| is_on(it, "lowest") && written(it) == lost)
    })
}

/// Returns whether a clerk loads another number than its `fetch_sub` has made, and writes it.
fn reads_again(failure: &Failure<Outcome>) -> bool {
    let mut again = failure.calls.iter().enumerate();
    again.any(|(place, load)| {
        let own = |call: &&Call| call.thread == load.thread;
        let mut before = failure.calls[..place].iter().rev().filter(own);
        let made = before.find(|call| is_on(call, "free") && call.method == "fetch_sub");
        let made = made.and_then(found).and_then(|found| found.checked_sub(1));
        let mut after = failure.calls[place..].iter().filter(own);
        load.method == "load"
            && is_on(load, "free")
            && made.is_some()
            && made != found(load)
            && after.any(|call| is_on(call, "lowest") && written(call) == found(load))
    })
}
