//! Room that turns out to be missing, and the labels that need it.

use super::nets::{Link, Net};
use super::slot::{Route, Side, Slot};

/// The cells from a line to the end of its label, apart from the label itself.
pub(super) const LABEL: usize = 2;

/// Room that was missing beside an item.
#[derive(Clone, Copy, Debug)]
pub(super) struct Demand {
    pub(super) layer: usize,
    /// The position of the item in its layer.
    pub(super) index: usize,
    pub(super) room: Room,
    /// The arrow whose label needs the room, if it is one.
    pub(super) arrow: Option<usize>,
}

/// Which room, in cells.
#[derive(Clone, Copy, Debug)]
pub(super) enum Room {
    /// More in the item.
    Inside(usize),
    /// More between the item and the next.
    After(usize),
    /// As much as this after the item's axis, before the end of the picture.
    ToTheEnd(usize),
}

/// Returns the side of the gap where the label of a link stands: where the line isn't shared, or else where
/// the arrow starts.
pub(super) fn label_side(net: &Net, route: &Route, link: &Link) -> Side {
    match (net.uppers.len(), net.lowers.len()) {
        _ if net.is_pair() || route.is_straight() => match link.down {
            true => Side::Upper,
            false => Side::Lower,
        },
        (1, _) => Side::Lower,
        _ => Side::Upper,
    }
}

/// A gap whose lines have columns.
pub(super) struct Labels<'a> {
    pub(super) gap: usize,
    pub(super) nets: &'a [Net],
    pub(super) routes: &'a [Route],
    pub(super) slots: &'a [Vec<Slot>],
    /// The width of each arrow's label.
    pub(super) widths: &'a [usize],
    /// The width of the picture.
    pub(super) width: usize,
}

impl Labels<'_> {
    /// Returns the room that the labels lack.
    pub(super) fn demands(&self) -> Vec<Demand> {
        let mut demands = Vec::new();
        for (net, route) in self.nets.iter().zip(self.routes) {
            for (link, ends) in net.links.iter().zip(&route.ends) {
                if link.has_label {
                    let side = label_side(net, route, link);
                    demands.extend(self.to_the_next_line(link, *ends, side));
                    demands.extend(self.to_the_end(link, side.column(*ends)));
                }
            }
        }
        demands
    }

    fn demand(&self, side: Side, index: usize, link: &Link, room: Room) -> Demand {
        Demand {
            layer: side.layer(self.gap),
            index,
            room,
            arrow: Some(link.arrow),
        }
    }

    /// Demands room between a label and the next line on its right.
    fn to_the_next_line(&self, link: &Link, ends: (usize, usize), side: Side) -> Vec<Demand> {
        let column = side.column(ends);
        let lines = self.nets.iter().zip(self.routes);
        let pieces = lines.flat_map(|(net, route)| net.links.iter().zip(&route.ends));
        let next = pieces
            .map(|(link, ends)| (side.column(*ends), link))
            .filter(|(next, _)| *next > column)
            .min_by_key(|(next, _)| *next);
        let Some((next_column, next)) = next else {
            return Vec::new();
        };
        let needed = column + LABEL + self.widths[link.arrow] + 1;
        let missing = needed.saturating_sub(next_column);
        if missing == 0 {
            return Vec::new();
        }
        // On either side, the items that the two lines meet may be what keeps them together.
        let apart = Side::BOTH
            .into_iter()
            .filter(|side| side.item(link) < side.item(next))
            .map(|side| self.demand(side, side.item(next) - 1, link, Room::After(missing)));
        let apart: Vec<Demand> = apart.collect();
        match apart.is_empty() {
            true => vec![self.demand(Side::Upper, link.upper, link, Room::Inside(missing))],
            false => apart,
        }
    }

    /// Demands room between a label and the right side of the picture.
    fn to_the_end(&self, link: &Link, column: usize) -> Vec<Demand> {
        let end = column + LABEL + self.widths[link.arrow];
        if end <= self.width {
            return Vec::new();
        }
        let room = |side: Side| {
            let slot = self.slots[side.layer(self.gap)][side.item(link)];
            let room = Room::ToTheEnd((end - 1).saturating_sub(slot.axis));
            self.demand(side, side.item(link), link, room)
        };
        Side::BOTH.map(room).to_vec()
    }
}
