//! Explores the chapter's races and their fixes, and draws one execution of each. See `--help`.

#![allow(dead_code, unreachable_pub)] // the modules are public in the chapter, and not all of them are used here

// Each module is the chapter's own source, compiled with the explorer's primitives.
#[path = "../src/counts.rs"]
mod counts;
#[path = "../src/failure_budget.rs"]
mod failure_budget;
#[path = "../src/kind.rs"]
mod kind;
#[path = "../src/overrun_budget.rs"]
mod overrun_budget;
#[path = "../src/models/programs.rs"]
mod programs;
#[path = "../src/progress.rs"]
mod progress;
#[path = "../src/torn_progress.rs"]
mod torn_progress;

mod sync {
    pub(crate) use interleave::sync::Mutex;
    pub(crate) use interleave::sync::atomic::{AtomicU64, Ordering};
}

use std::process::ExitCode;

use counts::Counts;
use interleave::Failing;
use interleave::gallery::{Gallery, Picture};
use kind::Kind;
use programs::{Failed, fail_at_once, read_meanwhile, tries_again};

const PICTURES: [Picture; 6] = [
    Picture {
        name: "overrun-budget",
        shows: "two clusters fail at once, both failures take the last one that is left, and a worker goes on",
        draw: || overrun().simplest().to_string(),
    },
    Picture {
        name: "overrun-budget-outcomes",
        shows: "all that the two workers can learn",
        draw: || overrun().outcomes(Failed::to_string, "a worker panics"),
    },
    Picture {
        name: "failure-budget",
        shows: "the same with `fetch_update`: the second failure finds nothing to take",
        draw: || {
            let passing = fail_at_once::<failure_budget::FailureBudget>().always(Failed::is_held);
            passing.simplest_such_that(tries_again).to_string()
        },
    },
    Picture {
        name: "torn-progress",
        shows: "a reader gets the total of one moment and the parts of another",
        draw: || torn().simplest().to_string(),
    },
    Picture {
        name: "torn-progress-outcomes",
        shows: "all that such a reader can find",
        draw: || torn().outcomes(Counts::to_string, "a worker panics"),
    },
    Picture {
        name: "progress",
        shows: "the same under a lock",
        draw: || {
            let passing = read_meanwhile::<progress::Progress>().always(Counts::add_up);
            passing
                .simplest_where(|counts| counts.total == 1)
                .to_string()
        },
    },
];

fn overrun() -> Failing<Failed> {
    fail_at_once::<overrun_budget::FailureBudget>().failing(|failed| !failed.is_held())
}

fn torn() -> Failing<Counts> {
    read_meanwhile::<torn_progress::Progress>().failing(|counts| !counts.add_up())
}

fn main() -> ExitCode {
    let gallery = Gallery {
        about: "Explores the races of chapter 12 and their fixes, and draws one execution of each.",
        command: "cargo run -p deploy --example deploy_races",
        pictures: &PICTURES,
    };
    gallery.main()
}
