//! The models: small programs that the explorer runs in every order.

use std::hash::{BuildHasherDefault, DefaultHasher};
use std::num::NonZeroUsize;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Waker};

use interleave::future::block_on;
use interleave::sync::Mutex;
use interleave::sync::atomic::{AtomicU8, Ordering::Relaxed};
use interleave::thread::named;
use interleave::{Exploration, explore};

use crate::{
    Cycle, Memo, Progress, async_memo, doubled_computation, doubled_lock, keyed_lock, mutex_map,
    one_moment, sharded, two_moments,
};

/// Hashes the same in every run.
pub(crate) type Fixed = BuildHasherDefault<DefaultHasher>;

interleave::variants! {
    /// What all memos do.
    pub(crate) trait Computes {
        fn new() -> Self;
        fn get_or_compute(&self, key: u8, compute: impl FnOnce(&u8) -> u8) -> Result<u8, Cycle>;
        fn get(&self, key: &u8) -> Option<u8>;
        fn remove(&self, key: &u8) -> Option<u8>;
        fn len(&self) -> usize;
    }
    for Memo<u8, u8>, doubled_computation::Memo<u8, u8>
}

impl Computes for async_memo::Memo<u8, u8> {
    fn new() -> Self {
        Self::new()
    }
    fn get_or_compute(&self, key: u8, compute: impl FnOnce(&u8) -> u8) -> Result<u8, Cycle> {
        block_on(self.get_or_compute(key, |key| {
            let value = compute(key);
            async move { value }
        }))
    }
    fn get(&self, key: &u8) -> Option<u8> {
        self.get(key)
    }
    fn remove(&self, key: &u8) -> Option<u8> {
        self.remove(key)
    }
    fn len(&self) -> usize {
        self.len()
    }
}

/// What two workers got that asked for one key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Computed {
    computations: u8,
    answers: [u8; 2],
}

impl Computed {
    /// Whether the value was computed once, and both workers have it.
    pub(crate) fn is_once(&self) -> bool {
        self.computations == 1 && self.answers == [1, 1]
    }
}

pub(crate) fn told(computed: &Computed) -> String {
    let [first, second] = computed.answers;
    let times = match computed.computations {
        1 => "once".to_owned(),
        2 => "twice".to_owned(),
        times => format!("{times} times"),
    };
    format!("computed {times}, and the workers got {first} and {second}")
}

/// Two workers ask for one key. A computation's value is its number.
// ANCHOR: two-workers-ask
pub(crate) fn two_workers_ask<M: Computes>() -> Computed {
    let memo = Arc::new(M::new());
    let computed = Arc::new(AtomicU8::new(0));
    let workers = ["worker 1", "worker 2"].map(|name| {
        let (memo, computed) = (memo.clone(), computed.clone());
        named(name, move || {
            let value = memo.get_or_compute(7, |_| computed.fetch_add(1, Relaxed) + 1);
            value.expect("no cycle")
        })
    });
    let answers = workers.map(|worker| worker.join().unwrap());
    let computations = computed.load(Relaxed);
    Computed {
        computations,
        answers,
    }
}
// ANCHOR_END: two-workers-ask

pub(crate) fn computed<M: Computes>() -> Exploration<Computed> {
    explore(two_workers_ask::<M>).worded(told, "should be once")
}

/// The first worker's computation panics. Returns whether it came to that, and what the second worker got.
pub(crate) fn one_computation_panics() -> (bool, u8) {
    let memo = Arc::new(Memo::new());
    let panics = {
        let memo = memo.clone();
        named("worker 1", move || {
            let ask = || memo.get_or_compute(7, |_| resume_unwind(Box::new("no value")));
            // Caught here: a panic that leaves a thread ends the execution. `Ok` is the other worker's value.
            catch_unwind(AssertUnwindSafe(ask)).is_err()
        })
    };
    let other = named("worker 2", move || memo.get_or_compute(7, |_| 2));
    let panicked = panics.join().unwrap();
    (panicked, other.join().unwrap().expect("no cycle"))
}

pub(crate) fn panicked() -> Exploration<(bool, u8)> {
    explore(one_computation_panics)
        .worded(|(_, value)| format!("worker 2 got {value}"), "should be 2")
}

/// A task polls its computation once and gives up, while another one asks for the key.
pub(crate) fn one_task_gives_up() -> u8 {
    let memo = Arc::new(async_memo::Memo::new());
    let gives_up = {
        let memo = memo.clone();
        named("task 1", move || {
            let never = memo.get_or_compute(7, |_| std::future::pending());
            let mut context = Context::from_waker(Waker::noop());
            let _ = pin!(never).poll(&mut context);
        })
    };
    let other = named("task 2", move || {
        block_on(memo.get_or_compute(7, |_| async { 2 }))
    });
    gives_up.join().unwrap();
    other.join().unwrap().expect("no cycle")
}

