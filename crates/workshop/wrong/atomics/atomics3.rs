//! Wrong answers to `atomics3`, and a right one with a lock.

use workshop::Verdict;
use workshop::sync::Mutex;
use workshop::sync::atomic::{AtomicU64, Ordering::*};

use super::atomics3;
use crate::answer::answers;

fn average(record: fn(&AtomicU64, u64)) -> Verdict {
    atomics3(
        || AtomicU64::new(0),
        record,
        |average| average.load(Relaxed),
    )
}

fn moved(average: u64, sample: u64) -> u64 {
    (3 * average + sample) / 4
}

answers! {
    "The sample 160 is lost. Both threads start from the same average, and the second store overwrites the first.":
    the_starter = average(|average, sample| {
        average.store(moved(average.load(Relaxed), sample), Relaxed);
    });

    "The sample 160 is lost. These orderings are strong, and the execution above is still possible. An ordering \
     determines what else a thread sees. It doesn't turn two operations into one.":
    strong_orderings = average(|average, sample| {
        average.store(moved(average.load(SeqCst), sample), SeqCst);
    });

    "A `compare_exchange` fails here and changes nothing, so its sample is lost.":
    a_single_exchange = average(|average, sample| {
        let seen = average.load(Relaxed);
        let _ = average.compare_exchange(seen, moved(seen, sample), Relaxed, Relaxed);
    });

    "The retry succeeds, but with an average that was computed before the first exchange failed. The other thread's \
     sample isn't in it.":
    a_retry_that_computes_nothing_new = average(|average, sample| {
        let mut seen = average.load(Relaxed);
        let new = moved(seen, sample);
        while let Err(newer) = average.compare_exchange(seen, new, Relaxed, Relaxed) {
            seen = newer;
        }
    });

    "A loop ran for 1,000 operations and would go on forever. To wait for another thread, block. To retry a \
     `compare_exchange`, expect the value that the failed one returned, and stop once one succeeds.":
    a_retry_that_expects_nothing_new = average(|average, sample| {
        let seen = average.load(Relaxed);
        while average.compare_exchange(seen, moved(seen, sample), Relaxed, Relaxed).is_err() {}
    });

    "Another thread runs between two operations that belong together.":
    two_additions = average(|average, sample| {
        average.fetch_sub(average.load(Relaxed) / 4, Relaxed);
        average.fetch_add(sample / 4, Relaxed);
    });

    "Every order fails, even those in which one thread finishes before the other starts. This isn't a race: it would \
     go wrong on a single thread, too.":
    another_average = average(|average, sample| {
        average.store((average.load(Relaxed) + sample) / 2, Relaxed);
    });

    "80 and 160 are recorded correctly. After a first sample of 400, others aren't.":
    samples_that_are_skipped = average(|average, sample| {
        let mut seen = average.load(Relaxed);
        while seen < sample
            && let Err(newer) =
                average.compare_exchange(seen, moved(seen, sample), Relaxed, Relaxed)
        {
            seen = newer;
        }
    });

    "A sample is recorded twice: more exchanges succeed than there are samples.":
    two_exchanges_in_any_case = average(|average, sample| {
        for _ in 0..2 {
            let seen = average.load(Relaxed);
            let _ = average.compare_exchange(seen, moved(seen, sample), Relaxed, Relaxed);
        }
    });

    "An exchange fails, and a sample is lost after that. With two samples in the other thread, an exchange can fail \
     twice, and what is done after a failure can be interrupted, too.":
    a_single_retry = average(|average, sample| {
        let seen = average.load(Relaxed);
        if let Err(newer) = average.compare_exchange(seen, moved(seen, sample), Relaxed, Relaxed) {
            let _ = average.compare_exchange(newer, moved(newer, sample), Relaxed, Relaxed);
        }
    });
    a_store_after_the_failure = average(|average, sample| {
        let seen = average.load(Relaxed);
        if let Err(newer) = average.compare_exchange(seen, moved(seen, sample), Relaxed, Relaxed) {
            average.store(moved(newer, sample), Relaxed);
        }
    });

    "✓ Explored 3 executions, none fails (every order). A lock works. Can you do it with one atomic and no lock?":
    a_lock_is_right = atomics3(
        || Mutex::new(0),
        |average, sample| {
            let mut average = average.lock().unwrap();
            *average = moved(*average, sample);
        },
        |average| *average.lock().unwrap(),
    );
}
