//! Runs the classic litmus programs, and compares the outcomes that the explorer finds with those that the
//! memory model allows. An enumerator that doesn't use loom computes the latter.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::sync::Mutex;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::{self, AcqRel, Acquire, Relaxed, Release, SeqCst};

use diagram::assert_snapshot;
use interleave::sync::Arc;
use interleave::sync::atomic::{AtomicU64, fence};
use interleave::thread::named;
use interleave::{Exploration, explore};

#[path = "litmus/axioms.rs"]
mod axioms;
#[path = "litmus/program.rs"]
mod program;

use program::{Op, Outcome, Program};

const X: usize = 0;
const Y: usize = 1;
const Z: usize = 2;

fn load(location: usize, order: Ordering) -> Op {
    Op::Load { location, order }
}

fn store(location: usize, value: u64, order: Ordering) -> Op {
    Op::Store {
        location,
        value,
        order,
    }
}

fn increment(location: usize, order: Ordering) -> Op {
    Op::FetchAdd {
        location,
        operand: 1,
        order,
    }
}

fn barrier(order: Ordering) -> Op {
    Op::Fence { order }
}

/// A program with its name.
struct Litmus {
    name: &'static str,
    orderings: &'static str,
    program: Program,
}

fn litmus<const N: usize>(
    name: &'static str,
    orderings: &'static str,
    threads: [Vec<Op>; N],
) -> Litmus {
    Litmus {
        name,
        orderings,
        program: Program {
            threads: threads.into(),
        },
    }
}

/// The classic shapes, with one ordering for all loads and one for all stores.
fn shapes(orderings: &'static str, reads: Ordering, writes: Ordering) -> Vec<Litmus> {
    let r = |location| load(location, reads);
    let w = |location, value| store(location, value, writes);
    let two = |name, left, right| litmus(name, orderings, [left, right]);
    let three = |name, first, second, third| litmus(name, orderings, [first, second, third]);
    vec![
        two("SB", vec![w(X, 1), r(Y)], vec![w(Y, 1), r(X)]),
        two("MP", vec![w(X, 1), w(Y, 1)], vec![r(Y), r(X)]),
        two("LB", vec![r(X), w(Y, 1)], vec![r(Y), w(X, 1)]),
        two("S", vec![w(X, 2), w(Y, 1)], vec![r(Y), w(X, 1)]),
        two("R", vec![w(X, 1), w(Y, 1)], vec![w(Y, 2), r(X)]),
        two("2+2W", vec![w(X, 1), w(Y, 2)], vec![w(Y, 1), w(X, 2)]),
        two("CoRR", vec![w(X, 1), w(X, 2)], vec![r(X), r(X)]),
        two("CoWR", vec![w(X, 1), r(X)], vec![w(X, 2)]),
        three("WRC", vec![w(X, 1)], vec![r(X), w(Y, 1)], vec![r(Y), r(X)]),
        three(
            "ISA2",
            vec![w(X, 1), w(Y, 1)],
            vec![r(Y), w(Z, 1)],
            vec![r(Z), r(X)],
        ),
        three("RWC", vec![w(X, 1)], vec![r(X), r(Y)], vec![w(Y, 1), r(X)]),
        litmus(
            "IRIW",
            orderings,
            [
                vec![w(X, 1)],
                vec![w(Y, 1)],
                vec![r(X), r(Y)],
                vec![r(Y), r(X)],
            ],
        ),
    ]
}

