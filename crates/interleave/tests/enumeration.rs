//! Compares the explorer with an independent enumeration. Generates small random programs from a seed, and
//! walks all their interleavings by a plain recursion over program counters.

use std::collections::BTreeSet;

use interleave::sync::atomic::{AtomicU64, Ordering::Relaxed};
use interleave::sync::{Arc, Mutex, RwLock};
use interleave::{Explorer, thread};

const VARIABLES: usize = 2;

/// One operation of a program. A lock encloses other operations.
#[derive(Clone, Debug)]
enum Op {
    Load(usize),
    Store(usize, u64),
    Add(usize, u64),
    Exchange(usize, u64, u64),
    Lock(usize, Vec<Op>),
    Try(usize, Vec<Op>),
    Read(Vec<Op>),
    Write(Vec<Op>),
}

/// The operations without nesting: releasing a lock is a step too.
#[derive(Clone, Copy, Debug)]
enum Step {
    Load(usize),
    Store(usize, u64),
    Add(usize, u64),
    Exchange(usize, u64, u64),
    Acquire(usize),
    /// Skips the given number of steps if the lock is held.
    Try(usize, usize),
    Release(usize),
}

/// The locks: two mutexes, then the read-write lock for reading and for writing.
const READ: usize = 2;
const WRITE: usize = 3;

fn flatten(ops: &[Op]) -> Vec<Step> {
    let mut steps = Vec::new();
    for op in ops {
        match op {
            Op::Load(variable) => steps.push(Step::Load(*variable)),
            Op::Store(variable, value) => steps.push(Step::Store(*variable, *value)),
            Op::Add(variable, value) => steps.push(Step::Add(*variable, *value)),
            Op::Exchange(variable, from, to) => steps.push(Step::Exchange(*variable, *from, *to)),
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
    steps.extend(flatten(body));
    steps.push(Step::Release(lock));
}

/// The values that each thread read, and the final variables. `None` if the program blocked.
type Outcome = Option<(Vec<Vec<u64>>, [u64; VARIABLES])>;

#[derive(Clone)]
struct State {
    /// Each thread's program counter.
    next: Vec<usize>,
    read: Vec<Vec<u64>>,
    variables: [u64; VARIABLES],
    held: [u32; 4],
}

impl State {
    fn free(&self, lock: usize) -> bool {
        match lock {
            READ => self.held[WRITE] == 0,
            WRITE => self.held[READ] == 0 && self.held[WRITE] == 0,
            mutex => self.held[mutex] == 0,
        }
    }

    fn step(&mut self, thread: usize, step: Step) {
        self.next[thread] += 1;
        match step {
            Step::Load(variable) => self.read[thread].push(self.variables[variable]),
            Step::Store(variable, value) => self.variables[variable] = value,
            Step::Add(variable, value) => {
                self.read[thread].push(self.variables[variable]);
                self.variables[variable] += value;
            }
            Step::Exchange(variable, from, to) => {
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
        }
    }
}

/// Walks every interleaving, collects the outcomes, and returns the number of interleavings.
fn enumerate(program: &[Vec<Step>], state: &State, outcomes: &mut BTreeSet<Outcome>) -> usize {
    let mut interleavings = 0;
    let mut moved = false;
    let mut unfinished = false;
    for (thread, steps) in program.iter().enumerate() {
        let Some(&step) = steps.get(state.next[thread]) else {
            continue;
        };
        unfinished = true;
        if let Step::Acquire(lock) = step
            && !state.free(lock)
        {
            continue;
        }
        moved = true;
        let mut next = state.clone();
        next.step(thread, step);
        interleavings += enumerate(program, &next, outcomes);
    }
    if !moved {
        outcomes.insert((!unfinished).then(|| (state.read.clone(), state.variables)));
        interleavings = 1;
    }
    interleavings
}

#[derive(Default)]
struct Shared {
    variables: [AtomicU64; VARIABLES],
    locks: [Mutex<()>; 2],
    read_write: RwLock<()>,
}

fn run(ops: &[Op], shared: &Shared, read: &mut Vec<u64>) {
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
            Op::Lock(lock, body) => {
                let _held = shared.locks[*lock].lock().unwrap();
                run(body, shared, read);
            }
            Op::Try(lock, body) => {
                let held = shared.locks[*lock].try_lock();
                read.push(u64::from(held.is_ok()));
                if held.is_ok() {
                    run(body, shared, read);
                }
            }
            Op::Read(body) => {
                let _held = shared.read_write.read().unwrap();
                run(body, shared, read);
            }
            Op::Write(body) => {
                let _held = shared.read_write.write().unwrap();
                run(body, shared, read);
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
                run(&ops, &shared, &mut read);
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

fn compare(program: &[Vec<Op>]) -> bool {
    let steps: Vec<Vec<Step>> = program.iter().map(|ops| flatten(ops)).collect();
    let start = State {
        next: vec![0; program.len()],
        read: vec![Vec::new(); program.len()],
        variables: [0; VARIABLES],
        held: [0; 4],
    };
    let mut expected = BTreeSet::new();
    let interleavings = enumerate(&steps, &start, &mut expected);

    let explored = {
        let program = program.to_vec();
        Explorer::new().try_explore(move || model(&program))
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
    assert_eq!(without_stale_reads().count(), interleavings, "{program:?}");
    true
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
        compared += usize::from(compare(&program));
    }
}

#[test]
fn two_threads_of_three_operations_agree_with_the_enumeration() {
    compare_many(0x9E37_79B9_7F4A_7C15, 100, &[3, 3], false);
}

#[test]
fn two_threads_of_four_operations_agree_with_the_enumeration() {
    compare_many(0xD1B5_4A32_D192_ED03, 60, &[4, 4], false);
}

#[test]
fn three_threads_of_two_operations_agree_with_the_enumeration() {
    compare_many(0xA076_1D64_78BD_642F, 10, &[2, 2, 2], false);
}

#[test]
fn three_threads_with_locks_agree_with_the_enumeration() {
    compare_many(0xE703_7ED1_A0B4_28DB, 8, &[3, 3, 3], true);
}
