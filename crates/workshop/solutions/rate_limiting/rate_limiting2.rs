use workshop::Verdict;
use workshop::rate_limiting::Spent;

/// Every possible outcome: how many of the three calls return `true`, and how many tokens the
/// bucket has at the end.
fn possible() -> Vec<Spent> {
    vec![
        // No calls overlap: the third one is refused.
        (2, 0),
        // Client 1 overlaps with one of client 2's calls: both load the same number, and both spend
        // the same token.
        (3, 0),
        // Client 1 loads 2, client 2 takes both tokens, and then client 1 stores 1. All three calls
        // got a token, and the bucket still has one.
        (3, 1),
    ]
}

fn main() -> Verdict {
    workshop::rate_limiting::rate_limiting2(possible)
}
