//! A flow in words.

use super::block::{self, Block, Part};
use super::{Flow, Node};

/// Describes the boxes in the order of the layers, then repeats the notes.
pub(super) fn describe(flow: &Flow) -> String {
    let nodes = flow
        .layers
        .iter()
        .flatten()
        .map(|node| sentence(flow, node));
    let lines: Vec<String> = nodes.chain(flow.notes.iter().cloned()).collect();
    lines.join("\n")
}

/// Describes one box: `Fetch CI status leads to wg.wait() (labelled wg.done())`.
pub(super) fn sentence(flow: &Flow, node: &Node) -> String {
    let (name, rest) = name(&node.block);
    let inside = match rest.as_slice() {
        [] => String::new(),
        rest => format!(". Inside: {}", rest.join("; ")),
    };
    let targets: Vec<String> = flow
        .arrows
        .iter()
        .filter(|arrow| arrow.from == node.name)
        .map(|arrow| {
            let target = flow
                .layers
                .iter()
                .flatten()
                .find(|other| other.name == arrow.to);
            let target = target.map_or_else(String::new, |node| self::name(&node.block).0);
            let label: Vec<&str> = arrow.label_lines().collect();
            match label.as_slice() {
                [] => target,
                label => format!("{target} (labelled {})", label.join(" ")),
            }
        })
        .collect();
    match list(&targets) {
        Some(targets) => format!("{name} leads to {targets}{inside}"),
        None => format!("{name}{inside}"),
    }
}

/// Returns what a reader would call a block, and what else is in it.
fn name(block: &Block) -> (String, Vec<String>) {
    let mut rest = contents(block);
    if let Some(title) = &block.title {
        return (joined(title), rest);
    }
    match block.parts.first() {
        // A short text is a name as a whole.
        Some(Part::Text(text)) if !block.is_left() => {
            let lines = block::lines(text)
                .filter(|line| !line.trim().is_empty())
                .count();
            (joined(text), rest.split_off(lines.min(rest.len())))
        }
        _ if rest.is_empty() => (String::new(), rest),
        _ => {
            let first = rest.remove(0);
            (first, rest)
        }
    }
}

/// Returns the lines of a block without its title. An inner box is one line.
fn contents(block: &Block) -> Vec<String> {
    let mut lines = Vec::new();
    for part in &block.parts {
        match part {
            Part::Text(text) => lines.extend(
                block::lines(text)
                    .map(|line| line.trim().to_owned())
                    // An arrow alone only shows the order, which the words have anyway.
                    .filter(|line| !line.trim_matches(['↑', '→', '↓', '←']).is_empty()),
            ),
            Part::Block(inner) => {
                let inside = contents(inner).join("; ");
                lines.push(match &inner.title {
                    Some(title) if inside.is_empty() => joined(title),
                    Some(title) => format!("{} ({inside})", joined(title)),
                    None => format!("({inside})"),
                });
            }
            Part::Branches(items) => lines.extend(items.iter().map(|item| joined(item))),
        }
    }
    lines
}

/// Joins the lines of a text, with one blank between words.
fn joined(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ")
}

/// Formats a list: `A, B and C`.
fn list(items: &[String]) -> Option<String> {
    match items {
        [] => None,
        [only] => Some(only.clone()),
        [items @ .., last] => Some(format!("{} and {last}", items.join(", "))),
    }
}
