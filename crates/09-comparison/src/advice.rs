//! Says in words which strategy to choose, from what each of them cost.

use crate::measured::Measured;
use crate::strategy::Strategy;
use crate::table::{counted, grouped};

/// Returns which strategies are the fastest of those that lose no item, what they take, which strategies lose items,
/// and how much longer the slowest takes.
///
/// # Panics
///
/// If every strategy loses items. One after another never does, if there is at least one descriptor.
pub fn advice(costs: &[(Strategy, Measured)], items: usize) -> String {
    let whole = || costs.iter().filter(|(_, cost)| cost.failed == 0);
    let best = whole().map(|(_, cost)| cost.ms).fold(f64::MAX, f64::min);
    let fastest: Vec<_> = whole().filter(|(_, cost)| cost.ms == best).collect();
    assert!(!fastest.is_empty(), "a strategy that loses no item");
    let names: Vec<String> = fastest.iter().map(|(name, _)| name.to_string()).collect();
    let verb = if names.len() == 1 { "is" } else { "are" };
    let best_ms = grouped(best.round() as usize);
    let mut text = format!(
        "{} {verb} the fastest without a failure: {best_ms} ms, with {} and at most {} in flight.",
        listed(&names, "and"),
        each(&fastest, |cost| counted(cost.tasks, "task")),
        each(&fastest, |cost| counted(cost.in_flight, "item")),
    );
    let losing: Vec<String> = costs
        .iter()
        .filter(|(_, cost)| cost.failed > 0)
        .map(|(name, cost)| format!("{name} loses {}", grouped(cost.failed)))
        .collect();
    if !losing.is_empty() {
        let items = counted(items, "item");
        text += &format!(" Of {items}, {}.", listed(&losing, "and"));
    }
    // Of equals, `max_by` returns the last, and the first strategy is the plainest.
    let slowest = whole().rev().max_by(|(_, a), (_, b)| a.ms.total_cmp(&b.ms));
    if let Some((name, cost)) = slowest.filter(|(_, cost)| cost.ms > best) {
        text += &format!(" {name} takes {:.1} times as long.", cost.ms / best);
    }
    text
}

/// The different values of one figure, in the order of the strategies.
fn each(fastest: &[&(Strategy, Measured)], figure: fn(&Measured) -> String) -> String {
    let mut values: Vec<String> = Vec::new();
    for (_, cost) in fastest {
        let value = figure(cost);
        if !values.contains(&value) {
            values.push(value);
        }
    }
    listed(&values, "or")
}

/// Joins words with commas, and the last two with `last`.
fn listed(words: &[String], last: &str) -> String {
    match words {
        [] => String::new(),
        [only] => only.clone(),
        [others @ .., end] => format!("{} {last} {end}", others.join(", ")),
    }
}
