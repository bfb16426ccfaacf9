//! A run, as data.

use diagram::{Bar, End, Gantt, Row};
use serde::{Deserialize, Serialize};

/// The spans of a run, in the order in which they began.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Recording {
    /// Each span.
    pub spans: Vec<SpanRecord>,
    /// When the last span ended, in milliseconds from the timeline's start.
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
    /// The span within which it began, as an index into [`Recording::spans`].
    pub parent: Option<usize>,
}

impl Recording {
    /// A row for each span: children below their parent and indented by two cells, otherwise in the
    /// order of their start.
    pub fn gantt(&self) -> Gantt {
        let mut rows = Vec::with_capacity(self.spans.len());
        self.add_rows(None, 0, &mut rows);
        Gantt {
            title: None,
            rows,
            notes: Vec::new(),
        }
    }

    fn add_rows(&self, parent: Option<usize>, depth: usize, rows: &mut Vec<Row>) {
        let children = self
            .spans
            .iter()
            .enumerate()
            .filter(|(_, span)| span.parent == parent);
        for (number, span) in children {
            let bar = Bar {
                start_ms: span.start_ms,
                end_ms: span.end_ms,
                end: span.end,
                label: None,
            };
            let label = format!("{}{}", "  ".repeat(depth), span.name);
            rows.push(Row::Bars {
                label,
                bars: vec![bar],
            });
            self.add_rows(Some(number), depth + 1, rows);
        }
    }

    /// The most spans that ran at once, those that have children left out: what is in flight is the
    /// work itself, not what waits for it. A span that ends when another begins is not in flight
    /// together with it.
    pub fn most_in_flight(&self) -> usize {
        let has_children = |number| self.spans.iter().any(|span| span.parent == Some(number));
        let mut changes: Vec<(f64, i32)> = (self.spans.iter().enumerate())
            .filter(|(number, span)| !has_children(*number) && span.start_ms < span.end_ms)
            .flat_map(|(_, span)| [(span.start_ms, 1), (span.end_ms, -1)])
            .collect();
        changes.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        let (mut now, mut most) = (0, 0);
        for (_, change) in changes {
            now += change;
            most = most.max(now);
        }
        usize::try_from(most).unwrap_or(0)
    }
}
