//! Blocks, shades and arrows as shapes.

use super::cell::Cell;
use crate::svg::{Canvas, Px};

/// Draws `glyph` if it is a block element (U+2580 to U+259F) or an arrow.
pub(super) fn draw(canvas: &mut Canvas, glyph: char, cell: &Cell) {
    match glyph {
        '\u{2580}'..='\u{259F}' => block(canvas, u32::from(glyph), cell),
        '▲' | '▼' | '◄' | '►' | '▶' | '◀' | '△' | '▽' => head(canvas, glyph, cell),
        '↑' | '↓' | '←' | '→' => arrow(canvas, glyph, cell),
        _ => {}
    }
}

fn block(canvas: &mut Canvas, code: u32, cell: &Cell) {
    // Fills a part of the cell, given in eighths: left, top, width, height.
    let mut part = |left: u32, top: u32, width: u32, height: u32, opacity: &str| {
        let x = Px(cell.x + Cell::WIDTH * f64::from(left) / 8.0);
        let y = Px(cell.y + Cell::HEIGHT * f64::from(top) / 8.0);
        let (width, height) = (
            Px(Cell::WIDTH * f64::from(width) / 8.0),
            Px(Cell::HEIGHT * f64::from(height) / 8.0),
        );
        let fill = canvas.palette.accent;
        canvas.put(format_args!(
            "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" fill=\"{fill}\"{opacity}/>"
        ));
    };
    match code {
        0x2580 => part(0, 0, 8, 4, ""),
        0x2581..=0x2588 => part(0, 0x2588 - code, 8, code - 0x2580, ""),
        0x2589..=0x258F => part(0, 0, 0x2590 - code, 8, ""),
        0x2590 => part(4, 0, 4, 8, ""),
        0x2591 => part(0, 0, 8, 8, " fill-opacity=\"0.25\""),
        0x2592 => part(0, 0, 8, 8, " fill-opacity=\"0.5\""),
        0x2593 => part(0, 0, 8, 8, " fill-opacity=\"0.75\""),
        0x2594 => part(0, 0, 8, 1, ""),
        0x2595 => part(7, 0, 1, 8, ""),
        _ => {
            // The quadrants: upper left, upper right, lower left, lower right.
            const QUADRANTS: [&str; 10] =
                ["3", "4", "1", "134", "14", "123", "124", "2", "23", "234"];
            let quadrants = usize::try_from(code - 0x2596)
                .ok()
                .and_then(|index| QUADRANTS.get(index));
            for quadrant in quadrants.copied().unwrap_or("").bytes() {
                let (left, top) = match quadrant {
                    b'1' => (0, 0),
                    b'2' => (4, 0),
                    b'3' => (0, 4),
                    _ => (4, 4),
                };
                part(left, top, 4, 4, "");
            }
        }
    }
}

/// Draws a triangle.
fn head(canvas: &mut Canvas, glyph: char, cell: &Cell) {
    let (x, y) = cell.middle();
    let half = Cell::WIDTH / 2.0;
    let points = match glyph {
        '▲' | '△' => [(x, y - half), (x + half, y + half), (x - half, y + half)],
        '▼' | '▽' => [(x, y + half), (x + half, y - half), (x - half, y - half)],
        '◄' | '◀' => [(x - half, y), (x + half, y - half), (x + half, y + half)],
        _ => [(x + half, y), (x - half, y - half), (x - half, y + half)],
    };
    let palette = canvas.palette;
    let fill = if matches!(glyph, '△' | '▽') {
        palette.background
    } else {
        palette.accent
    };
    let [a, b, c] = points.map(|(x, y)| format!("{} {}", Px(x), Px(y)));
    let stroke = palette.accent;
    canvas.put(format_args!(
        "<path d=\"M{a}L{b}L{c}Z\" fill=\"{fill}\" stroke=\"{stroke}\" stroke-width=\"1.2\" stroke-linejoin=\"round\"/>"
    ));
}

/// Draws a line through the whole cell, with a point at its end.
fn arrow(canvas: &mut Canvas, glyph: char, cell: &Cell) {
    let (x, y) = cell.middle();
    let (right, bottom) = (cell.x + Cell::WIDTH, cell.y + Cell::HEIGHT);
    // A vertical arrow could be longer than a horizontal one. The inset keeps it clear of its
    // neighbours.
    let inset = 3.0;
    let (from, to, along) = match glyph {
        '↑' => ((x, bottom - inset), (x, cell.y + inset), (0.0, -1.0)),
        '↓' => ((x, cell.y + inset), (x, bottom - inset), (0.0, 1.0)),
        '←' => ((right, y), (cell.x + 0.5, y), (-1.0, 0.0)),
        _ => ((cell.x, y), (right - 0.5, y), (1.0, 0.0)),
    };
    let accent = canvas.palette.accent;
    canvas.line(from, to, accent, 1.5);
    let barb = 3.5;
    let back = (to.0 - along.0 * barb, to.1 - along.1 * barb);
    for side in [-barb, barb] {
        // Swapping the coordinates of the direction gives the perpendicular.
        let end = (back.0 + along.1 * side, back.1 + along.0 * side);
        canvas.line(to, end, accent, 1.5);
    }
}
