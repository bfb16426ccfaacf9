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
    if let Some(title) = &block.title {
        return (joined(title), contents(&block.parts));
    }
    let (first, rest) = match block.parts.split_first() {
        Some((Part::Text(text), rest)) if block.is_left() => {
            let text = text.trim_start();
            let (first, more) = text.split_once('\n').unwrap_or((text, ""));
            let more = [Part::Text(more.to_owned())];
            return (joined(first), [contents(&more), contents(rest)].concat());
        }
        // A short text is a name as a whole.
        Some((first, rest)) => (contents(std::slice::from_ref(first)), rest),
        None => (Vec::new(), block.parts.as_slice()),
    };
    let mut all = [first, contents(rest)].concat();
    let name = if all.is_empty() {
        String::new()
    } else {
        all.remove(0)
    };
    (name, all)
}

/// Returns the parts of a block in words. Code is joined into one line, which is how it is read out.
fn contents(parts: &[Part]) -> Vec<String> {
    let mut words = Vec::new();
    for part in parts {
        match part {
            Part::Text(text) => words.push(joined(text)),
            Part::Block(inner) => {
                let inside = contents(&inner.parts).join("; ");
                words.push(match &inner.title {
                    Some(title) if inside.is_empty() => joined(title),
                    Some(title) => format!("{} ({inside})", joined(title)),
                    None => format!("({inside})"),
                });
            }
            Part::Branches(items) => words.extend(items.iter().map(|item| joined(item))),
        }
    }
    words.retain(|words| !words.is_empty());
    words
}

/// Joins the lines of a text, with one blank between words. Leaves out a line that is only an arrow: it shows the
/// order, which the words have anyway.
fn joined(text: &str) -> String {
    let is_arrow = |line: &&str| matches!(line.trim(), "↑" | "→" | "↓" | "←");
    let lines = block::lines(text).filter(|line| !is_arrow(line));
    let words: Vec<&str> = lines.flat_map(str::split_whitespace).collect();
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
