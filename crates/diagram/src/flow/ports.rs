//! Finds where lines meet the boxes.

use super::nets::{Link, Net};
use super::order::{Item, Plan};
use super::spread::{Wish, spread, whole};

/// The smallest distance between two lines that meet one side of a box, if there is a choice.
const APART: usize = 4;
/// The cells from a line to the end of its label, apart from the label itself.
const LABEL: usize = 2;

/// An item, placed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Slot {
    pub(super) left: usize,
    pub(super) right: usize,
    /// The column where a line meets the item if nothing speaks for another.
    pub(super) axis: usize,
    pub(super) kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Boxed,
    Plain,
    Pass,
}

/// Where the pieces of a line meet its items.
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

/// Room that was missing.
#[derive(Clone, Copy, Debug)]
pub(super) enum Demand {
    /// An item needs more cells.
    Wider {
        layer: usize,
        index: usize,
        cells: usize,
    },
    /// An item and the next need more blank cells between them.
    Apart {
        layer: usize,
        index: usize,
        cells: usize,
    },
    /// An item's label needs so many cells after the axis.
    Tail {
        layer: usize,
        index: usize,
        cells: usize,
    },
}

/// A flow whose items are placed.
pub(super) struct Ports<'a> {
    pub(super) plan: &'a Plan,
    pub(super) slots: &'a [Vec<Slot>],
    /// The width of each arrow's label, or 0.
    pub(super) labels: &'a [usize],
    pub(super) width: usize,
}

impl Slot {
    /// The columns where several lines may meet the item.
    fn span(self) -> (usize, usize) {
        match self.kind {
            // Lines that touch a corner would look like a mistake.
            Kind::Boxed => (self.left + 2, self.right.saturating_sub(2)),
            Kind::Plain => (self.left, self.right),
            Kind::Pass => (self.axis, self.axis),
        }
    }

