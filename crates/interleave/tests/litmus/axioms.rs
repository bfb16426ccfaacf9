//! Computes the outcomes of a small program that the memory model of C++20, which Rust uses, allows.
//! Generates every candidate execution and keeps those that satisfy the axioms. Shares nothing with the
//! explorer.
//!
//! The relations have the names of the standard (N4868, [intro.races] and [atomics.order]). `consume` and
//! dependency ordering don't exist in Rust.

use std::collections::BTreeSet;
use std::sync::atomic::Ordering::{self, AcqRel, Acquire, Release, SeqCst};

use super::program::{Op, Outcome, Program};

/// A relation over events: `relation[a][b]` is true if `a` comes before `b`.
type Relation = Vec<Vec<bool>>;

/// An operation of one thread, or the initial write of a location.
#[derive(Clone, Copy, Debug)]
struct Event {
    /// `None` for an initial write.
    thread: Option<usize>,
    op: Op,
}

impl Event {
    fn reads(&self) -> bool {
        matches!(self.op, Op::Load { .. } | Op::FetchAdd { .. })
    }

    fn writes(&self) -> bool {
        matches!(self.op, Op::Store { .. } | Op::FetchAdd { .. })
    }

    fn location(&self) -> Option<usize> {
        match self.op {
            Op::Load { location, .. }
            | Op::Store { location, .. }
            | Op::FetchAdd { location, .. } => Some(location),
            Op::Fence { .. } => None,
        }
    }

    fn order(&self) -> Ordering {
        match self.op {
            Op::Load { order, .. }
            | Op::Store { order, .. }
            | Op::FetchAdd { order, .. }
            | Op::Fence { order } => order,
        }
    }

    fn is_fence(&self) -> bool {
        matches!(self.op, Op::Fence { .. })
    }

    fn acquires(&self) -> bool {
        matches!(self.order(), Acquire | AcqRel | SeqCst) && (self.reads() || self.is_fence())
    }

    fn releases(&self) -> bool {
        matches!(self.order(), Release | AcqRel | SeqCst) && (self.writes() || self.is_fence())
    }

    fn is_seq_cst(&self) -> bool {
        self.thread.is_some() && self.order() == SeqCst
    }
}

/// One candidate execution: the events, the write that each read returns, and the modification order of each
/// location.
struct Candidate<'a> {
    events: &'a [Event],
    /// For each event, the write that it reads from.
    reads_from: &'a [Option<usize>],
    /// For each location, its writes in modification order, starting with the initial write.
    modifications: &'a [Vec<usize>],
}

/// Returns every outcome that the memory model allows.
pub(crate) fn allowed(program: &Program) -> BTreeSet<Outcome> {
    let mut events: Vec<Event> = (0..program.locations())
        .map(|location| Event {
            thread: None,
            op: Op::Store {
                location,
                value: 0,
                order: Ordering::Relaxed,
            },
        })
        .collect();
    for (thread, ops) in program.threads.iter().enumerate() {
        events.extend(ops.iter().map(|&op| Event {
            thread: Some(thread),
            op,
        }));
    }
    let writes_to = |location: usize| -> Vec<usize> {
        (0..events.len())
            .filter(|&event| events[event].writes() && events[event].location() == Some(location))
            .collect()
    };
    let orders: Vec<Vec<Vec<usize>>> = (0..program.locations())
        .map(|location| {
            let writes = writes_to(location);
            permutations(&writes[1..])
                .into_iter()
                .map(|order| [&writes[..1], &order].concat())
                .collect()
        })
        .collect();
    let sources: Vec<Vec<Option<usize>>> = events
        .iter()
        .enumerate()
        .map(|(number, event)| match event.location() {
            Some(location) if event.reads() => writes_to(location)
                .into_iter()
                .filter(|&write| write != number)
                .map(Some)
                .collect(),
            _ => vec![None],
        })
        .collect();

    let mut outcomes = BTreeSet::new();
    for modifications in product(&orders) {
        for reads_from in product(&sources) {
            let candidate = Candidate {
                events: &events,
                reads_from: &reads_from,
                modifications: &modifications,
            };
            if let Some(values) = candidate.values()
                && candidate.is_consistent()
            {
                outcomes.insert(candidate.outcome(program, &values));
            }
        }
    }
    outcomes
}

