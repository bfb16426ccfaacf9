//! Reads a drawn flow back: which box leads to which, judged by the glyphs alone.
//!
//! A box is found by a mark in its text, `<name>`. A branch of a list has the mark `<name.0>`.

use std::collections::{BTreeMap, BTreeSet};

use unicode_segmentation::UnicodeSegmentation;

/// A column and a line.
pub(crate) type Cell = (usize, usize);

/// A drawing whose boxes are found.
pub(crate) struct Reading {
    grid: Vec<Vec<String>>,
    /// The cells that each box covers: left, top, right, bottom.
    pub(crate) boxes: BTreeMap<String, (usize, usize, usize, usize)>,
    /// The boxes without a border.
    plain: BTreeSet<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Way {
    Up,
    Down,
}

impl Reading {
    /// Finds the boxes with these names. `plain` are those without a border.
    pub(crate) fn new(text: &str, names: &[String], plain: &BTreeSet<String>) -> Reading {
        let line = |line: &str| line.graphemes(true).map(str::to_owned).collect();
        let mut reading = Reading {
            grid: text.lines().map(line).collect(),
            boxes: BTreeMap::new(),
            plain: plain.clone(),
        };
        for name in names {
            let at = reading.only(&format!("<{name}>"));
            let place = if plain.contains(name) {
                reading.text_around(name, at)
            } else {
                reading.box_around(at)
            };
            reading.boxes.insert(name.clone(), place);
        }
        reading
    }

    fn at(&self, (column, line): Cell) -> &str {
        let cell = self.grid.get(line).and_then(|line| line.get(column));
        cell.map_or(" ", String::as_str)
    }

    /// Whether the glyph in a cell sends out a line: up, right, down, left.
    fn arms(&self, at: Cell) -> [bool; 4] {
        match self.at(at) {
            "─" => [false, true, false, true],
            "│" => [true, false, true, false],
            "┌" => [false, true, true, false],
            "┐" => [false, false, true, true],
            "└" => [true, true, false, false],
            "┘" => [true, false, false, true],
            "├" => [true, true, true, false],
            "┤" => [true, false, true, true],
            "┬" => [false, true, true, true],
            "┴" => [true, true, false, true],
            "┼" => [true; 4],
            "╷" => [false, false, true, false],
            "╵" => [true, false, false, false],
            _ => [false; 4],
        }
    }

    /// Returns where a text is, which must be in exactly one place.
    pub(crate) fn only(&self, text: &str) -> Cell {
        let wanted: Vec<&str> = text.graphemes(true).collect();
        let mut found = Vec::new();
        for (line, cells) in self.grid.iter().enumerate() {
            for column in 0..cells.len() {
                if cells[column..].iter().take(wanted.len()).eq(wanted.iter()) {
                    found.push((column, line));
                }
            }
        }
        assert_eq!(found.len(), 1, "{text:?} is in {found:?}\n{self}");
        found[0]
    }

    /// Returns the smallest rectangle around a cell whose sides are drawn.
    fn box_around(&self, (column, line): Cell) -> (usize, usize, usize, usize) {
        let across = |y: usize, left: usize, right: usize| {
            (left..right).all(|x| self.arms((x, y))[1] && self.arms((x + 1, y))[3])
        };
        let down = |x: usize, top: usize, bottom: usize| {
            (top..bottom).all(|y| self.arms((x, y))[2] && self.arms((x, y + 1))[0])
        };
        let width = self.grid.iter().map(Vec::len).max().unwrap_or(0);
        for top in (0..line).rev() {
            for left in (0..column)
                .rev()
                .filter(|left| self.at((*left, top)) == "┌")
            {
                let right = (column..width).find(|right| self.at((*right, top)) == "┐");
                let Some(right) = right.filter(|right| across(top, left, *right)) else {
                    continue;
                };
                let bottom = (line..self.grid.len()).find(|bottom| self.at((left, *bottom)) == "└");
                let Some(bottom) = bottom else { continue };
                let is_closed = across(bottom, left, right)
                    && down(left, top, bottom)
                    && down(right, top, bottom)
                    && self.at((right, bottom)) == "┘";
                if is_closed {
                    return (left, top, right, bottom);
                }
            }
        }
        panic!("no box around column {column}, line {line}:\n{self}");
    }

    /// Returns the cells of a text without a border: its first line, down to its last branch.
    fn text_around(&self, name: &str, (left, top): Cell) -> (usize, usize, usize, usize) {
        let mut place = (left, top, left + name.len() + 1, top);
        for index in 0.. {
            let mark = format!("<{name}.{index}>");
            let lines = self.grid[top..].iter().map(|line| line.concat());
            if !lines.into_iter().any(|line| line.contains(&mark)) {
                break;
            }
            let (column, line) = self.only(&mark);
            (place.2, place.3) = (column + mark.len() + 1, line);
        }
        place
    }

