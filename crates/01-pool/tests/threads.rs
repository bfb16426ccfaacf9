//! What the variant on OS threads promises, and the queue.

use std::cell::RefCell;
use std::collections::HashSet;
use std::num::NonZeroUsize;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Barrier, Mutex, mpsc};
use std::thread;

use pool::claims::Claims;
use pool::queue::Queue;
use pool::threads::run;

fn limit(limit: usize) -> NonZeroUsize {
    NonZeroUsize::new(limit).unwrap()
}

#[test]
fn results_are_in_the_order_of_the_items() {
    let results = run((0..1_000).collect(), limit(4), |item: u64| item * item);
    assert_eq!(
        results,
        (0..1_000).map(|item| item * item).collect::<Vec<_>>()
    );
}

#[test]
fn no_items_give_no_results() {
    assert_eq!(run(Vec::<u8>::new(), limit(4), |item| item), []);
}

#[test]
fn it_never_starts_more_threads_than_items() {
    let threads = Arc::new(Mutex::new(HashSet::new()));
    let seen = threads.clone();
    run(vec![(); 3], limit(usize::MAX), move |()| {
        seen.lock().unwrap().insert(thread::current().id());
    });
    assert!(threads.lock().unwrap().len() <= 3);
}

#[test]
fn it_runs_as_many_items_at_once_as_the_limit_allows() {
    // Each item waits for two others: with fewer than three threads the test would never finish.
    let together = Arc::new(Barrier::new(3));
    run(vec![(); 9], limit(3), move |()| {
        together.wait();
    });
}

#[test]
fn a_panic_reaches_the_caller_with_its_payload() {
    let payload = catch_unwind(|| {
        run((0..10).collect(), limit(3), |item: u32| {
            assert_ne!(item, 4, "item 4 is bad")
        })
    })
    .unwrap_err();
    let message = payload.downcast_ref::<String>().unwrap();
    assert!(message.contains("item 4 is bad"), "{message}");
}

#[test]
fn nothing_can_be_claimed_after_close() {
    let claims = Claims::new(3);
    assert_eq!(claims.claim().unwrap().index(), 0);
    claims.close();
    assert_eq!(claims.claim(), None);
}

#[test]
fn a_queue_is_first_in_first_out_until_it_is_closed_and_empty() {
    let queue = Queue::new();
    queue.push(1).unwrap();
    queue.push(2).unwrap();
    queue.close();
    assert_eq!(queue.push(3), Err(3));
    assert_eq!(
        [queue.pop(), queue.pop(), queue.pop()],
        [Some(1), Some(2), None]
    );
}

#[test]
fn every_item_of_a_queue_is_popped_once() {
    let queue = Queue::new();
    let mut popped: Vec<u32> = thread::scope(|scope| {
        let workers: Vec<_> = (0..4)
            .map(|_| scope.spawn(|| std::iter::from_fn(|| queue.pop()).collect::<Vec<_>>()))
            .collect();
        for item in 0..1_000 {
            queue.push(item).unwrap();
        }
        queue.close();
        workers
            .into_iter()
            .flat_map(|worker| worker.join().unwrap())
            .collect()
    });
    popped.sort_unstable();
    assert_eq!(popped, (0..1_000).collect::<Vec<_>>());
}

/// Signals when its thread ends, which is after the worker has withdrawn the items that are left.
struct Ends(mpsc::Sender<()>);

impl Drop for Ends {
    fn drop(&mut self) {
        let _ = self.0.send(());
    }
}

#[test]
fn after_a_panic_no_worker_takes_another_item() {
    thread_local! {
        static ENDS: RefCell<Option<Ends>> = const { RefCell::new(None) };
    }

    let (ends, ended) = mpsc::channel();
    let ended = Arc::new(Mutex::new(ended));
    let started = Arc::new(AtomicUsize::new(0));
    let both = Arc::new(Barrier::new(2));
    let work = {
        let started = started.clone();
        move |item: usize| {
            started.fetch_add(1, Relaxed);
            match item {
                0 => {
                    ENDS.set(Some(Ends(ends.clone())));
                    both.wait();
                    std::panic::resume_unwind(Box::new("item 0 failed"))
                }
                1 => {
                    both.wait();
                    ended.lock().unwrap().recv().unwrap();
                }
                _ => {}
            }
        }
    };
    let all = AssertUnwindSafe(|| run((0..100).collect(), limit(2), work));
    let panic = catch_unwind(all).unwrap_err();
    assert_eq!(panic.downcast_ref(), Some(&"item 0 failed"));
    assert_eq!(started.load(Relaxed), 2);
}
