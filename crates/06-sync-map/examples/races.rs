//! Explores the chapter's races and fixes, and draws one execution of each. See `--help`.

#![allow(dead_code, unreachable_pub)] // the modules are public in the chapter, and not all of them are used here

// Each module is the chapter's own source, compiled with the explorer's primitives.
#[path = "../src/async_memo.rs"]
mod async_memo;
#[path = "../src/claim.rs"]
mod claim;
#[path = "../src/cycle.rs"]
mod cycle;
#[path = "../src/doubled_computation.rs"]
mod doubled_computation;
#[path = "../src/doubled_lock.rs"]
mod doubled_lock;
#[path = "../src/keyed_lock.rs"]
mod keyed_lock;
#[path = "../src/memo.rs"]
mod memo;
#[path = "../src/mutex_map.rs"]
mod mutex_map;
#[path = "../src/one_moment.rs"]
mod one_moment;
#[path = "../src/models/programs.rs"]
mod programs;
#[path = "../src/progress.rs"]
mod progress;
#[path = "../src/sharded.rs"]
mod sharded;
#[path = "../src/two_moments.rs"]
mod two_moments;

mod sync {
    pub(crate) use interleave::sync::{Condvar, Mutex, MutexGuard};
    pub(crate) use interleave::thread::{ThreadId, current};
}

/// A model's threads share one OS thread and its locals. No model asks for a key inside a computation.
mod chain {
    pub(crate) async fn inside<T>(_: u64, computation: impl Future<Output = T>) -> T {
        computation.await
    }

    pub(crate) fn is_inside(_: u64) -> bool {
        false
    }
}

use cycle::Cycle;
use memo::Memo;
use progress::Progress;

use std::process::ExitCode;

use interleave::gallery::{Gallery, Picture};

use programs::{
    Computed, asked_for_each_other, computed, given_up, is_a_moment, panicked, requested, told,
    watched,
};

const GALLERY: Gallery = Gallery {
    about: "Explores the races of chapter 6 and their fixes, and draws one execution of each.",
    command: "cargo run -p sync-map --example races",
    pictures: &[
        Picture {
            name: "doubled-computation",
            shows: "two workers compute one key",
            draw: || doubled().simplest().to_string(),
        },
        Picture {
            name: "outcomes",
            shows: "all outcomes of those two workers",
            draw: || doubled().outcomes(told, "a worker waits forever"),
        },
        Picture {
            name: "memo",
            shows: "one worker claims the key, and the other one waits",
            draw: || {
                let passing = computed::<Memo<u8, u8>>().always(Computed::is_once);
                passing
                    .simplest_such_that(|it| it.wake_ups() > 0)
                    .to_string()
            },
        },
        Picture {
            name: "memo-panic",
            shows: "a computation panics, and the worker that waited takes over",
            draw: || {
                let passing = panicked().always(|(_, value)| *value == 2);
                let woken = passing.simplest_such_that(|execution| {
                    let panicked = execution.outcome().is_some_and(|(panicked, _)| *panicked);
                    panicked && execution.wake_ups() > 0
                });
                woken.to_string()
            },
        },
        Picture {
            name: "async-memo",
            shows: "a task gives up, and the task that waited takes over",
            draw: || {
                let passing = given_up().always(|value| *value == 2);
                passing
                    .simplest_such_that(|it| it.wake_ups() > 0)
                    .to_string()
            },
        },
        Picture {
            name: "cycle",
            shows: "two computations ask for each other's key, and one gets an error",
            draw: || {
                let passing = asked_for_each_other().always(|errors| *errors <= 1);
                passing.simplest_where(|errors| *errors == 1).to_string()
            },
        },
        Picture {
            name: "doubled-lock",
            shows: "two requests of one person hold two locks",
            draw: || {
                let doubled = requested::<doubled_lock::Locks<&'static str>>();
                doubled.failing(|most| *most > 1).simplest().to_string()
            },
        },
        Picture {
            name: "keyed-lock",
            shows: "the same requests, with one lock",
            draw: || {
                let keyed = requested::<keyed_lock::Locks<&'static str>>();
                keyed.always(|most| *most == 1).simplest().to_string()
            },
        },
        Picture {
            name: "two-moments",
            shows: "a count and a result that don't agree",
            draw: || {
                let torn = watched::<two_moments::Results<u8, ()>>();
                torn.failing(|it| !is_a_moment(it)).simplest().to_string()
            },
        },
        Picture {
            name: "one-moment",
            shows: "the same under one lock",
            draw: || {
                let passing = watched::<one_moment::Results<u8, ()>>();
                passing.always(is_a_moment).simplest().to_string()
            },
        },
    ],
};

fn doubled() -> interleave::Failing<Computed> {
    computed::<doubled_computation::Memo<u8, u8>>().failing(|it| !it.is_once())
}

fn main() -> ExitCode {
    GALLERY.main()
}