impl Candidate<'_> {
    /// Returns the value of each write, or `None` if read-modify-writes read from each other in a cycle, so
    /// that a value would come from nowhere.
    fn values(&self) -> Option<Vec<u64>> {
        let mut values = vec![None; self.events.len()];
        // Each round determines at least one value, unless there is a cycle.
        for _ in 0..self.events.len() {
            for (number, event) in self.events.iter().enumerate() {
                values[number] = match event.op {
                    Op::Store { value, .. } => Some(value),
                    Op::Load { .. } => self.reads_from[number].and_then(|write| values[write]),
                    Op::FetchAdd { operand, .. } => self.reads_from[number]
                        .and_then(|write| values[write])
                        .map(|old: u64| old + operand),
                    Op::Fence { .. } => Some(0),
                };
            }
        }
        values.into_iter().collect()
    }

    fn outcome(&self, program: &Program, values: &[u64]) -> Outcome {
        let reads = |thread: usize| -> Vec<u64> {
            (0..self.events.len())
                .filter(|&it| self.events[it].thread == Some(thread) && self.events[it].reads())
                .map(|it| values[self.reads_from[it].expect("a read has a source")])
                .collect()
        };
        Outcome {
            reads: (0..program.threads.len()).map(reads).collect(),
            finals: self
                .modifications
                .iter()
                .map(|order| values[*order.last().expect("every location has an initial write")])
                .collect(),
        }
    }

    fn is_consistent(&self) -> bool {
        let happens_before = self.happens_before();
        irreflexive(&happens_before)
            && self.is_atomic()
            && self.is_coherent(&happens_before)
            && self.is_sequentially_consistent(&happens_before)
    }

    /// Whether each read-modify-write reads the write directly before its own.
    fn is_atomic(&self) -> bool {
        self.modifications.iter().all(|order| {
            order.windows(2).all(|pair| match self.events[pair[1]].op {
                Op::FetchAdd { .. } => self.reads_from[pair[1]] == Some(pair[0]),
                _ => true,
            })
        })
    }

    /// Whether the four coherence axioms hold: no event happens before an event that it is coherence-ordered
    /// after.
    fn is_coherent(&self, happens_before: &Relation) -> bool {
        let coherence = self.coherence_ordered_before();
        let events = 0..self.events.len();
        events.clone().all(|a| {
            events
                .clone()
                .all(|b| !(happens_before[a][b] && coherence[b][a]))
        }) && irreflexive(&coherence)
    }

    fn sequenced_before(&self) -> Relation {
        self.relation(|a, b| {
            a < b
                && self.events[a].thread.is_some()
                && self.events[a].thread == self.events[b].thread
        })
    }

    /// Returns the write and every read-modify-write that continues its release sequence. Since C++20, other
    /// writes of the same thread don't continue it.
    fn release_sequence(&self, write: usize) -> Vec<usize> {
        let mut sequence = vec![write];
        while let Some(next) = (0..self.events.len()).find(|&it| {
            matches!(self.events[it].op, Op::FetchAdd { .. })
                && !sequence.contains(&it)
                && self.reads_from[it] == sequence.last().copied()
        }) {
            sequence.push(next);
        }
        sequence
    }

    fn synchronises_with(&self) -> Relation {
        let sequenced = self.sequenced_before();
        let events = self.events;
        let mut relation = self.relation(|_, _| false);
        for write in (0..events.len()).filter(|&it| events[it].writes()) {
            // The release operations of this write: the write itself, or fences before it.
            let releasing: Vec<usize> = (0..events.len())
                .filter(|&it| {
                    events[it].releases()
                        && (it == write || events[it].is_fence() && sequenced[it][write])
                })
                .collect();
            let sequence = self.release_sequence(write);
            let reads = (0..events.len())
                .filter(|&it| self.reads_from[it].is_some_and(|from| sequence.contains(&from)));
            for read in reads {
                // The acquire operations of this read: the read itself, or fences after it.
                for acquiring in (0..events.len()).filter(|&it| {
                    events[it].acquires()
                        && (it == read || events[it].is_fence() && sequenced[read][it])
                }) {
                    for &release in &releasing {
                        if events[release].thread != events[acquiring].thread {
                            relation[release][acquiring] = true;
                        }
                    }
                }
            }
        }
        relation
    }

    /// Returns the happens-before relation. Initial writes happen before everything. Without `consume`, this is
    /// also the standard's "simply happens before".
    fn happens_before(&self) -> Relation {
        let sequenced = self.sequenced_before();
        let synchronises = self.synchronises_with();
        closure(self.relation(|a, b| {
            sequenced[a][b]
                || synchronises[a][b]
                || self.events[a].thread.is_none() && self.events[b].thread.is_some()
        }))
    }

    fn coherence_ordered_before(&self) -> Relation {
        let position = |write: usize| {
            let location = self.events[write]
                .location()
                .expect("a write has a location");
            let order = &self.modifications[location];
            order
                .iter()
                .position(|it| *it == write)
                .expect("each write is ordered")
        };
        closure(self.relation(|a, b| {
            let (first, second) = (&self.events[a], &self.events[b]);
            if a == b || first.location().is_none() || first.location() != second.location() {
                return false;
            }
            let reads = second.reads() && self.reads_from[b] == Some(a);
            let modified = first.writes() && second.writes() && position(a) < position(b);
            let overwritten = second.writes()
                && self.reads_from[a].is_some_and(|from| position(from) < position(b));
            reads || modified || overwritten
        }))
    }

    fn strongly_happens_before(&self, happens_before: &Relation) -> Relation {
        let sequenced = self.sequenced_before();
        let synchronises = self.synchronises_with();
        let all = 0..self.events.len();
        closure(self.relation(|a, d| {
            let between = || {
                all.clone().any(|b| {
                    sequenced[a][b] && all.clone().any(|c| happens_before[b][c] && sequenced[c][d])
                })
            };
            sequenced[a][d]
                || synchronises[a][d]
                    && self.events[a].is_seq_cst()
                    && self.events[d].is_seq_cst()
                    && !self.events[a].is_fence()
                    && !self.events[d].is_fence()
                || between()
        }))
    }

    /// Whether the `SeqCst` operations have a total order S as [atomics.order] requires: whether its
    /// constraints on S have no cycle.
    fn is_sequentially_consistent(&self, happens_before: &Relation) -> bool {
        let strongly = self.strongly_happens_before(happens_before);
        let coherence = self.coherence_ordered_before();
        let all = 0..self.events.len();
        let seq_cst = |it: usize| self.events[it].is_seq_cst();
        let fence = |it: usize| seq_cst(it) && self.events[it].is_fence();
        // In S, `a` is represented by `x`: `a` itself or a fence that happens before it. The same goes for `b`
        // and `y`.
        let order = self.relation(|x, y| {
            if x == y || !seq_cst(x) || !seq_cst(y) {
                return false;
            }
            strongly[x][y]
                || all.clone().any(|a| {
                    (x == a || fence(x) && happens_before[x][a])
                        && all.clone().any(|b| {
                            coherence[a][b] && (y == b || fence(y) && happens_before[b][y])
                        })
                })
        });
        irreflexive(&closure(order))
    }

    fn relation(&self, holds: impl Fn(usize, usize) -> bool) -> Relation {
        let all = 0..self.events.len();
        all.clone()
            .map(|a| all.clone().map(|b| holds(a, b)).collect())
            .collect()
    }
}

