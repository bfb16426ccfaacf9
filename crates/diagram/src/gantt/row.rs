//! One line of a chart.

use serde::{Deserialize, Serialize};

use super::{Bar, Gantt};
use crate::{Error, cells};

/// One line of a [`Gantt`] chart.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Row {
    /// A labelled row of bars, in any order. No two of them may overlap.
    Bars {
        /// Printed to the left of the bars. Leading blanks indent it.
        label: String,
        /// The bars. A row without bars is drawn as its label.
        bars: Vec<Bar>,
    },
    /// A line of text between rows, such as `Batch 1 (size=3):` or `↓ wait for batch`.
    Heading(String),
    /// A number of rows that are left out, drawn as `… 5 more`.
    Elided(usize),
}

impl Row {
    pub(super) fn check(&self) -> Result<(), Error> {
        match self {
            Row::Elided(_) => Ok(()),
            Row::Heading(text) => cells::check_label(text),
            Row::Bars { label, bars } => {
                cells::check_label(label)?;
                bars.iter().try_for_each(|bar| check_bar(label, bar))?;
                let in_order = in_order(bars);
                match in_order
                    .windows(2)
                    .find(|pair| pair[1].start_ms < pair[0].end_ms)
                {
                    Some(pair) => Err(Error::Overlap {
                        row: label.clone(),
                        end_ms: pair[0].end_ms,
                        start_ms: pair[1].start_ms,
                    }),
                    None => Ok(()),
                }
            }
        }
    }

    /// Returns when the row's last bar ends.
    fn end_ms(&self) -> Option<f64> {
        match self {
            Row::Bars { bars, .. } => bars.iter().map(|bar| bar.end_ms).reduce(f64::max),
            Row::Heading(_) | Row::Elided(_) => None,
        }
    }
}

fn check_bar(row: &str, bar: &Bar) -> Result<(), Error> {
    for (edge, value) in [("start", bar.start_ms), ("end", bar.end_ms)] {
        if !value.is_finite() || value < 0.0 {
            return Err(Error::Number {
                of: format!("row {row:?}: a bar's {edge}"),
                value,
            });
        }
    }
    if bar.end_ms < bar.start_ms {
        let (start_ms, end_ms) = (bar.start_ms, bar.end_ms);
        return Err(Error::Backwards {
            row: row.to_owned(),
            start_ms,
            end_ms,
        });
    }
    bar.label
        .iter()
        .try_for_each(|label| cells::check_label(label))
}

/// Sorts the bars by start, then by end, so that a bar of length 0 precedes the bar that starts at the
/// same time.
pub(super) fn in_order(bars: &[Bar]) -> Vec<&Bar> {
    let mut bars: Vec<&Bar> = bars.iter().collect();
    bars.sort_by(|a, b| {
        a.start_ms
            .total_cmp(&b.start_ms)
            .then(a.end_ms.total_cmp(&b.end_ms))
    });
    bars
}

/// See [`Gantt::elide`].
pub(super) fn elide(chart: Gantt, keep_first: usize, keep_last: usize) -> Gantt {
    let is_bars = |row: &Row| matches!(row, Row::Bars { .. });
    let bar_rows: Vec<usize> = (0..chart.rows.len())
        .filter(|&index| is_bars(&chart.rows[index]))
        .collect();
    if bar_rows.len() <= keep_first.saturating_add(keep_last) {
        return chart;
    }
    // Keep the rows before `head`, the rows from `tail` on, and the row that ends last.
    let head = keep_first
        .checked_sub(1)
        .map_or(0, |last| bar_rows[last] + 1);
    let mut tail = keep_last
        .checked_sub(1)
        .map_or(chart.rows.len(), |rest| bar_rows[bar_rows.len() - 1 - rest]);
    while tail > head && matches!(chart.rows[tail - 1], Row::Heading(_)) {
        tail -= 1;
    }
    let total = chart.total_ms();
    let ends_last = |row: &Row| row.end_ms().is_some_and(|end| end >= total);
    let kept_total = chart.rows[..head]
        .iter()
        .chain(&chart.rows[tail..])
        .any(ends_last);
    let last_to_end = (head..tail).find(|&index| !kept_total && ends_last(&chart.rows[index]));

    let mut rows = Vec::new();
    let mut elided = 0_usize;
    for (index, row) in chart.rows.into_iter().enumerate() {
        if index < head || index >= tail || Some(index) == last_to_end {
            flush(&mut rows, &mut elided);
            rows.push(row);
        } else {
            elided = elided.saturating_add(match row {
                Row::Bars { .. } => 1,
                Row::Elided(rows) => rows,
                Row::Heading(_) => 0,
            });
        }
    }
    flush(&mut rows, &mut elided);
    Gantt { rows, ..chart }
}

fn flush(rows: &mut Vec<Row>, elided: &mut usize) {
    if *elided > 0 {
        rows.push(Row::Elided(std::mem::take(elided)));
    }
}
