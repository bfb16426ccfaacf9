//! Compares the explorer with an independent enumeration. Generates small random programs from a seed, and
//! walks all their interleavings by a plain recursion over program counters.

use std::collections::BTreeSet;

use interleave::sync::atomic::{AtomicU64, Ordering::Relaxed};
use interleave::sync::{Arc, Condvar, Mutex, MutexGuard, RwLock};
use interleave::{Explorer, thread};

const VARIABLES: usize = 2;

/// One operation of a program. A lock encloses other operations, and a wait is directly inside a lock.
#[derive(Clone, Debug)]
enum Op {
    Load(usize),
    Store(usize, u64),
    Add(usize, u64),
    Exchange(usize, u64, u64),
    /// An exchange that may fail spuriously.
    Weak(usize, u64, u64),
    Lock(usize, Vec<Op>),
    Try(usize, Vec<Op>),
    Read(Vec<Op>),
    Write(Vec<Op>),
    /// Waits on the one condition variable.
    Wait,
    NotifyOne,
    NotifyAll,
}

/// The operations without nesting: releasing a lock is a step too.
#[derive(Clone, Copy, Debug)]
enum Step {
    Load(usize),
    Store(usize, u64),
    Add(usize, u64),
    Exchange(usize, u64, u64),
    Weak(usize, u64, u64),
    Acquire(usize),
    /// Skips the given number of steps if the lock is held.
    Try(usize, usize),
    Release(usize),
    /// Releases the lock and begins to wait.
    Wait(usize),
    /// Acquires the lock again after a wait.
    Reacquire(usize),
    NotifyOne,
    NotifyAll,
}

/// The locks: two mutexes, then the read-write lock for reading and for writing.
const READ: usize = 2;
const WRITE: usize = 3;

fn flatten(ops: &[Op]) -> Vec<Step> {
    flatten_in(ops, READ)
}

/// Flattens the operations inside a lock, which a wait releases.
fn flatten_in(ops: &[Op], enclosing: usize) -> Vec<Step> {
    let mut steps = Vec::new();
    for op in ops {
        match op {
            Op::Load(variable) => steps.push(Step::Load(*variable)),
            Op::Store(variable, value) => steps.push(Step::Store(*variable, *value)),
            Op::Add(variable, value) => steps.push(Step::Add(*variable, *value)),
            Op::Exchange(variable, from, to) => steps.push(Step::Exchange(*variable, *from, *to)),
            Op::Weak(variable, from, to) => steps.push(Step::Weak(*variable, *from, *to)),
            Op::Wait => steps.extend([Step::Wait(enclosing), Step::Reacquire(enclosing)]),
            Op::NotifyOne => steps.push(Step::NotifyOne),
            Op::NotifyAll => steps.push(Step::NotifyAll),
            Op::Lock(lock, body) => around(Step::Acquire(*lock), body, *lock, &mut steps),
            Op::Read(body) => around(Step::Acquire(READ), body, READ, &mut steps),
            Op::Write(body) => around(Step::Acquire(WRITE), body, WRITE, &mut steps),
            Op::Try(lock, body) => {
                let skip = flatten(body).len() + 1;
                around(Step::Try(*lock, skip), body, *lock, &mut steps);
            }
        }
    }
    steps
}

fn around(acquire: Step, body: &[Op], lock: usize, steps: &mut Vec<Step>) {
    steps.push(acquire);
    steps.extend(flatten_in(body, lock));
    steps.push(Step::Release(lock));
}

/// The values that each thread read, and the final variables. `None` if the program blocked.
type Outcome = Option<(Vec<Vec<u64>>, [u64; VARIABLES])>;

/// The steps of an interleaving: the thread, and whether the step is a spurious event.
type Schedule = Vec<(usize, bool)>;

#[derive(Clone)]
struct State {
    /// Each thread's program counter.
    next: Vec<usize>,
    read: Vec<Vec<u64>>,
    variables: [u64; VARIABLES],
    held: [u32; 4],
    /// The threads that wait, the longest-waiting first.
    waiting: Vec<usize>,
    /// The threads that have woken up spuriously and not yet acquired the lock again.
    woken: Vec<usize>,
    /// How many spurious events may still happen.
    spurious: u8,
    schedule: Schedule,
}

impl State {
    fn free(&self, lock: usize) -> bool {
        match lock {
            READ => self.held[WRITE] == 0,
            WRITE => self.held[READ] == 0 && self.held[WRITE] == 0,
            mutex => self.held[mutex] == 0,
        }
    }

