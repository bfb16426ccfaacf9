//! Places the boxes, the arrows and their labels.

use super::columns::{Extent, Field};
use super::geometry::{Cell, End, Path, Role, Start, Words};
use super::inside::{self, BORDER, Shapes, TRUNK};
use super::nets::{Link, Net};
use super::order::{Item, Plan};
use super::ports::{self, Demand, Ports, Route, Side, Slot};
use super::{Arrow, Flow, Node, rows};
use crate::{Error, cells};

/// The numbers of blank cells between two boxes that are tried. Odd numbers, with the odd widths of boxes, keep
/// the middle of any number of equal boxes in a whole cell.
const BLANKS: [usize; 3] = [5, 3, 1];
/// The largest number of blank cells beside an arrow that passes.
const PASS_BLANKS: usize = 3;
/// Boxes of a layer that differ by no more than this are made equally wide.
const NEARLY_EQUAL: usize = 6;
/// How often the room for labels may be found too small.
const TRIES: usize = 24;

/// A flow, placed.
#[derive(Debug)]
pub(super) struct Layout {
    /// The size of the picture, in cells.
    pub(super) width: usize,
    pub(super) height: usize,
    /// The shapes of each box, in the order of the layers.
    pub(super) nodes: Vec<Shapes>,
    /// The line and the label of each arrow.
    pub(super) arrows: Vec<Shapes>,
}

/// Places a flow in lines of at most `width` cells.
///
/// # Errors
///
/// [`Error::Wide`] for what doesn't fit, [`Error::Crossing`] for two arrows that would cross.
pub(super) fn fit(flow: &Flow, plan: &Plan, width: usize) -> Result<Layout, Error> {
    let labels: Vec<usize> = flow.arrows.iter().map(label_width).collect();
    for node in flow.layers.iter().flatten() {
        let cells = node_width(node);
        if cells > width {
            let what = format!("the box {:?}", node.name);
            return Err(Error::Wide { what, cells, width });
        }
    }
    let mut error = None;
    for equal in [true, false] {
        for blanks in BLANKS {
            match (Attempt {
                flow,
                plan,
                width,
                blanks,
                equal,
                labels: &labels,
            })
            .place()
            {
                Ok(layout) => return Ok(layout),
                Err(next) => error = Some(next),
            }
        }
    }
    Err(error.unwrap_or(Error::Empty { what: "layers" }))
}

/// A width that is enough for any flow.
pub(super) fn enough(flow: &Flow) -> usize {
    let nodes: usize = flow
        .layers
        .iter()
        .flatten()
        .map(|node| node_width(node) + NEARLY_EQUAL)
        .sum();
    let labels: usize = flow.arrows.iter().map(label_width).sum();
    (nodes + labels + flow.arrows.len() * 8 + 40) * 4
}

fn label_width(arrow: &Arrow) -> usize {
    arrow.label_lines().map(cells::width).max().unwrap_or(0)
}

/// The width of a node with its border. It is odd unless a text without a border starts at the left, so that a
/// line can meet the middle.
fn node_width(node: &Node) -> usize {
    let (width, _) = inside::size(&node.block);
    if node.plain && node.block.is_left() {
        return width.max(1);
    }
    (width + if node.plain { 0 } else { BORDER }) | 1
}

/// The column of a node's axis, from its left.
fn axis(node: &Node, width: usize) -> usize {
    if node.plain && node.block.is_left() {
        TRUNK.min(width - 1)
    } else {
        width / 2
    }
}

/// One way to place a flow.
struct Attempt<'a> {
    flow: &'a Flow,
    plan: &'a Plan,
    width: usize,
    /// The blank cells between two boxes.
    blanks: usize,
    /// Whether boxes that are nearly equally wide are made so.
    equal: bool,
    labels: &'a [usize],
}

/// Where everything is, apart from the lines of the picture.
struct Placed {
    widths: Vec<Vec<usize>>,
    slots: Vec<Vec<Slot>>,
    routes: Vec<Vec<Route>>,
}

