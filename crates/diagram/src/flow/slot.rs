//! Where items are, and where lines meet them.

use super::nets::{Link, Net};

/// An item, placed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Slot {
    pub(super) left: usize,
    pub(super) right: usize,
    /// The column where a line meets the item if nothing speaks for another.
    pub(super) axis: usize,
    pub(super) kind: Kind,
}

/// What an item is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Boxed,
    Plain,
    Pass,
}

/// Where a line meets its items.
#[derive(Clone, Debug)]
pub(super) struct Route {
    /// For each link of the line, the columns where it meets the upper and the lower item.
    pub(super) ends: Vec<(usize, usize)>,
}

/// A side of a gap.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    Upper,
    Lower,
}

impl Slot {
    /// The columns where several lines may meet the item.
    pub(super) fn span(self) -> (usize, usize) {
        match self.kind {
            // Lines that touch a corner would look like a mistake.
            Kind::Boxed => (self.left + 2, self.right.saturating_sub(2)),
            // The last cell may be blank, where an odd width was needed.
            Kind::Plain => (self.left, self.right.saturating_sub(1).max(self.left)),
            Kind::Pass => (self.axis, self.axis),
        }
    }

    /// The columns where a line may meet the item if it is the only one on its side.
    pub(super) fn grip(self) -> (usize, usize) {
        match self.kind {
            Kind::Boxed => (self.left + 1, self.right - 1),
            Kind::Plain | Kind::Pass => (self.axis, self.axis),
        }
    }
}

impl Route {
    /// Whether each piece of the line is straight.
    pub(super) fn is_straight(&self) -> bool {
        self.ends.iter().all(|(upper, lower)| upper == lower)
    }
}

impl Side {
    pub(super) const BOTH: [Side; 2] = [Side::Upper, Side::Lower];

    pub(super) fn opposite(self) -> Side {
        match self {
            Side::Upper => Side::Lower,
            Side::Lower => Side::Upper,
        }
    }

    /// The layer on this side of a gap.
    pub(super) fn layer(self, gap: usize) -> usize {
        match self {
            Side::Upper => gap,
            Side::Lower => gap + 1,
        }
    }

    /// The column on this side, of the columns on both.
    pub(super) fn column(self, (upper, lower): (usize, usize)) -> usize {
        match self {
            Side::Upper => upper,
            Side::Lower => lower,
        }
    }

    /// The position of the item that a link meets on this side.
    pub(super) fn item(self, link: &Link) -> usize {
        match self {
            Side::Upper => link.upper,
            Side::Lower => link.lower,
        }
    }

    /// The positions of the items that a line meets on this side.
    pub(super) fn items(self, net: &Net) -> &[usize] {
        match self {
            Side::Upper => &net.uppers,
            Side::Lower => &net.lowers,
        }
    }
}