pub(crate) fn given_up() -> Exploration<u8> {
    explore(one_task_gives_up).worded(|value| format!("task 2 got {value}"), "should be 2")
}

/// One task computes, another one begins to wait and gives up, and a third one waits.
pub(crate) fn one_task_stops_waiting() -> [u8; 2] {
    let memo = Arc::new(async_memo::Memo::new());
    let computing = {
        let memo = memo.clone();
        named("task 1", move || {
            block_on(memo.get_or_compute(7, |_| async { 1 }))
        })
    };
    let mut context = Context::from_waker(Waker::noop());
    let gives_up = memo.get_or_compute(7, |_| std::future::pending());
    let _ = pin!(gives_up).poll(&mut context);
    let value = block_on(memo.get_or_compute(7, |_| async { 1 }));
    [computing.join().unwrap(), value].map(|value| value.expect("no cycle"))
}

pub(crate) fn stopped_waiting() -> Exploration<[u8; 2]> {
    explore(one_task_stops_waiting)
        .worded(|values| format!("the tasks got {values:?}"), "should be 1")
}

/// Each of two workers computes a key, and asks for the other's key meanwhile. Returns how often that was a cycle.
pub(crate) fn two_workers_ask_for_each_other() -> usize {
    let memo: Arc<Memo<u8, u8>> = Arc::new(Memo::new());
    let workers = [("worker 1", 1, 2), ("worker 2", 2, 1)].map(|(name, own, other)| {
        let memo = memo.clone();
        named(name, move || {
            let mut cycle = false;
            let value = memo.get_or_compute(own, |_| {
                cycle = memo.get_or_compute(other, |_| 0).is_err();
                1
            });
            value.expect("the outer key belongs to no computation of this thread");
            cycle
        })
    });
    let cycles = workers.map(|worker| worker.join().unwrap());
    cycles.into_iter().filter(|cycle| *cycle).count()
}

pub(crate) fn asked_for_each_other() -> Exploration<usize> {
    explore(two_workers_ask_for_each_other)
        .worded(|cycles| format!("errors: {cycles}"), "should be at most 1")
}

/// One worker computes key 1 and then asks for key 2. The other one computes key 2, and asks for key 1 meanwhile: when
/// it gets the value, it no longer waits. Returns whether the first worker was told of a cycle.
pub(crate) fn one_asks_after_it_has_answered() -> bool {
    let memo: Arc<Memo<u8, u8>> = Arc::new(Memo::new());
    let answers = {
        let memo = memo.clone();
        named("worker 1", move || {
            memo.get_or_compute(1, |_| 1).expect("no cycle");
            memo.get_or_compute(2, |_| 2).is_err()
        })
    };
    let other = named("worker 2", move || {
        memo.get_or_compute(2, |_| memo.get_or_compute(1, |_| 1).expect("no cycle"))
    });
    other.join().unwrap().expect("no cycle");
    answers.join().unwrap()
}

pub(crate) fn asked_after_a_wake_up() -> Exploration<bool> {
    explore(one_asks_after_it_has_answered)
        .worded(|cycle| format!("a cycle: {cycle}"), "should be false")
}

/// What a reader saw while a worker computed the only value: the count, whether the value was there, the count again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Read {
    before: usize,
    found: bool,
    after: usize,
}

impl Read {
    /// Whether the value was there at the first count only if it was found, and found only if it was there at the last.
    pub(crate) fn is_consistent(&self) -> bool {
        self.before <= usize::from(self.found) && usize::from(self.found) <= self.after
    }
}

pub(crate) fn one_reads_meanwhile<M: Computes>() -> Read {
    let memo = Arc::new(M::new());
    let worker = {
        let memo = memo.clone();
        named("worker", move || memo.get_or_compute(7, |_| 1))
    };
    let reader = named("reader", move || Read {
        before: memo.len(),
        found: memo.get(&7).is_some(),
        after: memo.len(),
    });
    worker.join().unwrap().expect("no cycle");
    reader.join().unwrap()
}

pub(crate) fn read_meanwhile<M: Computes>() -> Exploration<Read> {
    explore(one_reads_meanwhile::<M>)
        .worded(|read| format!("read {read:?}"), "should never go back")
}

