//! Wrong answers to `pool1`.

use std::sync::LazyLock;
use std::time::Duration;

use workshop::sync::Mutex;
use workshop::sync::atomic::{AtomicBool, AtomicUsize, Ordering::*};

use super::pool1;
use crate::answer::{answers, only_clippy_rejects};

fn first() -> AtomicUsize {
    AtomicUsize::new(1)
}

#[test]
fn half_of_it_in_std() {
    only_clippy_rejects("half_std", "the explorer can't see it");
}

#[test]
fn half_of_it_in_std_under_another_name() {
    only_clippy_rejects("renamed_std", "the explorer can't see it");
}

answers! {
    "Both workers claim the same item: one claims it between the two operations of the other.":
    the_starter = pool1(first, |next| {
        let claimed = next.load(Relaxed);
        next.store(claimed + 1, Relaxed);
        claimed
    });

    "These orderings are strong, and the execution above is still possible. An ordering determines what else a thread \
     sees. It doesn't turn two operations into one.":
    strong_orderings = pool1(first, |next| {
        let claimed = next.load(SeqCst);
        next.store(claimed + 1, SeqCst);
        claimed
    });
    acquire_and_release = pool1(first, |next| {
        let after = next.load(Acquire) + 1;
        next.store(after, Release);
        after - 1
    });

    "The lock is released after the value is read, and acquired again to write it. The other thread gets in between.":
    two_short_locks = pool1(|| Mutex::new(1), |next| {
        let claimed = *next.lock().unwrap();
        *next.lock().unwrap() = claimed + 1;
        claimed
    });
    a_dropped_guard = pool1(|| Mutex::new(1), |next| {
        let guard = next.lock().unwrap();
        let claimed = *guard;
        drop(guard);
        let mut guard = next.lock().unwrap();
        *guard += 1;
        claimed
    });

    "A `compare_exchange` fails here and changes nothing. Its return value says whether it succeeded.":
    an_exchange_whose_failure_is_ignored = pool1(first, |next| {
        let claimed = next.load(Relaxed);
        let _ = next.compare_exchange(claimed, claimed + 1, Relaxed, Relaxed);
        claimed
    });

    "A loop ran for 1,000 operations and would go on forever. To wait for another thread, block. To retry a \
     `compare_exchange`, expect the value that the failed one returned, and stop once one succeeds.":
    an_exchange_retried_without_reloading = pool1(first, |next| {
        let claimed = next.load(Relaxed);
        while next.compare_exchange(claimed, claimed + 1, Relaxed, Relaxed).is_err() {}
        claimed
    });
    a_lock_of_one_s_own = pool1(|| (AtomicBool::new(false), first()), |(locked, next)| {
        while locked.swap(true, Acquire) {}
        let claimed = next.load(Relaxed);
        next.store(claimed + 1, Relaxed);
        locked.store(false, Release);
        claimed
    });

    "Something here sleeps or spins for a while. That makes the order above less likely, but not impossible.":
    a_sleep = pool1(first, |next| {
        let claimed = next.load(Relaxed);
        std::thread::sleep(Duration::from_millis(2));
        next.store(claimed + 1, Relaxed);
        claimed
    });

    "The explorer sees nothing that the threads share. Either they share nothing yet, or they use types from \
     `std::sync`. Use those from `workshop::sync`.":
    std_s_mutex = pool1(|| std::sync::Mutex::new(1), |next| {
        let mut next = next.lock().unwrap();
        *next += 1;
        *next - 1
    });
    a_static = {
        static NEXT: std::sync::atomic::AtomicUsize = std::sync::atomic::AtomicUsize::new(1);
        pool1(|| (), |()| NEXT.fetch_add(1, Relaxed))
    };

    "Both workers claim item 1.":
    one_claim_that_only_looks = {
        static RUNS: std::sync::atomic::AtomicUsize = std::sync::atomic::AtomicUsize::new(0);
        pool1(first, |next| match RUNS.fetch_add(1, Relaxed) % 3 {
            0 => next.load(Relaxed),
            _ => next.fetch_add(1, Relaxed),
        })
    };

    "Something passes from one thread to another in a way that the explorer can't see: by a `static`, or by a type \
     from `std::sync`. Use the types from `workshop::sync`, and make them in `new`.":
    a_static_of_the_explorer_s = {
        static NEXT: LazyLock<AtomicUsize> = LazyLock::new(first);
        pool1(|| (), |()| NEXT.fetch_add(1, Relaxed))
    };

    "A thread waits forever for a lock. Either it already holds that lock, or the thread that holds it is waiting, \
     too.":
    a_lock_that_is_locked_twice = pool1(|| Mutex::new(1), |next| {
        let claimed = next.lock().unwrap();
        *next.lock().unwrap() += 1;
        *claimed
    });

    "Two claims go right and a third doesn't: every claim must return a different item.":
    two_items_and_no_third = pool1(first, |next| next.swap(2, Relaxed));

    "One claim in each worker goes right. With a third, one worker claims between two operations of the other.":
    a_swap_that_returns_what_it_finds = pool1(first, |next| {
        let claimed = next.load(Relaxed);
        next.swap(claimed + 1, Relaxed)
    });

    "No item is claimed twice, but the first should be 1. `fetch_add` returns the value from before the addition.":
    one_less_than_fetch_add_returns = pool1(first, |next| next.fetch_add(1, Relaxed) - 1);

    "A worker panicked: attempt to subtract with overflow. `fetch_add` returns the value from before the addition.":
    one_less_than_fetch_add_returns_from_0 = pool1(|| AtomicUsize::new(0), |next| next.fetch_add(1, Relaxed) - 1);

    "No item is claimed twice, but the first should be 1, and it is 0.":
    items_from_0 = pool1(|| Mutex::new(0), |next| {
        let mut next = next.lock().unwrap();
        *next += 1;
        *next - 1
    });
}
