//! The types behave as std's do. Each check runs in `main` of a model after its other threads have finished.

use std::borrow::Borrow;
use std::fmt::Debug;
use std::sync::Arc as StdArc;
use std::sync::Mutex as StdMutex;
use std::sync::atomic::AtomicUsize as Calls;

use interleave::sync::atomic::Ordering::{AcqRel, Acquire, Relaxed, Release, SeqCst};
use interleave::sync::atomic::{AtomicBool, AtomicU64, fence};
use interleave::sync::{Arc, Condvar, Mutex, Notify, RwLock};
use interleave::thread::{self, named};
use interleave::{End, Explorer, explore};

/// Calls `check` at the end of each execution of a small model. Fails if it panics or is never called.
fn at_the_end(check: impl Fn() + Send + Sync + 'static) {
    let calls = StdArc::new(Calls::new(0));
    let counted = calls.clone();
    explore(move || {
        let shared = Arc::new(AtomicU64::new(0));
        let adder = {
            let shared = shared.clone();
            named("adder", move || shared.fetch_add(1, Relaxed))
        };
        shared.fetch_add(1, Relaxed);
        adder.join().unwrap();
        check();
        counted.fetch_add(1, Relaxed);
    })
    .always(|()| true);
    assert!(calls.load(Relaxed) > 1);
}

/// Calls a method of ours and of std's, and compares what they return and what the atomics then hold.
macro_rules! same {
    ($ours:ident, $std:ident, $method:ident($($argument:expr),*)) => {{
        assert_eq!($ours.$method($($argument),*), $std.$method($($argument),*));
        assert_eq!($ours.load(Relaxed), $std.load(Relaxed), stringify!($method));
    }};
}

macro_rules! integers {
    ($($name:ident: $word:ty;)*) => {$(
        at_the_end(|| for (start, operand) in [(12, 10), (<$word>::MAX, 1), (<$word>::MIN, 3)] {
            let ours = interleave::sync::atomic::$name::new(start);
            let std = std::sync::atomic::$name::new(start);
            same!(ours, std, fetch_add(operand, Relaxed));
            same!(ours, std, fetch_sub(operand + 1, Relaxed));
            same!(ours, std, fetch_max(operand, Relaxed));
            same!(ours, std, fetch_min(operand, Relaxed));
            same!(ours, std, store(start, Relaxed));
            same!(ours, std, fetch_and(operand, Relaxed));
            same!(ours, std, store(start, Relaxed));
            same!(ours, std, fetch_nand(operand, Relaxed));
            same!(ours, std, fetch_or(operand, Relaxed));
            same!(ours, std, fetch_xor(operand, Relaxed));
            same!(ours, std, swap(7, Relaxed));
            same!(ours, std, compare_exchange(7, 8, Relaxed, Relaxed));
            same!(ours, std, compare_exchange(7, 9, Relaxed, Relaxed));
            same!(ours, std, compare_exchange_weak(7, 9, Acquire, Acquire));
            let double = |value: $word| (value < 16).then(|| value * 2);
            assert_eq!(
                ours.fetch_update(AcqRel, Acquire, double),
                std.fetch_update(AcqRel, Acquire, double)
            );
            same!(ours, std, fetch_add(1, SeqCst));
            assert_eq!(
                ours.fetch_update(AcqRel, Acquire, double),
                std.fetch_update(AcqRel, Acquire, double)
            );
            assert_eq!(format!("{ours:?}"), format!("{std:?}"));
            let [mut ours] = [ours];
            *ours.get_mut() += 4;
            assert_eq!(ours.load(Relaxed), std.into_inner() + 4);
            assert_eq!(ours.into_inner(), 21);
            assert_eq!(interleave::sync::atomic::$name::default().into_inner(), 0);
            assert_eq!(interleave::sync::atomic::$name::from(5).into_inner(), 5);
        });
    )*};
}

#[test]
fn atomic_integers_compute_as_stds_do() {
    integers! {
            AtomicU8: u8;
            AtomicU16: u16;
            AtomicU32: u32;
            AtomicU64: u64;
            AtomicUsize: usize;
            AtomicI8: i8;
            AtomicI16: i16;
            AtomicI32: i32;
            AtomicI64: i64;
            AtomicIsize: isize;
    }
}

