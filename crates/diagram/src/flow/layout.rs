//! Places the boxes, the arrows and their labels.

use super::attempt::{Attempt, Placed};
use super::demand::LABEL;
use super::geometry::Shapes;
use super::nets::Net;
use super::order::Plan;
use super::shapes::Draft;
use super::{Arrow, Flow, rows, sizes};
use crate::{Error, cells};

/// The numbers of blank cells between two boxes that are tried. Odd numbers, with the odd widths of boxes, keep
/// the middle of any number of equal boxes in a whole cell.
const BLANKS: [usize; 3] = [5, 3, 1];

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
/// [`Error::Wide`] for what doesn't fit, [`Error::NoBorder`] for a text that is too narrow for its lines.
pub(super) fn fit(flow: &Flow, plan: &Plan, width: usize) -> Result<Layout, Error> {
    check_widths(flow, width)?;
    let labels: Vec<usize> = flow.arrows.iter().map(sizes::label).collect();
    // Everything starts in the middle of the width, so there is no use in more.
    let width = width.min(sizes::enough(flow));
    let mut error = Error::Empty { what: "layers" };
    for equal in [true, false] {
        for blanks in BLANKS {
            let attempt = Attempt {
                flow,
                plan,
                labels: &labels,
                width,
                blanks,
                equal,
            };
            match attempt.place() {
                Ok(placed) => return draw(flow, plan, placed),
                Err(next) => error = next,
            }
        }
    }
    Err(error)
}

/// Rejects a box or a label that is too wide by itself.
fn check_widths(flow: &Flow, width: usize) -> Result<(), Error> {
    let nodes = flow.layers.iter().flatten();
    let nodes = nodes.map(|node| (format!("the box {:?}", node.name), sizes::width(node)));
    let labels = flow.arrows.iter().map(|arrow| {
        let label = arrow.label.as_deref().unwrap_or_default();
        let cells = match sizes::label(arrow) {
            0 => 0,
            cells => cells + LABEL + 1,
        };
        (format!("the label {label:?} with its arrow"), cells)
    });
    match nodes.chain(labels).find(|(_, cells)| *cells > width) {
        Some((what, cells)) => Err(Error::Wide { what, cells, width }),
        None => Ok(()),
    }
}

/// Finds a line of the picture for everything that has a column.
fn draw(flow: &Flow, plan: &Plan, placed: Placed) -> Result<Layout, Error> {
    let heights: Vec<Vec<usize>> = flow
        .layers
        .iter()
        .map(|nodes| sizes::heights(nodes))
        .collect();
    let labels = flow.arrows.iter().map(|arrow| arrow.label_lines().count());
    let labels: Vec<usize> = labels.collect();
    let (mut tops, mut gaps, mut next) = (Vec::new(), Vec::new(), 0);
    for (layer, heights) in heights.iter().enumerate() {
        tops.push(next);
        next += heights.iter().max().copied().unwrap_or(0);
        if let Some(nets) = plan.gaps.get(layer) {
            let heads = |arrow: usize| plan.spans[arrow].heads(layer);
            let gap = rows::gap(next, nets, &placed.routes[layer], &labels, heads);
            let gap = gap.map_err(|(first, second)| crossing(flow, &nets[first], &nets[second]))?;
            next = gap.end;
            gaps.push(gap);
        }
    }
    let draft = Draft {
        flow,
        plan,
        placed,
        heights,
        tops,
        gaps,
    };
    let (nodes, arrows) = (draft.nodes(), draft.arrows());
    let words = nodes.iter().chain(&arrows).flat_map(|shapes| &shapes.words);
    let words = words.map(|words| words.at.0 + cells::width(&words.text));
    let slots = draft
        .placed
        .slots
        .iter()
        .flatten()
        .map(|slot| slot.right + 1);
    Ok(Layout {
        width: words.chain(slots).max().unwrap_or(0),
        height: next,
        nodes,
        arrows,
    })
}

fn crossing(flow: &Flow, first: &Net, second: &Net) -> Error {
    let ends = |net: &Net| {
        let arrow = net.links.first().map_or(0, |link| link.arrow);
        let Arrow { from, to, .. } = &flow.arrows[arrow];
        (from.clone(), to.clone())
    };
    Error::Crossing {
        first: ends(first),
        second: ends(second),
    }
}
