//! What the explorer finds: the doubled claim and the lost wake-up, and neither once it is mended.

use diagram::held;
use interleave::explore;
use interleave::sync::Arc;
use interleave::thread::named;

use crate::{claims, doubled_claim, lost_wake_up, queue};

/// What both kernels do.
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

/// Two workers claim one item each, of two. The claims are sorted: who got which is all the same.
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

fn each_once(claimed: &[Option<usize>; 2]) -> bool {
    *claimed == [Some(0), Some(1)]
}

#[test]
fn race_two_workers_claim_one_item() {
    let doubled = explore(two_workers::<doubled_claim::Claims>)
        .worded(words, "should be 1 and 2")
        .failing(|claimed| !each_once(claimed));
    held!("doubled-claim", doubled.simplest());
}

#[test]
fn fix_two_workers_never_claim_one_item() {
    let passing = explore(two_workers::<claims::Claims>)
        .worded(words, "should be 1 and 2")
        .always(each_once);
    held!("claims", passing.simplest());
}

/// What both queues do.
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

/// A worker waits for an item, and is sent one.
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

/// `N` workers wait, and the queue is closed.
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
    held!("lost-wake-up", lost.simplest());
}

#[test]
fn fix_a_worker_gets_its_item() {
    let passing = explore(one_item::<queue::Queue<u32>>)
        .worded(
            |item| format!("the worker got {item:?}"),
            "should be Some(7)",
        )
        .always(|item| *item == Some(7));
    held!("queue", passing.simplest());
}

#[test]
fn race_a_worker_misses_that_the_queue_is_closed() {
    // One worker is enough to be lost; two take the broken queue's many operations some seconds.
    explore(closed::<lost_wake_up::Queue<u32>, 1>).blocking();
}

#[test]
fn fix_a_closed_queue_wakes_every_worker() {
    explore(closed::<queue::Queue<u32>, 1>).always(|items| *items == [None]);
    explore(closed::<queue::Queue<u32>, 2>).always(|items| *items == [None, None]);
}