    fn can(&self, thread: usize, step: Step) -> bool {
        match step {
            Step::Acquire(lock) => self.free(lock),
            Step::Reacquire(lock) => self.free(lock) && !self.waiting.contains(&thread),
            _ => true,
        }
    }

    fn step(&mut self, thread: usize, step: Step) {
        self.next[thread] += 1;
        let woken = self.woken.iter().position(|it| *it == thread);
        self.schedule.push((thread, woken.is_some()));
        match step {
            Step::Load(variable) => self.read[thread].push(self.variables[variable]),
            Step::Store(variable, value) => self.variables[variable] = value,
            Step::Add(variable, value) => {
                self.read[thread].push(self.variables[variable]);
                self.variables[variable] += value;
            }
            Step::Exchange(variable, from, to) | Step::Weak(variable, from, to) => {
                self.read[thread].push(self.variables[variable]);
                if self.variables[variable] == from {
                    self.variables[variable] = to;
                }
            }
            Step::Acquire(lock) => self.held[lock] += 1,
            Step::Try(lock, skip) => {
                let free = self.free(lock);
                self.read[thread].push(u64::from(free));
                if free {
                    self.held[lock] += 1;
                } else {
                    self.next[thread] += skip;
                }
            }
            Step::Release(lock) => self.held[lock] -= 1,
            Step::Wait(lock) => {
                self.held[lock] -= 1;
                self.waiting.push(thread);
            }
            Step::Reacquire(lock) => {
                self.held[lock] += 1;
                if let Some(index) = woken {
                    self.woken.remove(index);
                }
            }
            Step::NotifyOne => {
                if !self.waiting.is_empty() {
                    self.waiting.remove(0);
                }
            }
            Step::NotifyAll => self.waiting.clear(),
        }
    }

    /// Takes the thread's next step as a spurious failure. Returns whether it can be one.
    fn fail(&mut self, thread: usize, step: Step) -> bool {
        let Step::Weak(variable, from, _) = step else {
            return false;
        };
        if self.spurious == 0 || self.variables[variable] != from {
            return false;
        }
        self.spurious -= 1;
        self.next[thread] += 1;
        self.read[thread].push(from);
        self.schedule.push((thread, true));
        true
    }

    /// Wakes the thread up spuriously. Returns whether it waits. This is no step: only when the thread
    /// acquires the lock again can anyone tell.
    fn wake_up(&mut self, thread: usize) -> bool {
        let Some(index) = self.waiting.iter().position(|it| *it == thread) else {
            return false;
        };
        if self.spurious == 0 {
            return false;
        }
        self.spurious -= 1;
        self.waiting.remove(index);
        self.woken.push(thread);
        true
    }
}

/// Walks every interleaving, and collects the distinct ones with their outcomes.
fn enumerate(program: &[Vec<Step>], state: &State, found: &mut BTreeSet<(Schedule, Outcome)>) {
    let mut moved = false;
    let mut unfinished = false;
    for (thread, steps) in program.iter().enumerate() {
        let Some(&step) = steps.get(state.next[thread]) else {
            continue;
        };
        unfinished = true;
        // A thread that waits may wake up spuriously, but need not.
        let mut next = state.clone();
        if next.wake_up(thread) {
            enumerate(program, &next, found);
        }
        if !state.can(thread, step) {
            continue;
        }
        moved = true;
        let mut next = state.clone();
        next.step(thread, step);
        enumerate(program, &next, found);
        let mut next = state.clone();
        if next.fail(thread, step) {
            enumerate(program, &next, found);
        }
    }
    if !moved {
        let outcome = (!unfinished).then(|| (state.read.clone(), state.variables));
        found.insert((state.schedule.clone(), outcome));
    }
}

#[derive(Default)]
struct Shared {
    variables: [AtomicU64; VARIABLES],
    locks: [Mutex<()>; 2],
    read_write: RwLock<()>,
    changed: Condvar,
}

