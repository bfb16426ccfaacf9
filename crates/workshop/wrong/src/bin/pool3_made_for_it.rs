//! Rejected: Right for the five items, and not for these seven

//! Five items, two at a time: 400 ms, 100, 100, 100, 100. In batches of two that takes 600 ms, because a batch
//! waits for its slowest. It can be done in 400.
//!
//! `work.on(number, ms).await` works on an item; the items are numbered from 1. Time is virtual.

use workshop::pool::Work;

async fn run(items: Vec<u64>, limit: usize, work: Work) {
    let _ = limit;
    let short = async {
        for (number, ms) in (2..).zip(&items[1..]) {
            work.on(number, *ms).await;
        }
    };
    tokio::join!(work.on(1, items[0]), short);
}

fn main() {
    workshop::pool::pool3(run)
}
