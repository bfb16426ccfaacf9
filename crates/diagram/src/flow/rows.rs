//! Finds a line of the picture for each layer, and for each line between two layers that turns.

use super::demand::label_side;
use super::nets::Net;
use super::slot::{Route, Side};

/// The lines of a gap. From top to bottom: lines down from the upper layer and their labels, lines that turn,
/// lines down to the lower layer and their labels.
#[derive(Debug)]
pub(super) struct Gap {
    /// The first line, below the upper layer.
    pub(super) top: usize,
    /// Where each net turns. Nothing is drawn there if it is straight.
    pub(super) turns: Vec<usize>,
    /// The first line below all turns.
    pub(super) below: usize,
    /// The line of the lower layer.
    pub(super) end: usize,
}

/// Arranges a gap that starts at `top`. `labels` are the numbers of lines in each arrow's label. `heads` says
/// for each link of a net whether there is an arrowhead at its upper and at its lower end.
///
/// # Errors
///
/// Two nets, by their indices, that would cross.
pub(super) fn gap(
    top: usize,
    nets: &[Net],
    routes: &[Route],
    labels: &[usize],
    heads: impl Fn(usize) -> (bool, bool),
) -> Result<Gap, (usize, usize)> {
    if nets.is_empty() {
        return Ok(Gap {
            top,
            turns: Vec::new(),
            below: top + 1,
            end: top + 1,
        });
    }
    let (mut upper, mut lower) = (1, 1);
    for (net, route) in nets.iter().zip(routes) {
        for link in &net.links {
            let (head_above, head_below) = heads(link.arrow);
            let lines = if link.has_label {
                labels[link.arrow]
            } else {
                0
            };
            match label_side(net, route, link) {
                Side::Upper => upper = upper.max(lines + usize::from(head_above)),
                Side::Lower => lower = lower.max(lines + usize::from(head_below)),
            }
        }
        // Between two heads there is a line.
        if net.leads_both_ways() {
            upper = upper.max(2);
        }
    }
    let turns = turns(routes)?;
    let count = turns
        .iter()
        .zip(routes)
        .filter(|(_, route)| !route.is_straight());
    let count = count.map(|(turn, _)| turn + 1).max().unwrap_or(0);
    let first = top + upper;
    Ok(Gap {
        top,
        turns: turns.iter().map(|turn| first + turn).collect(),
        below: first + count,
        end: first + count + lower,
    })
}

/// Counts the turns above each route's own, so that no two routes meet.
fn turns(routes: &[Route]) -> Result<Vec<usize>, (usize, usize)> {
    let turning: Vec<usize> = (0..routes.len())
        .filter(|&index| !routes[index].is_straight())
        .collect();
    let mut above: Vec<(usize, usize)> = Vec::new();
    for &one in &turning {
        for &other in turning.iter().filter(|&&other| other > one) {
            let (mut one_first, mut other_first) = (false, false);
            // A line down to a turn may not cross a turn above it, nor a line down from a turn one below it.
            for (first, second, above) in
                [(one, other, &mut one_first), (other, one, &mut other_first)]
            {
                let (low, high) = range(&routes[second]);
                let inside = |column: usize| low <= column && column <= high;
                *above |= routes[first].ends.iter().any(|ends| inside(ends.0));
            }
            for (first, second, above) in
                [(one, other, &mut one_first), (other, one, &mut other_first)]
            {
                let (low, high) = range(&routes[first]);
                let inside = |column: usize| low <= column && column <= high;
                *above |= routes[second].ends.iter().any(|ends| inside(ends.1));
            }
            let (a, b) = (range(&routes[one]), range(&routes[other]));
            let near = a.0 <= b.1 + 1 && b.0 <= a.1 + 1;
            match (one_first, other_first) {
                (true, true) => return Err((one, other)),
                (false, true) => above.push((other, one)),
                (true, false) => above.push((one, other)),
                (false, false) if near => above.push((one, other)),
                (false, false) => {}
            }
        }
    }
    // A straight line crosses every turn that spans its column.
    for straight in (0..routes.len()).filter(|index| routes[*index].is_straight()) {
        for &turn in &turning {
            let (low, high) = range(&routes[turn]);
            if routes[straight]
                .ends
                .iter()
                .any(|ends| (low..=high).contains(&ends.0))
            {
                return Err((straight.min(turn), straight.max(turn)));
            }
        }
    }
    let mut turns = vec![0; routes.len()];
    for _ in 0..=routes.len() {
        let before = turns.clone();
        for &(first, second) in &above {
            turns[second] = turns[second].max(turns[first] + 1);
        }
        if turns == before {
            return Ok(turns);
        }
    }
    Err(above.first().copied().unwrap_or_default())
}

/// The first and the last column of a route.
fn range(route: &Route) -> (usize, usize) {
    let columns = || route.ends.iter().flat_map(|ends| [ends.0, ends.1]);
    (columns().min().unwrap_or(0), columns().max().unwrap_or(0))
}