/// Runs the operations. `held` is the lock that encloses them directly, which a wait releases.
fn run(ops: &[Op], shared: &Shared, held: &mut Option<MutexGuard<'_, ()>>, read: &mut Vec<u64>) {
    for op in ops {
        match op {
            Op::Load(variable) => read.push(shared.variables[*variable].load(Relaxed)),
            Op::Store(variable, value) => shared.variables[*variable].store(*value, Relaxed),
            Op::Add(variable, value) => {
                read.push(shared.variables[*variable].fetch_add(*value, Relaxed));
            }
            Op::Exchange(variable, from, to) => {
                let variable = &shared.variables[*variable];
                let (Ok(old) | Err(old)) = variable.compare_exchange(*from, *to, Relaxed, Relaxed);
                read.push(old);
            }
            Op::Weak(variable, from, to) => {
                let variable = &shared.variables[*variable];
                let (Ok(old) | Err(old)) =
                    variable.compare_exchange_weak(*from, *to, Relaxed, Relaxed);
                read.push(old);
            }
            Op::Lock(lock, body) => {
                let mut held = Some(shared.locks[*lock].lock().unwrap());
                run(body, shared, &mut held, read);
            }
            Op::Try(lock, body) => {
                let mut held = shared.locks[*lock].try_lock().ok();
                read.push(u64::from(held.is_some()));
                if held.is_some() {
                    run(body, shared, &mut held, read);
                }
            }
            Op::Wait => {
                let guard = held.take().expect("a wait is inside a lock");
                *held = Some(shared.changed.wait(guard).unwrap());
            }
            Op::NotifyOne => shared.changed.notify_one(),
            Op::NotifyAll => shared.changed.notify_all(),
            Op::Read(body) => {
                let _held = shared.read_write.read().unwrap();
                run(body, shared, &mut None, read);
            }
            Op::Write(body) => {
                let _held = shared.read_write.write().unwrap();
                run(body, shared, &mut None, read);
            }
        }
    }
}

/// Runs the program as a model.
fn model(program: &[Vec<Op>]) -> (Vec<Vec<u64>>, [u64; VARIABLES]) {
    let shared = Arc::new(Shared::default());
    let threads: Vec<_> = program
        .iter()
        .map(|ops| {
            let (ops, shared) = (ops.clone(), shared.clone());
            thread::spawn(move || {
                let mut read = Vec::new();
                run(&ops, &shared, &mut None, &mut read);
                read
            })
        })
        .collect();
    let read = threads
        .into_iter()
        .map(|thread| thread.join().unwrap())
        .collect();
    (
        read,
        [0, 1].map(|variable: usize| shared.variables[variable].load(Relaxed)),
    )
}

/// Marsaglia's xorshift, so that a seed gives the same program everywhere.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % bound
    }

    /// Generates operations whose steps use up `budget`, with as many as possible under locks if `locked`.
    fn ops(&mut self, mut budget: usize, locked: bool) -> Vec<Op> {
        let mut ops = Vec::new();
        while budget > 0 {
            let kind = match budget {
                3.. if locked => 6 + self.below(4),
                3.. => self.below(10),
                _ => self.below(6),
            };
            let variable = self.below(VARIABLES as u64) as usize;
            budget -= 1;
            ops.push(match kind {
                0 | 1 => Op::Load(variable),
                2 | 3 => Op::Store(variable, 1 + self.below(3)),
                4 => Op::Add(variable, 1),
                5 => Op::Exchange(variable, self.below(3), 1 + self.below(3)),
                _ => {
                    let lock = self.below(2) as usize;
                    let inner = 1 + self.below(budget as u64 - 1) as usize;
                    budget -= 1 + inner.min(budget - 1);
                    let body = self.ops(inner, false);
                    match kind {
                        6 => Op::Try(lock, body),
                        7 => Op::Read(body),
                        8 => Op::Write(body),
                        _ => Op::Lock(lock, body),
                    }
                }
            });
        }
        ops
    }

    /// Generates operations for a thread that waits, notifies and exchanges.
    fn waiting(&mut self, blocks: usize) -> Vec<Op> {
        let weak = |random: &mut Random| Op::Weak(0, random.below(2), 1 + random.below(2));
        let block = |random: &mut Random| match random.below(7) {
            0 | 1 => Op::Lock(0, vec![Op::Wait]),
            2 => Op::Lock(0, vec![Op::Wait, weak(random)]),
            3 => Op::Lock(0, vec![weak(random), Op::NotifyOne]),
            4 => Op::NotifyOne,
            5 => Op::NotifyAll,
            _ => weak(random),
        };
        (0..blocks).map(|_| block(self)).collect()
    }
}

/// Whether the program acquires a lock that the same thread already holds, which blocks forever, in std
/// too.
fn locks_itself(ops: &[Op], held: &mut Vec<usize>) -> bool {
    ops.iter().any(|op| {
        let (lock, body) = match op {
            Op::Lock(lock, body) => (*lock, body),
            Op::Read(body) | Op::Write(body) => (READ, body),
            Op::Try(_, body) => return locks_itself(body, held),
            _ => return false,
        };
        if held.contains(&lock) {
            return true;
        }
        held.push(lock);
        let itself = locks_itself(body, held);
        held.pop();
        itself
    })
}

