//! An exploration as data, for a page to step through.

use std::collections::HashMap;
use std::fmt;

use diagram::{Lanes, Picture};
use serde::{Deserialize, Serialize};

use crate::describe;
use crate::event::{Event, Object};
use crate::execution::{End, Execution};
use crate::exploration::Exploration;

/// Every distinct execution of an exploration.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Recording {
    /// The simplest execution that fails, or the simplest one if none does.
    pub picture: Picture,
    /// Whether every order was tried.
    pub complete: bool,
    /// Which orders were tried, in words.
    pub coverage: String,
    /// The threads by name, `main` first.
    pub threads: Vec<String>,
    /// The operations that occur, each once.
    pub operations: Vec<Operation>,
    /// The executions, in the order in which they were found.
    pub executions: Vec<Recorded>,
    /// Which of them the picture shows.
    pub shown: usize,
}

/// One operation, with what it read.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Operation {
    /// The thread, as an index into [`Recording::threads`].
    pub thread: usize,
    /// The call.
    pub text: String,
    /// What it returned or found.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub value: Option<String>,
    /// Whether it read a write older than the newest.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub stale: bool,
    /// Whether no other thread could run.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub solo: bool,
    /// What the atomic holds after it, where that is known: a read that is stale doesn't tell.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub holds: Option<AtomicValue>,
    /// The source line, `path:line`, the path from the workspace's root.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub source: Option<String>,
}

/// An atomic and its value.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct AtomicValue {
    /// Which atomic, counted from 0 in the order in which they occur: two may have one name.
    pub object: usize,
    /// What the source calls it at this place, or the source line if it has no name there.
    pub name: String,
    /// Its value.
    pub value: String,
}

/// One execution.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recorded {
    /// What happened, in order, as indices into [`Recording::operations`].
    pub steps: Vec<usize>,
    /// How it ended.
    pub end: Ended,
    /// What came out, in words.
    pub result: String,
    /// Whether it fails.
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
    /// A panic left a thread.
    Panicked,
}

impl Recording {
    pub(crate) fn new<T: fmt::Debug + Eq>(
        exploration: &Exploration<T>,
        failing: &[usize],
        shown: usize,
        picture: Lanes,
    ) -> Recording {
        let mut table = Table::default();
        let executions = exploration
            .executions()
            .iter()
            .enumerate()
            .map(|(place, execution)| Recorded {
                steps: table.steps(execution),
                end: match execution.end() {
                    End::Returned(_) => Ended::Returned,
                    End::Blocked => Ended::Blocked,
                    End::Panicked(_) => Ended::Panicked,
                },
                result: exploration.said(execution),
                fails: failing.binary_search(&place).is_ok(),
            })
            .collect();
        Recording {
            picture: Picture::Lanes(picture),
            complete: exploration.is_complete(),
            coverage: exploration.coverage_in_words(),
            threads: table.threads,
            operations: table.operations,
            executions,
            shown,
        }
    }
}

/// Each operation once.
#[derive(Default)]
struct Table {
    threads: Vec<String>,
    operations: Vec<Operation>,
    places: HashMap<Operation, usize>,
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
                let words = describe::event(event, &execution.names);
                let holds = self.holds(event);
                self.place(Operation {
                    thread: usize::from(event.thread),
                    text: words.long,
                    value: words.value,
                    stale: event.stale,
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
        let (value, object) = (event.action.holds(event.stale)?, event.object?);
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

    fn place(&mut self, operation: Operation) -> usize {
        *self
            .places
            .entry(operation)
            .or_insert_with_key(|operation| {
                self.operations.push(operation.clone());
                self.operations.len() - 1
            })
    }
}
