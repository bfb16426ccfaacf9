//! What the gauge promises on real threads and on a real runtime.

use std::panic::{self, AssertUnwindSafe};
use std::sync::Barrier;
use std::thread;
use std::time::Duration;

use comparison::in_flight::InFlight;
use comparison::{lost_peak, skipped_leave};
use futures::FutureExt;
use tokio::time::{sleep, timeout};

#[test]
fn threads_that_are_all_inside_are_the_peak() {
    const THREADS: usize = 8;
    let gauge = InFlight::new();
    let inside = Barrier::new(THREADS);
    for round in 1..=100 {
        thread::scope(|scope| {
            for _ in 0..THREADS {
                scope.spawn(|| {
                    let _entered = gauge.enter();
                    inside.wait();
                });
            }
        });
        assert_eq!((gauge.peak(), gauge.now()), (THREADS, 0), "round {round}");
    }
}

#[test]
fn a_panic_on_another_thread_leaves() {
    let gauge = InFlight::new();
    let panicked = thread::scope(|scope| {
        let thread = scope.spawn(|| {
            let _entered = gauge.enter();
            panic!("the work is bad");
        });
        thread.join().is_err()
    });
    assert!(panicked);
    assert_eq!((gauge.peak(), gauge.now()), (1, 0));
}

/// The same panic passes the line that would have counted down.
#[tokio::test]
async fn a_panic_skips_a_leave_that_is_no_guard() {
    async fn bad() {
        panic!("the work is bad");
    }
    let guarded = InFlight::new();
    let skipped = skipped_leave::InFlight::new();
    let first = AssertUnwindSafe(guarded.during(bad())).catch_unwind().await;
    let second = AssertUnwindSafe(skipped.during(bad())).catch_unwind().await;
    assert!(first.is_err() && second.is_err());
    assert_eq!((guarded.now(), skipped.now()), (0, 1));
}

#[tokio::test(start_paused = true)]
async fn a_call_that_times_out_leaves() {
    let short = Duration::from_millis(10);
    let guarded = InFlight::new();
    let skipped = skipped_leave::InFlight::new();
    for _ in 0..1_000 {
        let guarded = guarded.during(sleep(2 * short));
        assert!(timeout(short, guarded).await.is_err());
        let skipped = skipped.during(sleep(2 * short));
        assert!(timeout(short, skipped).await.is_err());
    }
    assert_eq!((guarded.now(), guarded.peak()), (0, 1));
    // A thousand calls are gone, and all of them still count.
    assert_eq!((skipped.now(), skipped.peak()), (1_000, 1_000));
}

#[tokio::test]
async fn a_call_that_is_never_polled_is_never_in_flight() {
    let gauge = InFlight::new();
    drop(gauge.during(sleep(Duration::ZERO)));
    assert_eq!((gauge.now(), gauge.peak()), (0, 0));
}

#[test]
fn a_guard_that_is_sent_to_another_thread_leaves_there() {
    let gauge = InFlight::new();
    let entered = gauge.enter();
    thread::scope(|scope| {
        scope.spawn(move || drop(entered));
    });
    assert_eq!((gauge.peak(), gauge.now()), (1, 0));
}

#[test]
fn a_panic_that_is_caught_leaves() {
    let gauge = InFlight::new();
    let caught = panic::catch_unwind(AssertUnwindSafe(|| {
        let _outer = gauge.enter();
        let _inner = gauge.enter();
        panic!("the work is bad");
    }));
    assert!(caught.is_err());
    assert_eq!((gauge.peak(), gauge.now()), (2, 0));
}

/// On one thread, nothing comes between the comparison and the store.
#[test]
fn the_lost_peak_is_right_on_one_thread() {
    let gauge = lost_peak::InFlight::new();
    let first = gauge.enter();
    let second = gauge.enter();
    drop((first, second));
    assert_eq!((gauge.peak(), gauge.now()), (2, 0));
}
