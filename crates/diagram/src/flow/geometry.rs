//! The shapes that a flow consists of. All coordinates are in cells.

/// A cell: its column, then its line.
pub(super) type Cell = (usize, usize);

/// Shapes that belong together.
#[derive(Debug, Default)]
pub(super) struct Shapes {
    pub(super) frames: Vec<Frame>,
    pub(super) words: Vec<Words>,
    pub(super) paths: Vec<Path>,
}

/// The border of a box, by the cells of its corners.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Frame {
    pub(super) left: usize,
    pub(super) top: usize,
    pub(super) right: usize,
    pub(super) bottom: usize,
    /// Whether the box is inside another.
    pub(super) is_inner: bool,
}

/// One line of text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Words {
    /// The cell of the first glyph.
    pub(super) at: Cell,
    pub(super) text: String,
    pub(super) role: Role,
    /// Whether the middle of the text is half a cell further right than in whole cells.
    pub(super) half: bool,
}

/// What a line of text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Title,
    Text,
    Label,
}

/// A line along cells, with right angles.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Path {
    pub(super) corners: Vec<Cell>,
    pub(super) start: Start,
    /// How the line ends at its last corner.
    pub(super) end: End,
}

/// How a line starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Start {
    /// At another line or at a border, in the first cell.
    Joined,
    /// At the outer side of the first cell, beside text.
    Free,
}

/// How a line ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// At another line.
    Joined,
    /// In an arrowhead that touches the border in the next cell.
    AtBorder,
    /// In an arrowhead beside text.
    AtText,
}
