//! The operations of an execution as data: one for each step of the picture.

use interleave::sync::atomic::{AtomicUsize, Ordering::*};
use interleave::sync::{Arc, Mutex};
use interleave::{End, Explorer, explore, thread};

#[test]
fn a_call_has_its_parts() {
    let exploration = explore(|| {
        let next = Arc::new(AtomicUsize::new(1));
        let other = next.clone();
        let worker = thread::spawn(move || other.store(2, Release));
        let _ = next.compare_exchange(1, 3, AcqRel, Relaxed);
        worker.join().unwrap();
    });
    let failing = exploration.executions().iter();
    let calls = failing.map(|execution| execution.calls());
    let calls = calls.filter(|calls| calls[0].method == "store");
    let [calls] = &calls.collect::<Vec<_>>()[..] else {
        panic!("one execution starts with the store");
    };
    let [store, exchange] = &calls[..] else {
        panic!("two operations, not {calls:?}");
    };
    assert_eq!(store.object.as_deref(), Some("other"));
    assert_eq!(
        (&store.arguments[..], &store.orderings[..]),
        (&["2".to_owned()][..], &[Release][..])
    );
    assert_eq!((exchange.method, exchange.thread), ("compare_exchange", 0));
    assert_eq!(exchange.orderings, [AcqRel, Relaxed]);
    assert_eq!(exchange.returned.as_deref(), Some("Err(2)"));
    assert!(exchange.failed && !store.failed);
}

#[test]
fn each_step_of_a_picture_is_a_call() {
    let exploration = Explorer::new().try_explore(|| {
        let (one, two) = (Arc::new(Mutex::new(1)), Arc::new(Mutex::new(2)));
        let (a, b) = (one.clone(), two.clone());
        let worker = thread::spawn(move || *a.lock().unwrap() + *b.lock().unwrap());
        let sum = *two.lock().unwrap() + *one.lock().unwrap();
        sum + worker.join().unwrap()
    });
    let exploration = exploration.unwrap();
    let ends = exploration.ends();
    assert!(ends.iter().any(|(end, _)| **end == End::Blocked));
    for execution in exploration.executions() {
        let blocked = execution.calls().iter().filter(|call| call.blocked).count();
        let waits = *execution.end() == End::Blocked;
        assert_eq!(blocked > 0, waits, "{:?}", execution.calls());
    }
    let failing = exploration.failing(|_| false);
    let shown = failing.simplest();
    let (lanes, calls) = (shown.lanes(), shown.execution().calls());
    assert_eq!(lanes.steps.len(), calls.len());
    for (step, call) in lanes.steps.iter().zip(calls) {
        let method = if call.method == "unlock" {
            "unlock "
        } else {
            call.method
        };
        assert!(step.text.contains(method), "{step:?} is {call:?}");
    }
}
