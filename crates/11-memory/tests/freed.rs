//! All memory that tasks take is given back: a test program of its own, whose allocator counts.

use std::sync::Arc;
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

#[test]
fn no_byte_of_a_task_is_left() {
    run_tasks(10); // allocates what a process allocates once
    let before = HEAP.current_usage();
    run_tasks(10_000);
    let left = HEAP.current_usage().saturating_sub(before);
    assert!(left < 1024, "{left} bytes are left"); // less than one byte per task
}
