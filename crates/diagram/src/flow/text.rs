//! A flow in plain text.

use super::Flow;
use super::geometry::{Cell, End, Frame, Path};
use super::layout::{self, Layout};
use super::order::Plan;
use crate::{Direction, Error, cells, check_boxes};

/// The glyph for each set of sides to which a cell's lines lead: 1 up, 2 right, 4 down, 8 left.
const LINES: &str = " ╵╶└╷│┌├╴┘─┴┐┤┬┼";

pub(super) fn draw(flow: &Flow, plan: &Plan, width: usize) -> Result<String, Error> {
    let layout = layout::fit(flow, plan, width)?;
    let mut lines = Vec::new();
    if let Some(title) = &flow.title {
        lines.extend(cells::wrap(title, width, 0, ""));
        lines.push(String::new());
    }
    lines.extend(Paper::new(&layout).lines());
    if !flow.notes.is_empty() {
        lines.push(String::new());
    }
    for note in &flow.notes {
        lines.extend(cells::wrap(note, width, 0, ""));
    }
    let text: String = lines
        .iter()
        .map(|line| format!("{}\n", line.trim_end()))
        .collect();
    // Holds for every flow. If it didn't, no picture would be better than a crooked one.
    check_boxes(&text).map_err(Error::LooseEnds)?;
    Ok(text)
}

/// A grid of cells to draw on.
struct Paper {
    lines: Vec<Vec<Glyph>>,
}

/// The contents of a cell.
#[derive(Clone, Default)]
struct Glyph {
    /// The sides to which lines lead.
    sides: usize,
    /// What is printed instead of lines.
    text: Option<String>,
}

impl Paper {
    fn new(layout: &Layout) -> Paper {
        let mut paper = Paper {
            lines: vec![vec![Glyph::default(); layout.width]; layout.height],
        };
        for shapes in layout.nodes.iter().chain(&layout.arrows) {
            shapes.frames.iter().for_each(|frame| paper.frame(frame));
            shapes.paths.iter().for_each(|path| paper.path(path));
            for words in &shapes.words {
                for (column, (glyph, _)) in (words.at.0..).zip(cells::glyphs(&words.text)) {
                    if let Some(cell) = paper.cell((column, words.at.1)) {
                        cell.text = Some(glyph.to_owned());
                    }
                }
            }
        }
        paper
    }

    fn cell(&mut self, (column, line): Cell) -> Option<&mut Glyph> {
        self.lines.get_mut(line)?.get_mut(column)
    }

    fn frame(&mut self, frame: &Frame) {
        let Frame {
            left,
            top,
            right,
            bottom,
            ..
        } = *frame;
        self.line((left, top), (right, top));
        self.line((left, bottom), (right, bottom));
        self.line((left, top), (left, bottom));
        self.line((right, top), (right, bottom));
    }

    fn path(&mut self, path: &Path) {
        for ends in path.corners.windows(2) {
            self.line(ends[0], ends[1]);
        }
        if let (End::AtBorder | End::AtText, [.., before, last]) =
            (path.end, path.corners.as_slice())
        {
            let head = match toward(*before, *last) {
                Direction::Up => "↑",
                Direction::Right => "→",
                Direction::Down => "↓",
                Direction::Left => "←",
            };
            if let Some(cell) = self.cell(*last) {
                cell.text = Some(head.to_owned());
            }
        }
    }

    /// Draws a line along cells, from the middle of the first to the middle of the last.
    fn line(&mut self, from: Cell, to: Cell) {
        let toward = toward(from, to);
        let length = from.0.abs_diff(to.0) + from.1.abs_diff(to.1);
        for step in 0..=length {
            let at = match toward {
                Direction::Up => (from.0, from.1 - step),
                Direction::Right => (from.0 + step, from.1),
                Direction::Down => (from.0, from.1 + step),
                Direction::Left => (from.0 - step, from.1),
            };
            if let Some(cell) = self.cell(at) {
                if step > 0 {
                    cell.sides |= 1 << toward.opposite() as usize;
                }
                if step < length {
                    cell.sides |= 1 << toward as usize;
                }
            }
        }
    }

    fn lines(&self) -> impl Iterator<Item = String> {
        let glyph = |cell: &Glyph| match &cell.text {
            Some(text) => text.clone(),
            None => LINES.chars().nth(cell.sides).unwrap_or(' ').to_string(),
        };
        self.lines
            .iter()
            .map(move |cells| cells.iter().map(glyph).collect())
    }
}

/// Returns the direction from one cell to another in the same column or line.
pub(super) fn toward(from: Cell, to: Cell) -> Direction {
    match (from.0.cmp(&to.0), from.1.cmp(&to.1)) {
        (std::cmp::Ordering::Less, _) => Direction::Right,
        (std::cmp::Ordering::Greater, _) => Direction::Left,
        (_, std::cmp::Ordering::Greater) => Direction::Up,
        _ => Direction::Down,
    }
}
