//! Draws the results as bars, and compares them with the targets.

use ::rounds::Rounds;

use crate::Arguments;

/// A chart: its title, its unit, and the figure that each row shows. The first row is the baseline.
struct Chart {
    title: &'static str,
    unit: &'static str,
    rows: &'static [(&'static str, &'static str)],
}

const CHARTS: [Chart; 9] = [
    Chart {
        title: "a page of three sources that answer at once",
        unit: "ns",
        rows: &[
            ("bare join!", "join! page"),
            ("joined", "joined page"),
            ("sequential", "sequential page"),
            ("hedged", "hedged page"),
            ("spawned", "spawned page"),
            ("wait_group, threads", "threads page"),
            ("Go: wg.Add", "Go page ns"),
        ],
    },
    Chart {
        title: "a page of 200, 300 and 150 ms over sockets",
        unit: "ms",
        rows: &[
            ("the slowest service", "slowest socket"),
            ("joined", "joined socket"),
            ("spawned", "spawned socket"),
            ("Go: wg.Go", "Go socket"),
        ],
    },
    Chart {
        title: "3 branches that do nothing, per branch",
        unit: "ns",
        rows: &[
            ("join!", "join! 3 ns"),
            ("join_all", "join_all 3 ns"),
            ("FuturesUnordered", "FuturesUnordered 3 ns"),
            ("JoinSet", "JoinSet 3 ns"),
            ("our WaitGroup, threads", "our WaitGroup 3 ns"),
            ("crossbeam's, threads", "crossbeam WaitGroup 3 ns"),
            ("scoped threads", "scoped threads 3 ns"),
            ("Go: wg.Add", "Go add done 3 ns"),
            ("Go: wg.Go", "Go go 3 ns"),
        ],
    },
    Chart {
        title: "1,000 branches that do nothing, per branch",
        unit: "ns",
        rows: &[
            ("join_all", "join_all 1000 ns"),
            ("FuturesUnordered", "FuturesUnordered 1000 ns"),
            ("JoinSet", "JoinSet 1000 ns"),
            ("our WaitGroup, threads", "our WaitGroup 1000 ns"),
            ("crossbeam's, threads", "crossbeam WaitGroup 1000 ns"),
            ("scoped threads", "scoped threads 1000 ns"),
            ("Go: wg.Add", "Go add done 1000 ns"),
            ("Go: wg.Go", "Go go 1000 ns"),
        ],
    },
    Chart {
        title: "3 branches that wait 20, 30 and 15 ms: the whole ÷ the slowest",
        unit: "",
        rows: &[
            ("join!", "join! 3 ratio"),
            ("join_all", "join_all 3 ratio"),
            ("FuturesUnordered", "FuturesUnordered 3 ratio"),
            ("JoinSet", "JoinSet 3 ratio"),
            ("our WaitGroup, threads", "our WaitGroup 3 ratio"),
            ("crossbeam's, threads", "crossbeam WaitGroup 3 ratio"),
            ("scoped threads", "scoped threads 3 ratio"),
            ("Go: wg.Add", "Go add done 3 ratio"),
            ("Go: wg.Go", "Go go 3 ratio"),
        ],
    },
    Chart {
        title: "1,000 branches that wait 15 to 30 ms: the whole ÷ the slowest",
        unit: "",
        rows: &[
            ("join_all", "join_all 1000 ratio"),
            ("FuturesUnordered", "FuturesUnordered 1000 ratio"),
            ("JoinSet", "JoinSet 1000 ratio"),
            ("our WaitGroup, threads", "our WaitGroup 1000 ratio"),
            ("crossbeam's, threads", "crossbeam WaitGroup 1000 ratio"),
            ("scoped threads", "scoped threads 1000 ratio"),
            ("Go: wg.Add", "Go add done 1000 ratio"),
            ("Go: wg.Go", "Go go 1000 ratio"),
        ],
    },
    Chart {
        title: "heap that 1,000 branches allocate, per branch, without stacks",
        unit: "bytes",
        rows: &[
            ("join_all", "join_all bytes"),
            ("FuturesUnordered", "FuturesUnordered bytes"),
            ("JoinSet", "JoinSet bytes"),
            ("our WaitGroup, threads", "our WaitGroup bytes"),
            ("crossbeam's, threads", "crossbeam WaitGroup bytes"),
            ("scoped threads", "scoped threads bytes"),
            ("Go: wg.Add", "Go add done bytes"),
            ("Go: wg.Go", "Go go bytes"),
        ],
    },
    Chart {
        title: "allocations of 1,000 branches, per branch",
        unit: "",
        rows: &[
            ("join_all", "join_all allocations"),
            ("FuturesUnordered", "FuturesUnordered allocations"),
            ("JoinSet", "JoinSet allocations"),
            ("our WaitGroup, threads", "our WaitGroup allocations"),
            ("crossbeam's, threads", "crossbeam WaitGroup allocations"),
            ("scoped threads", "scoped threads allocations"),
            ("Go: wg.Add", "Go add done allocations"),
            ("Go: wg.Go", "Go go allocations"),
        ],
    },
    Chart {
        title: "memory in use while 1,000 branches wait, per branch; Go's with stacks",
        unit: "bytes",
        rows: &[
            ("join_all", "join_all waiting"),
            ("FuturesUnordered", "FuturesUnordered waiting"),
            ("JoinSet", "JoinSet waiting"),
            ("Go: wg.Add", "Go waiting bytes"),
        ],
    },
];

/// A target: a figure over another one, at most a ratio.
struct Target {
    words: &'static str,
    of: [&'static str; 2],
    at_most: f64,
}

const TARGETS: [Target; 3] = [
    Target {
        words: "joined at most 1.05 × a bare join!",
        of: ["joined page", "join! page"],
        at_most: 1.05,
    },
    Target {
        words: "joined below Go's page",
        of: ["joined page", "Go page ns"],
        at_most: 1.0,
    },
    Target {
        words: "the handler at most 1.05 × its slowest service",
        of: ["joined socket", "slowest socket"],
        at_most: 1.05,
    },
];

pub(crate) fn page(arguments: &Arguments, rounds: &Rounds) -> String {
    let mut page = format!(
        "$ scripts/bench fan-out\n{}\n{}\n\nMedians of {} runs, in turns (lowest to highest). Allocations are counted, once.\n",
        arguments.machine, arguments.compilers, arguments.rounds
    );
    for Chart { title, unit, rows } in &CHARTS {
        page += "\n";
        page += &rounds.bars(title, unit, 1.0, rows.iter().copied());
    }
    page += "\nTargets: met if the lowest ratio of a run reaches it\n";
    for Target { words, of, at_most } in &TARGETS {
        page += &rounds.ratio(words, *of, *at_most);
    }
    page
}
