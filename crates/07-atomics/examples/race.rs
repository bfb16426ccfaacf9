//! Explores the chapter's races and fixes, and draws one execution of each. See `--help`.

#![allow(unreachable_pub)] // the modules are public in the chapter

// Each module is the chapter's own source, compiled with the explorer's primitives.
#[path = "../src/check_then_act.rs"]
mod check_then_act;
#[path = "../src/counter.rs"]
mod counter;
#[path = "../src/falsely_shared.rs"]
#[allow(dead_code)]
mod falsely_shared;
#[path = "../src/limited.rs"]
mod limited;
#[path = "../src/lost_update.rs"]
mod lost_update;
#[path = "../src/mutex.rs"]
mod mutex;
#[path = "../src/newest.rs"]
#[allow(dead_code)]
mod newest;
#[path = "../src/models/programs.rs"]
#[allow(dead_code)]
mod programs;
#[path = "../src/publish.rs"]
mod publish;
#[path = "../src/rolled_back.rs"]
#[allow(dead_code)]
mod rolled_back;
#[path = "../src/sharded.rs"]
#[allow(dead_code)]
mod sharded;
#[path = "../src/stale_publication.rs"]
mod stale_publication;
#[path = "race/table.rs"]
mod table;

mod sync {
    pub(crate) use interleave::sync::Mutex;
    pub(crate) use interleave::sync::atomic::{AtomicBool, AtomicU64, Ordering};

    pub(crate) fn shards() -> usize {
        2
    }

    pub(crate) fn thread_number() -> usize {
        interleave::thread::current().number()
    }
}

use std::process::ExitCode;

use interleave::gallery::{Gallery, Picture};

use programs::{
    after_a_failed_exchange, counted, limited_to, published, requests_and_answers_read,
};

const GALLERY: Gallery = Gallery {
    about: "Explores the races of chapter 7 and their fixes, and draws one execution of each.",
    command: "cargo run -p atomics --example race",
    pictures: &[
        Picture {
            name: "lost-update",
            shows: "two increments by load and store: one is lost",
            draw: || lost().simplest().to_string(),
        },
        Picture {
            name: "outcomes",
            shows: "all executions of those two increments",
            draw: || table::table(&lost().recording()),
        },
        Picture {
            name: "counter",
            shows: "two increments by fetch_add",
            draw: || {
                let passing = counted::<counter::Counter>().always(|total| *total == 2);
                passing.simplest().to_string()
            },
        },
        Picture {
            name: "mutex",
            shows: "two increments under a lock",
            draw: || {
                let passing = counted::<mutex::Counter>().always(|total| *total == 2);
                passing.simplest().to_string()
            },
        },
        Picture {
            name: "check-then-act",
            shows: "two checked increments: the count exceeds the limit",
            draw: || {
                let exceeded = limited_to::<check_then_act::Counter>(1).failing(|count| *count > 1);
                exceeded.simplest().to_string()
            },
        },
        Picture {
            name: "limited",
            shows: "two checked increments in a compare_exchange loop",
            draw: || {
                let passing = limited_to::<limited::Counter>(1).always(|count| *count == 1);
                after_a_failed_exchange(&passing).to_string()
            },
        },
        Picture {
            name: "stale-publication",
            shows: "a flag that a reader sees before the value",
            draw: || stale().simplest().to_string(),
        },
        Picture {
            name: "publications",
            shows: "all executions of that writer and reader",
            draw: || table::table(&stale().recording()),
        },
        Picture {
            name: "publish",
            shows: "the same with Release and Acquire",
            draw: || {
                let passing = published::<publish::Slot>().always(whole);
                passing.simplest_where(Option::is_some).to_string()
            },
        },
        Picture {
            name: "pair",
            shows: "two atomic counts that don't agree",
            draw: || {
                let torn =
                    requests_and_answers_read().failing(|(requests, answers)| answers > requests);
                torn.simplest().to_string()
            },
        },
    ],
};

fn lost() -> interleave::Failing<u64> {
    counted::<lost_update::Counter>().failing(|total| *total != 2)
}

fn stale() -> interleave::Failing<Option<u64>> {
    published::<stale_publication::Slot>().failing(|value| !whole(value))
}

fn whole(value: &Option<u64>) -> bool {
    matches!(value, None | Some(42))
}

fn main() -> ExitCode {
    GALLERY.main()
}
