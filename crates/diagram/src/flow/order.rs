//! Orders what each layer contains: its boxes, and the arrows that pass between them.

use super::nets::{self, Net};

/// How many layers may be tried before the search gives up. A flow that fits a page needs a few dozen.
const TRIES: usize = 20_000;

/// The position of a box: its layer, and its index there. The boxes were given in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) layer: usize,
    pub(super) index: usize,
}

/// The boxes that an arrow joins, in different layers.
#[derive(Clone, Copy, Debug)]
pub(super) struct Span {
    pub(super) start: Place,
    pub(super) end: Place,
}

/// What stands in a layer, from left to right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Item {
    /// The box with this index in its layer.
    Node(usize),
    /// The arrow with this index, which passes through the layer.
    Pass(usize),
}

/// A flow whose arrows don't cross.
#[derive(Debug)]
pub(super) struct Plan {
    /// The items of each layer.
    pub(super) layers: Vec<Vec<Item>>,
    /// The lines between each layer and the next, from left to right.
    pub(super) gaps: Vec<Vec<Net>>,
    pub(super) spans: Vec<Span>,
}

impl Span {
    pub(super) fn leads_down(self) -> bool {
        self.start.layer < self.end.layer
    }

    pub(super) fn top(self) -> Place {
        if self.leads_down() {
            self.start
        } else {
            self.end
        }
    }

    pub(super) fn bottom(self) -> Place {
        if self.leads_down() {
            self.end
        } else {
            self.start
        }
    }

    /// Whether the piece of the arrow in a gap has a head at its upper and at its lower end.
    pub(super) fn heads(self, gap: usize) -> (bool, bool) {
        (
            !self.leads_down() && self.end.layer == gap,
            self.leads_down() && self.end.layer == gap + 1,
        )
    }

    /// The gap in which the arrow's label stands: the one beside its start.
    pub(super) fn label_gap(self) -> usize {
        if self.leads_down() {
            self.start.layer
        } else {
            self.start.layer - 1
        }
    }

    /// What the arrow meets in `layer`: one of its boxes, or nothing if it passes.
    fn item(self, arrow: usize, layer: usize) -> Item {
        match layer {
            _ if layer == self.top().layer => Item::Node(self.top().index),
            _ if layer == self.bottom().layer => Item::Node(self.bottom().index),
            _ => Item::Pass(arrow),
        }
    }

    fn crosses_gap(self, gap: usize) -> bool {
        (self.top().layer..self.bottom().layer).contains(&gap)
    }
}

/// Finds an order in which no two arrows cross. `counts` are the numbers of boxes in each layer.
///
/// # Errors
///
/// Two arrows that cross, by their indices.
pub(super) fn plan(
    counts: &[usize],
    spans: &[Span],
    labelled: &[bool],
) -> Result<Plan, (usize, usize)> {
    let mut search = Search {
        counts,
        spans,
        labelled,
        layers: Vec::new(),
        gaps: Vec::new(),
        tries: 0,
        crossing: None,
    };
    if search.layer() {
        return Ok(Plan {
            layers: search.layers,
            gaps: search.gaps,
            spans: spans.to_vec(),
        });
    }
    Err(search.crossing.unwrap_or_default())
}

/// A search through the places where arrows may pass, from the top layer to the bottom one.
struct Search<'a> {
    counts: &'a [usize],
    spans: &'a [Span],
    labelled: &'a [bool],
    layers: Vec<Vec<Item>>,
    gaps: Vec<Vec<Net>>,
    tries: usize,
    /// The first crossing that was found.
    crossing: Option<(usize, usize)>,
}

impl Search<'_> {
    /// Adds the next layers. Returns false if no order of them fits below those that exist.
    fn layer(&mut self) -> bool {
        let layer = self.layers.len();
        let Some(&nodes) = self.counts.get(layer) else {
            return true;
        };
        // The arrows that pass, each with the position of what it meets in the layer above.
        let passes = self
            .spans
            .iter()
            .enumerate()
            .filter(|(_, span)| span.top().layer < layer && layer < span.bottom().layer);
        let mut passes: Vec<(usize, usize)> = passes
            .map(|(arrow, span)| (self.position(layer - 1, span.item(arrow, layer - 1)), arrow))
            .collect();
        passes.sort_unstable();
        self.interleave(nodes, &passes, &mut Vec::new())
    }

    /// Merges the boxes and the arrows that pass, boxes first, so that arrows pass on the right if they can.
    fn interleave(
        &mut self,
        nodes: usize,
        passes: &[(usize, usize)],
        items: &mut Vec<Item>,
    ) -> bool {
        if self.tries > TRIES {
            return false;
        }
        let placed = items
            .iter()
            .filter(|item| matches!(item, Item::Node(_)))
            .count();
        if placed == nodes && passes.is_empty() {
            return self.try_layer(items.clone());
        }
        if placed < nodes {
            items.push(Item::Node(placed));
            if self.interleave(nodes, passes, items) {
                return true;
            }
            items.pop();
        }
        // Arrows that come from further left pass further left.
        let leftmost = passes
            .iter()
            .take_while(|pass| pass.0 == passes[0].0)
            .count();
        for index in 0..leftmost {
            let mut rest = passes.to_vec();
            let (_, arrow) = rest.remove(index);
            items.push(Item::Pass(arrow));
            if self.interleave(nodes, &rest, items) {
                return true;
            }
            items.pop();
        }
        false
    }

    fn try_layer(&mut self, items: Vec<Item>) -> bool {
        self.tries += 1;
        self.layers.push(items);
        if let Some(gap) = self.layers.len().checked_sub(2) {
            match nets::nets(&self.links(gap)) {
                Ok(nets) => self.gaps.push(nets),
                Err(crossing) => {
                    self.crossing.get_or_insert(crossing);
                    self.layers.pop();
                    return false;
                }
            }
        }
        if self.layer() {
            return true;
        }
        self.layers.pop();
        self.gaps.pop();
        false
    }

    /// Returns the pieces of arrows between a layer and the next.
    fn links(&self, gap: usize) -> Vec<nets::Link> {
        let arrows = self.spans.iter().enumerate();
        arrows
            .filter(|(_, span)| span.crosses_gap(gap))
            .map(|(arrow, span)| nets::Link {
                arrow,
                upper: self.position(gap, span.item(arrow, gap)),
                lower: self.position(gap + 1, span.item(arrow, gap + 1)),
                down: span.leads_down(),
                has_label: self.labelled[arrow] && span.label_gap() == gap,
            })
            .collect()
    }

    fn position(&self, layer: usize, item: Item) -> usize {
        let items = &self.layers[layer];
        items.iter().position(|other| *other == item).unwrap_or(0)
    }
}
