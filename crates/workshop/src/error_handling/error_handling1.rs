//! `error_handling1`: the first of several errors.

use interleave::Explorer;
use interleave::sync::Arc;

use crate::deliver::deliver;
use crate::race::{Check, Failure, both, explored, explored_by, praise};
use crate::verdict::{Means, Verdict};
use crate::why::torn;

/// The sentence about an answer that repeats an exchange until it succeeds.
const RETRIES: &str = "If the exchange fails, another error is first: return `false`. Don't retry.";

/// The sentence about an exchange that fails without a reason.
const WEAK: &str = "`compare_exchange_weak` can fail although the value is the expected one: the error is lost. Use `compare_exchange`.";

/// What two workers were told, and which item is kept.
type Kept = ([bool; 2], usize);

/// Grades a first error: `set` returns whether its item is the first, and `get` returns that item, or 0.
pub fn error_handling1<F: Send + Sync + 'static>(
    new: fn() -> F,
    set: fn(&F, usize) -> bool,
    get: fn(&F) -> usize,
) -> Verdict {
    let in_turn = move || {
        let first = Arc::new(new());
        let before = get(&first);
        let told = [set(&first, 3), set(&first, 4)];
        // Two threads read, so that there is something to explore.
        let (one, two) = both(&first, ("reader 1", get), ("reader 2", get));
        (told, [before, one, two])
    };
    let at_once = move || -> Kept {
        let first = Arc::new(new());
        let one = move |first: &F| set(first, 1);
        let two = move |first: &F| set(first, 2);
        let (one, two) = both(&first, ("worker 1", one), ("worker 2", two));
        ([one, two], get(&first))
    };
    // May fail once without a reason, like a `compare_exchange_weak`.
    let weakly = || Explorer::new().spurious(1);
    deliver(Means::Explored, move || {
        explored_by(
            weakly(),
            in_turn,
            Check {
                said: |([one, two], [before, after, again])| {
                    format!(
                        "set(3) → {one}, set(4) → {two}; get → {before} before, {after} and {again} after"
                    )
                },
                expected: "should be true, false; 0 before, 3 and 3 after",
                holds: |outcome| *outcome == ([true, false], [0, 3, 3]),
                because: |failure| {
                    let sentence = match failure.outcome()? {
                        _ if failure.spurious => WEAK,
                        (_, [before, ..]) if *before > 0 => {
                            "`get` should return 0 while no item has failed."
                        }
                        ([false, _], _) => {
                            "Item 3 fails before item 4, and isn't told that it is the first."
                        }
                        ([_, true], _) => {
                            "Item 4 fails after item 3, and is told that it is the first."
                        }
                        _ => "Item 3 fails before item 4, and `get` returns another item.",
                    };
                    Some(sentence.to_owned())
                },
            },
        )
        .map_err(|verdict| verdict.spinning(RETRIES))?;
        let check = || Check {
            said: |([one, two], item): &Kept| format!("told {one} and {two}, kept item {item}"),
            expected: "should be one true, and its item",
            holds: |kept| matches!(kept, ([true, false], 1) | ([false, true], 2)),
            because,
        };
        explored_by(weakly(), at_once, check()).map_err(|verdict| verdict.spinning(RETRIES))?;
        Ok(praise(&explored(at_once, check())?))
    })
}

fn because(failure: &Failure<Kept>) -> Option<String> {
    let (told, item) = failure.outcome()?;
    let sentence = match (told, item) {
        _ if failure.spurious => WEAK,
        ([false, false], _) => "No worker is told that it is the first.",
        ([true, true], _) => torn(failure).unwrap_or(
            "Both workers are told that they are the first. What does the other one do between the look and the store?",
        ),
        _ => "The item that is kept isn't the one that was told that it is the first.",
    };
    Some(sentence.to_owned())
}
