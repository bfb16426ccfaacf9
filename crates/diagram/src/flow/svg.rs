//! A flow as an SVG document.

use std::fmt::Write;

use super::Flow;
use super::geometry::{Cell, End, Frame, Path, Role, Shapes, Start, Words};
use super::layout;
use super::order::Plan;
use super::text::toward;
use super::{sizes, words};
use crate::svg::{CELL, Canvas, Font, Px, estimate};
use crate::{Direction, Error, Theme};

const MARGIN: f64 = 32.0;
const SIZE: f64 = 15.0;
/// The size of a cell.
const COLUMN: f64 = CELL * SIZE;
const LINE: f64 = 20.0;
const RADIUS: f64 = 6.0;
/// The length of an arrowhead, and half its width.
const HEAD: f64 = 9.0;
const BARB: f64 = 4.5;
/// The space between a line and the text at its end, beside what the text's own cells leave.
const CLEAR: f64 = 2.0;

pub(super) fn draw(flow: &Flow, plan: &Plan, theme: Theme) -> Result<String, Error> {
    let layout = layout::fit(flow, plan, sizes::enough(flow))?;
    let mut canvas = Canvas::new(theme);
    let palette = canvas.palette;
    let plain = Font::new(SIZE, palette.text);
    let mut width = layout.width as f64 * COLUMN + MARGIN * 2.0;
    let mut top = MARGIN - LINE / 2.0;
    if let Some(title) = &flow.title {
        canvas.text(
            MARGIN,
            MARGIN + 16.0,
            title,
            Font::new(20.0, palette.text).bold(),
        );
        width = width.max(MARGIN * 2.0 + estimate(title, 20.0));
        top += 44.0;
    }
    let mut pen = Pen { canvas, top };
    for (node, shapes) in flow.layers.iter().flatten().zip(&layout.nodes) {
        pen.canvas.open(&words::sentence(flow, node));
        pen.shapes(shapes);
        pen.canvas.close();
    }
    pen.paths(layout.arrows.iter().flat_map(|shapes| &shapes.paths));
    for words in layout.arrows.iter().flat_map(|shapes| &shapes.words) {
        pen.words(words);
    }
    let mut canvas = pen.canvas;
    let mut y = top + layout.height as f64 * LINE;
    for note in &flow.notes {
        y += 24.0;
        canvas.text(MARGIN, y, note, plain);
        width = width.max(MARGIN * 2.0 + estimate(note, SIZE));
    }
    let below = if flow.notes.is_empty() {
        MARGIN - LINE / 2.0
    } else {
        MARGIN - 8.0
    };
    let title = flow.title.as_deref().unwrap_or("Flow");
    Ok(canvas.finish(width, y + below, title, &words::describe(flow)))
}

/// Draws shapes on a canvas.
struct Pen {
    canvas: Canvas,
    /// Where the first line of cells starts.
    top: f64,
}

impl Pen {
    fn shapes(&mut self, shapes: &Shapes) {
        for frame in &shapes.frames {
            self.frame(frame);
        }
        self.paths(&shapes.paths);
        for words in &shapes.words {
            self.words(words);
        }
    }

    /// Returns the middle of a cell.
    fn middle(&self, (column, line): Cell) -> (f64, f64) {
        (
            MARGIN + (column as f64 + 0.5) * COLUMN,
            self.top + (line as f64 + 0.5) * LINE,
        )
    }

    fn frame(&mut self, frame: &Frame) {
        let (left, top) = self.middle((frame.left, frame.top));
        let (right, bottom) = self.middle((frame.right, frame.bottom));
        let palette = self.canvas.palette;
        let fill = if frame.is_inner {
            palette.background
        } else {
            palette.panel
        };
        let (x, y, width, height, stroke) = (
            Px(left),
            Px(top),
            Px(right - left),
            Px(bottom - top),
            palette.muted,
        );
        self.canvas.put(format_args!(
            "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" rx=\"{}\" fill=\"{fill}\" \
             stroke=\"{stroke}\" stroke-width=\"1.5\"/>",
            Px(RADIUS)
        ));
    }

    fn words(&mut self, words: &Words) {
        let palette = self.canvas.palette;
        let (x, y) = self.middle(words.at);
        let half = if words.half { COLUMN / 2.0 } else { 0.0 };
        let font = match words.role {
            Role::Title => Font::new(SIZE, palette.text).bold(),
            Role::Text => Font::new(SIZE, palette.text),
            Role::Label => Font::new(SIZE, palette.muted),
        };
        if !words.text.is_empty() {
            self.canvas
                .code(x - COLUMN / 2.0 + half, y + 5.0, &words.text, font);
        }
    }