/// Two workers remove the only value, or one that is about to come. Returns the removed ones and those that are left.
pub(crate) fn two_workers_remove<M: Computes>() -> usize {
    let memo = Arc::new(M::new());
    memo.get_or_compute(7, |_| 1).expect("no cycle");
    let workers = ["worker 1", "worker 2"].map(|name| {
        let memo = memo.clone();
        named(name, move || usize::from(memo.remove(&7).is_some()))
    });
    let removed: usize = workers.map(|worker| worker.join().unwrap()).iter().sum();
    removed + memo.len()
}

pub(crate) fn removed_twice<M: Computes>() -> Exploration<usize> {
    explore(two_workers_remove::<M>).worded(
        |removed| format!("removed or left: {removed}"),
        "should be 1",
    )
}

/// One worker asks. Another one removes the value, and asks, too. Returns how often the value was computed, less how
/// often it was removed.
pub(crate) fn one_removes_and_asks<M: Computes>() -> u8 {
    let memo = Arc::new(M::new());
    let computed = Arc::new(AtomicU8::new(0));
    let ask = |memo: &M, computed: &AtomicU8| {
        let value = memo.get_or_compute(7, |_| computed.fetch_add(1, Relaxed));
        value.expect("no cycle");
    };
    let asks = {
        let (memo, computed) = (memo.clone(), computed.clone());
        named("worker 1", move || ask(&memo, &computed))
    };
    let removes = {
        let (memo, computed) = (memo.clone(), computed.clone());
        named("worker 2", move || {
            let removed = memo.remove(&7).is_some();
            ask(&memo, &computed);
            u8::from(removed)
        })
    };
    asks.join().unwrap();
    let removed = removes.join().unwrap();
    computed.load(Relaxed) - removed
}

pub(crate) fn removed_while_computing<M: Computes>() -> Exploration<u8> {
    explore(one_removes_and_asks::<M>).worded(
        |computed| format!("computed {computed} times more than removed"),
        "should be 1",
    )
}

