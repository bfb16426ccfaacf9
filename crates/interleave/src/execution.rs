//! One execution: its operations in order, and how it ended.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use diagram::{Lanes, Mark, Step};

use crate::describe;
use crate::event::{Action, Event};
use crate::panics::Panic;
use crate::run::{Ending, Pending, Trace};
use crate::source;

/// How an execution ended.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum End<T> {
    /// The model returned.
    Returned(T),
    /// At least one thread waits forever.
    Blocked,
    /// A thread panicked, with this message, on one line.
    Panicked(String),
}

/// One distinct execution: the sequence of recorded operations with their values, and the end.
#[derive(Clone, Debug)]
pub struct Execution<T> {
    pub(crate) events: Vec<Event>,
    pub(crate) names: Arc<[Arc<str>]>,
    end: End<T>,
    blocked: Vec<(u16, Pending)>,
    panic: Option<(u16, Panic)>,
}

impl<T> Execution<T> {
    pub(crate) fn new(trace: Trace, outcome: Option<T>) -> Execution<T> {
        let (end, blocked) = match (&trace.panic, trace.ending, outcome) {
            (Some((_, panic)), ..) => (End::Panicked(panic.message.clone()), Vec::new()),
            (None, Some(Ending::Blocked(blocked)), _) => (End::Blocked, blocked),
            (None, None, Some(outcome)) => (End::Returned(outcome), Vec::new()),
            (None, ending, _) => unreachable!("this execution isn't kept: {ending:?}"),
        };
        Execution {
            events: trace.events,
            names: trace.names.into(),
            end,
            blocked,
            panic: trace.panic,
        }
    }

    /// Returns how the execution ended.
    pub fn end(&self) -> &End<T> {
        &self.end
    }

    /// Returns the model's outcome, or `None` if the model didn't return.
    pub fn outcome(&self) -> Option<&T> {
        match &self.end {
            End::Returned(outcome) => Some(outcome),
            End::Blocked | End::Panicked(_) => None,
        }
    }

    /// Returns the names of the threads, `main` first.
    pub fn threads(&self) -> impl ExactSizeIterator<Item = &str> {
        self.names.iter().map(|name| &**name)
    }

    /// Counts the recorded operations, except those of `main` before it spawned the first thread and after
    /// it joined the last.
    pub fn steps(&self) -> usize {
        self.shared().count()
    }

    /// Counts the reads that returned a write older than the newest one.
    pub fn stale_reads(&self) -> usize {
        self.events
            .iter()
            .filter(|event| event.access.stale)
            .count()
    }

    /// Counts the spurious failures of `compare_exchange_weak` and the spurious wake-ups.
    pub fn spurious_events(&self) -> usize {
        let spurious = |event: &&Event| event.action.is_spurious();
        self.events.iter().filter(spurious).count()
    }

    /// Counts how often consecutive steps belong to different threads.
    pub fn switches(&self) -> usize {
        let threads: Vec<u16> = self.shared().map(|event| event.thread).collect();
        threads.windows(2).filter(|pair| pair[0] != pair[1]).count()
    }

    /// Counts how often a wait on a condition variable returned, and how often `block_on` polled a future again.
    pub fn wake_ups(&self) -> usize {
        let woken = |event: &&Event| matches!(event.action, Action::Woken { .. } | Action::Polled);
        self.events.iter().filter(woken).count()
    }

    /// Returns the events that have a step in the picture, each with its index.
    pub(crate) fn drawn(&self) -> impl Iterator<Item = (usize, &Event)> {
        let events = self.events.iter().enumerate();
        events.filter(|(_, event)| !event.solo || event.access.stale || event.action.is_spurious())
    }

    /// Returns the threads that wait forever. Joins are left out if anything else waits.
    pub(crate) fn blocked(&self) -> impl Iterator<Item = &(u16, Pending)> {
        let others_too = self.blocked.iter().any(|(_, pending)| !is_join(pending));
        let blocked = self.blocked.iter();
        blocked.filter(move |(_, pending)| !(others_too && is_join(pending)))
    }

    /// Returns whether the event with this index never returned.
    pub(crate) fn blocks(&self, index: usize) -> bool {
        self.blocked()
            .any(|(_, pending)| matches!(pending, Pending::Event(event) if *event == index))
    }

    fn shared(&self) -> impl Iterator<Item = &Event> {
        self.events.iter().filter(|event| !event.solo)
    }

    /// Returns a key that is smaller for a simpler execution: first without stale reads, then with fewer
    /// spurious events, then with fewer switches, then with fewer steps. The rest only makes the choice
    /// deterministic.
    pub(crate) fn simplicity(&self) -> impl Ord + use<T> {
        let order: Vec<u16> = self.events.iter().map(|event| event.thread).collect();
        (
            self.stale_reads() > 0,
            self.spurious_events(),
            self.switches(),
            self.steps(),
            self.stale_reads(),
            order,
        )
    }

