//! An exploration as data, which a page lets the reader step through.

use std::collections::HashMap;

use diagram::{Lanes, Picture};
use serde::{Deserialize, Serialize};

use crate::describe;
use crate::event::{Event, Object};
use crate::execution::{End, Execution};

/// Every distinct execution of an exploration.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Recording {
    /// The picture of the execution [`Recording::shown`].
    pub picture: Picture,
    /// Whether every order was explored.
    pub complete: bool,
    /// Which orders were explored, as text.
    pub coverage: String,
    /// The names of the threads, `main` first.
    pub threads: Vec<String>,
    /// The distinct operations.
    pub operations: Vec<Operation>,
    /// The executions, in the order in which they were found.
    pub executions: Vec<Recorded>,
    /// The execution that the picture shows, as an index into [`Recording::executions`].
    pub shown: usize,
}

/// One operation and what it read.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Operation {
    /// The thread, as an index into [`Recording::threads`].
    pub thread: usize,
    /// The call, as pictures show it.
    pub text: String,
    /// What the operation returned or found.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub value: Option<String>,
    /// Whether the operation read a write older than the newest one.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub stale: bool,
    /// Whether `main` was alone: no thread had been spawned yet, or all had been joined.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub solo: bool,
    /// The value of the atomic, or the number or truth value that the mutex guards, after the operation. `None` for
    /// other objects and after a stale read, unless `main` was alone: then the other write is the last one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub holds: Option<AtomicValue>,
    /// The source line as `path:line`. The path starts at the workspace's root.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub source: Option<String>,
}

/// The value of an atomic, or of a mutex that guards a number or a truth value.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct AtomicValue {
    /// The object's number, counted from 0 in the order of first use. Two objects may have the same name.
    pub object: usize,
    /// The object's name in the source of this operation, or the source line if it has no name there.
    pub name: String,
    /// The value, as text.
    pub value: String,
}

/// One execution.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recorded {
    /// The operations in order, as indices into [`Recording::operations`].
    pub steps: Vec<usize>,
    /// How the execution ended.
    pub end: Ended,
    /// The outcome, as text.
    pub result: String,
    /// Whether the execution fails.
    pub fails: bool,
}

/// How a recorded execution ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ended {
    /// The model returned.
    Returned,
    /// A thread waits forever.
    Blocked,
    /// A thread panicked.
    Panicked,
}

impl Recording {
    /// Records executions, each with its outcome as text and whether it fails. `complete` tells
    /// whether every order was explored.
    pub(crate) fn new<'a, T: 'a>(
        executions: impl Iterator<Item = (&'a Execution<T>, String, bool)>,
        coverage: String,
        complete: bool,
        shown: usize,
        picture: Lanes,
    ) -> Recording {
        let mut table = Table::default();
        let executions = executions
            .map(|(execution, result, fails)| Recorded {
                steps: table.steps(execution),
                end: match execution.end() {
                    End::Returned(_) => Ended::Returned,
                    End::Blocked => Ended::Blocked,
                    End::Panicked(_) => Ended::Panicked,
                },
                result,
                fails,
            })
            .collect();
        Recording {
            picture: Picture::Lanes(picture),
            complete,
            coverage,
            threads: table.threads,
            operations: table.operations,
            executions,
            shown,
        }
    }
}

/// The distinct operations.
#[derive(Default)]
struct Table {
    threads: Vec<String>,
    operations: Vec<Operation>,
    indices: HashMap<Operation, usize>,
    objects: Vec<Object>,
}

impl Table {
    fn steps<T>(&mut self, execution: &Execution<T>) -> Vec<usize> {
        if self.threads.len() < execution.names.len() {
            self.threads = execution.threads().map(str::to_owned).collect();
        }
        execution
            .events
            .iter()
            .map(|event| {
                let text = describe::event(event, &execution.names);
                let holds = self.holds(event);
                self.index(Operation {
                    thread: usize::from(event.thread),
                    text: text.long,
                    value: text.value,
                    stale: event.access.stale,
                    solo: event.solo,
                    holds,
                    source: event
                        .site
                        .map(|site| format!("{}:{}", site.file(), site.line())),
                })
            })
            .collect()
    }

    fn holds(&mut self, event: &Event) -> Option<AtomicValue> {
        let (value, object) = (event.holds()?, event.object?);
        let known = self.objects.iter().position(|known| *known == object);
        let number = known.unwrap_or_else(|| {
            self.objects.push(object);
            self.objects.len() - 1
        });
        Some(AtomicValue {
            object: number,
            name: describe::object(event.site?),
            value: value.to_string(),
        })
    }

    fn index(&mut self, operation: Operation) -> usize {
        *self
            .indices
            .entry(operation)
            .or_insert_with_key(|operation| {
                self.operations.push(operation.clone());
                self.operations.len() - 1
            })
    }
}
