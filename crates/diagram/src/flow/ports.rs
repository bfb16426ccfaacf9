//! Finds where lines meet the boxes.

use std::cmp::Ordering;

use super::demand::{Demand, LABEL, Labels, Room};
use super::nets::{Link, Net};
use super::order::Plan;
use super::slot::{Kind, Route, Side, Slot};
use super::spread::{Wish, spread, whole};

/// The distance between two lines that meet one side of a box.
const APART: usize = 4;
/// The smallest distance between two such lines if one of them can then be straight.
const CLOSEST: usize = 2;
/// A line that is no further from the middle of a box meets the box where it can be straight.
const NEAR: usize = 2;

/// A flow whose items are placed.
pub(super) struct Ports<'a> {
    pub(super) plan: &'a Plan,
    pub(super) slots: &'a [Vec<Slot>],
    /// The width of each arrow's label, or 0.
    pub(super) labels: &'a [usize],
    pub(super) width: usize,
}

impl Ports<'_> {
    /// Returns the route of each line in each gap.
    ///
    /// # Errors
    ///
    /// The room that lines and labels lack.
    pub(super) fn routes(&self) -> Result<Vec<Vec<Route>>, Vec<Demand>> {
        let gaps = 0..self.plan.gaps.len();
        let routes: Vec<Vec<Route>> = gaps.map(|gap| self.gap(gap)).collect::<Result<_, _>>()?;
        let gaps = routes.iter().zip(&self.plan.gaps).enumerate();
        let demands = gaps.flat_map(|(gap, (routes, nets))| {
            let labels = Labels {
                gap,
                nets,
                routes,
                slots: self.slots,
                widths: self.labels,
                width: self.width,
            };
            labels.demands()
        });
        let demands: Vec<Demand> = demands.collect();
        match demands.is_empty() {
            true => Ok(routes),
            false => Err(demands),
        }
    }

    fn slot(&self, gap: usize, side: Side, index: usize) -> Slot {
        self.slots[side.layer(gap)][index]
    }

    fn gap(&self, gap: usize) -> Result<Vec<Route>, Vec<Demand>> {
        let nets = &self.plan.gaps[gap];
        let wishes: Vec<_> = nets.iter().map(|net| self.wishes(gap, net)).collect();
        let uppers = self.settled(gap, Side::Upper, &wishes)?;
        let lowers = self.settled(gap, Side::Lower, &wishes)?;
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
        let slots = |link: &Link| {
            (
                self.slot(gap, Side::Upper, link.upper),
                self.slot(gap, Side::Lower, link.lower),
            )
        };
        let slots: Vec<(Slot, Slot)> = net.links.iter().map(slots).collect();
        let wish = |&(upper, lower): &(Slot, Slot)| match (net.uppers.len(), net.lowers.len()) {
            (1, 1) => straight(upper, lower),
            (1, _) => (near(upper, slots.iter().map(|slots| slots.1)), lower.axis),
            (_, 1) => (upper.axis, near(lower, slots.iter().map(|slots| slots.0))),
            _ => (upper.axis, lower.axis),
        };
        slots.iter().map(wish).collect()
    }

    /// Keeps the lines that meet one side of an item apart. Returns a column for each link of each line.
    fn settled(
        &self,
        gap: usize,
        side: Side,
        wishes: &[Vec<(usize, usize)>],
    ) -> Result<Vec<Vec<usize>>, Vec<Demand>> {
        let nets = &self.plan.gaps[gap];
        let mut columns: Vec<Vec<usize>> =
            nets.iter().map(|net| vec![0; net.links.len()]).collect();
        let mut demands = Vec::new();
        let layer = side.layer(gap);
        for (index, slot) in self.slots[layer].iter().enumerate() {
            // The lines that meet this side of the item, each with the first of its links that do.
            let meeting = nets.iter().enumerate().filter_map(|(net, of)| {
                let meets = |link: &Link| side.item(link) == index;
                Some((net, of.links.iter().position(meets)?))
            });
            let meeting: Vec<(usize, usize)> = meeting.collect();
            let (low, high) = match meeting.len() {
                0 | 1 => slot.grip(),
                _ => slot.span(),
            };
            let wish = |(place, &(net, link)): (usize, &(usize, usize))| Wish {
                at: side.column(wishes[net][link]) as f64,
                weight: 1.0,
                low: low as f64,
                high: high as f64,
                apart: place.checked_sub(1).map_or(0, |left| {
                    APART.max(self.label(&nets[meeting[left].0], side, index))
                }) as f64,
            };
            let wishes: Vec<Wish> = meeting.iter().enumerate().map(wish).collect();
            match spread(&wishes) {
                Ok(found) => {
                    for (&(net, _), column) in meeting.iter().zip(found) {
                        let links = nets[net].links.iter().zip(&mut columns[net]);
                        links
                            .filter(|(link, _)| side.item(link) == index)
                            .for_each(|(_, place)| *place = whole(column));
                    }
                }
                Err(missing) => demands.push(Demand {
                    layer,
                    index,
                    room: Room::Inside(missing.ceil() as usize),
                    arrow: None,
                }),
            }
        }
        match demands.is_empty() {
            true => Ok(columns),
            false => Err(demands),
        }
    }

    /// Returns the distance that a line's label needs between where the line meets an item and where the next
    /// one does.
    fn label(&self, net: &Net, side: Side, item: usize) -> usize {
        // Labels stand where a line isn't shared.
        let has_labels = net.is_pair() || side.items(net).len() > 1;
        let links = net.links.iter().filter(|link| side.item(link) == item);
        let labels = links
            .filter(|link| link.has_label && has_labels)
            .map(|link| self.labels[link.arrow] + LABEL + 2);
        labels.max().unwrap_or(0)
    }

    /// Makes a line straight if its items and the lines beside it allow that.
    fn straighten(&self, gap: usize, index: usize, routes: &mut [Route]) {
        let net = &self.plan.gaps[gap][index];
        for side in Side::BOTH {
            let &[item] = side.items(net) else { continue };
            let slot = self.slot(gap, side, item);
            let (low, high) = match (net.is_pair(), slot.kind) {
                (true, _) => slot.grip(),
                (false, Kind::Boxed) => slot.span(),
                (false, _) => continue,
            };
            let ends = &routes[index].ends;
            let columns: Vec<usize> = ends
                .iter()
                .map(|&ends| side.opposite().column(ends))
                .collect();
            let fits = columns.iter().all(|column| (low..=high).contains(column));
            if fits && self.are_free(gap, side, index, &columns, routes) {
                routes[index].ends = columns.into_iter().map(|column| (column, column)).collect();
                return;
            }
        }
    }

    /// Whether columns for a line keep their distance from the other lines on the same side of its item.
    fn are_free(
        &self,
        gap: usize,
        side: Side,
        index: usize,
        columns: &[usize],
        routes: &[Route],
    ) -> bool {
        let nets = &self.plan.gaps[gap];
        let Some(&item) = side.items(&nets[index]).first() else {
            return false;
        };
        let first = columns.iter().min().copied().unwrap_or(0);
        let last = columns.iter().max().copied().unwrap_or(0);
        let lines = nets.iter().zip(routes).enumerate();
        lines.into_iter().all(|(other, (net, route))| {
            let pieces = net.links.iter().zip(&route.ends);
            let mut columns = pieces
                .filter(|(link, _)| side.item(link) == item)
                .map(|(_, ends)| side.column(*ends));
            let apart = |left: usize| CLOSEST.max(self.label(&nets[left], side, item));
            match other.cmp(&index) {
                Ordering::Less => columns.all(|column| column + apart(other) <= first),
                Ordering::Equal => true,
                Ordering::Greater => columns.all(|column| column >= last + apart(index)),
            }
        })
    }
}

/// Returns where a line between two items should meet them: in one column if possible.
fn straight(upper: Slot, lower: Slot) -> (usize, usize) {
    let width = |slot: Slot| slot.grip().1 - slot.grip().0;
    let narrow = match width(lower) < width(upper) {
        true => lower,
        false => upper,
    };
    let low = upper.grip().0.max(lower.grip().0);
    let high = upper.grip().1.min(lower.grip().1);
    if (low..=high).contains(&narrow.axis) {
        (narrow.axis, narrow.axis)
    } else if low + NEAR <= high {
        (usize::midpoint(low, high), usize::midpoint(low, high))
    } else {
        (upper.axis, lower.axis)
    }
}

/// Returns where a shared line should meet the one item on its side: right above or below another item if
/// that is near the middle, so that the line bends less.
fn near(slot: Slot, others: impl Iterator<Item = Slot>) -> usize {
    let nearest = others
        .map(|other| other.axis)
        .min_by_key(|axis| axis.abs_diff(slot.axis))
        .filter(|axis| slot.kind == Kind::Boxed && axis.abs_diff(slot.axis) <= NEAR);
    nearest.unwrap_or(slot.axis)
}
