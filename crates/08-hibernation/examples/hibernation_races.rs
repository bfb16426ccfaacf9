//! Explores the chapter's race and its fix, and draws one execution of each. See `--help`.

#![allow(dead_code, unreachable_pub)] // the modules are public in the chapter, and not all of them are used here

// Each module is the chapter's own source, compiled with the explorer's primitives.
#[path = "../src/counts.rs"]
mod counts;
#[path = "../src/models/programs.rs"]
mod programs;
#[path = "../src/status.rs"]
mod status;
#[path = "../src/tally.rs"]
mod tally;
#[path = "../src/torn_counts.rs"]
mod torn_counts;

mod sync {
    pub(crate) use interleave::sync::atomic::{AtomicU64, Ordering};
}

use counts::Counts;
use programs::{in_words, is_a_moment, is_impossible, read};

use std::env::args;
use std::process::ExitCode;

/// A name on the command line, what it shows, and how to draw that.
struct Picture {
    name: &'static str,
    shows: &'static str,
    draw: fn() -> String,
}

const PICTURES: [Picture; 3] = [
    Picture {
        name: "torn-counts",
        shows: "a reader finds that more workloads are hibernated than can be",
        draw: || {
            let impossible = |it: &Counts| is_impossible(it);
            let torn = torn();
            torn.simplest_such_that(|it| it.outcome().is_some_and(impossible))
                .to_string()
        },
    },
    Picture {
        name: "outcomes",
        shows: "all that such a reader can find",
        draw: || torn().outcomes(in_words, "a worker waits forever"),
    },
    Picture {
        name: "tally",
        shows: "the same with all counts in one word",
        draw: || {
            let passing = read::<tally::Tally>().always(is_a_moment);
            passing
                .simplest_where(|it| *it == Counts::HIBERNATED)
                .to_string()
        },
    },
];

fn torn() -> interleave::Failing<Counts> {
    read::<torn_counts::Tally>().failing(|counts| !is_a_moment(counts))
}

fn help() {
    println!("Explores the race of chapter 8 and its fix, and draws one execution of each.\n");
    println!("  cargo run -p hibernation --example hibernation_races               draws all");
    println!(
        "  cargo run -p hibernation --example hibernation_races -- NAME ...   draws the named ones\n"
    );
    for Picture { name, shows, .. } in &PICTURES {
        println!("  {name:<12} {shows}");
    }
}

fn main() -> ExitCode {
    let arguments: Vec<String> = args().skip(1).collect();
    if arguments.iter().any(|it| it == "--help" || it == "-h") {
        help();
        return ExitCode::SUCCESS;
    }
    let is_known = |named: &String| PICTURES.iter().any(|picture| picture.name == named);
    if let Some(unknown) = arguments.iter().find(|named| !is_known(named)) {
        eprintln!(
            "hibernation_races: there is no picture named '{unknown}'; --help lists the names"
        );
        return ExitCode::from(2);
    }
    let is_chosen = |name: &str| arguments.is_empty() || arguments.iter().any(|it| it == name);
    for Picture { name, draw, .. } in PICTURES.iter().filter(|picture| is_chosen(picture.name)) {
        println!("── {name}\n{}", draw());
    }
    ExitCode::SUCCESS
}
