//! A server counts requests and answers. A reader looks at both, in the other order. All are `Relaxed`.
//!
//! ```
//! server:  requests.fetch_add(1);   answers.fetch_add(1);
//! reader:  let answers = answers.load();   let requests = requests.load();
//! ```
//!
//! The reader looks at the answers first, so that it can't see an answer without its request. Or can it?

/// All that the reader can see: `(requests, answers)`.
fn possible() -> Vec<(u64, u64)> {
    vec![
        (0, 0), // the reader was there first
        (1, 1), // the server was done
        // It looked at the answers before the server counted, and at the requests after.
        (1, 0),
        // It saw the answer, and an old number of requests: `Relaxed` operations on two atomics are not
        // ordered, and no order of the four steps explains this one.
        (0, 1),
    ]
}

fn main() {
    workshop::atomics::atomics2(possible)
}