fn compare(program: &[Vec<Op>], spurious: u8) -> bool {
    let steps: Vec<Vec<Step>> = program.iter().map(|ops| flatten(ops)).collect();
    let start = State {
        next: vec![0; program.len()],
        read: vec![Vec::new(); program.len()],
        variables: [0; VARIABLES],
        held: [0; 4],
        waiting: Vec::new(),
        woken: Vec::new(),
        spurious,
        schedule: Vec::new(),
    };
    let mut interleavings = BTreeSet::new();
    enumerate(&steps, &start, &mut interleavings);
    let expected: BTreeSet<Outcome> = interleavings.iter().map(|(_, it)| it.clone()).collect();

    let explored = {
        let program = program.to_vec();
        let explorer = Explorer::new().spurious(spurious);
        explorer.try_explore(move || model(&program))
    };
    let Ok(explored) = explored else {
        // The explorer refuses a program whose threads share nothing.
        return false;
    };
    assert!(explored.is_complete(), "{program:?}");
    let without_stale_reads = || {
        explored
            .executions()
            .iter()
            .filter(|execution| execution.stale_reads() == 0)
    };
    let found: BTreeSet<Outcome> = without_stale_reads()
        .map(|execution| execution.outcome().cloned())
        .collect();
    assert_eq!(found, expected, "{program:?}");
    for bound in 0..=usize::from(spurious) {
        let events = |schedule: &Schedule| schedule.iter().filter(|(_, it)| *it).count();
        let expected = interleavings.iter().filter(|(it, _)| events(it) == bound);
        let found = without_stale_reads().filter(|it| it.spurious_events() == bound);
        assert_eq!(
            found.count(),
            expected.count(),
            "with {bound} spurious events: {program:?}"
        );
    }
    true
}

/// Compares programs in which threads wait, notify and exchange, with at most `spurious` spurious events.
fn compare_waiting(seed: u64, programs: usize, blocks: &[usize], spurious: u8) {
    let mut random = Random(seed);
    let mut compared = 0;
    while compared < programs {
        let program: Vec<Vec<Op>> = blocks
            .iter()
            .map(|&blocks| random.waiting(blocks))
            .collect();
        compared += usize::from(compare(&program, spurious));
    }
}

fn compare_many(seed: u64, programs: usize, budgets: &[usize], locked: bool) {
    let mut random = Random(seed);
    let mut compared = 0;
    while compared < programs {
        let program: Vec<Vec<Op>> = budgets
            .iter()
            .map(|&budget| random.ops(budget, locked))
            .collect();
        if program.iter().any(|ops| locks_itself(ops, &mut Vec::new())) {
            continue;
        }
        compared += usize::from(compare(&program, 0));
    }
}

#[test]
fn two_threads_of_three_operations_agree_with_the_enumeration() {
    compare_many(0x9E37_79B9_7F4A_7C15, 60, &[3, 3], false);
}

#[test]
fn two_threads_of_four_operations_agree_with_the_enumeration() {
    compare_many(0xD1B5_4A32_D192_ED03, 40, &[4, 4], false);
}

#[test]
fn three_threads_of_two_operations_agree_with_the_enumeration() {
    compare_many(0xA076_1D64_78BD_642F, 6, &[2, 2, 2], false);
}

#[test]
fn three_threads_with_locks_agree_with_the_enumeration() {
    compare_many(0xE703_7ED1_A0B4_28DB, 5, &[3, 3, 3], true);
}

#[test]
fn two_threads_that_wait_agree_with_the_enumeration() {
    compare_waiting(0x8EBC_6AF0_9C88_C6E3, 30, &[3, 3], 0);
}

#[test]
fn two_threads_with_two_spurious_events_agree_with_the_enumeration() {
    compare_waiting(0x5899_65CC_7537_4CC3, 20, &[2, 2], 2);
}

#[test]
fn three_threads_with_a_spurious_event_agree_with_the_enumeration() {
    compare_waiting(0x1D8E_4E27_C47D_124F, 6, &[1, 1, 1], 1);
}

/// A notification must not go to a thread that has already woken up spuriously.
#[test]
fn a_notification_and_a_spurious_wake_up_wake_two_threads() {
    let wait = || vec![Op::Lock(0, vec![Op::Wait])];
    assert!(compare(&[wait(), wait(), vec![Op::NotifyOne]], 1));
}
