//! Groups the arrows between two layers into lines that they share.

use std::collections::BTreeMap;

/// The piece of an arrow between two layers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Link {
    pub(super) arrow: usize,
    /// The position of the item in the upper layer.
    pub(super) upper: usize,
    /// The position of the item in the lower layer.
    pub(super) lower: usize,
    pub(super) down: bool,
    /// Whether the arrow's label stands beside this piece.
    pub(super) has_label: bool,
}

/// Pieces of arrows that share a line. It joins each of its upper items with each of its lower items.
#[derive(Clone, Debug)]
pub(super) struct Net {
    /// The positions of the upper items, in order.
    pub(super) uppers: Vec<usize>,
    /// The positions of the lower items, in order.
    pub(super) lowers: Vec<usize>,
    pub(super) links: Vec<Link>,
}

impl Net {
    /// Whether the line joins one item with one other.
    pub(super) fn is_pair(&self) -> bool {
        self.uppers.len() == 1 && self.lowers.len() == 1
    }

    /// Whether there is an arrow in both directions.
    pub(super) fn leads_both_ways(&self) -> bool {
        self.links.iter().any(|link| link.down) && self.links.iter().any(|link| !link.down)
    }

    /// Whether the line is left of `other`, or meets it in an item that both have as their last and first.
    fn precedes(&self, other: &Net) -> bool {
        self.uppers.last() <= other.uppers.first() && self.lowers.last() <= other.lowers.first()
    }

    fn key(&self) -> (&[usize], &[usize], bool, usize) {
        let first = self.links.first();
        (
            &self.uppers,
            &self.lowers,
            first.is_some_and(|link| !link.down),
            first.map_or(0, |link| link.arrow),
        )
    }
}

/// Groups the links between two layers, from left to right.
///
/// # Errors
///
/// Two arrows that cross.
pub(super) fn nets(links: &[Link]) -> Result<Vec<Net>, (usize, usize)> {
    let mut nets = Vec::new();
    for down in [true, false] {
        nets.extend(shared(links.iter().filter(|link| link.down == down)));
    }
    let mut nets = both_ways(nets);
    nets.sort_by(|a, b| a.key().cmp(&b.key()));
    for pair in nets.windows(2) {
        if !pair[0].precedes(&pair[1]) {
            return Err(crossing(&pair[0], &pair[1]));
        }
    }
    Ok(nets)
}

/// Groups the links of one direction: upper items share a line if it leads to the same lower items.
fn shared<'a>(links: impl Iterator<Item = &'a Link>) -> Vec<Net> {
    let mut by_upper: BTreeMap<usize, Vec<Link>> = BTreeMap::new();
    for link in links {
        by_upper.entry(link.upper).or_default().push(*link);
    }
    let mut nets: Vec<Net> = Vec::new();
    for (upper, links) in by_upper {
        let mut lowers: Vec<usize> = links.iter().map(|link| link.lower).collect();
        lowers.sort_unstable();
        // Beside a line from several items to several others, a label would be ambiguous.
        let may_share = |net: &Net| {
            let labels = net.links.iter().chain(&links).any(|link| link.has_label);
            net.lowers == lowers && (lowers.len() == 1 || !labels)
        };
        match nets.iter_mut().find(|net| may_share(net)) {
            Some(net) => {
                net.uppers.push(upper);
                net.links.extend(links);
            }
            None => nets.push(Net {
                uppers: vec![upper],
                lowers,
                links,
            }),
        }
    }
    nets
}

/// Joins two lines between the same items, one for each direction, unless a label tells them apart.
fn both_ways(nets: Vec<Net>) -> Vec<Net> {
    let mut joined: Vec<Net> = Vec::new();
    for net in nets {
        let plain = |net: &Net| !net.links.iter().any(|link| link.has_label);
        let same = joined.iter_mut().find(|other| {
            (&other.uppers, &other.lowers) == (&net.uppers, &net.lowers)
                && plain(other)
                && plain(&net)
        });
        match same {
            Some(other) => other.links.extend(net.links),
            None => joined.push(net),
        }
    }
    joined
}

/// Names an arrow of each of two lines that cross.
fn crossing(first: &Net, second: &Net) -> (usize, usize) {
    let arrow = |link: Option<&Link>| link.map_or(0, |link| link.arrow);
    let at_upper = first.uppers.last() > second.uppers.first();
    let end = |link: &&Link| if at_upper { link.upper } else { link.lower };
    (
        arrow(first.links.iter().max_by_key(end)),
        arrow(second.links.iter().min_by_key(end)),
    )
}
