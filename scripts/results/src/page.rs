//! Draws the file that a page includes.

use diagram::{Bars, Error, Measurement, WIDTH};

use crate::Measured;

/// The lines above the figures, without which the figures mean nothing.
#[derive(Clone, Debug)]
pub struct Head {
    /// The command that ran the benchmarks.
    pub command: String,
    /// The date, the processor and its number of cores.
    pub machine: String,
    /// The compilers' versions.
    pub compilers: String,
    /// The text below the figures, such as a target that was missed and what was tried.
    pub notes: Option<String>,
}

/// Draws all groups as bars, at most 80 columns wide. In a group, the fastest comes first, and the one that was
/// measured first is the baseline.
///
/// # Errors
///
/// If a group can't be drawn.
pub fn page(head: &Head, measured: &[Measured]) -> Result<String, Error> {
    let mut page = format!("$ {}\n{}\n{}\n", head.command, head.machine, head.compilers);
    let mut drawn: Vec<&str> = Vec::new();
    for Measured { group, .. } in measured {
        if drawn.contains(&group.as_str()) {
            continue;
        }
        drawn.push(group);
        page.push('\n');
        page.push_str(
            &bars(measured.iter().filter(|one| one.group == *group).collect()).text(WIDTH)?,
        );
    }
    if let Some(notes) = &head.notes {
        page.push('\n');
        page.push_str(notes);
    }
    Ok(page)
}

fn bars(mut group: Vec<&Measured>) -> Bars {
    let ours = group[0];
    let per = if ours.per_item { ", per item" } else { "" };
    let title = format!("{}{per}", ours.group);
    group.sort_by(|a, b| a.median.total_cmp(&b.median));
    let baseline = group.iter().position(|one| std::ptr::eq(*one, ours));
    let (unit, ns) = unit(group[0].median);
    let rows = group.iter().map(|one| {
        Measurement::new(one.row.clone(), one.median / ns)
            .between(one.range.0 / ns, one.range.1 / ns)
    });
    Bars {
        title: Some(title),
        unit: unit.to_owned(),
        rows: rows.collect(),
        baseline,
        notes: Vec::new(),
    }
}

/// The largest unit in which `ns` is at least 1.
fn unit(ns: f64) -> (&'static str, f64) {
    match ns {
        1e9.. => ("s", 1e9),
        1e6.. => ("ms", 1e6),
        1e3.. => ("µs", 1e3),
        _ => ("ns", 1.0),
    }
}
