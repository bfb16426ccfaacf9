//! The sizes of boxes and labels, in cells.

use super::inside::{self, BORDER, TRUNK};
use super::{Arrow, Flow, Node};
use crate::cells;

/// Boxes of a layer that differ by no more than this are made equally wide if there is room.
const NEARLY_EQUAL: usize = 6;

/// Returns the width that a node needs, with its border.
pub(super) fn width(node: &Node) -> usize {
    let (width, _) = inside::size(&node.block);
    match node.plain {
        true => width.max(1),
        false => width + BORDER,
    }
}

/// Returns the width of a node in a picture of `room` cells. It is odd if there is room, so that a line can meet
/// the middle, unless lines meet the node further left.
pub(super) fn odd_width(node: &Node, room: usize) -> usize {
    let width = width(node);
    match node.plain && node.block.is_left() || width | 1 > room {
        true => width,
        false => width | 1,
    }
}

/// Returns the widths of the nodes of a layer, the same for all boxes if they are nearly equal.
pub(super) fn equal_widths(nodes: &[Node], room: usize) -> Vec<usize> {
    let width = |node: &Node| odd_width(node, room);
    let boxes = nodes.iter().filter(|node| !node.plain).map(width);
    let narrowest = boxes.clone().min().unwrap_or(0);
    let widest = boxes.max().unwrap_or(0);
    let widened = |node: &Node| match node.plain || widest - narrowest > NEARLY_EQUAL {
        true => width(node),
        false => widest,
    };
    nodes.iter().map(widened).collect()
}

/// Returns the column where lines meet a node of this width, from its left.
pub(super) fn axis(node: &Node, width: usize) -> usize {
    match node.plain && node.block.is_left() {
        true => TRUNK.min(width - 1),
        false => width / 2,
    }
}

/// Returns the heights of the nodes of a layer. Boxes are equally high.
pub(super) fn heights(nodes: &[Node]) -> Vec<usize> {
    let text = |node: &Node| inside::size(&node.block).1;
    let boxes = nodes.iter().filter(|node| !node.plain);
    let highest = boxes.map(|node| text(node) + 2).max().unwrap_or(0);
    let height = |node: &Node| if node.plain { text(node) } else { highest };
    nodes.iter().map(height).collect()
}

/// Returns the width of an arrow's label, or 0.
pub(super) fn label(arrow: &Arrow) -> usize {
    arrow.label_lines().map(cells::width).max().unwrap_or(0)
}

/// Returns a width that is enough for all of a flow's layers.
pub(super) fn enough(flow: &Flow) -> usize {
    let nodes = flow.layers.iter().flatten();
    let nodes: usize = nodes.map(|node| width(node) + NEARLY_EQUAL).sum();
    let labels: usize = flow.arrows.iter().map(label).sum();
    (nodes + labels + flow.arrows.len() * 8 + 40) * 4
}
