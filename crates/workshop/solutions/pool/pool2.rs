use workshop::Verdict;
use workshop::pool::Claimed;

/// Every possible outcome: what worker 1 claims, and what worker 2 claims first and second.
fn possible() -> Vec<Claimed> {
    vec![
        // No claims overlap: worker 1 claims first, between worker 2's claims, or last.
        (1, 2, 3),
        (2, 1, 3),
        (3, 1, 2),
        // Worker 1 overlaps with worker 2's first claim, and both get 1. Or worker 1 loads 1, and
        // worker 2 makes both of its claims before worker 1 stores.
        (1, 1, 2),
        // Worker 1 overlaps with worker 2's second claim, and both get 2.
        (2, 1, 2),
    ]
}

fn main() -> Verdict {
    workshop::pool::pool2(possible)
}