    /// Draws the execution. `result` is the outcome, and `verdict` says what is wrong with it.
    pub(crate) fn lanes(&self, result: String, verdict: Option<String>) -> Lanes {
        let mut drawing = Drawing {
            lane_of: vec![None; self.names.len()],
            lanes: Vec::new(),
        };
        let mut threads: Vec<u16> = self
            .drawn()
            .map(|(_, event)| event.thread)
            .chain(self.blocked().map(|(thread, _)| *thread))
            .chain(self.panic.iter().map(|(thread, _)| *thread))
            .collect();
        threads.sort_unstable();
        threads.dedup();
        for thread in threads {
            drawing.add(thread, &self.names);
        }

        let notes = self.stale_notes(self.drawn().map(|(index, _)| index));
        let mut steps: Vec<Step> = self
            .drawn()
            .map(|(index, event)| {
                let text = describe::event(event, &self.names);
                let mark = if self.blocks(index) {
                    Some(Mark::Blocked)
                } else {
                    event.access.stale.then_some(Mark::Stale)
                };
                Step {
                    lane: drawing.lane(event.thread),
                    text: text.long,
                    short: Some(text.short),
                    value: text.value,
                    mark,
                }
            })
            .collect();
        for (thread, pending) in self.blocked() {
            if let Some(text) = describe::pending(pending, &self.names) {
                let lane = drawing.lane(*thread);
                steps.push(Step {
                    lane,
                    text,
                    short: None,
                    value: None,
                    mark: Some(Mark::Blocked),
                });
            }
        }
        if let Some((thread, panic)) = &self.panic {
            let lane = drawing.lane(*thread);
            let text = panic.message.clone();
            steps.push(Step {
                lane,
                text,
                short: None,
                value: None,
                mark: Some(Mark::Panicked),
            });
        }
        Lanes {
            title: None,
            lanes: drawing.lanes,
            steps,
            result: Some(result),
            verdict,
            notes,
        }
    }

    /// Explains each stale read, with the steps numbered as they are drawn.
    fn stale_notes(&self, drawn: impl Iterator<Item = usize>) -> Vec<String> {
        let drawn: Vec<usize> = drawn.collect();
        let step = |event: usize| {
            let index = drawn.iter().position(|drawn| *drawn == event);
            index.map(|index| index + 1)
        };
        let stale = (0..self.events.len()).filter(|&event| self.events[event].access.stale);
        let notes = stale.filter_map(|event| {
            let object = self.events[event].object;
            let newest = self.events[..event]
                .iter()
                .rposition(|event| event.object == object && event.action.writes())?;
            let (read, newest) = (step(event)?, step(newest)?);
            Some(if self.events[event].solo {
                format!(
                    "Step {read} doesn't return step {newest}, the newest write: nothing orders the two writes"
                )
            } else {
                format!(
                    "Step {read} is stale: no happens-before from step {newest}, the newest write, to step {read}"
                )
            })
        });
        notes.collect()
    }

    /// Names the threads that wait forever: `worker waits forever`.
    pub(crate) fn waiting(&self) -> String {
        let mut names: Vec<&str> = self
            .blocked
            .iter()
            .filter(|(_, pending)| !is_join(pending))
            .map(|(thread, _)| &*self.names[usize::from(*thread)])
            .collect();
        if names.is_empty() {
            names.push("main");
        }
        let verb = if names.len() == 1 { "waits" } else { "wait" };
        format!("{} {verb} forever", names.join(" and "))
    }

    /// Names the thread that panicked: `worker panicked at src/file.rs:12`.
    pub(crate) fn panicked(&self) -> String {
        match &self.panic {
            Some((thread, panic)) if panic.line > 0 => format!(
                "{} panicked at {}",
                self.names[usize::from(*thread)],
                source::location(&panic.file, panic.line)
            ),
            Some((thread, _)) => format!("{} panicked", self.names[usize::from(*thread)]),
            None => "a thread panicked".to_owned(),
        }
    }
}

fn is_join(pending: &Pending) -> bool {
    matches!(pending, Pending::Join(..))
}

/// Maps threads to lanes.
struct Drawing {
    lane_of: Vec<Option<usize>>,
    lanes: Vec<String>,
}

impl Drawing {
    fn add(&mut self, thread: u16, names: &[Arc<str>]) {
        self.lane_of[usize::from(thread)] = Some(self.lanes.len());
        self.lanes.push(names[usize::from(thread)].to_string());
    }

    fn lane(&self, thread: u16) -> usize {
        self.lane_of[usize::from(thread)].expect("every thread that is drawn has a lane")
    }
}

impl<T: Eq> PartialEq for Execution<T> {
    fn eq(&self, other: &Execution<T>) -> bool {
        self.end == other.end
            && self.events.len() == other.events.len()
            && self
                .events
                .iter()
                .zip(&other.events)
                .all(|(a, b)| a.identity() == b.identity())
    }
}

impl<T: Eq> Eq for Execution<T> {}

impl<T: Hash> Hash for Execution<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.end.hash(state);
        for event in &self.events {
            event.identity().hash(state);
        }
    }
}
