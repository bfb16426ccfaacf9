//! Finds a column for each item of each layer.

use super::order::Item;
use super::spread::{Wish, spread, whole};

/// More rounds don't change a picture that fits a page.
const ROUNDS: usize = 400;
/// The weight of what makes room for everything else.
const WEIGHTLESS: f64 = 1e-6;

/// The cells that an item takes on both sides of its axis, the column where lines meet it.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Extent {
    pub(super) before: usize,
    pub(super) after: usize,
    /// The cells after the axis that its label needs, which the next item's may overlap.
    pub(super) tail: usize,
}

/// The items of the layers, and what joins them.
pub(super) struct Field<'a> {
    pub(super) layers: &'a [Vec<Item>],
    pub(super) extents: Vec<Vec<Extent>>,
    /// The blank cells between each item of a layer and the next.
    pub(super) blanks: Vec<Vec<usize>>,
    /// For each gap, what its lines join.
    pub(super) bonds: Vec<Vec<Bond>>,
}

/// Two items that are joined, by their positions in the upper and in the lower layer.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bond {
    pub(super) upper: usize,
    pub(super) lower: usize,
    /// How much it counts that one is above the other.
    pub(super) weight: f64,
}

/// An item that pulls at another.
#[derive(Clone, Copy, Debug)]
struct Pull {
    layer: usize,
    index: usize,
    weight: f64,
}

impl Field<'_> {
    /// Returns the column of each item's axis: items that are joined are as close as possible to being one
    /// above the other.
    ///
    /// # Errors
    ///
    /// The layer that doesn't fit in `width` cells, and how many it needs.
    pub(super) fn columns(&self, width: usize) -> Result<Vec<Vec<usize>>, (usize, usize)> {
        let pulls = self.pulls();
        let mut axes: Vec<Vec<f64>> = self
            .layers
            .iter()
            .map(|layer| vec![width as f64 / 2.0; layer.len()])
            .collect();
        for round in 0..ROUNDS {
            let mut moved: f64 = 0.0;
            for step in 0..self.layers.len() {
                let layer = if round % 2 == 0 {
                    step
                } else {
                    self.layers.len() - 1 - step
                };
                let wishes = self.wishes(layer, &pulls[layer], &axes, width);
                let next = spread(&wishes).map_err(|missing| (layer, width + missing as usize))?;
                let changes = next
                    .iter()
                    .zip(&axes[layer])
                    .map(|(new, old)| (new - old).abs());
                moved = changes.fold(moved, f64::max);
                axes[layer] = next;
            }
            if moved < 1e-4 {
                break;
            }
        }
        let axes: Vec<Vec<usize>> = axes
            .iter()
            .map(|layer| layer.iter().map(|axis| whole(*axis)).collect())
            .collect();
        Ok(self.moved_left(self.straightened(axes)))
    }

    fn wishes(
        &self,
        layer: usize,
        pulls: &[Vec<Pull>],
        axes: &[Vec<f64>],
        width: usize,
    ) -> Vec<Wish> {
        let extents = &self.extents[layer];
        let wish = |index: usize| {
            let (mut sum, mut weight) = (0.0, 0.0);
            for pull in &pulls[index] {
                sum += axes[pull.layer][pull.index] * pull.weight;
                weight += pull.weight;
            }
            let at = if weight > 0.0 {
                sum / weight
            } else {
                axes[layer][index]
            };
            let weight = if weight > 0.0 { weight } else { WEIGHTLESS };
            let extent = extents[index];
            Wish {
                at,
                weight,
                low: extent.before as f64,
                high: width as f64 - 1.0 - extent.after.max(extent.tail) as f64,
                apart: index
                    .checked_sub(1)
                    .map_or(0.0, |left| self.apart(layer, left) as f64),
            }
        };
        (0..extents.len()).map(wish).collect()
    }

    /// The smallest distance between the axes of an item and the next.
    fn apart(&self, layer: usize, index: usize) -> usize {
        let extents = &self.extents[layer];
        extents[index].after + 1 + self.blanks[layer][index] + extents[index + 1].before
    }

    /// Returns what pulls at each item of each layer.
    ///
    /// A box is drawn to boxes, and each of them is drawn to it as much, or all would drift. What meets only
    /// arrows that pass follows them without a weight, and so does an arrow that passes.
    fn pulls(&self) -> Vec<Vec<Vec<Pull>>> {
        let is_pass =
            |layer: usize, index: usize| matches!(self.layers[layer][index], Item::Pass(_));
        let mut pulls: Vec<Vec<Vec<Pull>>> = self
            .layers
            .iter()
            .map(|items| vec![Vec::new(); items.len()])
            .collect();
        for (gap, bonds) in self.bonds.iter().enumerate() {
            for bond in bonds {
                let (upper, lower) = ((gap, bond.upper), (gap + 1, bond.lower));
                let weight = match (is_pass(upper.0, upper.1), is_pass(lower.0, lower.1)) {
                    (false, false) => bond.weight,
                    // An arrow should be straight where it passes.
                    (true, true) => WEIGHTLESS * 16.0,
                    _ => WEIGHTLESS,
                };
                for ((layer, index), other) in [(upper, lower), (lower, upper)] {
                    pulls[layer][index].push(Pull {
                        layer: other.0,
                        index: other.1,
                        weight,
                    });
                }
            }
        }
        for pulls in pulls.iter_mut().flatten() {
            if pulls.iter().any(|pull| pull.weight >= 1.0) {
                pulls.retain(|pull| pull.weight >= 1.0);
            }
        }
        pulls
    }

    /// Gives an arrow that passes through several layers one column, if one is free in all of them.
    fn straightened(&self, mut axes: Vec<Vec<usize>>) -> Vec<Vec<usize>> {
        let mut passes: Vec<usize> = self
            .layers
            .iter()
            .flatten()
            .filter_map(|item| match item {
                Item::Pass(arrow) => Some(*arrow),
                Item::Node(_) => None,
            })
            .collect();
        passes.sort_unstable();
        passes.dedup();
        for pass in passes {
            let cells: Vec<(usize, usize)> = (0..self.layers.len())
                .filter_map(|layer| {
                    let items = &self.layers[layer];
                    Some((
                        layer,
                        items.iter().position(|item| *item == Item::Pass(pass))?,
                    ))
                })
                .collect();
            let low = cells.iter().map(|&(layer, index)| {
                let left = index.checked_sub(1);
                left.map_or(0, |left| axes[layer][left] + self.apart(layer, left))
            });
            let high = cells.iter().filter_map(|&(layer, index)| {
                let right = axes[layer].get(index + 1)?;
                Some(right.saturating_sub(self.apart(layer, index)))
            });
            let low = low.max().unwrap_or(0);
            let high = high.min().unwrap_or(usize::MAX);
            let sum: usize = cells.iter().map(|&(layer, index)| axes[layer][index]).sum();
            if low <= high {
                let column = (sum / cells.len()).clamp(low, high);
                for (layer, index) in cells {
                    axes[layer][index] = column;
                }
            }
        }
        axes
    }

    /// Moves all items to the left, until one touches the side.
    fn moved_left(&self, mut axes: Vec<Vec<usize>>) -> Vec<Vec<usize>> {
        let lefts = axes.iter().zip(&self.extents).flat_map(|(axes, extents)| {
            axes.iter()
                .zip(extents)
                .map(|(axis, extent)| axis.saturating_sub(extent.before))
        });
        let left = lefts.min().unwrap_or(0);
        axes.iter_mut().flatten().for_each(|axis| *axis -= left);
        axes
    }
}
