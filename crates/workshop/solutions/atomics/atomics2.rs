use workshop::Verdict;

/// Every pair that the reader can see: `(requests, answers)`.
fn possible() -> Vec<(u64, u64)> {
    vec![
        (0, 0), // the reader finishes before the server starts
        (1, 1), // the server finishes before the reader starts
        // The reader reads the answers before the server counts anything, and the requests
        // afterwards.
        (1, 0),
        // The reader sees the answer but an old number of requests. No order of the four steps
        // explains this one: nothing orders `Relaxed` operations on two atomics.
        (0, 1),
    ]
}

fn main() -> Verdict {
    workshop::atomics::atomics2(possible)
}
