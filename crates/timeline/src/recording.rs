//! A run, as data.

use diagram::{Bar, End, Gantt, Row};
use serde::{Deserialize, Serialize};

/// The spans of a run, in the order in which they began.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Recording {
    /// Each span; a parent stands before its children.
    pub spans: Vec<SpanRecord>,
    /// When the last span ended, in milliseconds from the timeline's start; 0 if there is none.
    pub total_ms: f64,
}

/// One span, its times in milliseconds from the timeline's start.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SpanRecord {
    /// What it is called.
    pub name: String,
    /// When it was polled first, or entered.
    pub start_ms: f64,
    /// When it ended; for an unfinished span, when the recording was taken.
    pub end_ms: f64,
    /// How it ended.
    pub end: End,
    /// The span within which it began, as an index into [`Recording::spans`], less than its own.
    pub parent: Option<usize>,
}

impl Recording {
    /// A row for each span, in the order in which they start; children stand right below their
    /// parent, indented by two cells. Spans that start together keep the order of the recording. A
    /// recording without a span gives a chart without rows, which can't be drawn.
    pub fn gantt(&self) -> Gantt {
        let mut rows = Vec::with_capacity(self.spans.len());
        let mut roots = Vec::new();
        let mut children = vec![Vec::new(); self.spans.len()];
        for number in 0..self.spans.len() {
            match self.parent(number) {
                Some(parent) => children[parent].push(number),
                None => roots.push(number),
            }
        }
        // A stack rather than recursion: spans may nest as deep as their program does.
        let mut waiting = Vec::new();
        let wait = |waiting: &mut Vec<_>, mut spans: Vec<usize>, depth: usize| {
            spans.sort_by(|a, b| self.spans[*a].start_ms.total_cmp(&self.spans[*b].start_ms));
            waiting.extend(spans.into_iter().rev().map(|span| (span, depth)));
        };
        wait(&mut waiting, roots, 0);
        while let Some((number, depth)) = waiting.pop() {
            let SpanRecord {
                name,
                start_ms,
                end_ms,
                end,
                ..
            } = &self.spans[number];
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
            wait(
                &mut waiting,
                std::mem::take(&mut children[number]),
                depth + 1,
            );
        }
        Gantt {
            rows,
            ..Gantt::default()
        }
    }

    /// The most spans in flight at once.
    ///
    /// A span counts while none of its children runs: while one does, the child is the work, and
    /// the parent only waits for it. A span that ends when another begins is not in flight together
    /// with it, and a span that takes no time is never in flight.
    pub fn most_in_flight(&self) -> usize {
        let mut edges: Vec<(f64, bool, usize)> = Vec::new();
        for (number, span) in self.spans.iter().enumerate() {
            if span.start_ms < span.end_ms {
                edges.push((span.start_ms, true, number));
                edges.push((span.end_ms, false, number));
            }
        }
        edges.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut running = vec![false; self.spans.len()];
        // How many children of each span run.
        let mut inside = vec![0_usize; self.spans.len()];
        let mut in_flight = 0_usize;
        let mut most = 0;
        // What holds between two moments counts, not the order of what happens in one.
        for moment in edges.chunk_by(|a, b| a.0 == b.0) {
            for &(_, starts, number) in moment {
                running[number] = starts;
                // Where no child runs, the span itself begins or ceases to count.
                if inside[number] == 0 {
                    step(&mut in_flight, starts);
                }
                if let Some(parent) = self.parent(number) {
                    let before = inside[parent];
                    step(&mut inside[parent], starts);
                    // The first child takes over from its parent, the last one hands back.
                    if running[parent] && (before == 0 || inside[parent] == 0) {
                        step(&mut in_flight, !starts);
                    }
                }
            }
            most = most.max(in_flight);
        }
        most
    }

    /// The span's parent. Data from elsewhere may name one that can't be: then it has none.
    fn parent(&self, number: usize) -> Option<usize> {
        self.spans[number].parent.filter(|parent| *parent < number)
    }
}

fn step(count: &mut usize, up: bool) {
    if up { *count += 1 } else { *count -= 1 }
}
