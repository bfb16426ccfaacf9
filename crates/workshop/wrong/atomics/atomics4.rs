//! Wrong answers to `atomics4`, and a right one with a lock.

use workshop::Verdict;
use workshop::sync::Mutex;
use workshop::sync::atomic::{AtomicU32, AtomicU64, Ordering::*};

use super::atomics4;
use crate::answer::answers;

fn pack((lowest, highest): (u32, u32)) -> u64 {
    u64::from(lowest) << 32 | u64::from(highest)
}

fn unpack(both: u64) -> (u32, u32) {
    ((both >> 32) as u32, both as u32)
}

fn extended(both: u64, value: u32) -> u64 {
    let (lowest, highest) = unpack(both);
    pack((lowest.min(value), highest.max(value)))
}

/// An answer with both ends in one atomic.
fn packed(record: fn(&AtomicU64, u32)) -> Verdict {
    atomics4(
        |first| AtomicU64::new(pack((first, first))),
        record,
        |both| unpack(both.load(Relaxed)),
    )
}

answers! {
    "The reader sees a range that never existed: its two ends are from different moments.":
    the_starter = atomics4(
        |first| (AtomicU32::new(first), AtomicU32::new(first)),
        |(lowest, highest), value| {
            lowest.fetch_min(value, Relaxed);
            highest.fetch_max(value, Relaxed);
        },
        |(lowest, highest)| (lowest.load(Relaxed), highest.load(Relaxed)),
    );
    a_lock_that_the_reader_releases_between = atomics4(
        |first| Mutex::new((first, first)),
        |range, value| {
            let mut range = range.lock().unwrap();
            *range = (range.0.min(value), range.1.max(value));
        },
        |range| {
            let lowest = range.lock().unwrap().0;
            (lowest, range.lock().unwrap().1)
        },
    );

    "A value is lost: the other thread stores a range between this thread's load and its store.":
    a_load_and_a_store = packed(|both, value| both.store(extended(both.load(Relaxed), value), Relaxed));

    "These orderings are strong, and the execution above is still possible. An ordering determines what else a thread \
     sees. It doesn't turn two operations into one.":
    strong_orderings = packed(|both, value| both.store(extended(both.load(SeqCst), value), SeqCst));

    "A `compare_exchange` fails here and changes nothing. Its return value says whether it succeeded.":
    a_single_exchange = packed(|both, value| {
        let seen = both.load(Relaxed);
        let _ = both.compare_exchange(seen, extended(seen, value), Relaxed, Relaxed);
    });

    "The retry succeeds, but with a range that was computed before the first exchange failed. The other thread's \
     value isn't in it.":
    a_retry_that_computes_nothing_new = packed(|both, value| {
        let mut seen = both.load(Relaxed);
        let new = extended(seen, value);
        while let Err(newer) = both.compare_exchange(seen, new, Relaxed, Relaxed) {
            seen = newer;
        }
    });

    "The store after a failed exchange replaces a range that the other thread has extended in the meantime.":
    a_store_after_the_failure = packed(|both, value| {
        let seen = both.load(Relaxed);
        if let Err(newer) = both.compare_exchange(seen, extended(seen, value), Relaxed, Relaxed) {
            both.store(extended(newer, value), Relaxed);
        }
    });

    "Every exchange succeeds, and a value is still lost: the last exchange replaces the range instead of extending \
     it.":
    an_exchange_for_the_value_alone = packed(|both, value| {
        let mut seen = both.load(Relaxed);
        let first = unpack(seen);
        let new = pack((first.0.min(value), first.0.max(value)));
        while let Err(newer) = both.compare_exchange(seen, new, Relaxed, Relaxed) {
            seen = newer;
        }
    });

    "A `swap` replaces whatever is there. Restoring it afterwards is too late.":
    a_swap_that_is_put_right = packed(|both, value| {
        let before = both.swap(pack((value, value)), Relaxed);
        both.store(extended(before, value), Relaxed);
    });

    "Every order fails, even those in which one thread finishes before the other starts. This isn't a race: it would \
     go wrong on a single thread, too.":
    the_ends_swapped = packed(|both, value| {
        let mut seen = both.load(Relaxed);
        while let Err(newer) = both.compare_exchange(
            seen,
            extended(seen, value).rotate_left(32),
            Relaxed,
            Relaxed,
        ) {
            seen = newer;
        }
    });

    "✓ Explored 3 executions, none fails (every order). A lock works. Can you do it with one atomic and no lock?":
    a_lock_is_right = atomics4(
        |first| Mutex::new((first, first)),
        |range, value| {
            let mut range = range.lock().unwrap();
            *range = (range.0.min(value), range.1.max(value));
        },
        |range| *range.lock().unwrap(),
    );
}
