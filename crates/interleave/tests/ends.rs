//! Executions that block or panic. They are counted and drawn like all others.

use expect_test::expect;
use interleave::future::{AtomicWaker, block_on};
use interleave::sync::atomic::AtomicBool;
use interleave::sync::atomic::Ordering::{AcqRel, Acquire, Release};
use interleave::sync::{Arc, Condvar, Mutex, Notify, RwLock};
use interleave::{End, explore, thread};
use std::future::poll_fn;
use std::task::Poll;

use interleave::thread::named;

/// Passes one item through a queue.
fn one_item(consume: fn(&Mutex<Vec<u32>>, &Condvar) -> u32) -> u32 {
    let shared = Arc::new((Mutex::new(Vec::new()), Condvar::new()));
    let consumer = {
        let shared = shared.clone();
        named("consumer", move || consume(&shared.0, &shared.1))
    };
    let producer = named("producer", move || {
        let (queue, filled) = &*shared;
        queue.lock().unwrap().push(7);
        filled.notify_one();
    });
    producer.join().unwrap();
    consumer.join().unwrap()
}

/// Broken on purpose: checks the queue, then locks it again to wait.
fn check_then_wait(queue: &Mutex<Vec<u32>>, filled: &Condvar) -> u32 {
    let seen = queue.lock().unwrap().pop();
    seen.unwrap_or_else(|| filled.wait(queue.lock().unwrap()).unwrap().pop().unwrap())
}

/// Checks and waits under one lock.
fn wait_for_item(queue: &Mutex<Vec<u32>>, filled: &Condvar) -> u32 {
    let mut queue = queue.lock().unwrap();
    loop {
        match queue.pop() {
            Some(item) => return item,
            None => queue = filled.wait(queue).unwrap(),
        }
    }
}

