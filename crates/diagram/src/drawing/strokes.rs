//! Box-drawing characters as lines.

use std::fmt::Write;

use super::cell::Cell;
use crate::boxes::{Arm, Direction, arms};
use crate::svg::{Canvas, Px};

const LIGHT: f64 = 1.5;
const HEAVY: f64 = 3.5;
/// The distance from a double line's middle to either of its strokes.
const APART: f64 = 2.0;

/// The lines of a drawing. Lines that continue each other are joined.
#[derive(Default)]
pub(super) struct Strokes {
    light: Pen,
    heavy: Pen,
}

/// The lines of one width.
#[derive(Default)]
struct Pen {
    horizontal: Vec<Segment>,
    vertical: Vec<Segment>,
    /// Curves, diagonals and dashes, which are never joined, as path data.
    other: String,
}

/// A horizontal or vertical line.
struct Segment {
    /// The coordinate that all its points share.
    across: f64,
    /// The smaller end.
    from: f64,
    to: f64,
}

impl Strokes {
    /// Adds the lines of a box-drawing character.
    pub(super) fn glyph(&mut self, glyph: char, cell: &Cell) {
        match glyph {
            '╭' | '╮' | '╯' | '╰' => self.corner(arms(glyph), cell),
            '╱' | '╲' | '╳' => self.diagonals(glyph, cell),
            '╌' | '╍' | '╎' | '╏' => self.dashes(arms(glyph), 2, cell),
            '┄' | '┅' | '┆' | '┇' => self.dashes(arms(glyph), 3, cell),
            '┈' | '┉' | '┊' | '┋' => self.dashes(arms(glyph), 4, cell),
            _ => self.arms(arms(glyph), cell),
        }
    }

    /// Adds lines from the cell's middle to its sides.
    pub(super) fn arms(&mut self, arms: [Arm; 4], cell: &Cell) {
        for toward in Direction::ALL {
            match arms[toward as usize] {
                Arm::None => {}
                Arm::Light => self.light.arm(
                    cell,
                    toward,
                    0.0,
                    start_of_single(arms, toward) - LIGHT / 2.0,
                ),
                Arm::Heavy => self.heavy.arm(
                    cell,
                    toward,
                    0.0,
                    start_of_single(arms, toward) - HEAVY / 2.0,
                ),
                Arm::Double => {
                    for side in [-1.0, 1.0] {
                        let start = start_of_double(arms, toward, side > 0.0) - LIGHT / 2.0;
                        self.light.arm(cell, toward, side * APART, start);
                    }
                }
            }
        }
    }

    fn corner(&mut self, arms: [Arm; 4], cell: &Cell) {
        let (x, y) = cell.middle();
        let vertical = if arms[Direction::Up as usize] == Arm::None {
            1.0
        } else {
            -1.0
        };
        let horizontal = if arms[Direction::Left as usize] == Arm::None {
            1.0
        } else {
            -1.0
        };
        let radius = Cell::WIDTH / 2.0;
        let (end, start) = (
            Px(y + vertical * Cell::HEIGHT / 2.0),
            Px(y + vertical * radius),
        );
        let (side, x, y) = (Px(x + horizontal * radius), Px(x), Px(y));
        // Writing to a string never fails, here and below.
        let _ = write!(
            self.light.other,
            "M{x} {end}L{x} {start}Q{x} {y} {side} {y}"
        );
    }

    fn diagonals(&mut self, glyph: char, cell: &Cell) {
        let (left, right) = (Px(cell.x), Px(cell.x + Cell::WIDTH));
        let (top, bottom) = (Px(cell.y), Px(cell.y + Cell::HEIGHT));
        if glyph != '╲' {
            let _ = write!(self.light.other, "M{left} {bottom}L{right} {top}");
        }
        if glyph != '╱' {
            let _ = write!(self.light.other, "M{left} {top}L{right} {bottom}");
        }
    }

