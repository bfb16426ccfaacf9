//! A chart in plain text.

use super::axis::Axis;
use super::row::in_order;
use super::{Bar, Gantt, Row};
use crate::{Error, cells};

const TIME: &str = "Time →";
/// Blank cells between the labels and the bars.
const GAP: usize = 3;
/// With fewer cells than this a chart says nothing.
const NARROWEST: usize = 16;
/// With more cells than this a chart can't be taken in at a glance.
const WIDEST: usize = 240;
const SHARED: &str = "A digit in a row stands where so many bars share a cell.";

pub(super) fn draw(chart: &Gantt, width: usize) -> Result<String, Error> {
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

    let mut lines = Vec::new();
    if let Some(title) = &chart.title {
        lines.extend(cells::wrap(title, width, 0, ""));
        lines.push(String::new());
    }
    lines.push(format!(
        "{}{:GAP$}{}",
        cells::pad(TIME, labels),
        "",
        header(&axis)
    ));
    let mut shared = false;
    for row in &chart.rows {
        match row {
            Row::Heading(text) => lines.extend(cells::wrap(text, width, 0, "")),
            Row::Elided(rows) => lines.push(format!("… {rows} more")),
            Row::Bars { label, bars } => {
                let (bars, shares) = draw_bars(bars, &axis);
                shared |= shares;
                lines.push(format!("{}{:GAP$}{bars}", cells::pad(label, labels), ""));
            }
        }
    }
    lines.push(format!("Total: {}", axis.total()));
    for note in shared
        .then_some(SHARED)
        .into_iter()
        .chain(chart.notes.iter().map(String::as_str))
    {
        lines.extend(cells::wrap(note, width, 0, ""));
    }
    Ok(lines
        .iter()
        .map(|line| format!("{}\n", line.trim_end()))
        .collect())
}

/// The ticks' labels, each over the cell in which its time begins.
fn header(axis: &Axis) -> String {
    let mut header = String::new();
    for tick in axis.ticks() {
        header = cells::pad(&header, tick.cell) + &tick.label;
    }
    header
}

/// The cells of one row, and whether bars share a cell among them.
fn draw_bars(bars: &[Bar], axis: &Axis) -> (String, bool) {
    let mut row: Vec<String> = Vec::new();
    // How many bars each cell holds.
    let mut held: Vec<usize> = Vec::new();
    for bar in in_order(bars) {
        let start = axis.cell(bar.start_ms);
        let glyphs = draw_bar(bar, axis.cell(bar.end_ms) - start);
        if held.len() < start + glyphs.len() {
            row.resize(start + glyphs.len(), " ".to_owned());
            held.resize(start + glyphs.len(), 0);
        }
        for (cell, glyph) in glyphs.into_iter().enumerate() {
            row[start + cell] = glyph;
            held[start + cell] += 1;
        }
    }
    for (cell, &held) in row.iter_mut().zip(&held).filter(|(_, held)| **held > 1) {
        *cell = if held < 10 {
            held.to_string()
        } else {
            "+".to_owned()
        };
    }
    (row.concat(), held.iter().any(|&held| held > 1))
}

/// The glyphs of one bar: as many as `cells`, but at least one.
fn draw_bar(bar: &Bar, cells: usize) -> Vec<String> {
    let last = bar.end.glyph();
    if cells < 2 {
        let only = if last == ']' { '▌' } else { last };
        return vec![only.to_string()];
    }
    // Not the full block: rows that lie under one another would run into one.
    let mut glyphs = vec!["▆".to_owned(); cells];
    glyphs[0] = "[".to_owned();
    glyphs[cells - 1] = last.to_string();
    if let Some(label) = &bar.label {
        write_label(label, &mut glyphs[1..cells - 1]);
    }
    glyphs
}

/// Writes `label` in the middle of the bar's inside if it fits there, with a blank on either side.
fn write_label(label: &str, inside: &mut [String]) {
    let width = cells::width(label);
    if width == 0 || width > inside.len() {
        return;
    }
    // Where there is no room for a blank and some bar on both sides, blanks take the bar's place.
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
            // A mark without a width of its own belongs to the glyph before it.
            inside[cell.saturating_sub(1).max(start)].push_str(glyph);
            continue;
        }
        inside[cell] = glyph.to_owned();
        // The further cells of a wide glyph are taken by it.
        inside[cell + 1..cell + cells].fill(String::new());
        cell += cells;
    }
}
