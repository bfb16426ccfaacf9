//! What the explorer finds: the doubled claim and the lost wake-up in the broken kernels, and neither in the fixed ones.

use std::collections::BTreeMap;

use diagram::assert_snapshot;
use interleave::sync::Arc;
use interleave::thread::named;
use interleave::{Exploration, explore};

use crate::{claims, doubled_claim, lost_wake_up, queue};

/// The operations of both kernels.
trait Claims: Send + Sync + 'static {
    fn new(len: usize) -> Self;
    fn claim(&self) -> Option<usize>;
}

impl Claims for claims::Claims {
    fn new(len: usize) -> Self {
        claims::Claims::new(len)
    }
    fn claim(&self) -> Option<usize> {
        self.claim().map(|claim| claim.index())
    }
}

impl Claims for doubled_claim::Claims {
    fn new(len: usize) -> Self {
        doubled_claim::Claims::new(len)
    }
    fn claim(&self) -> Option<usize> {
        self.claim().map(|claim| claim.index())
    }
}

/// Two workers claim one of two items each. The claims are sorted, because it doesn't matter which worker got which.
// ANCHOR: model
fn two_workers<C: Claims>() -> [Option<usize>; 2] {
    let claims = Arc::new(C::new(2));
    let workers = ["worker 1", "worker 2"].map(|name| {
        let claims = claims.clone();
        named(name, move || claims.claim())
    });
    let mut claimed = workers.map(|worker| worker.join().unwrap());
    claimed.sort();
    claimed
}
// ANCHOR_END: model

fn words(claimed: &[Option<usize>; 2]) -> String {
    let [first, second] =
        claimed.map(|item| item.map_or("none".to_owned(), |i| (i + 1).to_string()));
    format!("claimed items {first} and {second}")
}

/// A line for each outcome, with the number of executions that have it.
fn outcomes(exploration: &Exploration<[Option<usize>; 2]>) -> String {
    let mut counts = BTreeMap::new();
    for execution in exploration.executions() {
        *counts.entry(execution.outcome().unwrap()).or_insert(0) += 1;
    }
    let lines = counts.into_iter().map(|(claimed, count)| {
        let mark = if each_once(claimed) { "✓" } else { "×" };
        format!("{}  {mark}  in {count} of the executions\n", words(claimed))
    });
    lines.collect()
}

fn each_once(claimed: &[Option<usize>; 2]) -> bool {
    *claimed == [Some(0), Some(1)]
}

#[test]
fn race_two_workers_claim_one_item() {
    let doubled = explore(two_workers::<doubled_claim::Claims>)
        .worded(words, "should be 1 and 2")
        .failing(|claimed| !each_once(claimed));
    assert_snapshot!("doubled-claim", doubled.simplest());
    assert_snapshot!("doubled-claim-outcomes", outcomes(doubled.exploration()));
}

#[test]
fn fix_two_workers_never_claim_one_item() {
    let passing = explore(two_workers::<claims::Claims>)
        .worded(words, "should be 1 and 2")
        .always(each_once);
    assert_snapshot!("claims", passing.simplest());
}

/// The operations of both queues.
trait Queue: Send + Sync + 'static {
    fn new() -> Self;
    fn push(&self, item: u32);
    fn pop(&self) -> Option<u32>;
    fn close(&self);
}

impl Queue for queue::Queue<u32> {
    fn new() -> Self {
        Self::new()
    }
    fn push(&self, item: u32) {
        self.push(item).unwrap();
    }
    fn pop(&self) -> Option<u32> {
        self.pop()
    }
    fn close(&self) {
        self.close();
    }
}

impl Queue for lost_wake_up::Queue<u32> {
    fn new() -> Self {
        Self::new()
    }
    fn push(&self, item: u32) {
        self.push(item).unwrap();
    }
    fn pop(&self) -> Option<u32> {
        self.pop()
    }
    fn close(&self) {
        self.close();
    }
}

/// A worker pops an item while a sender pushes one.
// ANCHOR: queue
fn one_item<Q: Queue>() -> Option<u32> {
    let queue = Arc::new(Q::new());
    let worker = {
        let queue = queue.clone();
        named("worker", move || queue.pop())
    };
    let sender = named("sender", move || queue.push(7));
    sender.join().unwrap();
    worker.join().unwrap()
}
// ANCHOR_END: queue

/// `N` workers pop while the queue is closed.
fn closed<Q: Queue, const N: usize>() -> [Option<u32>; N] {
    let queue = Arc::new(Q::new());
    let workers = std::array::from_fn::<_, N, _>(|number| {
        let queue = queue.clone();
        named(format!("worker {}", number + 1), move || queue.pop())
    });
    queue.close();
    workers.map(|worker| worker.join().unwrap())
}

#[test]
fn race_a_worker_misses_its_wake_up() {
    let lost = explore(one_item::<lost_wake_up::Queue<u32>>).blocking();
    assert_snapshot!("lost-wake-up", lost.simplest());
}

#[test]
fn fix_a_worker_gets_its_item() {
    let passing = explore(one_item::<queue::Queue<u32>>)
        .worded(
            |item| format!("the worker got {item:?}"),
            "should be Some(7)",
        )
        .always(|item| *item == Some(7));
    // In the simplest of all executions, the item is in the queue before the worker checks.
    let woken = passing.simplest_such_that(|execution| execution.wake_ups() > 0);
    assert_snapshot!("queue", woken);
}

#[test]
fn race_a_worker_misses_that_the_queue_is_closed() {
    // One worker is enough to miss it. Two would take seconds, because the broken queue locks so often.
    explore(closed::<lost_wake_up::Queue<u32>, 1>).blocking();
}

#[test]
fn fix_a_closed_queue_wakes_every_worker() {
    explore(closed::<queue::Queue<u32>, 1>).always(|items| *items == [None]);
    explore(closed::<queue::Queue<u32>, 2>).always(|items| *items == [None, None]);
}
