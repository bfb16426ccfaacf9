//! A chart in plain text.

use super::axis::Axis;
use super::row::in_order;
use super::{Bar, End, Gantt, Row};
use crate::painted::{Line, Painted};
use crate::{Error, Meaning, cells};

const TIME: &str = "Time →";
/// Blank cells between the labels and the bars.
const GAP: usize = 3;
/// A narrower chart would show nothing.
const NARROWEST: usize = 16;
/// A wider chart can't be taken in at a glance.
const WIDEST: usize = 240;
const SHARED: &str = "A digit is the number of bars that share that cell.";
const SHARED_BY_MANY: &str =
    "A digit is the number of bars that share that cell; + means 10 or more.";

pub(super) fn draw(chart: &Gantt, width: usize) -> Result<Painted, Error> {
    let widest = chart
        .bar_rows()
        .map(|(label, _)| label)
        .max_by_key(|label| cells::width(label));
    let labels = widest.map_or(0, cells::width).max(cells::width(TIME));
    let room = width.saturating_sub(labels + GAP);
    if room < NARROWEST {
        let what = format!("the label {:?} beside the bars", widest.unwrap_or(TIME));
        return Err(Error::NoRoom { what, width });
    }
    let plot = (width.min(WIDEST * 2) * 3 / 4).min(WIDEST).min(room);
    let edges: Vec<f64> = chart
        .bars()
        .flat_map(|bar| [bar.start_ms, bar.end_ms])
        .collect();
    let axis = Axis::fit(&edges, plot, room).ok_or_else(|| Error::NoRoom {
        what: format!("a time axis up to {:e}ms", chart.total_ms()),
        width,
    })?;

    let wrap = |text: &str| cells::wrap(text, width, 0, "").into_iter().map(Line::from);
    let mut lines: Vec<Line> = Vec::new();
    if let Some(title) = &chart.title {
        lines.extend(wrap(title));
        lines.push(Line::default());
    }
    let header = format!("{}{:GAP$}{}", cells::pad(TIME, labels), "", header(&axis));
    lines.push(Line::all(&header, Meaning::Guide));
    let mut most_shared = 0;
    for row in &chart.rows {
        match row {
            Row::Heading(text) => lines.extend(wrap(text)),
            Row::Elided(rows) => {
                lines.push(Line::all(&format!("… {rows} more"), Meaning::Guide));
            }
            Row::Bars { label, bars } => {
                let mut line = Line::plain(cells::pad(label, labels + GAP));
                most_shared = most_shared.max(draw_bars(&mut line, bars, &axis));
                lines.push(line);
            }
        }
    }
    lines.push(Line::plain(format!("Total: {}", axis.total())));
    let shared = match most_shared {
        0..=1 => None,
        2..=9 => Some(SHARED),
        _ => Some(SHARED_BY_MANY),
    };
    for note in shared
        .into_iter()
        .chain(chart.notes.iter().map(String::as_str))
    {
        lines.extend(wrap(note));
    }
    Ok(Painted::of(lines))
}

/// Writes the labels of the ticks, each above the cell at its time.
fn header(axis: &Axis) -> String {
    let mut header = String::new();
    for tick in axis.ticks() {
        header = cells::pad(&header, tick.cell) + &tick.label;
    }
    header
}

/// Draws the bars of one row. Returns the largest number of bars that share a cell. A shared cell has a meaning if all
/// its bars have that meaning.
fn draw_bars(line: &mut Line, bars: &[Bar], axis: &Axis) -> usize {
    let mut row: Vec<String> = Vec::new();
    let mut ends: Vec<Option<End>> = Vec::new();
    // How many bars cover each cell.
    let mut counts: Vec<usize> = Vec::new();
    for bar in in_order(bars) {
        let start = axis.cell(bar.start_ms);
        let glyphs = draw_bar(bar, axis.cell(bar.end_ms) - start);
        if counts.len() < start + glyphs.len() {
            row.resize(start + glyphs.len(), " ".to_owned());
            counts.resize(start + glyphs.len(), 0);
            ends.resize(start + glyphs.len(), None);
        }
        for (cell, glyph) in glyphs.into_iter().enumerate() {
            let at = start + cell;
            let shared = counts[at] > 0 && ends[at] != Some(bar.end);
            ends[at] = (!shared).then_some(bar.end);
            row[at] = glyph;
            counts[at] += 1;
        }
    }
    for (cell, &count) in row.iter_mut().zip(&counts).filter(|(_, count)| **count > 1) {
        *cell = if count < 10 {
            count.to_string()
        } else {
            "+".to_owned()
        };
    }
    for (glyph, end) in row.iter().zip(ends) {
        match end {
            Some(end) => line.push(glyph, end.meaning()),
            None => line.push_plain(glyph),
        }
    }
    counts.into_iter().max().unwrap_or(0)
}

impl End {
    fn meaning(self) -> Meaning {
        match self {
            End::Finished => Meaning::Work,
            End::CutOff => Meaning::Failure,
            End::Unfinished => Meaning::Unfinished,
        }
    }
}

/// Returns the glyphs of one bar: `cells` of them, but at least one.
fn draw_bar(bar: &Bar, cells: usize) -> Vec<String> {
    let last = bar.end.glyph();
    if cells < 2 {
        let only = if last == ']' { '▌' } else { last };
        return vec![only.to_string()];
    }
    // Not the full block, which would merge adjacent rows.
    let mut glyphs = vec!["▆".to_owned(); cells];
    glyphs[0] = "[".to_owned();
    glyphs[cells - 1] = last.to_string();
    if let Some(label) = &bar.label {
        write_label(label, &mut glyphs[1..cells - 1]);
    }
    glyphs
}

/// Writes `label` in the middle of the bar's inside if it fits, with a blank on either side.
fn write_label(label: &str, inside: &mut [String]) {
    let width = cells::width(label);
    if width == 0 || width > inside.len() {
        return;
    }
    // Without room for a blank and some of the bar on both sides, blanks replace the bar.
    let blanks = if width + 4 <= inside.len() {
        1
    } else {
        inside.len()
    };
    let start = (inside.len() - width) / 2;
    let from = start.saturating_sub(blanks);
    let to = (start + width).saturating_add(blanks).min(inside.len());
    inside[from..to].fill(" ".to_owned());
    let mut cell = start;
    for (glyph, cells) in cells::glyphs(label) {
        if cells == 0 {
            // A mark without width belongs to the glyph before it.
            inside[cell.saturating_sub(1).max(start)].push_str(glyph);
            continue;
        }
        inside[cell] = glyph.to_owned();
        // A wide glyph also fills the cells after its own.
        inside[cell + 1..cell + cells].fill(String::new());
        cell += cells;
    }
}
