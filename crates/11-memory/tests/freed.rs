//! All memory that tasks take is given back: a test program of its own, whose allocator counts.

use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Poll, Waker};
use std::thread;

use memory::Executor;
use peak_alloc::PeakAlloc;

#[global_allocator]
static HEAP: PeakAlloc = PeakAlloc;

fn run_tasks(tasks: usize) {
    let executor = Arc::new(Executor::new());
    for _ in 0..tasks {
        let (send, receive) = futures::channel::oneshot::channel();
        executor.spawn(async move { send.send(7).unwrap() });
        executor.spawn(async move { assert_eq!(receive.await, Ok(7)) });
    }
    let other = {
        let executor = executor.clone();
        thread::spawn(move || executor.run())
    };
    executor.run();
    other.join().unwrap();
}

/// Spawns tasks that never run, and drops the executor with them.
fn drop_tasks(tasks: usize) {
    let executor = Executor::new();
    for _ in 0..tasks {
        executor.spawn(async {});
    }
}

/// Uses wakers after the executor is dropped.
fn wake_too_late(tasks: usize) {
    let wakers = Arc::new(Mutex::new(Vec::<Waker>::new()));
    let executor = Executor::new();
    for _ in 0..tasks {
        let wakers = wakers.clone();
        executor.spawn(poll_fn(move |context| {
            let mut wakers = wakers.lock().unwrap();
            wakers.push(context.waker().clone());
            if wakers.len() == tasks {
                panic!("the last task ends `run`");
            }
            Poll::Pending
        }));
    }
    assert!(catch_unwind(AssertUnwindSafe(|| executor.run())).is_err());
    drop(executor);
    let wakers = std::mem::take(&mut *wakers.lock().unwrap_or_else(PoisonError::into_inner));
    assert_eq!(wakers.len(), tasks);
    wakers.into_iter().for_each(Waker::wake);
}

/// One test, because all tests would share the allocator's count.
#[test]
fn no_byte_of_a_task_is_left() {
    for use_tasks in [run_tasks, drop_tasks, wake_too_late] {
        use_tasks(10); // allocates what a process allocates once
        let before = HEAP.current_usage();
        use_tasks(10_000);
        let left = HEAP.current_usage().saturating_sub(before);
        // Less than a byte per task: the test harness keeps the panic's message.
        assert!(left < 10_000, "{left} bytes are left");
    }
}
