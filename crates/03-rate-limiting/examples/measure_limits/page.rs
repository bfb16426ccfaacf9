//! Draws the results as bars, and compares them with the targets.

use ::rounds::Rounds;

use crate::Arguments;

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
    for Chart { title, rows } in &CHARTS {
        for (threads, words) in THREADS {
            let rows = rows
                .iter()
                .map(|(label, name)| (*label, format!("{name} {threads}")));
            page += "\n";
            page += &rounds.bars(&format!("{title}, {words}"), "ns", 1.0, rows);
        }
    }
    page += "\nTargets, at most 1.0: met if the lowest ratio of a run reaches it\n";
    for target in &TARGETS {
        for (threads, words) in THREADS {
            if target.threads.contains(&threads) {
                let [ours, peer] = target.of.map(|name| format!("{name} {threads}"));
                let words = words.trim_end_matches(" on two cores");
                page += &rounds.ratio(&format!("{}, {words}", target.words), [&ours, &peer], 1.0);
            }
        }
    }
    page
}