    /// Returns the cells where lines leave a box, and in which direction.
    fn tails(&self, name: &str) -> Vec<(Cell, Way)> {
        let (left, top, right, bottom) = self.boxes[name];
        let mut tails = Vec::new();
        for column in left..=right {
            let above = top.checked_sub(1).map(|line| (column, line));
            let below = (column, bottom + 1);
            if self.plain.contains(name) {
                tails.extend(
                    above
                        .filter(|at| self.at(*at) == "╵")
                        .map(|at| (at, Way::Up)),
                );
                if self.at(below) == "╷" {
                    tails.push((below, Way::Down));
                }
                // A list's line goes on from its last branch.
                if self.at((column, bottom)) == "├" {
                    tails.push(((column, bottom), Way::Down));
                }
            } else {
                if self.arms((column, top))[0] {
                    tails.push(((column, top), Way::Up));
                }
                if self.arms((column, bottom))[2] {
                    tails.push(((column, bottom), Way::Down));
                }
            }
            // A line with two heads starts at either.
            tails.extend(
                above
                    .filter(|at| self.at(*at) == "↓")
                    .map(|at| (at, Way::Up)),
            );
            if self.at(below) == "↑" {
                tails.push((below, Way::Down));
            }
        }
        tails
    }

    /// Returns the box whose upper or lower side an arrowhead touches.
    fn pointed_at(&self, (column, line): Cell, way: Way) -> &str {
        let touches =
            |&(_, &(left, top, right, bottom)): &(&String, &(usize, usize, usize, usize))| {
                let side = if way == Way::Down {
                    line + 1 == top
                } else {
                    line == bottom + 1
                };
                side && (left..=right).contains(&column)
            };
        match self.boxes.iter().find(touches) {
            Some((name, _)) => name,
            None => panic!("the head in column {column}, line {line} points at nothing:\n{self}"),
        }
    }

    /// Follows lines from a cell in a direction. Returns the boxes that they point at, and the cells on the way.
    fn follow(&self, start: Cell, way: Way) -> (BTreeSet<String>, BTreeSet<Cell>) {
        let (mut reached, mut seen) = (BTreeSet::new(), BTreeSet::new());
        let mut open = vec![(start, true)];
        while let Some((at, is_first)) = open.pop() {
            if !seen.insert(at) {
                continue;
            }
            let ahead = |at: Cell| match way {
                Way::Up => at.1.checked_sub(1).map(|line| (at.0, line)),
                Way::Down => Some((at.0, at.1 + 1)),
            };
            let mut next = Vec::new();
            let arms = self.arms(at);
            let is_head = matches!(self.at(at), "↑" | "↓");
            if arms[if way == Way::Up { 0 } else { 2 }] || is_head {
                next.extend(ahead(at));
            }
            // A border is no part of a line.
            if !is_first {
                if arms[1] {
                    next.push((at.0 + 1, at.1));
                }
                if arms[3] {
                    next.push((at.0 - 1, at.1));
                }
            }
            for cell in next {
                let head = if way == Way::Up { "↑" } else { "↓" };
                if self.at(cell) == head {
                    reached.insert(self.pointed_at(cell, way).to_owned());
                    seen.insert(cell);
                } else if self.arms(cell) != [false; 4] && !self.is_border(cell) {
                    open.push((cell, false));
                }
            }
        }
        (reached, seen)
    }

    fn is_border(&self, (column, line): Cell) -> bool {
        self.boxes
            .iter()
            .any(|(name, &(left, top, right, bottom))| {
                !self.plain.contains(name)
                    && (left..=right).contains(&column)
                    && (top..=bottom).contains(&line)
            })
    }

    /// Returns each pair of boxes of which the first leads to the second.
    pub(crate) fn arrows(&self) -> BTreeSet<(String, String)> {
        let mut arrows = BTreeSet::new();
        for name in self.boxes.keys() {
            for (tail, way) in self.tails(name) {
                let (reached, _) = self.follow(tail, way);
                arrows.extend(reached.into_iter().map(|to| (name.clone(), to)));
            }
        }
        arrows
    }

    /// Returns the arrows that pass the line beside a label.
    pub(crate) fn labelled(&self, label: &str) -> BTreeSet<(String, String)> {
        let (column, line) = self.only(label);
        assert_eq!(self.at((column - 1, line)), " ", "{self}");
        let beside = (column - 2, line);
        assert!(
            matches!(self.at(beside), "│" | "╷" | "╵"),
            "{label}:\n{self}"
        );
        let mut arrows = BTreeSet::new();
        for name in self.boxes.keys() {
            for (tail, way) in self.tails(name) {
                if self.follow(tail, way).1.contains(&beside) {
                    let (reached, _) = self.follow(beside, way);
                    arrows.extend(reached.into_iter().map(|to| (name.clone(), to)));
                }
            }
        }
        arrows
    }

    /// Returns the text inside a box, line by line.
    pub(crate) fn inside(&self, name: &str) -> Vec<String> {
        let (left, top, right, bottom) = self.boxes[name];
        let cells = |line: usize| {
            (left..=right)
                .map(|column| self.at((column, line)))
                .collect()
        };
        (top..=bottom).map(cells).collect()
    }

    /// Fails if a box overlaps another.
    pub(crate) fn assert_apart(&self) {
        for (name, one) in &self.boxes {
            for (other, two) in self.boxes.iter().filter(|(other, _)| *other > name) {
                let is_apart = one.2 < two.0 || two.2 < one.0 || one.3 < two.1 || two.3 < one.1;
                assert!(is_apart, "{name} and {other} overlap:\n{self}");
            }
        }
    }
}

impl std::fmt::Display for Reading {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for line in &self.grid {
            writeln!(f, "{}", line.concat())?;
        }
        Ok(())
    }
}
