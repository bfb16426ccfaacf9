//! Arranges the contents of a box.

use super::block::{self, Block, Part};
use super::geometry::{Cell, End, Frame, Path, Role, Shapes, Start, Words};
use crate::cells;

/// The cells that a border and the blank beside it take on both sides.
pub(super) const BORDER: usize = 4;
/// The column of the line that branches, from the left of its block.
pub(super) const TRUNK: usize = 4;
/// The columns from the start of a branch to its text: `├──→ `.
const BRANCH: usize = 5;

/// Returns the width and the height that a block needs, without a border.
pub(super) fn size(block: &Block) -> (usize, usize) {
    let widest = |text: &str, more: usize| {
        block::lines(text)
            .map(|line| cells::width(line) + more)
            .max()
            .unwrap_or(0)
    };
    let height = |text: &str| block::lines(text).count();
    let (mut width, mut lines) = (0, 0);
    if let Some(title) = &block.title {
        let blank = usize::from(!block.parts.is_empty());
        (width, lines) = (widest(title, 0), height(title) + blank);
    }
    for part in &block.parts {
        let (part_width, part_lines) = match part {
            Part::Text(text) => (widest(text, 0), height(text)),
            Part::Block(block) => {
                let (width, height) = size(block);
                (width + BORDER, height + 2)
            }
            Part::Branches(items) => {
                let widths = items.iter().map(|item| widest(item, TRUNK + BRANCH));
                let lines: usize = items.iter().map(|item| height(item)).sum();
                (widths.max().unwrap_or(0), lines + usize::from(lines > 0))
            }
        };
        width = width.max(part_width);
        lines += part_lines;
    }
    (width, lines)
}

impl Shapes {
    /// Adds a box of `width` by `height` cells, with its border.
    pub(super) fn boxed(&mut self, block: &Block, at: Cell, size: (usize, usize), is_inner: bool) {
        let ((x, y), (width, height)) = (at, size);
        self.frames.push(Frame {
            left: x,
            top: y,
            right: x + width - 1,
            bottom: y + height - 1,
            is_inner,
        });
        let spare = (height - 2).saturating_sub(self::size(block).1);
        let centred = !block.is_left() && block.title.is_none();
        let above = if centred { spare / 2 } else { 0 };
        self.contents(block, (x + 2, y + 1 + above), width - BORDER);
    }

    /// Adds the contents of a block, in `width` cells.
    pub(super) fn contents(&mut self, block: &Block, at: Cell, width: usize) {
        let (x, mut y) = at;
        if let Some(title) = &block.title {
            for line in block::lines(title) {
                self.centred(line, (x, y), width, Role::Title);
                y += 1;
            }
            y += 1;
        }
        for part in &block.parts {
            match part {
                Part::Text(text) => {
                    for line in block::lines(text) {
                        match block.is_left() {
                            true => self.line(line, (x, y), Role::Text),
                            false => self.centred(line, (x, y), width, Role::Text),
                        }
                        y += 1;
                    }
                }
                Part::Block(inner) => {
                    let height = size(inner).1 + 2;
                    self.boxed(inner, (x, y), (width, height), true);
                    y += height;
                }
                Part::Branches(items) => y = self.branches(items, (x, y)),
            }
        }
    }

    /// Adds a list with a line down its left side. Returns the line below it.
    fn branches(&mut self, items: &[String], (x, y): Cell) -> usize {
        let trunk = x + TRUNK;
        let (mut next, mut last) = (y + 1, None);
        for item in items {
            self.paths.push(Path {
                corners: vec![(trunk, next), (trunk + BRANCH - 2, next)],
                start: Start::Joined,
                end: End::AtText,
            });
            last = Some(next);
            for line in block::lines(item) {
                self.line(line, (trunk + BRANCH, next), Role::Text);
                next += 1;
            }
        }
        let Some(last) = last else { return y };
        self.paths.push(Path {
            corners: vec![(trunk, y), (trunk, last)],
            start: Start::Free,
            end: End::Joined,
        });
        next
    }

    fn centred(&mut self, text: &str, (x, y): Cell, width: usize, role: Role) {
        let spare = width.saturating_sub(cells::width(text));
        self.line(text, (x + spare / 2, y), role);
        if let Some(words) = self.words.last_mut() {
            words.half = spare % 2 == 1;
        }
    }

    /// Adds one line of text. Leading blanks shift it.
    pub(super) fn line(&mut self, text: &str, (x, y): Cell, role: Role) {
        let indent = text.len() - text.trim_start_matches(' ').len();
        self.words.push(Words {
            at: (x + indent, y),
            text: text[indent..].to_owned(),
            role,
            half: false,
        });
    }
}

/// The line of the last branch, from the top of the block, if the block ends with branches.
pub(super) fn last_branch(block: &Block) -> Option<usize> {
    match block.parts.last()? {
        Part::Branches(items) => {
            let lines = block::lines(items.last()?).count();
            Some(size(block).1 - lines)
        }
        Part::Text(_) | Part::Block(_) => None,
    }
}
