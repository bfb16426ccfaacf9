//! Bars in plain text.

use super::{Bars, Figures};
use crate::painted::{Line, Painted};
use crate::{Error, Meaning, cells};

/// Blank cells between the label and the bar, and between the bar and the value.
const GAP: usize = 3;
/// Blank cells between two columns of numbers.
const NUMBER_GAP: usize = 2;
/// Shorter bars can't be compared by eye.
const NARROWEST: usize = 8;
/// Longer bars are no easier to compare.
const WIDEST: usize = 240;

pub(super) fn draw(picture: &Bars, width: usize) -> Result<Painted, Error> {
    let figures = picture.figures();
    let columns = columns(&figures, &picture.unit);
    let label = picture
        .rows
        .iter()
        .map(|row| cells::width(&row.label))
        .max()
        .unwrap_or(0);
    let numbers = columns
        .iter()
        .map(|numbers| cells::width(numbers))
        .max()
        .unwrap_or(0);
    let room = width.saturating_sub(label + GAP + GAP + numbers);
    if room < NARROWEST {
        let what = format!("bars beside {label} cells of labels and {numbers} cells of numbers");
        return Err(Error::NoRoom { what, width });
    }
    let longest = room.min((width.min(WIDEST * 2) / 2).max(NARROWEST));
    let most = picture.rows.iter().map(|row| row.value).fold(0.0, f64::max);

    let wrap = |text: &str| cells::wrap(text, width, 0, "").into_iter().map(Line::from);
    let mut lines: Vec<Line> = Vec::new();
    if let Some(title) = &picture.title {
        lines.extend(wrap(title));
        lines.push(Line::default());
    }
    for (row, numbers) in picture.rows.iter().zip(columns) {
        let bar = if row.value > 0.0 {
            bar(row.value / most, longest)
        } else {
            String::new()
        };
        let mut line = Line::plain(cells::pad(&row.label, label + GAP));
        line.push(&bar, Meaning::Work);
        line.pad(label + GAP + longest + GAP);
        line.push_plain(&numbers);
        lines.push(line);
    }
    for note in &picture.notes {
        lines.extend(wrap(note));
    }
    Ok(Painted::of(lines))
}

/// Draws a bar of `share` × `longest` cells, rounded. A share above 0 is always visible.
fn bar(share: f64, longest: usize) -> String {
    match (share * longest as f64).round() as usize {
        0 => "▏".to_owned(),
        // Not the full block, which would merge adjacent rows.
        cells => "▆".repeat(cells.min(longest)),
    }
}

/// Aligns the numbers of all rows in columns: values and ratios to the right, spreads to the left.
fn columns(figures: &[Figures], unit: &str) -> Vec<String> {
    let widest = |text: fn(&Figures) -> Option<&String>| {
        figures
            .iter()
            .filter_map(text)
            .map(|text| cells::width(text))
            .max()
    };
    let value = widest(|row| Some(&row.value)).unwrap_or(0);
    let spread = widest(|row| row.spread.as_ref());
    let ratio = widest(|row| row.ratio.as_ref());
    let line = |row: &Figures| {
        let mut line = format!("{:>value$} {unit}", row.value)
            .trim_end()
            .to_owned();
        if let Some(spread) = spread {
            line += &" ".repeat(NUMBER_GAP);
            line += &cells::pad(row.spread.as_deref().unwrap_or(""), spread);
        }
        if let (Some(ratio), Some(text)) = (ratio, &row.ratio) {
            line += &" ".repeat(NUMBER_GAP);
            line += &format!("{text:>ratio$}");
        }
        line
    };
    figures.iter().map(line).collect()
}
