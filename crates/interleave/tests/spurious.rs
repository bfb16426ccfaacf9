//! Spurious failures of `compare_exchange_weak` and spurious wake-ups, up to a bound.

use std::collections::BTreeSet;

use expect_test::expect;
use interleave::sync::atomic::Ordering::{Acquire, Relaxed, Release};
use interleave::sync::atomic::{AtomicBool, AtomicU64};
use interleave::sync::{Arc, Condvar, Mutex};
use interleave::thread::named;
use interleave::{Explorer, explore};

/// A thread waits for a flag that another one sets. Returns whether the flag was set after the wait.
fn flag(wait: fn(&Mutex<bool>, &Condvar) -> bool) -> bool {
    let shared = Arc::new((Mutex::new(false), Condvar::new()));
    let setter = {
        let shared = shared.clone();
        named("setter", move || {
            let (flag, set) = &*shared;
            *flag.lock().unwrap() = true;
            set.notify_one();
        })
    };
    let waiter = named("waiter", move || wait(&shared.0, &shared.1));
    setter.join().unwrap();
    waiter.join().unwrap()
}

/// Broken on purpose: takes every wake-up for the notification.
fn wait_once(flag: &Mutex<bool>, set: &Condvar) -> bool {
    let mut is_set = flag.lock().unwrap();
    if !*is_set {
        is_set = set.wait(is_set).unwrap();
    }
    *is_set
}

/// Checks the flag again after each wake-up.
fn wait_in_a_loop(flag: &Mutex<bool>, set: &Condvar) -> bool {
    let mut is_set = flag.lock().unwrap();
    while !*is_set {
        is_set = set.wait(is_set).unwrap();
    }
    *is_set
}

