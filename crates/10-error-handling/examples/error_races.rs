//! Explores the chapter's races and fixes, and draws one execution of each. See `--help`.

#![allow(dead_code, unreachable_pub)] // the modules are public in the chapter, and not all of them are used here

// Each module is the chapter's own source, compiled with the explorer's primitives.
#[path = "../src/channel.rs"]
mod channel;
#[path = "../src/first.rs"]
mod first;
#[path = "../src/kept_error.rs"]
mod kept_error;
#[path = "../src/last_result.rs"]
mod last_result;
#[path = "../src/overwritten.rs"]
mod overwritten;
#[path = "../src/models/programs.rs"]
mod programs;
#[path = "../src/taken_error.rs"]
mod taken_error;

mod sync {
    pub(crate) use interleave::sync::atomic::{AtomicUsize, Ordering};
    pub(crate) use interleave::sync::{Condvar, Mutex};
}

use std::process::ExitCode;

use interleave::gallery::{Gallery, Picture};

use programs::{
    Kept, Report, Taken, Told, assigned, both_failed, failed, leaving_wakes, lost_by_a_worker,
    one_is_first, one_task_fails, read_once, told_in_words, two_tasks_fail,
};

const GALLERY: Gallery = Gallery {
    about: "Explores the races of chapter 10 and their fixes, and draws one execution of each.",
    command: "cargo run -p error-handling --example error_races",
    pictures: &[
        Picture {
            name: "overwritten",
            shows: "two errors: both are told that they are the first",
            draw: || overwritten().simplest().to_string(),
        },
        Picture {
            name: "overwritten-outcomes",
            shows: "all outcomes of those two errors",
            draw: || overwritten().outcomes(told_in_words, "a worker waits forever"),
        },
        Picture {
            name: "first",
            shows: "the same errors by compare_exchange",
            draw: || {
                let passing = failed::<first::FirstError>().always(one_is_first);
                passing.simplest().to_string()
            },
        },
        Picture {
            name: "last-result",
            shows: "a later success erases a failure",
            draw: || assigned().failing(Option::is_none).simplest().to_string(),
        },
        Picture {
            name: "leak",
            shows: "a sender waits for a reader that has stopped",
            draw: || read_once(false).blocking().simplest().to_string(),
        },
        Picture {
            name: "leak-closed",
            shows: "a reader that leaves wakes the sender",
            draw: || {
                let passing = read_once(true).always(|refused| *refused <= 2);
                passing.simplest_such_that(leaving_wakes).to_string()
            },
        },
        Picture {
            name: "taken-by-a-look",
            shows: "one worker's look takes the error away",
            draw: || {
                let lost = one_task_fails::<Taken>().failing(|report| !report.is_right());
                lost.simplest_such_that(lost_by_a_worker).to_string()
            },
        },
        Picture {
            name: "taken-by-the-other",
            shows: "two workers fail, and the pool reports success",
            draw: || taken().simplest_such_that(both_failed).to_string(),
        },
        Picture {
            name: "taken-outcomes",
            shows: "all outcomes of those two workers",
            draw: || taken().outcomes(Report::words, "a worker waits forever"),
        },
        Picture {
            name: "taken-deadlock",
            shows: "the same workers, of which one waits forever",
            draw: || two_tasks_fail::<Taken>().blocking().simplest().to_string(),
        },
        Picture {
            name: "kept",
            shows: "the same workers and a pool that keeps its error",
            draw: || {
                let passing = two_tasks_fail::<Kept>().always(Report::is_right);
                passing.simplest_such_that(both_failed).to_string()
            },
        },
    ],
};

fn overwritten() -> interleave::Failing<Told> {
    failed::<overwritten::FirstError>().failing(|told| !one_is_first(told))
}

fn taken() -> interleave::Failing<Report> {
    two_tasks_fail::<Taken>().failing(|report| !report.is_right())
}

fn main() -> ExitCode {
    GALLERY.main()
}
