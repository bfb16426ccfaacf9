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
                // TODO: the others.
    ]
}

fn main() {
    workshop::atomics::atomics2(possible)
}
