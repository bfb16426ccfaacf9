//! Draws the results as bars, and compares them with the targets.

use ::rounds::Rounds;

use crate::Arguments;

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
        let both = child[0] + waiting[0];
        rounds.add("ours both", both);
    }
    let mut page = format!(
        "$ scripts/bench cancellation\n{}\n{}\n\nMedians of {} runs, in turns (lowest to highest). Bytes are counted, once.\n",
        arguments.machine, arguments.compilers, arguments.rounds
    );
    for Chart {
        title,
        unit,
        scale,
        rows,
    } in &CHARTS
    {
        page += "\n";
        page += &rounds.bars(title, unit, *scale, rows.iter().copied());
    }
    page += "\nTargets: met if the lowest ratio of a run reaches it\n";
    for Target { words, of, at_most } in &TARGETS {
        page += &rounds.ratio(words, *of, *at_most);
    }
    page
}
