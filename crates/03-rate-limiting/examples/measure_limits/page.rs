//! Draws the results as bars, and compares them with the targets.

use diagram::{Bars, Measurement, WIDTH};

use crate::Arguments;
use crate::rounds::Rounds;

/// A chart: its title, and the figure that each row shows, without the number of threads. The first row is the baseline.
struct Chart {
    title: &'static str,
    rows: &'static [(&'static str, &'static str)],
}

const CHARTS: [Chart; 4] = [
    Chart {
        title: "a call that is admitted",
        rows: &[
            ("governor", "admitted governor"),
            ("TokenBucket", "admitted ours"),
            ("one look at the clock", "clock"),
            ("tower: RateLimit", "admitted tower"),
            ("Go: token from a channel", "admitted go"),
        ],
    },
    Chart {
        title: "a call that is refused",
        rows: &[
            ("governor", "refused governor"),
            ("TokenBucket", "refused ours"),
            ("Go: token from a channel", "refused go"),
        ],
    },
    Chart {
        title: "a permit taken and given back, try_acquire",
        rows: &[
            ("Tokio: Semaphore", "permit tokio"),
            ("Permits", "permit ours"),
            ("tower: ConcurrencyLimit", "permit tower"),
            ("Go: slot of a channel", "permit go"),
        ],
    },
    Chart {
        title: "a permit taken and given back, acquire",
        rows: &[
            ("Tokio: Semaphore", "acquire tokio"),
            ("Permits", "acquire ours"),
        ],
    },
];

/// The targets: a figure over another one, at most 1.0, on these numbers of threads.
const TARGETS: [Target; 4] = [
    Target {
        words: "an admitted call over governor's",
        of: ["admitted ours", "admitted governor"],
        threads: &[1, 2],
    },
    Target {
        words: "a refused call over governor's",
        of: ["refused ours", "refused governor"],
        threads: &[1, 2],
    },
    Target {
        words: "try_acquire over Tokio's",
        of: ["permit ours", "permit tokio"],
        threads: &[1],
    },
    Target {
        words: "acquire over Tokio's",
        of: ["acquire ours", "acquire tokio"],
        threads: &[1],
    },
];

struct Target {
    words: &'static str,
    of: [&'static str; 2],
    threads: &'static [usize],
}

const THREADS: [(usize, &str); 2] = [(1, "one thread"), (2, "two threads on two cores")];

pub(crate) fn page(arguments: &Arguments, rounds: &Rounds) -> String {
    let mut page = format!(
        "$ scripts/bench rate-limiting\n{}\n{}\n\nMedians of {} runs, in turns (lowest to highest). Threads are pinned.\n",
        arguments.machine, arguments.compilers, arguments.rounds
    );
    for chart in &CHARTS {
        for (threads, words) in THREADS {
            page += &format!("\n{}", draw(chart, threads, words, rounds));
        }
    }
    page += "\nTargets, at most 1.0: met if the lowest ratio of a run reaches it\n";
    for target in &TARGETS {
        for (threads, words) in THREADS {
            if target.threads.contains(&threads) {
                let of = target.of.map(|name| format!("{name} {threads}"));
                let words = words.trim_end_matches(" on two cores");
                page += &compare(&format!("{}, {words}", target.words), &of, rounds);
            }
        }
    }
    page
}

fn draw(chart: &Chart, threads: usize, words: &str, rounds: &Rounds) -> String {
    let row = |(label, name): &(&str, &str)| {
        let values = rounds.get(&format!("{name} {threads}"))?;
        let values = sorted(values.iter().copied())?;
        let (low, high) = (values[0], values[values.len() - 1]);
        let measured = Measurement::new(*label, median(&values));
        Some(if low < high {
            measured.between(low, high)
        } else {
            measured
        })
    };
    let title = format!("{}, {words}", chart.title);
    let bars = Bars {
        title: Some(title.clone()),
        unit: "ns".to_owned(),
        rows: chart.rows.iter().filter_map(row).collect(),
        baseline: Some(0),
        ..Bars::default()
    };
    let text = bars.text(WIDTH);
    text.unwrap_or_else(|error| format!("{title}: {error}\n"))
}

fn compare(words: &str, of: &[String; 2], rounds: &Rounds) -> String {
    let [Some(ours), Some(peer)] = of.each_ref().map(|name| rounds.get(name)) else {
        return format!("{words}: not measured\n");
    };
    let ratios = ours.iter().zip(peer).map(|(ours, peer)| ours / peer);
    let Some(ratios) = sorted(ratios) else {
        return format!("{words}: not measured\n");
    };
    let (low, high) = (ratios[0], ratios[ratios.len() - 1]);
    let verdict = if low <= 1.0 { "met" } else { "missed" };
    format!(
        "{words} ({:.2}, {low:.2} to {high:.2}): {verdict}\n",
        median(&ratios)
    )
}

/// Returns the values in their order, without those of rounds in which none was found.
fn sorted(values: impl Iterator<Item = f64>) -> Option<Vec<f64>> {
    let mut values: Vec<f64> = values.filter(|value| value.is_finite()).collect();
    values.sort_by(f64::total_cmp);
    (!values.is_empty()).then_some(values)
}

fn median(sorted: &[f64]) -> f64 {
    sorted[sorted.len() / 2]
}
