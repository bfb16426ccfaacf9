//! Turns places into shapes.

use super::attempt::Placed;
use super::demand::{LABEL, label_side};
use super::geometry::{Cell, End, Path, Role, Shapes, Start, Words};
use super::nets::{Link, Net};
use super::order::{Item, Place, Plan};
use super::rows::Gap;
use super::slot::{Route, Side};
use super::{Flow, inside};

/// A flow of which every place is known.
pub(super) struct Draft<'a> {
    pub(super) flow: &'a Flow,
    pub(super) plan: &'a Plan,
    pub(super) placed: Placed,
    /// The height of each node of each layer.
    pub(super) heights: Vec<Vec<usize>>,
    /// The first line of each layer.
    pub(super) tops: Vec<usize>,
    pub(super) gaps: Vec<Gap>,
}

/// Where an arrow meets a node.
struct Meeting {
    line: usize,
    /// Whether a border is there, or another line.
    is_joined: bool,
}

/// The piece of an arrow in a gap.
struct Piece<'a> {
    net: &'a Net,
    route: &'a Route,
    link: &'a Link,
    /// The columns of its ends.
    ends: (usize, usize),
    /// The line of the picture in which it turns.
    turn: usize,
}

impl Draft<'_> {
    /// Draws each node.
    pub(super) fn nodes(&self) -> Vec<Shapes> {
        let mut nodes = Vec::new();
        for (layer, items) in self.plan.layers.iter().enumerate() {
            for (item, slot) in items.iter().zip(&self.placed.slots[layer]) {
                let Item::Node(index) = *item else { continue };
                let node = &self.flow.layers[layer][index];
                let at = (slot.left, self.tops[layer]);
                let width = self.placed.widths[layer][index];
                let mut shapes = Shapes::default();
                match node.plain {
                    true => shapes.contents(&node.block, at, width),
                    false => {
                        let size = (width, self.heights[layer][index]);
                        shapes.boxed(&node.block, at, size, false);
                    }
                }
                nodes.push(shapes);
            }
        }
        nodes
    }

    /// Draws each arrow.
    pub(super) fn arrows(&self) -> Vec<Shapes> {
        let arrows = 0..self.flow.arrows.len();
        arrows.map(|arrow| self.arrow(arrow)).collect()
    }

    /// Draws an arrow from its upper to its lower end, then turns it around if it leads up.
    fn arrow(&self, arrow: usize) -> Shapes {
        let span = self.plan.spans[arrow];
        let gaps = span.top().layer..span.bottom().layer;
        let pieces: Vec<(usize, Piece<'_>)> = gaps
            .filter_map(|gap| Some((gap, self.piece(gap, arrow)?)))
            .collect();
        let both_ways = pieces.iter().any(|(_, piece)| piece.net.leads_both_ways());
        let leads_down = span.leads_down();
        let upper = self.meeting(span.top(), Side::Upper, leads_down, both_ways);
        let lower = self.meeting(span.bottom(), Side::Lower, !leads_down, both_ways);
        let turns = pieces.iter().flat_map(|(_, piece)| {
            let (upper, lower) = piece.ends;
            [(upper, piece.turn), (lower, piece.turn)]
        });
        let mut corners: Vec<Cell> = turns.collect();
        if let (Some(first), Some(last)) = (corners.first().copied(), corners.last().copied()) {
            corners.insert(0, (first.0, upper.line));
            corners.push((last.0, lower.line));
        }
        let (start, end) = match leads_down {
            true => (upper, lower),
            false => (lower, upper),
        };
        if !leads_down {
            corners.reverse();
        }
        let labelled = pieces.iter().filter(|(_, piece)| piece.link.has_label);
        Shapes {
            frames: Vec::new(),
            words: labelled
                .flat_map(|(gap, piece)| self.label(*gap, piece))
                .collect(),
            paths: vec![Path {
                corners: without_straight(corners),
                start: match start.is_joined {
                    true => Start::Joined,
                    false => Start::Free,
                },
                end: match end.is_joined {
                    true => End::AtBorder,
                    false => End::AtText,
                },
            }],
        }
    }

    fn piece(&self, gap: usize, arrow: usize) -> Option<Piece<'_>> {
        let nets = &self.plan.gaps[gap];
        let of_net = |net: &Net| net.links.iter().position(|link| link.arrow == arrow);
        let (index, link) = nets
            .iter()
            .enumerate()
            .find_map(|(index, net)| Some((index, of_net(net)?)))?;
        let route = &self.placed.routes[gap][index];
        Some(Piece {
            net: &nets[index],
            route,
            link: &nets[index].links[link],
            ends: route.ends[link],
            turn: self.gaps[gap].turns[index],
        })
    }

    /// Returns where an arrow meets a node, which is on this side of the gap. An arrow starts in the border. It
    /// ends before it, and so do both ends of a line with two heads.
    fn meeting(&self, place: Place, side: Side, starts: bool, both_ways: bool) -> Meeting {
        let node = &self.flow.layers[place.layer][place.index];
        let top = self.tops[place.layer];
        let bottom = top + self.heights[place.layer][place.index] - 1;
        let has_tail = starts && !both_ways;
        let (line, is_joined) = match side {
            Side::Upper if has_tail && node.plain => match self.last_branch(place) {
                Some(branch) => (top + branch, true),
                None => (bottom + 1, false),
            },
            Side::Upper if has_tail => (bottom, true),
            Side::Upper => (bottom + 1, !node.plain),
            Side::Lower if has_tail && !node.plain => (top, true),
            Side::Lower => (top - 1, !node.plain),
        };
        Meeting { line, is_joined }
    }

    /// Returns the line of a list's last branch, if the line down the list goes on below it.
    fn last_branch(&self, place: Place) -> Option<usize> {
        let node = &self.flow.layers[place.layer][place.index];
        let items = &self.plan.layers[place.layer];
        let item = items
            .iter()
            .position(|item| *item == Item::Node(place.index))?;
        let nets = self.plan.gaps.get(place.layer)?.iter();
        let is_only = nets.filter(|net| net.uppers.contains(&item)).count() == 1;
        inside::last_branch(&node.block).filter(|_| is_only)
    }

    fn label(&self, gap: usize, piece: &Piece<'_>) -> Vec<Words> {
        let Piece {
            net, route, link, ..
        } = piece;
        let side = label_side(net, route, link);
        let rows = &self.gaps[gap];
        let line = match side {
            // Below the head of an arrow that leads up.
            Side::Upper => rows.top + usize::from(self.plan.spans[link.arrow].heads(gap).0),
            Side::Lower => rows.below,
        };
        let column = side.column(piece.ends) + LABEL;
        let mut shapes = Shapes::default();
        for (line, text) in (line..).zip(self.flow.arrows[link.arrow].label_lines()) {
            shapes.line(text, (column, line), Role::Label);
        }
        shapes.words
    }
}

/// Removes corners at which a line doesn't turn.
fn without_straight(corners: Vec<Cell>) -> Vec<Cell> {
    let mut kept: Vec<Cell> = Vec::new();
    for corner in corners {
        if kept.last() == Some(&corner) {
            continue;
        }
        if let [.., before, last] = kept.as_slice() {
            let is_column = before.0 == last.0 && last.0 == corner.0;
            let is_line = before.1 == last.1 && last.1 == corner.1;
            if is_column || is_line {
                kept.pop();
            }
        }
        kept.push(corner);
    }
    kept
}