impl Attempt<'_> {
    fn place(&self) -> Result<Layout, Error> {
        let placed = self.columns()?;
        let heights: Vec<Vec<usize>> = self
            .flow
            .layers
            .iter()
            .map(|nodes| heights(nodes))
            .collect();
        let lines: Vec<usize> = self
            .flow
            .arrows
            .iter()
            .map(|arrow| arrow.label_lines().count())
            .collect();
        let (mut tops, mut gaps, mut next) = (Vec::new(), Vec::new(), 0);
        for (layer, heights) in heights.iter().enumerate() {
            tops.push(next);
            next += heights.iter().max().copied().unwrap_or(0);
            if let Some(nets) = self.plan.gaps.get(layer) {
                let gap = rows::gap(next, nets, &placed.routes[layer], &lines, |arrow| {
                    self.heads(layer, arrow)
                });
                let gap =
                    gap.map_err(|(first, second)| self.crossing(&nets[first], &nets[second]))?;
                next = gap.end;
                gaps.push(gap);
            }
        }
        let drawing = Drawing {
            flow: self.flow,
            plan: self.plan,
            placed,
            heights,
            tops,
            gaps,
        };
        let (nodes, arrows) = (drawing.nodes(), drawing.arrows());
        let words = nodes.iter().chain(&arrows).flat_map(|shapes| &shapes.words);
        let ends = words.map(|words| words.at.0 + cells::width(&words.text));
        let slots = drawing
            .placed
            .slots
            .iter()
            .flatten()
            .map(|slot| slot.right + 1);
        Ok(Layout {
            width: ends.chain(slots).max().unwrap_or(0),
            height: next,
            nodes,
            arrows,
        })
    }

    /// Whether the piece of an arrow in a gap has a head at its upper and at its lower end.
    fn heads(&self, gap: usize, arrow: usize) -> (bool, bool) {
        let span = self.plan.spans[arrow];
        (
            !span.leads_down() && span.top().layer == gap,
            span.leads_down() && span.bottom().layer == gap + 1,
        )
    }

    fn crossing(&self, first: &Net, second: &Net) -> Error {
        let ends = |net: &Net| {
            let arrow = net.links.first().map_or(0, |link| link.arrow);
            let Arrow { from, to, .. } = &self.flow.arrows[arrow];
            (from.clone(), to.clone())
        };
        Error::Crossing {
            first: ends(first),
            second: ends(second),
        }
    }

    /// Finds a column for everything, with as much room as the labels turn out to need.
    fn columns(&self) -> Result<Placed, Error> {
        let mut widths = self.widths();
        let mut more: Vec<Vec<usize>> = self
            .plan
            .layers
            .iter()
            .map(|items| vec![0; items.len()])
            .collect();
        let mut tails = more.clone();
        let mut failed = None;
        for _ in 0..TRIES {
            let field = Field {
                layers: &self.plan.layers,
                extents: self.extents(&widths, &tails),
                blanks: self.blanks(&more),
                bonds: self.bonds(),
            };
            let axes = field
                .columns(self.width)
                .map_err(|(layer, cells)| self.too_wide(layer, cells, failed))?;
            let slots = self.slots(&axes, &field.extents);
            let ports = Ports {
                plan: self.plan,
                slots: &slots,
                labels: self.labels,
                width: self.width,
            };
            let demands = match ports.routes() {
                Ok(routes) => {
                    return Ok(Placed {
                        widths,
                        slots,
                        routes,
                    });
                }
                Err(demands) => demands,
            };
            failed = demands.last().copied();
            for demand in demands {
                match demand {
                    Demand::Wider {
                        layer,
                        index,
                        cells,
                    } => {
                        if let Item::Node(node) = self.plan.layers[layer][index] {
                            widths[layer][node] += cells + cells % 2;
                        }
                    }
                    Demand::Apart {
                        layer,
                        index,
                        cells,
                    } => more[layer][index] += cells,
                    Demand::Tail {
                        layer,
                        index,
                        cells,
                    } => tails[layer][index] = tails[layer][index].max(cells),
                }
            }
        }
        Err(self.too_wide(0, self.width + 1, failed))
    }

    /// Names what is too wide: a layer, with the labels beside it.
    fn too_wide(&self, layer: usize, cells: usize, failed: Option<Demand>) -> Error {
        let names: Vec<String> = self.flow.layers[layer]
            .iter()
            .map(|node| format!("{:?}", node.name))
            .collect();
        let labels = if failed.is_some() {
            " with its labels"
        } else {
            ""
        };
        Error::Wide {
            what: format!("layer {} ({}){labels}", layer + 1, names.join(", ")),
            cells,
            width: self.width,
        }
    }

    /// Returns the width of each box.
    fn widths(&self) -> Vec<Vec<usize>> {
        let layers = self.flow.layers.iter().map(|nodes| {
            let widths: Vec<usize> = nodes.iter().map(node_width).collect();
            let boxed = nodes
                .iter()
                .zip(&widths)
                .filter(|(node, _)| !node.plain)
                .map(|(_, width)| *width);
            let (narrowest, widest) = (boxed.clone().min(), boxed.max());
            let is_near = narrowest
                .zip(widest)
                .is_some_and(|(low, high)| high - low <= NEARLY_EQUAL);
            let widened = |(node, width): (&Node, usize)| match widest {
                Some(widest) if self.equal && is_near && !node.plain => widest,
                _ => width,
            };
            nodes.iter().zip(widths.clone()).map(widened).collect()
        });
        layers.collect()
    }

    fn extents(&self, widths: &[Vec<usize>], tails: &[Vec<usize>]) -> Vec<Vec<Extent>> {
        let extent = |layer: usize, index: usize| match self.plan.layers[layer][index] {
            Item::Pass(_) => Extent {
                tail: tails[layer][index],
                ..Extent::default()
            },
            Item::Node(node) => {
                let width = widths[layer][node];
                let before = axis(&self.flow.layers[layer][node], width);
                Extent {
                    before,
                    after: width - 1 - before,
                    tail: tails[layer][index],
                }
            }
        };
        let layers = self.plan.layers.iter().enumerate();
        layers
            .map(|(layer, items)| (0..items.len()).map(|index| extent(layer, index)).collect())
            .collect()
    }

    fn blanks(&self, more: &[Vec<usize>]) -> Vec<Vec<usize>> {
        let between = |pair: &[Item]| match pair {
            [Item::Node(_), Item::Node(_)] => self.blanks,
            _ => self.blanks.min(PASS_BLANKS),
        };
        let layers = self.plan.layers.iter().zip(more);
        layers
            .map(|(items, more)| {
                items
                    .windows(2)
                    .zip(more)
                    .map(|(pair, more)| between(pair) + more)
                    .collect()
            })
            .collect()
    }

    fn bonds(&self) -> Vec<Vec<(usize, usize)>> {
        let links = |net: &Net| {
            net.links
                .iter()
                .map(|link| (link.upper, link.lower))
                .collect::<Vec<_>>()
        };
        self.plan
            .gaps
            .iter()
            .map(|nets| nets.iter().flat_map(links).collect())
            .collect()
    }

    fn slots(&self, axes: &[Vec<usize>], extents: &[Vec<Extent>]) -> Vec<Vec<Slot>> {
        let slot = |layer: usize, index: usize| {
            let item = self.plan.layers[layer][index];
            let plain = match item {
                Item::Node(node) => self.flow.layers[layer][node].plain,
                Item::Pass(_) => false,
            };
            ports::slot(item, axes[layer][index], extents[layer][index], plain)
        };
        let layers = axes.iter().enumerate();
        layers
            .map(|(layer, axes)| (0..axes.len()).map(|index| slot(layer, index)).collect())
            .collect()
    }
}

