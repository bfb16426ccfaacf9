//! `rate_limiting2`: how many tokens can be spent, if taking one is a load and a store?

use interleave::sync::Arc;
use interleave::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use crate::prediction::predicted;
use crate::race::both;
use crate::verdict::Verdict;

/// How many of the three calls got a token, and how many tokens the bucket has at the end.
pub type Spent = (usize, usize);

/// Grades a list of outcomes.
pub fn rate_limiting2(possible: fn() -> Vec<Spent>) -> Verdict {
    predicted(calls, possible, never)
}

fn calls() -> Spent {
    let tokens = Arc::new(AtomicUsize::new(2));
    let take = |tokens: &AtomicUsize| {
        let left = tokens.load(Relaxed);
        if left == 0 {
            return 0;
        }
        tokens.store(left - 1, Relaxed);
        1
    };
    let twice = move |tokens: &_| take(tokens) + take(tokens);
    let (one, two) = both(&tokens, ("client 1", take), ("client 2", twice));
    (one + two, tokens.load(Relaxed))
}

/// Returns why no execution ends that way.
fn never(&(got, left): &Spent) -> String {
    match (got, left) {
        (4.., _) => "there are only three calls.".to_owned(),
        (_, 2..) => {
            "each call that gets a token stores at most 1, and the first call always gets one."
                .to_owned()
        }
        (0 | 1, _) => {
            "a call is refused only if it loads 0, and it takes two calls to get from 2 to 0."
                .to_owned()
        }
        (2, 1) => {
            "one call was refused, so it has loaded 0. After that, nothing stores 1.".to_owned()
        }
        _ => "no order of the steps explains it.".to_owned(),
    }
}