#[test]
fn an_atomic_bool_computes_as_stds_does() {
    at_the_end(|| {
        for (start, operand) in [(false, false), (false, true), (true, false), (true, true)] {
            for method in 0..7 {
                let ours = AtomicBool::new(start);
                let std = std::sync::atomic::AtomicBool::new(start);
                match method {
                    0 => same!(ours, std, fetch_and(operand, Relaxed)),
                    1 => same!(ours, std, fetch_nand(operand, Relaxed)),
                    2 => same!(ours, std, fetch_or(operand, Relaxed)),
                    3 => same!(ours, std, fetch_xor(operand, Relaxed)),
                    4 => same!(ours, std, fetch_not(Relaxed)),
                    5 => same!(ours, std, swap(operand, Relaxed)),
                    _ => same!(
                        ours,
                        std,
                        compare_exchange(operand, !operand, Relaxed, Relaxed)
                    ),
                }
            }
        }
    });
}

/// Checks the message with which the operation panics.
fn panics_with(message: &'static str, operation: impl Fn(&AtomicU64) + Send + Sync + 'static) {
    let explored = explore(move || {
        let shared = Arc::new(AtomicU64::new(0));
        let reader = {
            let shared = shared.clone();
            named("reader", move || shared.load(Relaxed))
        };
        operation(&shared);
        reader.join().unwrap();
    });
    let panicked = End::Panicked(message.to_owned());
    assert_eq!(explored.ends(), [(&panicked, explored.executions().len())]);
}

#[test]
fn an_ordering_that_std_rejects_panics() {
    panics_with("there is no such thing as a release load", |it| {
        it.load(Release);
    });
    panics_with("there is no such thing as an acquire-release load", |it| {
        it.load(AcqRel);
    });
    panics_with("there is no such thing as an acquire store", |it| {
        it.store(1, Acquire);
    });
    panics_with("there is no such thing as an acquire-release store", |it| {
        it.store(1, AcqRel);
    });
    panics_with(
        "there is no such thing as a release failure ordering",
        |it| {
            let _ = it.compare_exchange(0, 1, AcqRel, Release);
        },
    );
    panics_with(
        "there is no such thing as a release failure ordering",
        |it| {
            let _ = it.compare_exchange_weak(0, 1, AcqRel, Release);
        },
    );
    panics_with(
        "there is no such thing as an acquire-release failure ordering",
        |it| {
            let _ = it.compare_exchange(0, 1, AcqRel, AcqRel);
        },
    );
    panics_with("there is no such thing as a relaxed fence", |_| {
        fence(Relaxed);
    });
}

#[test]
fn a_mutex_locks_as_stds_does() {
    at_the_end(|| {
        let [mut mutex] = [Mutex::new(1)];
        {
            let mut held = mutex.lock().unwrap();
            *held += 1;
            assert_eq!(format!("{held:?}"), "2");
            assert!(mutex.try_lock().is_err());
        }
        *mutex.try_lock().unwrap() += 1;
        *mutex.get_mut().unwrap() += 1;
        assert!(format!("{mutex:?}").contains('4'), "{mutex:?}");
        assert_eq!(mutex.into_inner().unwrap(), 4);
        assert_eq!(*Mutex::from(5).lock().unwrap(), 5);
        assert_eq!(*Mutex::<u8>::default().lock().unwrap(), 0);
    });
}

#[test]
fn a_rwlock_locks_as_stds_does() {
    at_the_end(|| {
        let [mut lock] = [RwLock::new(1)];
        {
            let first = lock.read().unwrap();
            let second = lock.try_read().unwrap();
            assert_eq!((*first, *second), (1, 1));
            assert_eq!(format!("{first:?}"), "1");
            assert!(lock.try_write().is_err());
            drop(first);
            assert!(lock.try_write().is_err());
        }
        {
            let mut held = lock.write().unwrap();
            *held += 1;
            assert_eq!(*held, 2);
            assert_eq!(format!("{held:?}"), "2");
            assert!(lock.try_read().is_err());
            assert!(lock.try_write().is_err());
        }
        *lock.try_write().unwrap() += 1;
        *lock.get_mut().unwrap() += 1;
        assert!(format!("{lock:?}").contains('4'), "{lock:?}");
        assert_eq!(lock.into_inner().unwrap(), 4);
        assert_eq!(*RwLock::from(5).read().unwrap(), 5);
        assert_eq!(*RwLock::<u8>::default().read().unwrap(), 0);
    });
}

