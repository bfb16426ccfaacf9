//! One way to place a flow: with a number of blank cells between boxes.

use super::columns::{Bond, Extent, Field};
use super::demand::{Demand, Room};
use super::nets::{Link, Net};
use super::order::{Item, Plan};
use super::ports::Ports;
use super::slot::{Kind, Route, Slot};
use super::{Flow, sizes};
use crate::Error;

/// The largest number of blank cells beside an arrow that passes.
const PASS_BLANKS: usize = 3;
/// How often the room for labels may be found too small.
const TRIES: usize = 24;

/// One way to place a flow.
pub(super) struct Attempt<'a> {
    pub(super) flow: &'a Flow,
    pub(super) plan: &'a Plan,
    /// The width of each arrow's label, or 0.
    pub(super) labels: &'a [usize],
    /// The width of the picture.
    pub(super) width: usize,
    /// The blank cells between two boxes.
    pub(super) blanks: usize,
    /// Whether boxes that are nearly equally wide are made so.
    pub(super) equal: bool,
}

/// A flow whose boxes and lines have columns.
pub(super) struct Placed {
    /// The width of each node of each layer.
    pub(super) widths: Vec<Vec<usize>>,
    /// The place of each item of each layer.
    pub(super) slots: Vec<Vec<Slot>>,
    /// The columns of each line in each gap.
    pub(super) routes: Vec<Vec<Route>>,
}

/// The room that demands have added.
struct Added {
    /// The width of each node of each layer.
    widths: Vec<Vec<usize>>,
    /// The blank cells after each item of each layer.
    blanks: Vec<Vec<usize>>,
    /// The cells that are kept free after the axis of each item.
    tails: Vec<Vec<usize>>,
}

impl Attempt<'_> {
    /// Finds a column for everything, with as much room as the labels turn out to need.
    ///
    /// # Errors
    ///
    /// [`Error::Wide`] for a layer that doesn't fit, [`Error::NoBorder`] for a text that is too narrow for its
    /// lines.
    pub(super) fn place(&self) -> Result<Placed, Error> {
        let mut added = self.start();
        let mut label = None;
        for _ in 0..TRIES {
            let field = self.field(&added);
            let axes = field
                .columns(self.width)
                .map_err(|(layer, cells)| self.too_wide(layer, cells, label))?;
            let slots = self.slots(&axes, &field.extents);
            let ports = Ports {
                plan: self.plan,
                slots: &slots,
                labels: self.labels,
                width: self.width,
            };
            match ports.routes() {
                Ok(routes) => {
                    return Ok(Placed {
                        widths: added.widths,
                        slots,
                        routes,
                    });
                }
                Err(demands) => {
                    for demand in demands {
                        label = demand.arrow.or(label);
                        self.add(&mut added, demand)?;
                    }
                }
            }
        }
        Err(self.too_wide(0, self.width + 1, label))
    }

    fn start(&self) -> Added {
        let widths = self.flow.layers.iter().map(|nodes| match self.equal {
            true => sizes::equal_widths(nodes, self.width),
            false => nodes
                .iter()
                .map(|node| sizes::odd_width(node, self.width))
                .collect(),
        });
        let zeros = self.plan.layers.iter().map(|items| vec![0; items.len()]);
        Added {
            widths: widths.collect(),
            blanks: zeros.clone().collect(),
            tails: zeros.collect(),
        }
    }

    /// Adds the room that was missing.
    fn add(&self, added: &mut Added, demand: Demand) -> Result<(), Error> {
        let (layer, index) = (demand.layer, demand.index);
        match demand.room {
            Room::Inside(cells) => {
                if let Item::Node(node) = self.plan.layers[layer][index] {
                    let node_at = &self.flow.layers[layer][node];
                    if node_at.plain {
                        let name = node_at.name.clone();
                        return Err(Error::NoBorder { name });
                    }
                    added.widths[layer][node] += cells + cells % 2;
                }
            }
            Room::After(cells) => added.blanks[layer][index] += cells,
            Room::ToTheEnd(cells) => {
                let tail = &mut added.tails[layer][index];
                *tail = cells.max(*tail);
            }
        }
        Ok(())
    }

    /// Names the layer that is too wide, and the label that was found to need more room.
    fn too_wide(&self, layer: usize, cells: usize, label: Option<usize>) -> Error {
        let nodes = self.flow.layers[layer].iter();
        let names: Vec<String> = nodes.map(|node| format!("{:?}", node.name)).collect();
        let label = label.and_then(|arrow| self.flow.arrows[arrow].label.as_ref());
        let label = label.map_or_else(String::new, |label| format!(", with the label {label:?},"));
        Error::Wide {
            what: format!("layer {} ({}){label}", layer + 1, names.join(", ")),
            cells,
            width: self.width,
        }
    }

    fn field(&self, added: &Added) -> Field<'_> {
        let extent = |layer: usize, index: usize| {
            let (before, after) = match self.plan.layers[layer][index] {
                Item::Pass(_) => (0, 0),
                Item::Node(node) => {
                    let width = added.widths[layer][node];
                    let before = sizes::axis(&self.flow.layers[layer][node], width);
                    (before, width - 1 - before)
                }
            };
            Extent {
                before,
                after,
                tail: added.tails[layer][index],
            }
        };
        let blanks = |layer: usize, index: usize| {
            let pair = &self.plan.layers[layer][index..index + 2];
            let least = match pair {
                [Item::Node(_), Item::Node(_)] => self.blanks,
                _ => self.blanks.min(PASS_BLANKS),
            };
            least + added.blanks[layer][index]
        };
        let layers = || self.plan.layers.iter().map(Vec::len).enumerate();
        Field {
            layers: &self.plan.layers,
            extents: layers()
                .map(|(layer, count)| (0..count).map(|index| extent(layer, index)).collect())
                .collect(),
            blanks: layers()
                .map(|(layer, count)| (1..count).map(|next| blanks(layer, next - 1)).collect())
                .collect(),
            bonds: self.plan.gaps.iter().map(|nets| bonds(nets)).collect(),
        }
    }

    fn slots(&self, axes: &[Vec<usize>], extents: &[Vec<Extent>]) -> Vec<Vec<Slot>> {
        let slot = |layer: usize, index: usize| {
            let (axis, extent) = (axes[layer][index], extents[layer][index]);
            Slot {
                left: axis - extent.before,
                right: axis + extent.after,
                axis,
                kind: match self.plan.layers[layer][index] {
                    Item::Pass(_) => Kind::Pass,
                    Item::Node(node) if self.flow.layers[layer][node].plain => Kind::Plain,
                    Item::Node(_) => Kind::Boxed,
                },
            }
        };
        let layers = axes.iter().enumerate();
        layers
            .map(|(layer, axes)| (0..axes.len()).map(|index| slot(layer, index)).collect())
            .collect()
    }
}

fn bonds(nets: &[Net]) -> Vec<Bond> {
    let bond = |net: &Net, link: &Link| Bond {
        upper: link.upper,
        lower: link.lower,
        // A line that isn't shared should be straight.
        weight: if net.is_pair() { 8.0 } else { 1.0 },
    };
    nets.iter()
        .flat_map(|net| net.links.iter().map(move |link| bond(net, link)))
        .collect()
}
