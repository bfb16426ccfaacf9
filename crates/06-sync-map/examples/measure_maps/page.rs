//! Draws the results as bars, and compares them with the targets.

use ::rounds::Rounds;

use crate::Arguments;
use crate::stores::SHARDS;

/// The rows of a chart of collections, as the label and the name of the figure. The first row is the baseline.
const COLLECTING: [(&str, &str); 12] = [
    ("returned", "returned"),
    ("… as lists", "returned, as lists"),
    ("mutex_map", "mutex_map"),
    ("RwLock", "RwLock"),
    ("sharded", "sharded"),
    ("concurrent", "concurrent"),
    ("papaya", "papaya"),
    ("DashMap", "DashMap"),
    ("scc", "scc"),
    ("Go: sync.Map", "syncmap"),
    ("Go: mutex", "mutexmap"),
    ("Go: slice", "slice"),
];

/// The rows of a chart of mixes.
const MIXED: [(&str, &str); 9] = [
    ("mutex_map", "mutex_map"),
    ("RwLock", "RwLock"),
    ("sharded", "sharded"),
    ("concurrent", "concurrent"),
    ("papaya", "papaya"),
    ("DashMap", "DashMap"),
    ("scc", "scc"),
    ("Go: sync.Map", "syncmap"),
    ("Go: mutex", "mutexmap"),
];

/// What is collected or mixed, in words, and the beginning of the figures' names.
const COLLECTIONS: [(&str, &str); 3] = [
    ("collecting 50 results", "collect/50"),
    ("collecting 1,000 results", "collect/1000"),
    ("collecting 1,000,000 results", "collect/1000000"),
];
const MIXES: [(&str, &str); 3] = [
    ("98 get, 1 insert, 1 remove", "mix/read"),
    ("10 get, 40 insert, 40 remove, 10 update", "mix/exchange"),
    ("5 get, 80 insert, 5 remove, 10 update", "mix/grow"),
];

pub(crate) fn two_threads(arguments: &Arguments, rounds: &Rounds) -> String {
    let mut page = heading(arguments);
    page += &charts(2, "two threads on two cores", rounds);
    page += &draw(
        "heap per result, of 1,000,000",
        "bytes",
        "bytes",
        &COLLECTING,
        rounds,
    );
    page += &draw(
        "Go: allocations per result, of 1,000,000",
        "allocations",
        "allocations",
        &COLLECTING[9..],
        rounds,
    );
    page += "\nTargets, on two threads: met if the lowest ratio of a run reaches it\n";
    page += &fastest("1000", rounds);
    page += &fastest("1000000", rounds);
    for (words, mix) in MIXES {
        let of = [format!("{mix}/2/concurrent"), format!("{mix}/2/papaya")];
        page += &compare(
            &format!("concurrent at most 1.05 × papaya, {words}"),
            &of,
            1.05,
            rounds,
        );
    }
    let of = ["mix/grow/2/sharded", "mix/grow/2/DashMap"].map(str::to_owned);
    page += &compare("sharded at most 1.0 × DashMap, 80 insert", &of, 1.0, rounds);
    page
}

pub(crate) fn one_thread(arguments: &Arguments, rounds: &Rounds) -> String {
    heading(arguments) + &charts(1, "one thread on one core", rounds)
}

fn heading(arguments: &Arguments) -> String {
    format!(
        "$ scripts/bench sync-map\n{}\n{}\n\nMedians of {} runs, in turns (lowest to highest). Threads are pinned.\nAll Rust maps hash with foldhash. sharded and DashMap have {SHARDS} shards.\n",
        arguments.machine, arguments.compilers, arguments.rounds
    )
}

fn charts(threads: usize, words: &str, rounds: &Rounds) -> String {
    let collections = COLLECTIONS.map(|(what, name)| {
        let title = format!("{what} on {words}, per result");
        draw(
            &title,
            "ns",
            &format!("{name}/{threads}"),
            &COLLECTING,
            rounds,
        )
    });
    let mixes = MIXES.map(|(what, name)| {
        let title = format!("{what}, on {words}, per operation");
        draw(&title, "ns", &format!("{name}/{threads}"), &MIXED, rounds)
    });
    collections.concat() + &mixes.concat()
}

fn draw(title: &str, unit: &str, prefix: &str, rows: &[(&str, &str)], rounds: &Rounds) -> String {
    let rows = rows
        .iter()
        .map(|(label, name)| (*label, format!("{prefix}/{name}")));
    format!("\n{}", rounds.bars(title, unit, 1.0, rows))
}

/// Compares `returned` with the fastest shared map of Rust or Go.
fn fastest(results: &str, rounds: &Rounds) -> String {
    let prefix = format!("collect/{results}/2");
    let shared = COLLECTING[2..11].iter().filter_map(|(_, name)| {
        let median = rounds.median(&format!("{prefix}/{name}"))?;
        Some((median, name))
    });
    let Some((_, best)) = shared.min_by(|(a, _), (b, _)| a.total_cmp(b)) else {
        return String::new();
    };
    let of = [format!("{prefix}/returned"), format!("{prefix}/{best}")];
    let words = format!("returned faster than all maps at {results} (the next is {best})");
    compare(&words, &of, 1.0, rounds)
}

/// Says whether the target is met, on a line below its words.
fn compare(words: &str, of: &[String; 2], at_most: f64, rounds: &Rounds) -> String {
    rounds.ratio(
        &format!("{words}\n "),
        of.each_ref().map(String::as_str),
        at_most,
    )
}
