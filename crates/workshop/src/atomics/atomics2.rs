//! `atomics2`: what can a reader see of two counters?

use interleave::sync::Arc;
use interleave::sync::atomic::{AtomicU64, Ordering::Relaxed};

use crate::prediction::predicted;
use crate::race::both;
use crate::verdict::Verdict;

/// Grades a list of outcomes: the requests and the answers that the reader sees.
pub fn atomics2(possible: fn() -> Vec<(u64, u64)>) -> Verdict {
    predicted(seen, possible, |_| {
        "the server counts only one request and one answer.".to_owned()
    })
}

fn seen() -> (u64, u64) {
    let counters = Arc::new([AtomicU64::new(0), AtomicU64::new(0)]);
    let server = |[requests, answers]: &[AtomicU64; 2]| {
        requests.fetch_add(1, Relaxed);
        answers.fetch_add(1, Relaxed);
    };
    let reader = |[requests, answers]: &[AtomicU64; 2]| {
        let answers = answers.load(Relaxed);
        (requests.load(Relaxed), answers)
    };
    both(&counters, ("server", server), ("reader", reader)).1
}