    fn dashes(&mut self, arms: [Arm; 4], dashes: u32, cell: &Cell) {
        let (x, y) = cell.middle();
        let [_, right, down, _] = arms;
        let pen = if right.max(down) == Arm::Heavy {
            &mut self.heavy
        } else {
            &mut self.light
        };
        let vertical = right == Arm::None;
        let side = if vertical { Cell::HEIGHT } else { Cell::WIDTH };
        let length = side / f64::from(dashes * 2);
        for dash in 0..dashes {
            let from = length * (f64::from(dash * 2) + 0.5);
            let _ = if vertical {
                let (from, to) = (Px(cell.y + from), Px(cell.y + from + length));
                write!(pen.other, "M{x} {from}L{x} {to}", x = Px(x))
            } else {
                let (from, to) = (Px(cell.x + from), Px(cell.x + from + length));
                write!(pen.other, "M{from} {y}L{to} {y}", y = Px(y))
            };
        }
    }

    pub(super) fn draw(self, canvas: &mut Canvas) {
        let stroke = canvas.palette.muted;
        for (path, width) in [(self.light.path(), LIGHT), (self.heavy.path(), HEAVY)] {
            if !path.is_empty() {
                canvas.put(format_args!(
                    "<path d=\"{path}\" fill=\"none\" stroke=\"{stroke}\" stroke-width=\"{width}\"/>"
                ));
            }
        }
    }
}

impl Pen {
    /// Adds a line to a side of the cell. It starts `start` after the cell's middle and runs `beside` it.
    fn arm(&mut self, cell: &Cell, toward: Direction, beside: f64, start: f64) {
        let (x, y) = cell.middle();
        let (lines, middle, across, half) = match toward {
            Direction::Up | Direction::Down => (&mut self.vertical, y, x, Cell::HEIGHT / 2.0),
            Direction::Left | Direction::Right => (&mut self.horizontal, x, y, Cell::WIDTH / 2.0),
        };
        let across = across + beside;
        lines.push(match toward {
            Direction::Up | Direction::Left => Segment {
                across,
                from: middle - half,
                to: middle - start,
            },
            Direction::Down | Direction::Right => Segment {
                across,
                from: middle + start,
                to: middle + half,
            },
        });
    }

    /// Returns all lines as path data.
    fn path(self) -> String {
        let mut path = String::new();
        for Segment { across, from, to } in joined(self.horizontal) {
            let (y, from, to) = (Px(across), Px(from), Px(to));
            let _ = write!(path, "M{from} {y}H{to}");
        }
        for Segment { across, from, to } in joined(self.vertical) {
            let (x, from, to) = (Px(across), Px(from), Px(to));
            let _ = write!(path, "M{x} {from}V{to}");
        }
        path + &self.other
    }
}

/// Joins the segments that touch and share a coordinate.
fn joined(mut lines: Vec<Segment>) -> Vec<Segment> {
    lines.sort_by(|a, b| {
        a.across
            .total_cmp(&b.across)
            .then(a.from.total_cmp(&b.from))
    });
    let mut joined: Vec<Segment> = Vec::new();
    for line in lines {
        match joined.last_mut() {
            Some(last) if last.across == line.across && line.from <= last.to + 0.01 => {
                last.to = last.to.max(line.to);
            }
            _ => joined.push(line),
        }
    }
    joined
}

/// Returns the two perpendicular sides, the upper or left one first.
fn beside(toward: Direction) -> [Direction; 2] {
    match toward {
        Direction::Up | Direction::Down => [Direction::Left, Direction::Right],
        Direction::Left | Direction::Right => [Direction::Up, Direction::Down],
    }
}

/// Returns how far from the middle a single line starts: at the near stroke of a double line that runs
/// past it, at the far stroke of a double line that turns.
fn start_of_single(arms: [Arm; 4], toward: Direction) -> f64 {
    let doubles = beside(toward)
        .iter()
        .filter(|side| arms[**side as usize] == Arm::Double)
        .count();
    match doubles {
        _ if arms[toward.opposite() as usize] != Arm::None => 0.0,
        0 => 0.0,
        1 => -APART,
        _ => APART,
    }
}

/// Returns how far from the middle a stroke of a double line starts. The `second` stroke is the lower or
/// right one. The strokes of two double lines meet on the same side of both.
fn start_of_double(arms: [Arm; 4], toward: Direction, second: bool) -> f64 {
    let [first_side, second_side] = beside(toward);
    let (near, far) = if second {
        (second_side, first_side)
    } else {
        (first_side, second_side)
    };
    let arm = |side: Direction| arms[side as usize];
    match (arm(near), arm(toward.opposite()), arm(far)) {
        (Arm::Double, _, _) => APART,
        (Arm::None, Arm::None, Arm::Double) => -APART,
        _ => 0.0,
    }
}
