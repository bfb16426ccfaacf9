//! Holds the memo against a sequential one: every history of three threads has an order that the sequential one explains.
//!
//! The histories are recorded on real threads. Which operations a thread calls comes from a seed, and how they overlap is
//! up to the scheduler. The same test rejects the memo that looks, computes and inserts without a claim.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Barrier;
use std::sync::atomic::{AtomicU32, Ordering::SeqCst};
use std::thread;

use sync_map::{Cycle, Memo, doubled_computation};

#[path = "linearizable/search.rs"]
mod search;
#[path = "linearizable/sequential.rs"]
mod sequential;

use search::{Called, explains};
use sequential::{Answer, KEYS, Operation};

const THREADS: usize = 3;
const OPERATIONS: usize = 4;

interleave::variants! {
    /// What both memos do.
    trait Computes {
        fn new() -> Self;
        fn get_or_compute(&self, key: u64, compute: impl FnOnce(&u64) -> u32) -> Result<u32, Cycle>;
        fn get(&self, key: &u64) -> Option<u32>;
        fn remove(&self, key: &u64) -> Option<u32>;
        fn len(&self) -> usize;
    }
    for Memo<u64, u32>, doubled_computation::Memo<u64, u32>
}

/// What the threads of one history share.
struct History<M> {
    memo: M,
    /// Ticks at each call and at each return.
    clock: AtomicU32,
    /// The next value that is computed: no two are equal.
    value: AtomicU32,
}

impl<M: Computes> History<M> {
    fn new() -> History<M> {
        let (clock, value) = (AtomicU32::new(0), AtomicU32::new(0));
        History {
            memo: M::new(),
            clock,
            value,
        }
    }

    fn call(&self, operation: Operation) -> Called {
        let called = self.clock.fetch_add(1, SeqCst);
        let answer = self.answer(operation);
        let returned = self.clock.fetch_add(1, SeqCst);
        Called {
            operation,
            answer,
            called,
            returned,
        }
    }

    fn answer(&self, operation: Operation) -> Answer {
        match operation {
            Operation::GetOrCompute { key, panics } => {
                let mut computed = false;
                let ask = || {
                    self.memo.get_or_compute(key, |_| {
                        computed = true;
                        // On one core, too, another thread gets in between now and then.
                        thread::yield_now();
                        if panics {
                            resume_unwind(Box::new("no value"));
                        }
                        self.value.fetch_add(1, SeqCst)
                    })
                };
                match catch_unwind(AssertUnwindSafe(ask)) {
                    Ok(Ok(value)) if computed => Answer::Computed(value),
                    Ok(Ok(value)) => Answer::Found(value),
                    Ok(Err(cycle)) => panic!("no computation asks for a key: {cycle}"),
                    Err(_) => Answer::Panicked,
                }
            }
            Operation::Get { key } => Answer::Value(self.memo.get(&key)),
            Operation::Remove { key } => Answer::Value(self.memo.remove(&key)),
            Operation::Len => Answer::Len(self.memo.len()),
        }
    }
}

fn drawn(random: &mut oorandom::Rand64) -> Operation {
    let key = random.rand_range(0..KEYS);
    match random.rand_range(0..10) {
        0..5 => Operation::GetOrCompute { key, panics: false },
        5 => Operation::GetOrCompute { key, panics: true },
        6 => Operation::Get { key },
        7..9 => Operation::Remove { key },
        _ => Operation::Len,
    }
}

/// Records this many histories and returns those that no sequential order explains.
fn unexplained<M: Computes>(histories: usize, seed: u128) -> Vec<Vec<Called>> {
    let shared: Vec<History<M>> = (0..histories).map(|_| History::new()).collect();
    // The threads begin each history together.
    let barrier = Barrier::new(THREADS);
    let run = |thread: usize| {
        let (shared, barrier) = (&shared, &barrier);
        move || {
            let mut random = oorandom::Rand64::new(seed + thread as u128);
            let calls = shared.iter().map(|history| {
                let operations: [Operation; OPERATIONS] =
                    std::array::from_fn(|_| drawn(&mut random));
                barrier.wait();
                operations.map(|operation| history.call(operation))
            });
            calls.collect::<Vec<_>>()
        }
    };
    let mut threads: Vec<_> = thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS)
            .map(|thread| scope.spawn(run(thread)))
            .collect();
        let calls = threads
            .into_iter()
            .map(|thread| thread.join().unwrap().into_iter());
        calls.collect()
    });
    let histories = (0..histories).map(|_| {
        let calls = threads.iter_mut().flat_map(|thread| thread.next().unwrap());
        calls.collect::<Vec<Called>>()
    });
    histories.filter(|history| !explains(history)).collect()
}

#[test]
fn a_hundred_thousand_histories_are_linearizable() {
    let unexplained = unexplained::<Memo<u64, u32>>(100_000, 7);
    assert!(unexplained.is_empty(), "{:#?}", unexplained[0]);
}

#[test]
fn the_memo_without_a_claim_is_rejected() {
    // 100,000 histories at most. Nearly every thousand has one that is rejected.
    let rejected = (0..100).any(|part| {
        !unexplained::<doubled_computation::Memo<u64, u32>>(1_000, 7 + part * 3).is_empty()
    });
    assert!(rejected);
}

/// The search itself: what two threads may see, and what they may not.
#[test]
fn the_search_accepts_what_overlaps_and_rejects_what_does_not() {
    let ask = |answer, called, returned| Called {
        operation: Operation::GetOrCompute {
            key: 1,
            panics: false,
        },
        answer,
        called,
        returned,
    };
    let get = |answer, called, returned| Called {
        operation: Operation::Get { key: 1 },
        answer: Answer::Value(answer),
        called,
        returned,
    };
    // Overlapping: the get comes first or second. In a row: it has to see the value.
    assert!(explains(&[ask(Answer::Computed(0), 0, 3), get(None, 1, 2)]));
    assert!(explains(&[
        ask(Answer::Computed(0), 0, 3),
        get(Some(0), 1, 2)
    ]));
    assert!(!explains(&[
        ask(Answer::Computed(0), 0, 1),
        get(None, 2, 3)
    ]));
    // Computed twice.
    assert!(!explains(&[
        ask(Answer::Computed(0), 0, 2),
        ask(Answer::Computed(1), 1, 3)
    ]));
    assert!(explains(&[
        ask(Answer::Computed(0), 0, 2),
        ask(Answer::Found(0), 1, 3)
    ]));
}
