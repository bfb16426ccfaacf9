//! A run as data.

use diagram::{Bar, End, Gantt, Row};
use serde::{Deserialize, Serialize};

/// The spans of a run, in the order in which they started.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Recording {
    /// The spans. A parent comes before its children.
    pub spans: Vec<SpanRecord>,
    /// When the last span ended, in milliseconds from the timeline's start. 0 without spans.
    pub total_ms: f64,
}

/// One span, with its times in milliseconds from the timeline's start.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SpanRecord {
    /// The span's name.
    pub name: String,
    /// When the span was first polled, or entered.
    pub start_ms: f64,
    /// When the span ended. For an unfinished span, when the recording was taken.
    pub end_ms: f64,
    /// How the span ended.
    pub end: End,
    /// The span's parent, as an index into [`Recording::spans`] that is less than the span's own.
    pub parent: Option<usize>,
}

impl Recording {
    /// Returns a chart with one row per span, in the order in which the spans start. Children are right
    /// below their parent, indented by two cells. Spans that start together keep the order of the
    /// recording. A recording without spans gives a chart without rows, which can't be drawn.
    pub fn gantt(&self) -> Gantt {
        let mut rows = Vec::with_capacity(self.spans.len());
        let mut roots = Vec::new();
        let mut children = vec![Vec::new(); self.spans.len()];
        for index in 0..self.spans.len() {
            match self.parent(index) {
                Some(parent) => children[parent].push(index),
                None => roots.push(index),
            }
        }
        // A stack rather than recursion: spans may nest as deeply as their program does.
        let mut stack = Vec::new();
        let push = |stack: &mut Vec<_>, mut spans: Vec<usize>, depth: usize| {
            spans.sort_by(|a, b| self.spans[*a].start_ms.total_cmp(&self.spans[*b].start_ms));
            stack.extend(spans.into_iter().rev().map(|span| (span, depth)));
        };
        push(&mut stack, roots, 0);
        while let Some((index, depth)) = stack.pop() {
            let SpanRecord {
                name,
                start_ms,
                end_ms,
                end,
                ..
            } = &self.spans[index];
            let label = format!("{}{name}", "  ".repeat(depth));
            let bar = Bar {
                start_ms: *start_ms,
                end_ms: *end_ms,
                end: *end,
                label: None,
            };
            rows.push(Row::Bars {
                label,
                bars: vec![bar],
            });
            push(&mut stack, std::mem::take(&mut children[index]), depth + 1);
        }
        Gantt {
            rows,
            ..Gantt::default()
        }
    }

    /// Returns the largest number of spans in flight at the same time.
    ///
    /// A span doesn't count while one of its children is running: the child is then the work, and the
    /// parent only waits for it. A span that ends when another starts is not in flight together with it,
    /// and a span that takes no time is never in flight.
    pub fn most_in_flight(&self) -> usize {
        let mut edges: Vec<(f64, bool, usize)> = Vec::new();
        for (index, span) in self.spans.iter().enumerate() {
            if span.start_ms < span.end_ms {
                edges.push((span.start_ms, true, index));
                edges.push((span.end_ms, false, index));
            }
        }
        edges.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut running = vec![false; self.spans.len()];
        // The number of running children of each span.
        let mut running_children = vec![0_usize; self.spans.len()];
        let mut in_flight = 0_usize;
        let mut most = 0;
        // Count only after all edges of a moment: their order within the moment doesn't matter.
        for moment in edges.chunk_by(|a, b| a.0 == b.0) {
            for &(_, starts, index) in moment {
                running[index] = starts;
                // Without a running child, the span itself starts or stops counting.
                if running_children[index] == 0 {
                    step(&mut in_flight, starts);
                }
                if let Some(parent) = self.parent(index) {
                    let before = running_children[parent];
                    step(&mut running_children[parent], starts);
                    // The first child replaces its parent in the count; after the last, the parent counts
                    // again.
                    if running[parent] && (before == 0 || running_children[parent] == 0) {
                        step(&mut in_flight, !starts);
                    }
                }
            }
            most = most.max(in_flight);
        }
        most
    }

    /// Returns the span's parent. Ignores an impossible index, which deserialised data may contain.
    fn parent(&self, index: usize) -> Option<usize> {
        self.spans[index].parent.filter(|parent| *parent < index)
    }
}

fn step(count: &mut usize, up: bool) {
    if up { *count += 1 } else { *count -= 1 }
}