    /// Draws lines with round corners, and their arrowheads. Drawn one by one, lines that share their way would
    /// look thicker there.
    fn paths<'a>(&mut self, paths: impl IntoIterator<Item = &'a Path>) {
        let (mut lines, mut heads) = (String::new(), String::new());
        for path in paths {
            self.path(path, &mut lines, &mut heads);
        }
        let colour = self.canvas.palette.accent;
        if !lines.is_empty() {
            self.canvas.put(format_args!(
                "<path d=\"{lines}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"1.75\"/>"
            ));
        }
        if !heads.is_empty() {
            self.canvas
                .put(format_args!("<path d=\"{heads}\" fill=\"{colour}\"/>"));
        }
    }

    /// Adds the data of a line and of its arrowhead.
    fn path(&self, path: &Path, lines: &mut String, heads: &mut String) {
        let mut points: Vec<(f64, f64)> =
            path.corners.iter().map(|cell| self.middle(*cell)).collect();
        let corners = path.corners.as_slice();
        let ([from, next, ..], [.., before, to]) = (corners, corners) else {
            return;
        };
        if path.start == Start::Free {
            let direction = toward(*from, *next);
            points[0] = moved(points[0], direction, CLEAR - half(direction));
        }
        let end = points.len() - 1;
        let direction = toward(*before, *to);
        let tip = match path.end {
            End::Joined => {
                rounded(&points, lines);
                return;
            }
            // The border is in the middle of the next cell.
            End::AtBorder => half(direction) * 2.0 - 1.0,
            End::AtText => half(direction) - CLEAR,
        };
        let tip = moved(points[end], direction, tip);
        points[end] = moved(tip, direction, 1.0 - HEAD);
        rounded(&points, lines);
        let back = moved(tip, direction, -HEAD);
        let (dx, dy) = match direction {
            Direction::Up | Direction::Down => (BARB, 0.0),
            Direction::Left | Direction::Right => (0.0, BARB),
        };
        let (x1, y1, x2, y2) = (
            Px(back.0 - dx),
            Px(back.1 - dy),
            Px(back.0 + dx),
            Px(back.1 + dy),
        );
        let (x, y) = (Px(tip.0), Px(tip.1));
        // Writing to a string never fails, here and below.
        let _ = write!(heads, "M{x} {y}L{x1} {y1}L{x2} {y2}Z");
    }
}

/// Half the length of a cell in a direction.
fn half(direction: Direction) -> f64 {
    match direction {
        Direction::Up | Direction::Down => LINE / 2.0,
        Direction::Left | Direction::Right => COLUMN / 2.0,
    }
}

fn moved((x, y): (f64, f64), direction: Direction, by: f64) -> (f64, f64) {
    match direction {
        Direction::Up => (x, y - by),
        Direction::Right => (x + by, y),
        Direction::Down => (x, y + by),
        Direction::Left => (x - by, y),
    }
}

/// Adds path data for a line through these points, with round corners.
fn rounded(points: &[(f64, f64)], path: &mut String) {
    for (index, &(x, y)) in points.iter().enumerate() {
        let _ = match (
            index.checked_sub(1).map(|before| points[before]),
            points.get(index + 1),
        ) {
            (None, _) => write!(path, "M{} {}", Px(x), Px(y)),
            (Some(before), Some(&after)) => {
                let (from, to) = (toward_point((x, y), before), toward_point((x, y), after));
                write!(
                    path,
                    "L{} {}Q{} {} {} {}",
                    Px(from.0),
                    Px(from.1),
                    Px(x),
                    Px(y),
                    Px(to.0),
                    Px(to.1)
                )
            }
            (Some(_), None) => write!(path, "L{} {}", Px(x), Px(y)),
        };
    }
}

/// Returns the point where the curve of a corner starts or ends: on the way to the next point.
fn toward_point((x, y): (f64, f64), (to_x, to_y): (f64, f64)) -> (f64, f64) {
    let length = (to_x - x).abs() + (to_y - y).abs();
    let share = if length > 0.0 {
        RADIUS.min(length / 2.0) / length
    } else {
        0.0
    };
    (x + (to_x - x) * share, y + (to_y - y) * share)
}