fn irreflexive(relation: &Relation) -> bool {
    (0..relation.len()).all(|it| !relation[it][it])
}

/// Returns the transitive closure.
fn closure(mut relation: Relation) -> Relation {
    for through in 0..relation.len() {
        for from in 0..relation.len() {
            if relation[from][through] {
                let reached = relation[through].clone();
                for (to, reached) in relation[from].iter_mut().zip(reached) {
                    *to |= reached;
                }
            }
        }
    }
    relation
}

fn permutations(items: &[usize]) -> Vec<Vec<usize>> {
    if items.is_empty() {
        return vec![Vec::new()];
    }
    let mut all = Vec::new();
    for (index, &first) in items.iter().enumerate() {
        let rest = [&items[..index], &items[index + 1..]].concat();
        all.extend(
            permutations(&rest)
                .into_iter()
                .map(|order| [&[first][..], &order].concat()),
        );
    }
    all
}

/// Returns every way to choose one element of each list.
fn product<T: Clone>(choices: &[Vec<T>]) -> Vec<Vec<T>> {
    choices.iter().fold(vec![Vec::new()], |chosen, choices| {
        chosen
            .iter()
            .flat_map(|chosen| {
                choices.iter().map(|choice| {
                    let mut longer = chosen.clone();
                    longer.push(choice.clone());
                    longer
                })
            })
            .collect()
    })
}