interleave::variants! {
    /// What both kinds of locks do.
    pub(crate) trait Locks {
        fn new() -> Self;
        fn of(&self, person: &'static str) -> Arc<Mutex<()>>;
    }
    for doubled_lock::Locks<&'static str>, keyed_lock::Locks<&'static str>
}

/// Two requests of one person. Returns how many were inside at once.
// ANCHOR: two-requests
pub(crate) fn two_requests<L: Locks>() -> u8 {
    let locks = Arc::new(L::new());
    let inside = Arc::new(AtomicU8::new(0));
    let requests = ["request 1", "request 2"].map(|name| {
        let (locks, inside) = (locks.clone(), inside.clone());
        named(name, move || {
            let own = locks.of("ada");
            let _held = own.lock().unwrap();
            let entered = inside.fetch_add(1, Relaxed) + 1;
            inside.fetch_sub(1, Relaxed);
            entered
        })
    });
    requests
        .map(|request| request.join().unwrap())
        .into_iter()
        .max()
        .unwrap()
}
// ANCHOR_END: two-requests

pub(crate) fn requested<L: Locks>() -> Exploration<u8> {
    explore(two_requests::<L>).worded(|most| format!("inside at once: {most}"), "should be 1")
}

interleave::variants! {
    /// What both kinds of results do.
    pub(crate) trait Watched {
        fn new() -> Self;
        fn insert(&self, cluster: u8, result: ());
        fn progress(&self, cluster: &u8) -> Progress;
    }
    for two_moments::Results<u8, ()>, one_moment::Results<u8, ()>
}

/// A worker stores the only result, while a reader asks how many results there are, and whether that one is there.
// ANCHOR: one-stores
pub(crate) fn one_stores_and_one_reads<R: Watched>() -> Progress {
    let results = Arc::new(R::new());
    let worker = {
        let results = results.clone();
        named("worker", move || results.insert(1, ()))
    };
    let reader = named("reader", move || results.progress(&1));
    worker.join().unwrap();
    reader.join().unwrap()
}
// ANCHOR_END: one-stores

/// Whether the only result was counted exactly if it was there.
pub(crate) fn is_a_moment(progress: &Progress) -> bool {
    progress.stored == usize::from(progress.has_key)
}

pub(crate) fn watched<R: Watched>() -> Exploration<Progress> {
    let told = |progress: &Progress| match progress.has_key {
        true => format!("{} results, and this one is there", progress.stored),
        false => format!("{} results, and this one is not there", progress.stored),
    };
    explore(one_stores_and_one_reads::<R>).worded(told, "should agree")
}

interleave::variants! {
    /// What both maps do.
    pub(crate) trait Stores {
        fn get(&self, key: &u8) -> Option<u8>;
        fn insert(&self, key: u8, value: u8) -> Option<u8>;
        fn update(&self, key: u8, change: impl Fn(&u8) -> u8) -> Option<u8>;
        fn remove(&self, key: &u8) -> Option<u8>;
    }
    for mutex_map::Map<u8, u8, Fixed>, sharded::Map<u8, u8, Fixed>
}

pub(crate) fn under_one_lock() -> mutex_map::Map<u8, u8, Fixed> {
    mutex_map::Map::with_hasher(Fixed::default())
}

pub(crate) fn under_two_locks() -> sharded::Map<u8, u8, Fixed> {
    sharded::Map::with_shards(TWO, Fixed::default())
}

const TWO: NonZeroUsize = NonZeroUsize::new(2).unwrap();

/// Two workers add 1 to a value of 0.
pub(crate) fn two_workers_change(map: impl Stores) -> Option<u8> {
    let map = Arc::new(map);
    map.insert(7, 0);
    let workers = ["worker 1", "worker 2"].map(|name| {
        let map = map.clone();
        named(name, move || map.update(7, |value| value + 1))
    });
    for worker in workers {
        worker.join().unwrap();
    }
    map.get(&7)
}

pub(crate) fn changed<M: Stores>(map: fn() -> M) -> Exploration<Option<u8>> {
    explore(move || two_workers_change(map()))
        .worded(|value| format!("value: {value:?}"), "should be 2")
}

/// One worker stores 2 over 1, and another one removes the value. Returns `None` unless each value went one way: 1 was
/// replaced or removed, and 2 was removed or is left.
pub(crate) fn one_stores_and_one_removes(map: impl Stores) -> Option<()> {
    let map = Arc::new(map);
    map.insert(7, 1);
    let stores = {
        let map = map.clone();
        named("worker 1", move || map.insert(7, 2))
    };
    let removes = {
        let map = map.clone();
        named("worker 2", move || map.remove(&7))
    };
    let (replaced, removed) = (stores.join().unwrap(), removes.join().unwrap());
    let went = [replaced, removed, map.get(&7)];
    let count = |value| went.iter().filter(|it| **it == Some(value)).count();
    (count(1) == 1 && count(2) == 1).then_some(())
}

pub(crate) fn stored_and_removed<M: Stores>(map: fn() -> M) -> Exploration<Option<()>> {
    explore(move || one_stores_and_one_removes(map())).worded(
        |kept| format!("each value went one way: {}", kept.is_some()),
        "should be true",
    )
}

/// Two workers store the first value of a key. Returns how often it had none, and how often a value can be removed.
pub(crate) fn two_workers_store(map: impl Stores) -> [usize; 2] {
    let map = Arc::new(map);
    let workers = [("worker 1", 1), ("worker 2", 2)].map(|(name, value)| {
        let map = map.clone();
        named(name, move || map.insert(7, value))
    });
    let replaced = workers.map(|worker| worker.join().unwrap());
    let new = replaced.iter().filter(|value| value.is_none()).count();
    let removed = [map.remove(&7), map.remove(&7)];
    [new, removed.iter().flatten().count()]
}

pub(crate) fn stored_twice<M: Stores>(map: fn() -> M) -> Exploration<[usize; 2]> {
    explore(move || two_workers_store(map())).worded(
        |[new, removed]| format!("new: {new}, removed: {removed}"),
        "should be 1 and 1",
    )
}

/// Two workers change the values of two keys. Returns how many were changing one at once.
pub(crate) fn two_workers_change_two_values(map: impl Stores, keys: [u8; 2]) -> u8 {
    let map = Arc::new(map);
    let changing = Arc::new(AtomicU8::new(0));
    for key in keys {
        map.insert(key, 0);
    }
    let workers = [("worker 1", keys[0]), ("worker 2", keys[1])].map(|(name, key)| {
        let (map, changing) = (map.clone(), changing.clone());
        named(name, move || {
            let at_once = map.update(key, |_| {
                let at_once = changing.fetch_add(1, Relaxed) + 1;
                changing.fetch_sub(1, Relaxed);
                at_once
            });
            at_once.expect("the key has a value")
        })
    });
    let [first, second] = workers.map(|worker| worker.join().unwrap());
    first.max(second)
}

/// Returns the most workers that change a value at once, in any execution.
pub(crate) fn at_once<M: Stores>(map: fn() -> M, keys: [u8; 2]) -> Option<u8> {
    let explored = explore(move || two_workers_change_two_values(map(), keys));
    let outcomes = explored
        .executions()
        .iter()
        .map(|execution| execution.outcome());
    outcomes.map(|outcome| outcome.copied()).max().flatten()
}