#[test]
fn an_arc_counts_its_handles() {
    at_the_end(|| {
        let [mut arc] = [Arc::new(String::from("value"))];
        assert_eq!(Arc::strong_count(&arc), 1);
        Arc::get_mut(&mut arc).unwrap().push('s');
        let other = arc.clone();
        assert_eq!(Arc::strong_count(&arc), 2);
        assert_eq!(Arc::strong_count(&other), 2);
        assert_eq!(Arc::get_mut(&mut arc), None);
        assert!(Arc::ptr_eq(&arc, &other));
        assert!(!Arc::ptr_eq(&arc, &Arc::new(String::from("values"))));
        let arc = Arc::try_unwrap(arc).unwrap_err();
        assert_eq!(Arc::into_inner(arc), None);
        assert_eq!(Arc::strong_count(&other), 1);
        assert_eq!((other.as_ref() as &String).len(), 6);
        assert_eq!(Borrow::<String>::borrow(&other).len(), 6);
        assert_eq!(format!("{other} {other:?}"), "values \"values\"");
        assert_eq!(Arc::into_inner(other).unwrap(), "values");
        assert_eq!(Arc::try_unwrap(Arc::from(5)).unwrap(), 5);
        assert_eq!(*Arc::<u8>::default(), 0);
    });
}

/// The number of handles depends on the order. It is recorded, and the exploration says that it isn't complete.
#[test]
fn the_handles_of_a_shared_arc_are_counted_in_each_order() {
    let counted = Explorer::new().preemptions(2).explore(|| {
        let shared = Arc::new(AtomicU64::new(0));
        let other = shared.clone();
        let adder = named("adder", move || {
            other.fetch_add(1, Relaxed);
            drop(other);
        });
        shared.fetch_add(1, Relaxed);
        let count = Arc::strong_count(&shared);
        adder.join().unwrap();
        (count, Arc::strong_count(&shared))
    });
    let outcomes = std::collections::BTreeSet::from_iter(
        counted
            .executions()
            .iter()
            .filter_map(|it| it.outcome().copied()),
    );
    assert_eq!(outcomes, [(1, 1), (2, 1)].into());
    let shared = |it: &interleave::Execution<_>| it.outcome() == Some(&(2, 1));
    let picture = counted
        .always(|_| true)
        .simplest_such_that(shared)
        .to_string();
    assert!(picture.contains("Arc::strong_count()"), "{picture}");
    assert!(picture.contains("2 handles"), "{picture}");
}

/// What a thread wrote before it dropped its handle is visible to the destructor and to the last owner.
#[test]
fn a_dropped_handle_publishes_to_the_last_owner() {
    struct Final {
        written: AtomicU64,
        seen: StdArc<Calls>,
    }
    impl Drop for Final {
        fn drop(&mut self) {
            self.seen
                .store(self.written.load(Relaxed) as usize, Relaxed);
        }
    }
    fn model(last: fn(Arc<Final>)) -> usize {
        let seen = StdArc::new(Calls::new(0));
        let written = AtomicU64::new(0);
        let shared = Arc::new(Final {
            written,
            seen: seen.clone(),
        });
        let done = Arc::new(AtomicBool::new(false));
        let writer = {
            let (shared, done) = (shared.clone(), done.clone());
            named("writer", move || {
                shared.written.store(1, Relaxed);
                drop(shared);
                done.store(true, Relaxed);
            })
        };
        // Nothing but the drop of the writer's handle orders its store before the destructor.
        if done.load(Relaxed) {
            last(shared);
            let seen = seen.load(Relaxed);
            writer.join().unwrap();
            seen
        } else {
            writer.join().unwrap();
            1
        }
    }
    let last: [fn(Arc<Final>); 4] = [
        drop,
        |it| drop(Arc::into_inner(it).unwrap()),
        |mut it| {
            let value = Arc::get_mut(&mut it).unwrap();
            assert_eq!(value.written.load(Relaxed), 1);
        },
        |it| match Arc::try_unwrap(it) {
            Ok(value) => assert_eq!(value.written.load(Relaxed), 1),
            Err(_) => unreachable!("the other handle is dropped"),
        },
    ];
    for last in last {
        let explored = Explorer::new().preemptions(3).explore(move || model(last));
        explored.always(|seen| *seen == 1);
    }
}