    /// The columns where a line may meet the item if it is the only one on its side.
    fn grip(self) -> (usize, usize) {
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

/// Returns the side of the gap where the label of a link stands: where the line isn't shared, or else where
/// the arrow starts.
pub(super) fn label_side(net: &Net, route: &Route, link: &Link) -> Side {
    match (net.uppers.len(), net.lowers.len()) {
        _ if net.is_pair() || route.is_straight() => {
            if link.down {
                Side::Upper
            } else {
                Side::Lower
            }
        }
        (1, _) => Side::Lower,
        _ => Side::Upper,
    }
}

impl Ports<'_> {
    /// Returns the route of each line in each gap.
    ///
    /// # Errors
    ///
    /// The room that lines and labels lack.
    pub(super) fn routes(&self) -> Result<Vec<Vec<Route>>, Vec<Demand>> {
        let mut demands = Vec::new();
        let mut routes = Vec::new();
        for gap in 0..self.plan.gaps.len() {
            match self.gap(gap) {
                Ok(gap) => routes.push(gap),
                Err(demand) => demands.extend(demand),
            }
        }
        if demands.is_empty() {
            for (gap, routes) in routes.iter().enumerate() {
                self.check_labels(gap, routes, &mut demands);
            }
        }
        if demands.is_empty() {
            Ok(routes)
        } else {
            Err(demands)
        }
    }

    fn slot(&self, gap: usize, side: Side, index: usize) -> Slot {
        match side {
            Side::Upper => self.slots[gap][index],
            Side::Lower => self.slots[gap + 1][index],
        }
    }

    fn gap(&self, gap: usize) -> Result<Vec<Route>, Vec<Demand>> {
        let nets = &self.plan.gaps[gap];
        let wishes: Vec<Vec<(usize, usize)>> =
            nets.iter().map(|net| self.wishes(gap, net)).collect();
        let (uppers, lowers) = (
            self.settled(gap, Side::Upper, &wishes)?,
            self.settled(gap, Side::Lower, &wishes)?,
        );
        let mut routes: Vec<Route> = uppers
            .into_iter()
            .zip(lowers)
            .map(|(uppers, lowers)| Route {
                ends: uppers.into_iter().zip(lowers).collect(),
            })
            .collect();
        for index in 0..nets.len() {
            self.straighten(gap, index, &mut routes);
        }
        Ok(routes)
    }

    /// Returns where each link of a line should meet its items.
    fn wishes(&self, gap: usize, net: &Net) -> Vec<(usize, usize)> {
        let upper = |link: &Link| self.slot(gap, Side::Upper, link.upper);
        let lower = |link: &Link| self.slot(gap, Side::Lower, link.lower);
        let axes = net
            .links
            .iter()
            .map(|link| (upper(link).axis, lower(link).axis));
        let axes: Vec<(usize, usize)> = axes.collect();
        if net.is_pair() {
            let straight = net
                .links
                .iter()
                .map(|link| straight(upper(link), lower(link)));
            return straight.collect();
        }
        // A shared line bends less if it starts right above or below one of its items.
        let near = |axis: usize, slot: Slot, others: &[usize]| {
            let near = others.iter().min_by_key(|other| axis.abs_diff(**other));
            let near = near.filter(|near| axis.abs_diff(**near) <= 2 && slot.kind == Kind::Boxed);
            near.copied().unwrap_or(axis)
        };
        let uppers: Vec<usize> = axes.iter().map(|ends| ends.0).collect();
        let lowers: Vec<usize> = axes.iter().map(|ends| ends.1).collect();
        let wish =
            |(link, (up, low)): (&Link, (usize, usize))| match (net.uppers.len(), net.lowers.len())
            {
                (1, _) => (near(up, upper(link), &lowers), low),
                (_, 1) => (up, near(low, lower(link), &uppers)),
                _ => (up, low),
            };
        net.links.iter().zip(axes).map(wish).collect()
    }

    /// Keeps the lines that meet one side of an item apart. Returns a column for each link of each line.
    fn settled(
        &self,
        gap: usize,
        side: Side,
        wishes: &[Vec<(usize, usize)>],
    ) -> Result<Vec<Vec<usize>>, Vec<Demand>> {
        let nets = &self.plan.gaps[gap];
        let layer = if side == Side::Upper { gap } else { gap + 1 };
        let end = |link: &Link| {
            if side == Side::Upper {
                link.upper
            } else {
                link.lower
            }
        };
        let is_alone = |net: &Net| match side {
            Side::Upper => net.uppers.len() > 1,
            Side::Lower => net.lowers.len() > 1,
        };
        let mut columns: Vec<Vec<usize>> =
            nets.iter().map(|net| vec![0; net.links.len()]).collect();
        let mut demands = Vec::new();
        for (index, slot) in self.slots[layer].iter().enumerate() {
            // The lines that meet this side, each with the first of its links.
            let meeting = nets.iter().enumerate().filter_map(|(net, of)| {
                Some((net, of.links.iter().position(|link| end(link) == index)?))
            });
            let meeting: Vec<(usize, usize)> = meeting.collect();
            let (low, high) = if meeting.len() > 1 {
                slot.span()
            } else {
                slot.grip()
            };
            let mut apart = 0;
            let wish = |&(net, link): &(usize, usize)| {
                let ends = wishes[net][link];
                let wish = Wish {
                    at: if side == Side::Upper { ends.0 } else { ends.1 } as f64,
                    weight: 1.0,
                    low: low as f64,
                    high: high as f64,
                    apart: apart as f64,
                };
                let links = nets[net].links.iter().filter(|link| end(link) == index);
                let label = links
                    .filter(|link| link.has_label)
                    .map(|link| self.labels[link.arrow])
                    .max();
                // Labels stand where a line isn't shared.
                let label = label.filter(|_| nets[net].is_pair() || is_alone(&nets[net]));
                apart = label.map_or(APART, |label| label + LABEL + 2);
                wish
            };
            let wishes: Vec<Wish> = meeting.iter().map(wish).collect();
            match spread(&wishes) {
                Ok(found) => {
                    for (&(net, _), column) in meeting.iter().zip(found) {
                        for (position, link) in nets[net].links.iter().enumerate() {
                            if end(link) == index {
                                columns[net][position] = whole(column);
                            }
                        }
                    }
                }
                Err(missing) => demands.push(Demand::Wider {
                    layer,
                    index,
                    cells: missing.ceil() as usize,
                }),
            }
        }
        if demands.is_empty() {
            Ok(columns)
        } else {
            Err(demands)
        }
    }

    /// Makes a line straight if its items and the lines beside it allow that.
    fn straighten(&self, gap: usize, index: usize, routes: &mut [Route]) {
        let net = &self.plan.gaps[gap][index];
        if routes[index].is_straight() {
            return;
        }
        for side in [Side::Upper, Side::Lower] {
            let items = if side == Side::Upper {
                &net.uppers
            } else {
                &net.lowers
            };
            let &[item] = items.as_slice() else { continue };
            let columns: Vec<usize> = routes[index]
                .ends
                .iter()
                .map(|&ends| other(side, ends))
                .collect();
            let slot = self.slot(gap, side, item);
            let is_boxed = slot.kind == Kind::Boxed;
            let (low, high) = if net.is_pair() {
                slot.grip()
            } else {
                slot.span()
            };
            let fits =
                |column: &usize| (low..=high).contains(column) && (is_boxed || net.is_pair());
            if columns.iter().all(fits) && self.are_free(gap, side, item, index, &columns, routes) {
                routes[index].ends = columns.into_iter().map(|column| (column, column)).collect();
                return;
            }
        }
    }

    /// Whether these columns keep their distance from the other lines on this side of the item.
    fn are_free(
        &self,
        gap: usize,
        side: Side,
        item: usize,
        index: usize,
        columns: &[usize],
        routes: &[Route],
    ) -> bool {
        let nets = &self.plan.gaps[gap];
        let (Some(first), Some(last)) = (columns.iter().min(), columns.iter().max()) else {
            return false;
        };
        nets.iter()
            .zip(routes)
            .enumerate()
            .all(|(net, (of, route))| {
                let meets = |link: &Link| {
                    item == if side == Side::Upper {
                        link.upper
                    } else {
                        link.lower
                    }
                };
                let ends = of
                    .links
                    .iter()
                    .zip(&route.ends)
                    .filter(|(link, _)| meets(link));
                let mut columns =
                    ends.map(|(_, &ends)| if side == Side::Upper { ends.0 } else { ends.1 });
                match net.cmp(&index) {
                    std::cmp::Ordering::Less => columns.all(|column| column + 2 <= *first),
                    std::cmp::Ordering::Equal => true,
                    std::cmp::Ordering::Greater => columns.all(|column| column >= last + 2),
                }
            })
    }

    /// Demands the room that the labels in a gap lack.
    fn check_labels(&self, gap: usize, routes: &[Route], demands: &mut Vec<Demand>) {
        let nets = &self.plan.gaps[gap];
        let pieces = nets.iter().zip(routes).flat_map(|(net, route)| {
            let pieces = net.links.iter().zip(&route.ends);
            pieces.map(move |(link, ends)| (link, *ends, label_side(net, route, link)))
        });
        let pieces: Vec<(&Link, (usize, usize), Side)> = pieces.collect();
        for &(link, ends, side) in pieces.iter().filter(|(link, _, _)| link.has_label) {
            let column = other(opposite(side), ends);
            let label = self.labels[link.arrow];
            let next = pieces
                .iter()
                .filter(|(_, ends, _)| other(opposite(side), *ends) > column)
                .min_by_key(|(_, ends, _)| other(opposite(side), *ends));
            if let Some(&(next, ends, _)) = next {
                let missing =
                    (column + LABEL + label + 1).saturating_sub(other(opposite(side), ends));
                if missing > 0 {
                    let before = demands.len();
                    for (layer, left, right) in [
                        (gap, link.upper, next.upper),
                        (gap + 1, link.lower, next.lower),
                    ] {
                        if left < right {
                            let (index, cells) = (right - 1, missing);
                            demands.push(Demand::Apart {
                                layer,
                                index,
                                cells,
                            });
                        }
                    }
                    if demands.len() == before {
                        let (layer, index) = (gap, link.upper);
                        demands.push(Demand::Wider {
                            layer,
                            index,
                            cells: missing,
                        });
                    }
                }
            }
            if column + LABEL + label > self.width {
                for (layer, index) in [(gap, link.upper), (gap + 1, link.lower)] {
                    let end = column + LABEL + label - 1;
                    let cells = end.saturating_sub(self.slots[layer][index].axis);
                    demands.push(Demand::Tail {
                        layer,
                        index,
                        cells,
                    });
                }
            }
        }
    }
}

fn opposite(side: Side) -> Side {
    match side {
        Side::Upper => Side::Lower,
        Side::Lower => Side::Upper,
    }
}

/// Returns the column on the other side.
fn other(side: Side, (upper, lower): (usize, usize)) -> usize {
    match side {
        Side::Upper => lower,
        Side::Lower => upper,
    }
}

/// Returns where a line between two items should meet them: in one column if possible.
fn straight(upper: Slot, lower: Slot) -> (usize, usize) {
    let width = |slot: Slot| slot.grip().1 - slot.grip().0;
    let narrow = if width(lower) < width(upper) {
        lower
    } else {
        upper
    };
    let low = upper.grip().0.max(lower.grip().0);
    let high = upper.grip().1.min(lower.grip().1);
    if (low..=high).contains(&narrow.axis) {
        (narrow.axis, narrow.axis)
    } else if low + 2 <= high {
        (usize::midpoint(low, high), usize::midpoint(low, high))
    } else {
        (upper.axis, lower.axis)
    }
}

/// Places an item around its axis.
pub(super) fn slot(item: Item, axis: usize, extent: super::columns::Extent, plain: bool) -> Slot {
    let kind = match item {
        Item::Pass(_) => Kind::Pass,
        Item::Node(_) if plain => Kind::Plain,
        Item::Node(_) => Kind::Boxed,
    };
    Slot {
        left: axis - extent.before,
        right: axis + extent.after,
        axis,
        kind,
    }
}
