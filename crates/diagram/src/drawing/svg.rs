//! A drawing as an SVG document: each glyph in its own cell, lines as lines.

use super::cell::{Cell, LINE, SIZE};
use super::{blocks, strokes};
use crate::boxes::{Arm, Direction, Grid, arms, ends_line};
use crate::svg::{CELL, Canvas, Font};
use crate::{Theme, cells};

const MARGIN: f64 = 28.0;

pub(super) fn draw(text: &str, theme: Theme) -> String {
    let mut canvas = Canvas::new(theme);
    let grid = Grid::new(text.trim_end());
    let width = grid.lines.iter().map(Vec::len).max().unwrap_or(0);
    let mut strokes = strokes::Strokes::default();
    for (line, glyphs) in grid.lines.iter().enumerate() {
        for (column, &glyph) in glyphs.iter().enumerate() {
            let cell = Cell {
                x: MARGIN + column as f64 * CELL * SIZE,
                y: MARGIN + line as f64 * LINE,
            };
            strokes.glyph(glyph, &cell);
            strokes.arms(arriving(&grid, line, column), &cell);
        }
    }
    strokes.draw(&mut canvas);
    for (line, text) in crate::boxes::lines(text.trim_end()).enumerate() {
        draw_words(&mut canvas, text, MARGIN + line as f64 * LINE);
    }
    let height = grid.lines.len() as f64 * LINE + MARGIN * 2.0;
    let width = width as f64 * CELL * SIZE + MARGIN * 2.0;
    canvas.finish(width, height, "Drawing", &describe(text))
}

/// Describes a drawing by its words, line by line.
pub(super) fn describe(text: &str) -> String {
    let blank_shapes = |glyph: char| if is_drawn(glyph) { ' ' } else { glyph };
    let lines = crate::boxes::lines(text).map(|line| {
        let line: String = line.chars().map(blank_shapes).collect();
        let words: Vec<&str> = line.split_whitespace().collect();
        words.join(" ")
    });
    let lines: Vec<String> = lines.filter(|line| !line.is_empty()).collect();
    lines.join("\n")
}

/// Returns the lines that end at an arrowhead or a `|`.
fn arriving(grid: &Grid, line: usize, column: usize) -> [Arm; 4] {
    let glyph = grid.lines[line][column];
    Direction::ALL.map(|side| {
        let neighbour = grid.neighbour(line, column, side);
        let arm = arms(neighbour)[side.opposite() as usize];
        if ends_line(glyph, side.opposite()) {
            arm
        } else {
            Arm::None
        }
    })
}

/// Whether `glyph` is drawn as a shape rather than written.
fn is_drawn(glyph: char) -> bool {
    matches!(glyph, '\u{2500}'..='\u{259F}') || ends_line(glyph, Direction::Up)
}

/// Draws the words of one line, each starting in its own cell, and the shapes between them.
fn draw_words(canvas: &mut Canvas, text: &str, y: f64) {
    let font = Font::new(SIZE, canvas.palette.text);
    let base = y + LINE / 2.0 + 5.0;
    let mut word = String::new();
    let mut start = 0;
    for (column, (glyph, _)) in cells::glyphs(text).enumerate() {
        let first = glyph.chars().next().unwrap_or(' ');
        if is_drawn(first) || first.is_whitespace() {
            canvas.code(MARGIN + start as f64 * Cell::WIDTH, base, &word, font);
            word.clear();
            blocks::draw(
                canvas,
                first,
                &Cell {
                    x: MARGIN + column as f64 * Cell::WIDTH,
                    y,
                },
            );
        } else {
            if word.is_empty() {
                start = column;
            }
            word.push_str(glyph);
        }
    }
    canvas.code(MARGIN + start as f64 * Cell::WIDTH, base, &word, font);
}