#[test]
fn a_lost_wake_up_is_drawn_as_blocked() {
    let lost = explore(|| one_item(check_then_wait)).blocking();
    expect![[r#"
              consumer                              producer
          1   queue.lock()
          2   unlock queue
          3                                         queue.lock()
          4                                         unlock queue
          5                                         filled.notify_one()   → nobody
          6   queue.lock()
          7   filled.wait()   waits forever
        Result: consumer waits forever
        Explored: 7 executions, 2 fail (every order)
    "#]]
    .assert_eq(&lost.simplest().to_string());
}

#[test]
fn checking_and_waiting_under_one_lock_never_blocks() {
    explore(|| one_item(wait_for_item)).always(|item| *item == 7);
}

#[test]
fn two_locks_acquired_in_opposite_orders_deadlock() {
    let locked = explore(|| {
        let locks = Arc::new((Mutex::new(()), Mutex::new(())));
        let other = {
            let locks = locks.clone();
            named("backward", move || {
                let _second = locks.1.lock().unwrap();
                let _first = locks.0.lock().unwrap();
            })
        };
        let forward = named("forward", move || {
            let _first = locks.0.lock().unwrap();
            let _second = locks.1.lock().unwrap();
        });
        forward.join().unwrap();
        other.join().unwrap();
    })
    .blocking();
    expect![[r#"
              backward                              forward
          1   locks.1.lock()
          2                                         locks.0.lock()
          3   locks.0.lock()   waits forever
          4                                         locks.1.lock()   waits forever
        Result: backward and forward wait forever
        Explored: 6 executions, 2 fail (every order)
    "#]]
    .assert_eq(&locked.simplest().to_string());
}

/// A flag and a future that waits for it. The broken future checks the flag before it registers.
fn cancelled(register_first: bool) {
    let shared = Arc::new((AtomicBool::new(false), AtomicWaker::new()));
    let waiter = {
        let shared = shared.clone();
        named("waiter", move || {
            let (cancelled, waker) = &*shared;
            block_on(poll_fn(|context| {
                if register_first {
                    waker.register(context.waker());
                }
                if cancelled.load(Acquire) {
                    return Poll::Ready(());
                }
                if !register_first {
                    waker.register(context.waker());
                }
                Poll::Pending
            }));
        })
    };
    let canceller = named("canceller", move || {
        let (cancelled, waker) = &*shared;
        cancelled.store(true, Release);
        waker.wake();
    });
    canceller.join().unwrap();
    waiter.join().unwrap();
}

#[test]
fn a_future_that_is_never_woken_is_drawn_as_blocked() {
    let missed = explore(|| cancelled(false)).blocking();
    expect![[r#"
              waiter                                 canceller
          1   cancelled.load(Acquire)   → false
          2                                          cancelled.store(true, Release)
          3                                          waker.wake()   → no waker
          4   waker.register(waker)
          5   block_on(…)           waits forever
        Result: waiter waits forever
        Explored: 8 executions, 3 fail (every order)
    "#]]
    .assert_eq(&missed.simplest().to_string());
}

#[test]
fn a_future_that_registers_first_is_always_woken() {
    explore(|| cancelled(true)).always(|()| true);
}

#[test]
fn a_failing_assertion_in_a_thread_is_drawn() {
    let claimed = explore(|| {
        let taken = Arc::new(AtomicBool::new(false));
        let workers = ["worker 1", "worker 2"].map(|name| {
            let taken = taken.clone();
            named(name, move || {
                let before = taken.swap(true, AcqRel);
                assert!(!before, "the item is taken");
            })
        });
        for worker in workers {
            worker.join().unwrap();
        }
    })
    .failing(|()| false);
    expect![[r#"
              worker 1                               worker 2
          1   taken.swap(true, AcqRel)   → false
          2                                          taken.swap(true, AcqRel)   → true
          3                                          the item is taken          panicked
        Result: worker 2 panicked at crates/interleave/tests/ends.rs:160
        Explored: 2 executions, 2 fail (every order)
    "#]]
    .assert_eq(&claimed.simplest().to_string());
}

#[test]
fn a_failing_assertion_in_main_drops_its_guards() {
    let explored = explore(|| {
        let value = Arc::new(Mutex::new(0));
        let writer = {
            let value = value.clone();
            thread::spawn(move || *value.lock().unwrap() += 1)
        };
        let seen = value.lock().unwrap();
        assert_eq!(*seen, 1, "the writer runs first");
        drop(seen);
        writer.join().unwrap();
    });
    let ends = explored.ends();
    assert!(
        ends.iter().any(|(end, _)| matches!(end, End::Returned(()))),
        "{ends:?}"
    );
    assert!(
        ends.iter().any(
            |(end, _)| matches!(end, End::Panicked(message) if message.contains("runs first"))
        )
    );
}

#[test]
fn a_permit_stored_before_the_wait_is_kept() {
    explore(|| {
        let permit = Arc::new(Notify::new());
        let giver = {
            let permit = permit.clone();
            thread::spawn(move || permit.notify())
        };
        permit.wait();
        giver.join().unwrap();
    })
    .ends()
    .iter()
    .for_each(|(end, _)| assert_eq!(**end, End::Returned(())));
}

#[test]
fn readers_never_see_half_of_a_write() {
    let passing = explore(|| {
        let pair = Arc::new(RwLock::new((0, 0)));
        let writer = {
            let pair = pair.clone();
            thread::spawn(move || {
                let mut pair = pair.write().unwrap();
                pair.0 += 1;
                pair.1 += 1;
            })
        };
        let reader = {
            let pair = pair.clone();
            thread::spawn(move || *pair.read().unwrap())
        };
        let seen = *pair.read().unwrap();
        writer.join().unwrap();
        (seen, reader.join().unwrap())
    })
    .always(|(a, b)| a.0 == a.1 && b.0 == b.1);
    assert!(passing.count() > 2);
}

#[test]
fn one_permit_never_ends_two_waits() {
    let explored = explore(|| {
        let permit = Arc::new(Notify::new());
        let waiters = ["waiter 1", "waiter 2"].map(|name| {
            let permit = permit.clone();
            named(name, move || permit.wait())
        });
        permit.notify();
        for waiter in waiters {
            let _: Result<(), _> = waiter.join();
        }
    });
    let ends = explored.ends();
    let one_at_a_time = "only one thread may wait on a `Notify` at a time";
    assert!(
        ends.iter().all(|(end, _)| match end {
            End::Returned(()) => false,
            End::Blocked => true,
            End::Panicked(message) => message == one_at_a_time,
        }),
        "{ends:?}"
    );
}

/// Adds its value to a log when it is dropped.
struct Logged(Arc<Mutex<Vec<u32>>>);

impl Drop for Logged {
    fn drop(&mut self) {
        self.0.lock().unwrap().push(7);
    }
}

/// The explorer cuts an execution short if a thread can't get a lock that was free when it asked. By then the last
/// thread may not have started, and the destructor of what it holds runs after the end of the execution.
#[test]
fn a_thread_that_never_started_may_hold_a_value_with_a_destructor() {
    let three = || {
        let log = Arc::new(Mutex::new(Vec::new()));
        let logged = Logged(log.clone());
        let workers = ["worker 1", "worker 2"].map(|name| {
            let log = log.clone();
            named(name, move || log.lock().unwrap().push(1))
        });
        let dropper = named("dropper", move || drop(logged));
        dropper.join().unwrap();
        for worker in workers {
            worker.join().unwrap();
        }
        let log = log.lock().unwrap();
        log.iter().sum::<u32>()
    };
    explore(three).always(|sum| *sum == 9);
}

#[test]
fn the_simplest_of_each_way_to_fail_can_be_drawn() {
    let raced = || {
        let flag = Arc::new(AtomicBool::new(false));
        let setter = {
            let flag = flag.clone();
            named("setter", move || flag.store(true, Release))
        };
        let reader = named("reader", move || flag.load(Acquire));
        setter.join().unwrap();
        reader.join().unwrap()
    };
    let failing = explore(raced).failing(|_| true);
    for outcome in [true, false] {
        let simplest = failing.simplest_such_that(|it| it.outcome() == Some(&outcome));
        assert_eq!(simplest.execution().outcome(), Some(&outcome));
    }
}

/// Each thread joins the other. A join that waits is drawn if nothing else waits.
#[test]
fn threads_that_join_each_other_wait_forever() {
    let waiting = explore(|| {
        let slot: Arc<Mutex<Option<thread::JoinHandle<()>>>> = Arc::default();
        let shared = slot.clone();
        let first = named("first", move || {
            let second = shared.lock().unwrap().take();
            second.into_iter().for_each(|it| it.join().unwrap());
        });
        let second = named("second", move || first.join().unwrap());
        *slot.lock().unwrap() = Some(second);
    })
    .blocking();
    let steps = waiting.simplest().lanes().steps;
    let marked = steps.iter().filter(|step| step.mark.is_some());
    assert_eq!(marked.clone().count(), 3);
    assert!(marked.into_iter().all(|step| step.text.contains("join")));
}