#[test]
fn a_wait_without_a_loop_fails_only_with_a_spurious_wake_up() {
    explore(|| flag(wait_once)).always(|set| *set);
    let woken = Explorer::new()
        .spurious(1)
        .explore(|| flag(wait_once))
        .worded(
            |set| format!("the waiter saw {set}"),
            "should wait for true",
        )
        .failing(|set| !*set);
    assert!(woken.executions().all(|it| it.spurious_events() == 1));
    assert_eq!(woken.simplest().execution().wake_ups(), 1);
    expect![[r#"
              setter                               waiter
          1                                        flag.lock()           → false
          2                                        set.wait()
          3                                        wakes up spuriously   → false
          4                                        unlock flag = false
          5   flag.lock()        → false
          6   unlock flag = true
          7   set.notify_one()   → nobody
        Result: the waiter saw false  × should wait for true
        Explored: 8 executions, 1 fails (every order with at most 1 spurious event)
    "#]]
    .assert_eq(&woken.simplest().to_string());
}

#[test]
fn a_wait_in_a_loop_passes_with_spurious_wake_ups() {
    let passing = Explorer::new()
        .spurious(2)
        .explore(|| flag(wait_in_a_loop))
        .always(|set| *set);
    assert!(passing.exploration().is_complete());
    assert_eq!(passing.exploration().spurious(), 2);
    let picture = passing
        .simplest_such_that(|it| it.spurious_events() == 2)
        .to_string();
    assert!(
        picture.contains("(every order with at most 2 spurious events)"),
        "{picture}"
    );
}

/// `wait_while` loops too.
#[test]
fn wait_while_passes_with_a_spurious_wake_up() {
    let wait = |flag: &Mutex<bool>, set: &Condvar| {
        let is_set = flag.lock().unwrap();
        *set.wait_while(is_set, |is_set| !*is_set).unwrap()
    };
    let passing = Explorer::new()
        .spurious(1)
        .explore(move || flag(wait))
        .always(|set| *set);
    passing.simplest_such_that(|it| it.spurious_events() == 1);
}

/// Two workers claim one item. Returns how many got it.
fn claims(claim: fn(&AtomicBool) -> bool) -> u64 {
    let taken = Arc::new(AtomicBool::new(false));
    let workers = ["worker 1", "worker 2"].map(|name| {
        let taken = taken.clone();
        named(name, move || claim(&taken))
    });
    let got = workers.map(|worker| worker.join().unwrap());
    got.map(u64::from).iter().sum()
}

/// Broken on purpose: takes every failure for another thread's claim.
fn claim_once(taken: &AtomicBool) -> bool {
    taken
        .compare_exchange_weak(false, true, Relaxed, Relaxed)
        .is_ok()
}

/// Repeats the exchange until it succeeds or the item is taken.
fn claim_in_a_loop(taken: &AtomicBool) -> bool {
    loop {
        match taken.compare_exchange_weak(false, true, Relaxed, Relaxed) {
            Ok(_) => return true,
            Err(true) => return false,
            Err(false) => {}
        }
    }
}

#[test]
fn an_exchange_without_a_loop_fails_only_with_spurious_failures() {
    explore(|| claims(claim_once)).always(|got| *got == 1);
    let explore = |bound| {
        Explorer::new()
            .spurious(bound)
            .explore(|| claims(claim_once))
    };
    // One failure leaves the item to the other worker, and two leave it to nobody.
    explore(1).always(|got| *got == 1);
    let nobody = explore(2)
        .worded(|got| format!("{got} claims"), "should be 1")
        .failing(|got| *got != 1);
    expect![[r#"
              worker 1                               worker 2
          1   taken.compare_exchange_weak(false,
                true)  → fails spuriously
          2                                          taken.compare_exchange_weak(false,
                                                       true)  → fails spuriously
        Result: 0 claims  × should be 1
        Explored: 6 executions, 2 fail (every order with at most 2 spurious events)
    "#]]
    .assert_eq(&nobody.simplest().to_string());
}

#[test]
fn an_exchange_in_a_loop_passes_with_spurious_failures() {
    let passing = Explorer::new()
        .spurious(2)
        .explore(|| claims(claim_in_a_loop))
        .always(|got| *got == 1);
    let most = passing.exploration().executions().iter();
    assert_eq!(most.map(|it| it.spurious_events()).max(), Some(2));
}

#[test]
fn compare_exchange_never_fails_spuriously() {
    let claim = |taken: &AtomicBool| {
        taken
            .compare_exchange(false, true, Relaxed, Relaxed)
            .is_ok()
    };
    let passing = Explorer::new()
        .spurious(2)
        .explore(move || claims(claim))
        .always(|got| *got == 1);
    assert_eq!(passing.count(), 2);
}

/// A worker counts with `fetch_update`, and another one adds to the same counter.
#[test]
fn fetch_update_tries_again_after_a_spurious_failure() {
    let model = || {
        let count = Arc::new(AtomicU64::new(0));
        let updater = {
            let count = count.clone();
            named("updater", move || {
                let mut tries = 0;
                let updated = count.fetch_update(Relaxed, Relaxed, |seen| {
                    tries += 1;
                    Some(seen + 1)
                });
                updated.unwrap();
                tries
            })
        };
        count.fetch_add(10, Relaxed);
        let tries = updater.join().unwrap();
        (tries, count.load(Relaxed))
    };
    let tries = |bound| {
        let passing = Explorer::new()
            .spurious(bound)
            .explore(model)
            .always(|(_, total)| *total == 11);
        let executions = passing.exploration().executions().iter();
        BTreeSet::from_iter(executions.map(|it| it.outcome().unwrap().0))
    };
    assert_eq!(tries(0), BTreeSet::from([1, 2]));
    assert_eq!(tries(1), BTreeSet::from([1, 2, 3]));
    assert_eq!(tries(2), BTreeSet::from([1, 2, 3, 4]));
}

/// A failure is a load with the failure ordering: with `Acquire`, the value is visible afterwards.
#[test]
fn a_spurious_failure_has_the_failure_ordering() {
    fn model(failure: std::sync::atomic::Ordering) -> Option<u64> {
        let shared = Arc::new((AtomicU64::new(0), AtomicU64::new(0)));
        let writer = {
            let shared = shared.clone();
            named("writer", move || {
                let (value, version) = &*shared;
                value.store(42, Relaxed);
                version.store(1, Release);
            })
        };
        let reader = named("reader", move || {
            let (value, version) = &*shared;
            let exchanged = version.compare_exchange_weak(1, 2, Acquire, failure);
            (exchanged == Err(1)).then(|| value.load(Relaxed))
        });
        writer.join().unwrap();
        reader.join().unwrap()
    }
    let explore = |failure| Explorer::new().spurious(1).explore(move || model(failure));
    explore(Acquire).always(|seen| [None, Some(42)].contains(seen));
    explore(Relaxed).failing(|seen| *seen == Some(0));
}

/// `main` is alone when its exchange fails. A picture leaves such operations out unless they are spurious.
#[test]
fn a_spurious_failure_while_main_is_alone_is_drawn() {
    let lost = Explorer::new()
        .spurious(1)
        .explore(|| {
            let count = Arc::new(AtomicU64::new(0));
            let _ = count.compare_exchange_weak(0, 5, Relaxed, Relaxed);
            let adder = {
                let count = count.clone();
                named("adder", move || count.fetch_add(1, Relaxed))
            };
            count.fetch_add(1, Relaxed);
            adder.join().unwrap();
            count.load(Relaxed)
        })
        .failing(|total| *total != 7);
    expect![[r#"
              main                                   adder
          1   count.compare_exchange_weak(0, 5)
                → fails spuriously
          2   count.fetch_add(1)   → 0
          3                                          count.fetch_add(1)   → 1
        Result: 2
        Explored: 4 executions, 2 fail (every order with at most 1 spurious event)
    "#]]
    .assert_eq(&lost.simplest().to_string());
}

#[test]
fn a_bound_of_zero_changes_nothing() {
    let plain = explore(|| flag(wait_in_a_loop));
    let zero = Explorer::new().spurious(0).explore(|| flag(wait_in_a_loop));
    assert_eq!(plain.executions(), zero.executions());
    assert_eq!(plain.runs(), zero.runs());
    let [plain, zero] = [plain, zero].map(|it| it.always(|set| *set).simplest().to_string());
    assert_eq!(plain, zero);
    assert!(zero.contains("(every order)"), "{zero}");
}

#[test]
fn a_picture_states_both_bounds() {
    let bounded = Explorer::new()
        .preemptions(1)
        .spurious(1)
        .explore(|| flag(wait_in_a_loop));
    assert!(!bounded.is_complete());
    let picture = bounded.always(|set| *set).simplest().to_string();
    let coverage = "(at most 1 preemption, not every order with at most 1 spurious event)";
    assert!(picture.replace('\n', " ").contains(coverage), "{picture}");
}
