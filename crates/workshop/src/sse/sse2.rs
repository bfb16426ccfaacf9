//! `sse2`: how many events can a client get if it leaves during two broadcasts?

use interleave::sync::atomic::{AtomicU64, Ordering::SeqCst};
use interleave::sync::{Arc, Mutex};

use crate::prediction::predicted;
use crate::race::both;
use crate::verdict::Verdict;

type Clients = Mutex<Vec<Arc<AtomicU64>>>;

/// Grades a list of outcomes: the number of events right after leaving, and the number at the end.
pub fn sse2(possible: fn() -> Vec<(u64, u64)>) -> Verdict {
    predicted(left_and_end, possible, never)
}

fn left_and_end() -> (u64, u64) {
    let got = Arc::new(AtomicU64::new(0));
    let clients = Arc::new(Mutex::new(vec![got.clone()]));
    let counted = got.clone();
    let client = move |clients: &Clients| {
        clients.lock().unwrap().clear();
        counted.load(SeqCst)
    };
    let broker = |clients: &Clients| {
        for _ in 0..2 {
            let copy = clients.lock().unwrap().clone();
            for got in copy {
                got.fetch_add(1, SeqCst);
            }
        }
    };
    let (left, ()) = both(&clients, ("client", client), ("broker", broker));
    (left, got.load(SeqCst))
}

/// Returns why no execution ends that way.
fn never(&(left, end): &(u64, u64)) -> String {
    let why = if end > 2 || left > 2 {
        "only two events are broadcast."
    } else if end < left {
        "the second number also counts the events from before leaving, so it can't be lower."
    } else {
        "if the second broadcast copies the list before the client leaves, the first event has already been sent by \
         then."
    };
    why.to_owned()
}
