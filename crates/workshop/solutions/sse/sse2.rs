use workshop::Verdict;

/// Every possible pair: the number of events right after leaving, and the number at the end.
fn possible() -> Vec<(u64, u64)> {
    vec![
        (0, 0), // the client leaves before anything is sent
        (2, 2), // it leaves after everything has been sent
        (1, 1), // it leaves between the two broadcasts
        // The list was copied before the client left, so an event arrives afterwards. There can't
        // be two, because the second broadcast copies the list again.
        (0, 1),
        (1, 2),
    ]
}

fn main() -> Verdict {
    workshop::sse::sse2(possible)
}