/// Release sequences, fences, and mixed orderings.
fn particular() -> Vec<Litmus> {
    let r = |location| load(location, Relaxed);
    let w = |location, value| store(location, value, Relaxed);
    vec![
        litmus(
            "release sequence",
            "an increment continues it",
            [
                vec![w(X, 1), store(Y, 1, Release)],
                vec![increment(Y, Relaxed)],
                vec![load(Y, Acquire), r(X)],
            ],
        ),
        litmus(
            "release sequence",
            "its thread's next store doesn't",
            [
                vec![w(X, 1), store(Y, 1, Release), w(Y, 2)],
                vec![load(Y, Acquire), r(X)],
            ],
        ),
        litmus(
            "MP",
            "Release and Acquire fences",
            [
                vec![w(X, 1), barrier(Release), w(Y, 1)],
                vec![r(Y), barrier(Acquire), r(X)],
            ],
        ),
        litmus(
            "MP",
            "a Release fence alone",
            [vec![w(X, 1), barrier(Release), w(Y, 1)], vec![r(Y), r(X)]],
        ),
        litmus(
            "SB",
            "SeqCst fences",
            [
                vec![w(X, 1), barrier(SeqCst), r(Y)],
                vec![w(Y, 1), barrier(SeqCst), r(X)],
            ],
        ),
        litmus(
            "R",
            "SeqCst fences",
            [
                vec![w(X, 1), barrier(SeqCst), w(Y, 1)],
                vec![w(Y, 2), barrier(SeqCst), r(X)],
            ],
        ),
        litmus(
            "2+2W",
            "SeqCst fences",
            [
                vec![w(X, 1), barrier(SeqCst), w(Y, 2)],
                vec![w(Y, 1), barrier(SeqCst), w(X, 2)],
            ],
        ),
        litmus(
            "RWC",
            "SeqCst fences",
            [
                vec![w(X, 1)],
                vec![r(X), barrier(SeqCst), r(Y)],
                vec![w(Y, 1), barrier(SeqCst), r(X)],
            ],
        ),
        litmus(
            "increments",
            "Relaxed",
            [
                vec![increment(X, Relaxed), r(Y)],
                vec![increment(Y, Relaxed), r(X)],
            ],
        ),
        litmus(
            "increments",
            "SeqCst",
            [
                vec![increment(X, SeqCst), load(Y, SeqCst)],
                vec![increment(Y, SeqCst), load(X, SeqCst)],
            ],
        ),
        litmus(
            "adjacency",
            "an increment beside a store",
            [
                vec![increment(X, Relaxed)],
                vec![w(X, 2), increment(X, Relaxed)],
            ],
        ),
        litmus(
            "adjacency",
            "a load after the store",
            [vec![increment(X, Relaxed), r(X)], vec![w(X, 2), r(X), r(X)]],
        ),
        litmus(
            "adjacency",
            "increments, Release, Acquire",
            [
                vec![increment(X, AcqRel), load(Y, Acquire)],
                vec![
                    store(X, 4, Release),
                    increment(X, AcqRel),
                    store(Y, 1, Release),
                ],
            ],
        ),
        litmus(
            "SB",
            "one thread SeqCst, one weaker",
            [
                vec![store(X, 1, SeqCst), load(Y, SeqCst)],
                vec![store(Y, 1, Release), load(X, Acquire)],
            ],
        ),
        litmus(
            "SB",
            "SeqCst, and a Relaxed count",
            [
                vec![store(X, 1, SeqCst), load(Y, SeqCst), increment(Z, Relaxed)],
                vec![store(Y, 1, SeqCst), load(X, SeqCst)],
            ],
        ),
    ]
}

/// Explores the program.
fn explored(program: &Program) -> Exploration<Outcome> {
    let program = program.clone();
    explore(move || {
        let locations: Arc<Vec<AtomicU64>> = Arc::new(
            (0..program.locations())
                .map(|_| AtomicU64::new(0))
                .collect(),
        );
        let threads: Vec<_> = (1..)
            .zip(program.threads.clone())
            .map(|(number, ops)| {
                let locations = locations.clone();
                named(format!("thread {number}"), move || {
                    let run = |op: Op| run(op, &locations);
                    ops.into_iter().filter_map(run).collect()
                })
            })
            .collect();
        Outcome {
            reads: threads
                .into_iter()
                .map(|thread| thread.join().unwrap())
                .collect(),
            // A read-modify-write reads the newest write, whereas a load may read an older one.
            finals: locations.iter().map(|it| it.fetch_add(0, AcqRel)).collect(),
        }
    })
}

