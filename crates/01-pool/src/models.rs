//! The explorer finds the doubled claim, the lost wake-up and the stolen wake-up in the broken kernels, and none of
//! them in the fixed ones.

use diagram::assert_snapshot;
use interleave::sync::Arc;
use interleave::thread::named;
use interleave::{Explorer, explore, variants};

use crate::{claims, doubled_claim, lost_wake_up, queue, stolen_wake_up};

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

fn each_once(claimed: &[Option<usize>; 2]) -> bool {
    *claimed == [Some(0), Some(1)]
}

#[test]
fn race_two_workers_claim_one_item() {
    let doubled = explore(two_workers::<doubled_claim::Claims>)
        .worded(words, "should be 1 and 2")
        .failing(|claimed| !each_once(claimed));
    assert_snapshot!("doubled-claim", doubled.simplest());
    assert_snapshot!(
        "doubled-claim-outcomes",
        doubled.outcomes(words, "a worker panics")
    );
}

#[test]
fn fix_two_workers_never_claim_one_item() {
    let passing = explore(two_workers::<claims::Claims>)
        .worded(words, "should be 1 and 2")
        .always(each_once);
    assert_snapshot!("claims", passing.simplest());
}

variants! {
    /// The operations of all queues.
    trait Queue {
        fn new() -> Self;
        fn push(&self, item: u32) -> Result<(), u32>;
        fn pop(&self) -> Option<u32>;
        fn close(&self);
    }
    for queue::Queue<u32>, lost_wake_up::Queue<u32>, stolen_wake_up::Queue<u32>
}

/// A worker pops an item while a sender pushes one.
fn one_item<Q: Queue>() -> Option<u32> {
    let queue = Arc::new(Q::new());
    let worker = {
        let queue = queue.clone();
        named("worker", move || queue.pop())
    };
    let sender = named("sender", move || queue.push(7).unwrap());
    sender.join().unwrap();
    worker.join().unwrap()
}

/// `N` workers pop while the main thread closes the queue.
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

/// One worker and one item are enough to catch a wait that isn't in a loop, if the worker wakes up spuriously.
#[test]
fn race_a_worker_that_wakes_up_spuriously_finds_no_item() {
    explore(one_item::<stolen_wake_up::Queue<u32>>).always(|item| *item == Some(7));
    let explorer = Explorer::new().spurious(1);
    explorer
        .explore(one_item::<stolen_wake_up::Queue<u32>>)
        .failing(|item| *item != Some(7));
}

#[test]
fn fix_a_worker_that_wakes_up_spuriously_waits_again() {
    let explorer = Explorer::new().spurious(2);
    explorer
        .explore(one_item::<queue::Queue<u32>>)
        .always(|item| *item == Some(7));
}

#[test]
fn race_a_worker_misses_that_the_queue_is_closed() {
    // One worker is enough to miss the close. Two would take seconds, because the broken queue locks so often.
    explore(closed::<lost_wake_up::Queue<u32>, 1>).blocking();
}

#[test]
fn fix_a_closed_queue_wakes_every_worker() {
    explore(closed::<queue::Queue<u32>, 1>).always(|items| *items == [None]);
    explore(closed::<queue::Queue<u32>, 2>).always(|items| *items == [None, None]);
}

/// Two workers pop one item each, and a sender pushes two. The items are sorted, because it doesn't matter which
/// worker gets which.
fn two_items<Q: Queue>() -> [Option<u32>; 2] {
    let queue = Arc::new(Q::new());
    let workers = ["worker 1", "worker 2"].map(|name| {
        let queue = queue.clone();
        named(name, move || queue.pop())
    });
    queue.push(1).unwrap();
    queue.push(2).unwrap();
    let mut items = workers.map(|worker| worker.join().unwrap());
    items.sort();
    items
}

fn popped(items: &[Option<u32>; 2]) -> String {
    let [first, second] = items.map(|item| item.map_or("nothing".to_owned(), |it| it.to_string()));
    format!("the workers got {first} and {second}")
}

#[test]
fn race_a_woken_worker_finds_its_item_gone() {
    let stolen = explore(two_items::<stolen_wake_up::Queue<u32>>)
        .worded(popped, "should be 1 and 2")
        .failing(|items| *items != [Some(1), Some(2)]);
    // The picture alone: all 106 executions would be a tenth of the page.
    assert_snapshot!("stolen-wake-up", stolen.simplest().lanes());
}

#[test]
fn fix_each_of_two_workers_gets_an_item() {
    explore(two_items::<queue::Queue<u32>>)
        .worded(popped, "should be 1 and 2")
        .always(|items| *items == [Some(1), Some(2)]);
}

/// Two workers pop from a queue with one item, while the main thread pushes another.
fn one_item_and_another<Q: Queue>() -> [Option<u32>; 2] {
    let queue = Arc::new(Q::new());
    queue.push(1).unwrap();
    let workers = ["worker 1", "worker 2"].map(|name| {
        let queue = queue.clone();
        named(name, move || queue.pop())
    });
    queue.push(2).unwrap();
    let mut items = workers.map(|worker| worker.join().unwrap());
    items.sort();
    items
}

/// A queue that releases its lock between the check and the removal fails this model sooner than the one above.
#[test]
fn fix_a_worker_that_finds_an_item_gets_it() {
    explore(one_item_and_another::<queue::Queue<u32>>)
        .worded(popped, "should be 1 and 2")
        .always(|items| *items == [Some(1), Some(2)]);
}

/// A sender pushes an item while the main thread closes the queue, and a worker pops until `None`. Returns whether
/// the item was accepted, and how many items the worker got.
fn push_and_close<Q: Queue>() -> (bool, usize) {
    let queue = Arc::new(Q::new());
    let worker = {
        let queue = queue.clone();
        named("worker", move || std::iter::from_fn(|| queue.pop()).count())
    };
    let sender = {
        let queue = queue.clone();
        named("sender", move || queue.push(7).is_ok())
    };
    queue.close();
    (sender.join().unwrap(), worker.join().unwrap())
}

#[test]
fn fix_an_accepted_item_is_never_left_in_a_closed_queue() {
    explore(push_and_close::<queue::Queue<u32>>)
        .worded(
            |(accepted, got)| format!("accepted: {accepted}, the worker got {got}"),
            "should agree",
        )
        .always(|(accepted, got)| usize::from(*accepted) == *got);
}

/// A worker claims items until there are none, while the main thread closes the claims. Returns how many items the
/// worker claimed, and the claim that the main thread gets after the close.
fn claims_and_close() -> (usize, Option<usize>) {
    let claims = Arc::new(claims::Claims::new(2));
    let worker = {
        let claims = claims.clone();
        named("worker", move || {
            std::iter::from_fn(|| claims.claim()).count()
        })
    };
    claims.close();
    let after = Claims::claim(&*claims);
    (worker.join().unwrap(), after)
}

#[test]
fn fix_nothing_is_claimed_after_the_close() {
    explore(claims_and_close)
        .worded(
            |(claimed, after)| match after {
                None => format!("the worker claimed {claimed}, and nothing is left"),
                Some(index) => format!("item {} was claimed after the close", index + 1),
            },
            "should claim nothing after the close",
        )
        .always(|(claimed, after)| *claimed <= 2 && after.is_none());
}
