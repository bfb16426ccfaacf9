#![allow(clippy::disallowed_types)] // Nothing is explored here, so `std::sync` is fine.

use workshop::Verdict;
use workshop::cancellation::{Token, Work};

async fn run(items: Vec<u64>, token: Token, work: Work) {
    for (number, ms) in (1..).zip(items) {
        if token.is_cancelled() {
            return;
        }
        let interrupted = tokio::select! {
            biased;
            () = token.cancelled() => true,
            () = work.on(number, ms) => false,
        };
        // Outside of the race: nothing drops the roll-back half-way.
        if interrupted {
            work.roll_back(number).await;
            return;
        }
    }
}

fn main() -> Verdict {
    workshop::cancellation::cancellation2(run)
}