/// While a panic unwinds a thread, its destructors still read and write, without being explored.
#[test]
fn destructors_work_while_a_panic_unwinds() {
    struct OnDrop<F: FnMut()>(F);
    impl<F: FnMut()> Drop for OnDrop<F> {
        fn drop(&mut self) {
            (self.0)();
        }
    }
    let seen = StdArc::new(StdMutex::new(Vec::new()));
    let list = seen.clone();
    let explored = explore(move || {
        let shared = Arc::new((AtomicU64::new(0), Mutex::new(0), RwLock::new(0)));
        let (atomics, waking) = (shared.clone(), Arc::new((Condvar::new(), Notify::new())));
        let list = list.clone();
        let reader = {
            let shared = shared.clone();
            named("reader", move || shared.0.load(Relaxed))
        };
        let _on_drop = OnDrop(move || {
            let (value, mutex, lock) = &*atomics;
            let mut seen = vec![value.load(Relaxed)];
            value.store(5, Relaxed);
            seen.push(value.swap(6, Relaxed));
            seen.push(value.compare_exchange(6, 7, Relaxed, Relaxed).unwrap());
            seen.push(value.compare_exchange(6, 8, Relaxed, Relaxed).unwrap_err());
            seen.push(value.load(Relaxed));
            fence(SeqCst);
            *mutex.lock().unwrap() += 1;
            *lock.write().unwrap() += 1;
            seen.push(*mutex.lock().unwrap() + *lock.read().unwrap());
            seen.push(u64::from(mutex.try_lock().is_ok()));
            let (condvar, notify) = &*waking;
            condvar.notify_one();
            condvar.notify_all();
            drop(condvar.wait(mutex.lock().unwrap()));
            notify.notify();
            notify.wait();
            seen.push(Arc::strong_count(&atomics) as u64);
            list.lock().unwrap().push(seen);
        });
        let _reader = reader;
        shared.0.store(4, Relaxed);
        panic!("unwinds");
    });
    let panicked = End::Panicked("unwinds".to_owned());
    assert_eq!(explored.ends(), [(&panicked, explored.executions().len())]);
    let seen = seen.lock().unwrap();
    assert!(!seen.is_empty());
    for seen in &*seen {
        // The reader may still have its handle.
        assert_eq!(seen[..7], [4, 5, 6, 7, 7, 2, 0]);
        assert!([2, 3].contains(&seen[7]), "{seen:?}");
    }
}

#[test]
fn a_thread_knows_its_name_and_number() {
    explore(|| {
        let main = thread::current();
        assert_eq!((main.name(), main.number()), (Some("main"), 0));
        let shared = Arc::new(AtomicU64::new(0));
        let first = {
            let shared = shared.clone();
            named("first", move || {
                shared.fetch_add(1, Relaxed);
                thread::current()
            })
        };
        let second = thread::spawn(move || {
            shared.fetch_add(1, Relaxed);
            thread::current()
        });
        let handles = [first.thread().clone(), second.thread().clone()];
        assert_ne!(handles[0].id(), handles[1].id());
        assert_ne!(main, handles[0]);
        assert!(format!("{first:?}").contains("first"));
        let threads = [first.join().unwrap(), second.join().unwrap()];
        assert_eq!(threads, handles);
        assert_eq!(threads.map(|it| it.number()), [1, 2]);
        assert_eq!(handles[1].name(), Some("thread 2"));
    })
    .always(|()| true);
}

/// Everything that can be printed prints something.
#[test]
fn what_can_be_shown_is_shown() {
    fn shown<T: Debug>(value: &T, part: &str) {
        let text = format!("{value:?}");
        assert!(text.contains(part), "{text}");
    }
    at_the_end(|| {
        shown(&Condvar::default(), "Condvar");
        shown(&Notify::default(), "Notify");
        shown(&interleave::future::AtomicWaker::default(), "AtomicWaker");
        shown(&interleave::cell::UnsafeCell::from(1), "UnsafeCell");
        let cell = interleave::cell::UnsafeCell::<u8>::default();
        assert_eq!(cell.into_inner(), 0);
    });
}
