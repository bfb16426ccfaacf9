//! A client waits for its items, 100 ms each, and leaves at 250 ms. This loop looks at the token
//! between items, so item 3 goes on for 50 ms. It has to stop at once. And because half an item is
//! worse than none, it then has to be rolled back, to the end.
//!
//! `work.on(number, ms).await` works on an item, and `work.roll_back(number).await` takes 20 ms.
//! `token.is_cancelled()` and `token.cancelled().await` are those of the chapter. Time is virtual.

#![allow(clippy::disallowed_types)] // Nothing is explored here, so `std::sync` is fine.

use workshop::Verdict;
use workshop::cancellation::{Token, Work};

async fn run(items: Vec<u64>, token: Token, work: Work) {
    for (number, ms) in (1..).zip(items) {
        if token.is_cancelled() {
            return;
        }
        // TODO: stop the item as soon as the client leaves, and roll it back.
        work.on(number, ms).await;
    }
}

fn main() -> Verdict {
    workshop::cancellation::cancellation2(run)
}
