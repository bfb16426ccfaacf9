//! Draws the results as bars, and compares them with the targets.

use diagram::{Bars, Measurement, WIDTH};

use crate::Arguments;
use crate::peers::Measured;

pub(crate) fn page(arguments: &Arguments, measured: &[Measured]) -> String {
    let mut page = format!(
        "$ scripts/bench hibernation\n{}\n{}\n\nMedians of {} rounds, in turns (lowest to highest).\n",
        arguments.machine, arguments.compilers, arguments.rounds
    );
    let (warm, slow): (Vec<&Measured>, Vec<&Measured>) =
        measured.iter().partition(|it| it.name == "watched, warm");
    let title = "a check of 100 resources at 50 ms per call, ten at once";
    page += &bars(title, "ms", 1.0, &slow);
    page += &bars("the same check, of a watch that is warm", "µs", 1e3, &warm);
    page += "\nRequests that the server counted, in each round\n\n";
    for Measured { name, requests, .. } in measured {
        let (least, most) = (requests.iter().min(), requests.iter().max());
        let (least, most) = (least.copied().unwrap_or(0), most.copied().unwrap_or(0));
        // The Go program finds the resources itself.
        let words = if name.starts_with("Go") {
            " with the six lists that find the resources"
        } else {
            ""
        };
        let range = if least == most {
            most.to_string()
        } else {
            format!("{least} to {most}")
        };
        page += &format!("{name:<22} {range:>10}{words}\n");
    }
    page += "\nTargets: met if the range of the rounds' ratios reaches it\n";
    page += &compare(
        measured,
        "sequential",
        "window",
        |ratio| ratio >= 9.5,
        "at least 9.5",
    );
    page += &compare(
        measured,
        "window",
        "listed",
        |ratio| ratio >= 5.0,
        "at least 5",
    );
    page
}

fn bars(title: &str, unit: &str, scale: f64, measured: &[&Measured]) -> String {
    let rows = measured.iter().map(|it| {
        let mut values: Vec<f64> = it.ms.iter().map(|ms| ms * scale).collect();
        values.sort_by(f64::total_cmp);
        let row = Measurement::new(&it.name, values[values.len() / 2]);
        match (values[0], values[values.len() - 1]) {
            (low, high) if low < high => row.between(low, high),
            _ => row,
        }
    });
    let bars = Bars {
        title: Some(title.to_owned()),
        unit: unit.to_owned(),
        rows: rows.collect(),
        baseline: Some(0),
        ..Bars::default()
    };
    let text = bars.text(WIDTH);
    format!(
        "\n{}",
        text.unwrap_or_else(|error| format!("{title}: {error}\n"))
    )
}

/// Compares the rounds of two checks, one by one.
fn compare(
    measured: &[Measured],
    slow: &str,
    fast: &str,
    is_met: fn(f64) -> bool,
    words: &str,
) -> String {
    let of = |name: &str| measured.iter().find(|it| it.name == name);
    let (Some(dividend), Some(divisor)) = (of(slow), of(fast)) else {
        return format!("{slow} ÷ {fast}: not measured\n");
    };
    let rounds = dividend.ms.iter().zip(&divisor.ms);
    let mut ratios: Vec<f64> = rounds.map(|(slow, fast)| slow / fast).collect();
    ratios.sort_by(f64::total_cmp);
    let (low, median, high) = (
        ratios[0],
        ratios[ratios.len() / 2],
        ratios[ratios.len() - 1],
    );
    let verdict = if is_met(high) { "met" } else { "missed" };
    format!("{slow} ÷ {fast} {words} ({median:.2}, {low:.2} to {high:.2}): {verdict}\n")
}
