//! `fan_out2`: what can become of two answers, if the page closes when they arrive?

use interleave::sync::Arc;
use interleave::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};

use crate::prediction::predicted;
use crate::race::{joined, spawned};
use crate::verdict::Verdict;

#[derive(Default)]
struct Page {
    closed: AtomicBool,
    answers: AtomicUsize,
}

/// Grades a list of outcomes: the number of delivered answers, and the number of those on the page.
pub fn fan_out2(possible: fn() -> Vec<(usize, usize)>) -> Verdict {
    let verdict = predicted(delivered_and_shown, possible, never);
    // The page runs on the main thread: a third thread besides would make the exploration too slow.
    verdict.redrawn(|lanes, _| "page".clone_into(&mut lanes.lanes[0]))
}

fn delivered_and_shown() -> (usize, usize) {
    let page = Arc::new(Page::default());
    let branch = |Page { closed, answers }: &Page| {
        if closed.load(SeqCst) {
            return false;
        }
        answers.fetch_add(1, SeqCst);
        true
    };
    let branches = ["CI", "CD"].map(|name| spawned(name, &page, branch));
    let Page { closed, answers } = &*page;
    closed.store(true, SeqCst);
    let shown = answers.load(SeqCst);
    let delivered = branches.map(joined).into_iter().filter(|done| *done);
    (delivered.count(), shown)
}

/// Returns why no execution ends that way.
fn never(&(delivered, shown): &(usize, usize)) -> String {
    let why = if delivered > 2 || shown > 2 {
        "there are only two branches."
    } else {
        "every answer on the page was added by a branch, which then calls it delivered."
    };
    why.to_owned()
}
