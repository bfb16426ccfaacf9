//! `atomics2`: what can a reader see of two counters?

use interleave::sync::Arc;
use interleave::sync::atomic::{AtomicU64, Ordering::Relaxed};
use interleave::thread::named;

use crate::prediction::predicted;
use crate::race::joined;
use crate::verdict::Verdict;

/// Grades a list of outcomes: the requests and the answers that the reader sees.
pub fn atomics2(possible: fn() -> Vec<(u64, u64)>) -> Verdict {
    predicted(seen, possible, |_| {
        "the server counts only one request and one answer.".to_owned()
    })
}

fn seen() -> (u64, u64) {
    let [requests, answers] = [(); 2].map(|()| Arc::new(AtomicU64::new(0)));
    let server = {
        let (requests, answers) = (requests.clone(), answers.clone());
        named("server", move || {
            requests.fetch_add(1, Relaxed);
            answers.fetch_add(1, Relaxed);
        })
    };
    let reader = named("reader", move || {
        let seen = answers.load(Relaxed);
        (requests.load(Relaxed), seen)
    });
    joined(server);
    joined(reader)
}