/// Runs the operation, and returns the value if it reads one.
fn run(op: Op, locations: &[AtomicU64]) -> Option<u64> {
    match op {
        Op::Load { location, order } => Some(locations[location].load(order)),
        Op::FetchAdd {
            location,
            operand,
            order,
        } => Some(locations[location].fetch_add(operand, order)),
        Op::Store {
            location,
            value,
            order,
        } => {
            locations[location].store(value, order);
            None
        }
        Op::Fence { order } => {
            fence(order);
            None
        }
    }
}

/// The outcomes that the explorer misses, and its false alarms.
struct Difference {
    allowed: usize,
    found: usize,
    missed: Vec<Outcome>,
    wrong: Vec<Outcome>,
}

fn compare(program: &Program) -> Difference {
    let allowed = axioms::allowed(program);
    let exploration = explored(program);
    assert!(exploration.is_complete());
    let found: BTreeSet<Outcome> = exploration
        .executions()
        .iter()
        .map(|execution| {
            execution
                .outcome()
                .expect("no thread blocks or panics")
                .clone()
        })
        .collect();
    Difference {
        allowed: allowed.len(),
        found: found.len(),
        missed: allowed.difference(&found).cloned().collect(),
        wrong: found.difference(&allowed).cloned().collect(),
    }
}

/// Compares all programs, on as many threads as there are cores.
fn compare_all(programs: &[Litmus]) -> Vec<Difference> {
    let next = AtomicUsize::new(0);
    let differences = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                while let index = next.fetch_add(1, Relaxed)
                    && let Some(litmus) = programs.get(index)
                {
                    let difference = compare(&litmus.program);
                    differences.lock().unwrap().push((index, difference));
                }
            });
        }
    });
    let mut differences = differences.into_inner().unwrap();
    differences.sort_by_key(|(index, _)| *index);
    differences.into_iter().map(|(_, it)| it).collect()
}

#[test]
fn the_explorer_finds_what_the_memory_model_allows() {
    let mut programs = shapes("Relaxed", Relaxed, Relaxed);
    programs.extend(shapes("Release, Acquire", Acquire, Release));
    programs.extend(shapes("SeqCst", SeqCst, SeqCst));
    programs.extend(particular());

    let mut table = "program          orderings                     allowed  found\n".to_owned();
    let mut different = Vec::new();
    for (litmus, difference) in programs.iter().zip(compare_all(&programs)) {
        let Litmus {
            name, orderings, ..
        } = litmus;
        let Difference {
            allowed,
            found,
            missed,
            wrong,
        } = difference;
        let verdict = match (missed.len(), wrong.len()) {
            (0, 0) => String::new(),
            (missed, 0) => format!("  {missed} missed"),
            (0, wrong) => format!("  {wrong} false alarm"),
            (missed, wrong) => format!("  {missed} missed, {wrong} false alarm"),
        };
        let row = format!("{name:16} {orderings:30} {allowed:>6}  {found:>5}{verdict}");
        let _ = writeln!(table, "{row}");
        if !verdict.is_empty() {
            different.push((*name, *orderings, missed, wrong));
        }
    }
    assert_snapshot!("litmus", table);

    // Each thread reads what the other writes later.
    let both_ones = Outcome {
        reads: vec![vec![1], vec![1]],
        finals: vec![1, 1],
    };
    // SeqCst beside Relaxed is explored as acquire and release, so both threads may read the old value.
    let alarms = |counted: &Outcome| counted.reads[0][0] == 0 && counted.reads[1][0] == 0;
    assert_eq!(different.len(), 2, "{different:?}");
    let (lb, mixed) = (&different[0], &different[1]);
    assert_eq!((lb.0, lb.1, &lb.2), ("LB", "Relaxed", &vec![both_ones]));
    assert_eq!((mixed.0, mixed.1), ("SB", "SeqCst, and a Relaxed count"));
    assert!(mixed.2.is_empty() && mixed.3.iter().all(alarms));
}
