//! Pictures show the number or truth value that a mutex guards: what a thread finds, and what it leaves.

use expect_test::expect;
use interleave::sync::{Arc, Condvar, Mutex, MutexGuard};
use interleave::thread::{self, named};
use interleave::{Execution, explore};

/// Two workers call `add` on one number.
fn two_workers(add: fn(&Mutex<u64>)) -> u64 {
    let value = Arc::new(Mutex::new(0));
    let workers = ["worker 1", "worker 2"].map(|name| {
        let value = value.clone();
        named(name, move || add(&value))
    });
    for worker in workers {
        worker.join().unwrap();
    }
    *value.lock().unwrap()
}

/// Reads under one lock and writes under another.
fn add_in_two_steps(value: &Mutex<u64>) {
    let seen = *value.lock().unwrap();
    *value.lock().unwrap() = seen + 1;
}

/// The value of each operation of a thread: what it found, or else what the picture says that it leaves.
fn values<T>(execution: &Execution<T>, thread: usize) -> Vec<Option<String>> {
    let calls = execution.calls().into_iter();
    let calls = calls.filter(|call| call.thread == thread);
    calls.map(|call| call.returned).collect()
}

#[test]
fn race_a_picture_shows_the_value_that_is_lost() {
    let lost = explore(|| two_workers(add_in_two_steps))
        .worded(|total| format!("value = {total}"), "should be 2")
        .failing(|total| *total != 2);
    expect![[r#"
              worker 1                  worker 2
          1   value.lock()   → 0
          2   unlock value = 0
          3                             value.lock()   → 0
          4                             unlock value = 0
          5                             value.lock()   → 0
          6                             unlock value = 1
          7   value.lock()   → 1
          8   unlock value = 1
        Result: value = 1  × should be 2
        Explored: 6 executions, 4 fail (every order)
    "#]]
    .assert_eq(&lost.simplest().lanes().to_string());
}

#[test]
fn fix_each_worker_finds_what_the_other_left() {
    let passing = explore(|| two_workers(|value| *value.lock().unwrap() += 1));
    assert_eq!(passing.executions().len(), 2);
    for execution in passing.executions() {
        let mut found = [1, 2].map(|thread| values(execution, thread)[0].clone());
        found.sort();
        assert_eq!(found, ["0", "1"].map(|value| Some(value.to_owned())));
    }
    let recording = passing.always(|total| *total == 2).recording();
    let last = recording.executions[0].steps.last().unwrap();
    let holds = recording.operations[*last].holds.as_ref().unwrap();
    assert_eq!((&*holds.name, &*holds.value), ("value", "2"));
}

#[test]
fn a_truth_value_is_shown_after_a_wait_and_an_attempt() {
    let passing = explore(|| {
        let shared = Arc::new((Mutex::new(false), Condvar::new()));
        let waiter = {
            let shared = shared.clone();
            named("waiter", move || {
                let (ready, changed) = &*shared;
                let guard = ready.lock().unwrap();
                drop(changed.wait_while(guard, |ready| !*ready).unwrap());
            })
        };
        let (ready, changed) = &*shared;
        *ready.lock().unwrap() = true;
        changed.notify_one();
        let tried = ready.try_lock().map(|ready| *ready).ok();
        waiter.join().unwrap();
        tried
    });
    let passing = passing.always(|tried| *tried != Some(false));
    let woken = passing.simplest_such_that(|execution| {
        execution.wake_ups() > 0 && *execution.outcome().unwrap() == Some(true)
    });
    let calls = woken.execution().calls();
    let returned = |method: &str| {
        let call = calls.iter().find(|call| call.method == method);
        call.unwrap().returned.clone().unwrap()
    };
    assert_eq!(returned("lock"), "false");
    assert_eq!(returned("woken"), "true");
    assert_eq!(returned("try_lock"), "acquired, true");
    let picture = woken.lanes().to_string();
    assert!(picture.contains("unlock ready = true"), "{picture}");
}

/// The same source works with a type of which nothing is shown, in a function that knows nothing of the type.
#[test]
fn another_type_is_guarded_without_a_value() {
    fn with<T, R>(mutex: &Mutex<T>, f: impl FnOnce(MutexGuard<'_, T>) -> R) -> R {
        f(mutex.lock().unwrap())
    }
    let exploration = explore(|| {
        let items = Arc::new(Mutex::new(Vec::new()));
        let worker = {
            let items = items.clone();
            thread::spawn(move || items.lock().unwrap().push(1))
        };
        with(&items, |mut items| items.push(2));
        worker.join().unwrap();
        items.lock().unwrap().len()
    });
    for execution in exploration.executions() {
        assert!(execution.calls().iter().all(|call| call.returned.is_none()));
    }
    let passing = exploration.always(|len| *len == 2);
    assert!(
        passing
            .recording()
            .operations
            .iter()
            .all(|it| it.holds.is_none())
    );
}