/// Returns the height of each node of a layer. Boxes are equally high.
fn heights(nodes: &[Node]) -> Vec<usize> {
    let height = |node: &Node| inside::size(&node.block).1 + if node.plain { 0 } else { 2 };
    let highest = nodes.iter().filter(|node| !node.plain).map(height).max();
    nodes
        .iter()
        .map(|node| {
            if node.plain {
                height(node)
            } else {
                highest.unwrap_or(0)
            }
        })
        .collect()
}

/// A flow of which every place is known.
struct Drawing<'a> {
    flow: &'a Flow,
    plan: &'a Plan,
    placed: Placed,
    /// The height of each node.
    heights: Vec<Vec<usize>>,
    /// The first line of each layer.
    tops: Vec<usize>,
    gaps: Vec<rows::Gap>,
}

impl Drawing<'_> {
    fn nodes(&self) -> Vec<Shapes> {
        let mut nodes = Vec::new();
        for (layer, items) in self.plan.layers.iter().enumerate() {
            for (item, slot) in items.iter().zip(&self.placed.slots[layer]) {
                let Item::Node(index) = *item else { continue };
                let node = &self.flow.layers[layer][index];
                let (at, width) = (
                    (slot.left, self.tops[layer]),
                    self.placed.widths[layer][index],
                );
                let mut shapes = Shapes::default();
                if node.plain {
                    shapes.contents(&node.block, at, width);
                } else {
                    shapes.boxed(&node.block, at, (width, self.heights[layer][index]), false);
                }
                nodes.push(shapes);
            }
        }
        nodes
    }

    fn arrows(&self) -> Vec<Shapes> {
        (0..self.flow.arrows.len())
            .map(|arrow| self.arrow(arrow))
            .collect()
    }

    /// Draws an arrow from its upper to its lower end, then turns it around if it leads up.
    fn arrow(&self, arrow: usize) -> Shapes {
        let span = self.plan.spans[arrow];
        let (top, bottom) = (span.top(), span.bottom());
        let mut corners: Vec<Cell> = Vec::new();
        let mut words = Vec::new();
        let mut is_two_headed = false;
        for gap in top.layer..bottom.layer {
            let Some((net, link, (upper, lower))) = self.piece(gap, arrow) else {
                continue;
            };
            let index = net;
            let net = &self.plan.gaps[gap][index];
            is_two_headed = net.leads_both_ways();
            let turn = self.gaps[gap].turns[index];
            if gap == top.layer {
                corners.push((upper, 0));
            }
            corners.extend([(upper, turn), (lower, turn)]);
            if gap + 1 == bottom.layer {
                corners.push((lower, 0));
            }
            if link.has_label {
                words.extend(self.label(gap, index, link, (upper, lower)));
            }
        }
        let upper = self.end(top, Side::Upper, span.leads_down(), is_two_headed);
        let lower = self.end(bottom, Side::Lower, !span.leads_down(), is_two_headed);
        if let Some(first) = corners.first_mut() {
            first.1 = upper.0;
        }
        if let Some(last) = corners.last_mut() {
            last.1 = lower.0;
        }
        let (start, end) = if span.leads_down() {
            (upper, lower)
        } else {
            (lower, upper)
        };
        if !span.leads_down() {
            corners.reverse();
        }
        let path = Path {
            corners: without_needless(corners),
            start: if start.1 { Start::Joined } else { Start::Free },
            end: if end.1 { End::AtBorder } else { End::AtText },
        };
        Shapes {
            words,
            paths: vec![path],
            ..Shapes::default()
        }
    }

    /// Returns the net of an arrow in a gap, and its link there with the columns of its ends.
    fn piece(&self, gap: usize, arrow: usize) -> Option<(usize, &Link, (usize, usize))> {
        let nets = self.plan.gaps[gap]
            .iter()
            .zip(&self.placed.routes[gap])
            .enumerate();
        nets.into_iter().find_map(|(index, (net, route))| {
            let link = net.links.iter().position(|link| link.arrow == arrow)?;
            Some((index, &net.links[link], route.ends[link]))
        })
    }

    /// Returns the line of the picture where an arrow meets a node, and whether a border is there. `side` is the
    /// side of the gap on which the node is.
    fn end(
        &self,
        place: super::order::Place,
        side: Side,
        starts: bool,
        is_two_headed: bool,
    ) -> (usize, bool) {
        let node = &self.flow.layers[place.layer][place.index];
        let top = self.tops[place.layer];
        let bottom = top + self.heights[place.layer][place.index] - 1;
        // A line may go on from the last branch of a list.
        let trunk = inside::last_branch(&node.block).filter(|_| {
            let lines = self.plan.gaps.get(place.layer);
            let item = self.plan.layers[place.layer]
                .iter()
                .position(|item| *item == Item::Node(place.index));
            let meets = |net: &&Net| item.is_some_and(|item| net.uppers.contains(&item));
            node.plain
                && starts
                && !is_two_headed
                && lines.is_some_and(|nets| nets.iter().filter(meets).count() == 1)
        });
        let is_on_border = !node.plain && starts && !is_two_headed;
        match side {
            Side::Upper => match trunk {
                Some(line) => (top + line, true),
                None if is_on_border => (bottom, true),
                None => (bottom + 1, !node.plain),
            },
            Side::Lower if is_on_border => (top, true),
            Side::Lower => (top - 1, !node.plain),
        }
    }

    fn label(&self, gap: usize, net: usize, link: &Link, ends: (usize, usize)) -> Vec<Words> {
        let route = &self.placed.routes[gap][net];
        let rows = &self.gaps[gap];
        let (column, line) = match ports::label_side(&self.plan.gaps[gap][net], route, link) {
            // Below the head of an arrow that leads up.
            Side::Upper => (ends.0, rows.top + usize::from(!link.down)),
            Side::Lower => (ends.1, rows.below),
        };
        let mut shapes = Shapes::default();
        for (line, text) in (line..).zip(self.flow.arrows[link.arrow].label_lines()) {
            shapes.line(text, (column + 2, line), Role::Label);
        }
        shapes.words
    }
}

/// Removes corners at which a line doesn't turn.
fn without_needless(corners: Vec<Cell>) -> Vec<Cell> {
    let mut kept: Vec<Cell> = Vec::new();
    for corner in corners {
        if kept.last() == Some(&corner) {
            continue;
        }
        if let [.., before, last] = kept.as_slice()
            && ((before.0 == last.0 && last.0 == corner.0)
                || (before.1 == last.1 && last.1 == corner.1))
        {
            kept.pop();
        }
        kept.push(corner);
    }
    kept
}
