//! Curves in plain text.

use super::Curve;
use super::across::Across;
use super::grid::Grid;
use super::ruler::{MOST_STEPS, Ruler};
use crate::painted::{Line, Painted};
use crate::{Error, Meaning, cells};

/// The most lines between the lowest and the highest value.
const HIGHEST: usize = 14;
/// The cells between a label and the plot: a blank, and the axis.
const AXIS: usize = 2;
const SHARED: &str = "A digit is the number of curves that share that cell.";
const SHARED_BY_MANY: &str =
    "A digit is the number of curves that share that cell; + means 10 or more.";

pub(super) fn draw(picture: &Curve, width: usize) -> Result<Painted, Error> {
    let lines = picture.lines();
    let up = Ruler::new(
        picture.y.scale,
        &picture.values(|point| point.1),
        MOST_STEPS,
    );
    let labels = up.labels();
    let widest = labels.iter().map(|label| cells::width(label)).max();
    let left = widest.unwrap_or(0) + AXIS;
    let across = Across::fit(picture, width.saturating_sub(left)).ok_or_else(|| {
        let what = format!("curves beside {left} cells of labels");
        Error::NoRoom { what, width }
    })?;
    let step = (HIGHEST / up.steps).max(1);
    let last_row = step * up.steps;
    let cell = |&(x, y): &(f64, f64)| {
        let row = up.position(y) * last_row as f64;
        (across.cell(x), row.round() as usize)
    };
    let paths: Vec<Vec<(usize, usize)>> = lines
        .iter()
        .map(|line| line.points.iter().map(cell).collect())
        .collect();
    let grid = Grid::new(&paths, across.columns(), last_row + 1);

    let wrap = |text: &str| cells::wrap(text, width, 0, "").into_iter().map(Line::from);
    let mut text: Vec<Line> = Vec::new();
    if let Some(title) = &picture.title {
        text.extend(wrap(title));
        text.push(Line::default());
    }
    text.extend(wrap(&picture.y.heading()));
    for (row, marks) in grid.rows.iter().enumerate().rev() {
        let (label, axis) = match row % step {
            0 => (labels[row / step].as_str(), '┤'),
            _ => ("", '│'),
        };
        let blanks = " ".repeat(left - AXIS - cells::width(label));
        let mut line = Line::all(&format!("{blanks}{label} {axis}"), Meaning::Guide);
        for (mark, curve) in marks {
            let mut bytes = [0; 4];
            let mark = mark.encode_utf8(&mut bytes);
            match curve {
                Some(curve) => line.push(mark, Meaning::Series(*curve)),
                None => line.push_plain(mark),
            }
        }
        text.push(line);
    }
    let below = across.below(left);
    text.extend(below.iter().map(|line| Line::all(line, Meaning::Guide)));
    let heading = picture.x.heading();
    match (left + across.columns()).checked_sub(cells::width(&heading)) {
        Some(blanks) => text.push(Line::plain(format!("{:blanks$}{heading}", ""))),
        None => text.extend(wrap(&heading)),
    }
    for (index, (line, letter)) in lines.iter().zip('A'..).enumerate() {
        let label = format!("{letter}  {}", line.label);
        let lines = cells::wrap(&label, width, 3, "");
        text.extend(
            lines
                .iter()
                .map(|line| Line::all(line, Meaning::Series(index))),
        );
    }
    let shared = match grid.most_shared {
        0..=1 => None,
        2..=9 => Some(SHARED),
        _ => Some(SHARED_BY_MANY),
    };
    let notes = picture.notes.iter().map(String::as_str);
    for note in shared.into_iter().chain(notes) {
        text.extend(wrap(note));
    }
    Ok(Painted::of(text))
}
