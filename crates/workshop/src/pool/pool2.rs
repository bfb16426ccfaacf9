//! `pool2`: what can be claimed, if a claim is a load and a store?

use interleave::sync::Arc;
use interleave::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use crate::prediction::predicted;
use crate::race::both;
use crate::verdict::Verdict;

/// What worker 1 claimed, and what worker 2 claimed first and second.
pub type Claimed = (usize, usize, usize);

/// Grades a list of outcomes.
pub fn pool2(possible: fn() -> Vec<Claimed>) -> Verdict {
    predicted(claims, possible, never)
}

fn claims() -> Claimed {
    let next = Arc::new(AtomicUsize::new(1));
    let claim = |next: &AtomicUsize| {
        let claimed = next.load(Relaxed);
        next.store(claimed + 1, Relaxed);
        claimed
    };
    let twice = move |next: &_| (claim(next), claim(next));
    let (one, (first, second)) = both(&next, ("worker 1", claim), ("worker 2", twice));
    (one, first, second)
}

/// Returns why no execution ends that way.
fn never(&(one, first, second): &Claimed) -> String {
    let claimed = [one, first, second];
    // A worker that claims an item has loaded its number, so a claim of the item before has stored it.
    let unstored = (2..=3).find(|item| claimed.contains(item) && !claimed.contains(&(item - 1)));
    match unstored {
        _ if claimed.iter().any(|item| !(1..=3).contains(item)) => {
            "items start at 1, and there are only three claims.".to_owned()
        }
        _ if second <= first => {
            "worker 2 stores a higher number in its first claim, and never loads an older one after that.".to_owned()
        }
        Some(item) => format!(
            "to claim {item}, a worker has to load {item}, which only a claim of {} stores.",
            item - 1
        ),
        None => "no order of the steps explains it.".to_owned(),
    }
}
