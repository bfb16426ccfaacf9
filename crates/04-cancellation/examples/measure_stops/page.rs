//! Draws the results as bars, and compares them with the targets.

use diagram::{Bars, Measurement, WIDTH};

use crate::Arguments;
use crate::rounds::Rounds;

/// A chart: its title, its unit, and the figure that each row shows. The first row is the baseline.
struct Chart {
    title: &'static str,
    unit: &'static str,
    /// What a value is divided by, to be in that unit.
    scale: f64,
    rows: &'static [(&'static str, &'static str)],
}

const CHARTS: [Chart; 7] = [
    Chart {
        title: "a look at a token that isn't cancelled",
        unit: "ns",
        scale: 1.0,
        rows: &[
            ("one load", "load look"),
            ("ours", "ours look"),
            ("tokio-util", "tokio look"),
            ("Go: ctx.Err", "go look"),
        ],
    },
    Chart {
        title: "cancelling 10,000 children, per child",
        unit: "ns",
        scale: 1.0,
        rows: &[
            ("ours", "ours cancel"),
            ("tokio-util", "tokio cancel"),
            ("Go", "go cancel"),
        ],
    },
    Chart {
        title: "from the cancellation to the stopped task, p50 of 4,000",
        unit: "µs",
        scale: 1e3,
        rows: &[
            ("ours", "ours p50"),
            ("tokio-util", "tokio p50"),
            ("aborted", "abort p50"),
            ("Go", "go p50"),
        ],
    },
    Chart {
        title: "from the cancellation to the stopped task, p99 of 4,000",
        unit: "µs",
        scale: 1e3,
        rows: &[
            ("ours", "ours p99"),
            ("tokio-util", "tokio p99"),
            ("aborted", "abort p99"),
            ("Go", "go p99"),
        ],
    },
    Chart {
        title: "heap per child, of 10,000 children on which no task waits",
        unit: "bytes",
        scale: 1.0,
        rows: &[
            ("ours", "ours child"),
            ("tokio-util", "tokio child"),
            ("Go", "go child"),
        ],
    },
    Chart {
        title: "heap that one waiting task adds to a child, with its future",
        unit: "bytes",
        scale: 1.0,
        rows: &[("ours", "ours waiting"), ("tokio-util", "tokio waiting")],
    },
    Chart {
        title: "heap that a call with a deadline of a minute leaves behind, of 1,000 calls",
        unit: "bytes",
        scale: 1.0,
        rows: &[
            ("cancel dropped", "lost dropped"),
            ("Go: cancel dropped", "go dropped"),
            ("Go: cancel called", "go called"),
            ("deadline dropped", "ours dropped"),
        ],
    },
];

/// A target: a figure over another one, at most a ratio.
struct Target {
    words: &'static str,
    of: [&'static str; 2],
    at_most: f64,
}

const TARGETS: [Target; 11] = [
    Target {
        words: "a look at most 1.1 × one load",
        of: ["ours look", "load look"],
        at_most: 1.1,
    },
    Target {
        words: "p50 at most 1.0 × tokio-util's",
        of: ["ours p50", "tokio p50"],
        at_most: 1.0,
    },
    Target {
        words: "p50 below Go's",
        of: ["ours p50", "go p50"],
        at_most: 1.0,
    },
    Target {
        words: "p99 at most 1.0 × tokio-util's",
        of: ["ours p99", "tokio p99"],
        at_most: 1.0,
    },
    Target {
        words: "p99 below Go's",
        of: ["ours p99", "go p99"],
        at_most: 1.0,
    },
    Target {
        words: "cancelling children at most 1.0 × tokio-util's",
        of: ["ours cancel", "tokio cancel"],
        at_most: 1.0,
    },
    Target {
        words: "cancelling children below Go's",
        of: ["ours cancel", "go cancel"],
        at_most: 1.0,
    },
    Target {
        words: "heap per child at most 1.0 × tokio-util's",
        of: ["ours child", "tokio child"],
        at_most: 1.0,
    },
    Target {
        words: "heap per child below Go's",
        of: ["ours child", "go child"],
        at_most: 1.0,
    },
    Target {
        words: "heap per waiting task at most 1.0 × tokio-util's",
        of: ["ours waiting", "tokio waiting"],
        at_most: 1.0,
    },
    Target {
        words: "heap per child with a waiting task below Go's",
        of: ["ours both", "go waiting"],
        at_most: 1.0,
    },
];

pub(crate) fn page(arguments: &Arguments, rounds: &Rounds) -> String {
    let mut rounds = rounds.clone();
    if let (Some(child), Some(waiting)) = (rounds.get("ours child"), rounds.get("ours waiting")) {
        let both = vec![child[0] + waiting[0]];
        rounds.insert("ours both".to_owned(), both);
    }
    let mut page = format!(
        "$ scripts/bench cancellation\n{}\n{}\n\nMedians of {} runs, in turns (lowest to highest). Bytes are counted, once.\n",
        arguments.machine, arguments.compilers, arguments.rounds
    );
    for chart in &CHARTS {
        page += &format!("\n{}", draw(chart, &rounds));
    }
    page += "\nTargets: met if the lowest ratio of a run reaches it\n";
    for target in &TARGETS {
        page += &compare(target, &rounds);
    }
    page
}

fn draw(chart: &Chart, rounds: &Rounds) -> String {
    let row = |(label, name): &(&str, &str)| {
        let mut values: Vec<f64> = rounds
            .get(*name)?
            .iter()
            .map(|value| value / chart.scale)
            .collect();
        values.sort_by(f64::total_cmp);
        let (low, high) = (values[0], values[values.len() - 1]);
        let measured = Measurement::new(*label, median(&values));
        Some(if low < high {
            measured.between(low, high)
        } else {
            measured
        })
    };
    let bars = Bars {
        title: Some(chart.title.to_owned()),
        unit: chart.unit.to_owned(),
        rows: chart.rows.iter().filter_map(row).collect(),
        baseline: Some(0),
        ..Bars::default()
    };
    bars.text(WIDTH)
        .unwrap_or_else(|error| format!("{}: {error}\n", chart.title))
}

fn compare(target: &Target, rounds: &Rounds) -> String {
    let [Some(ours), Some(peer)] = target.of.map(|name| rounds.get(name)) else {
        return format!("{}: not measured\n", target.words);
    };
    let runs = ours.len().max(peer.len());
    let mut ratios: Vec<f64> = (0..runs)
        .map(|run| ours[run.min(ours.len() - 1)] / peer[run.min(peer.len() - 1)])
        .collect();
    ratios.sort_by(f64::total_cmp);
    let (low, high) = (ratios[0], ratios[runs - 1]);
    let verdict = if low <= target.at_most {
        "met"
    } else {
        "missed"
    };
    if runs == 1 {
        return format!("{} ({low:.2}): {verdict}\n", target.words);
    }
    format!(
        "{} ({:.2}, {low:.2} to {high:.2}): {verdict}\n",
        target.words,
        median(&ratios)
    )
}

fn median(sorted: &[f64]) -> f64 {
    sorted[sorted.len() / 2]
}
