//! Explores the chapter's races and fixes, and draws one execution of each. See `--help`.

#![allow(dead_code, unreachable_pub)] // the modules are public in the chapter, and not all of them are used here

// Each module is the chapter's own source, compiled with the explorer's primitives.
#[path = "../src/count.rs"]
mod count;
#[path = "../src/entry.rs"]
mod entry;
#[path = "../src/owners.rs"]
mod owners;
#[path = "../src/models/programs.rs"]
mod programs;
#[path = "../src/queued.rs"]
mod queued;
#[path = "../src/revived.rs"]
mod revived;
#[path = "../src/task_ref.rs"]
mod task_ref;
#[path = "../src/unordered_free.rs"]
mod unordered_free;

mod sync {
    pub(crate) use interleave::cell::UnsafeCell;
    pub(crate) use interleave::sync::atomic::{AtomicBool, AtomicUsize, Ordering, fence};
}

use entry::Entry;
use task_ref::TaskRef;

use std::process::ExitCode;

use interleave::gallery::{Gallery, Picture};

use programs::{Woken, freed, refused_by_the_exchange, woken};

const GALLERY: Gallery = Gallery {
    about: "Explores the races of chapter 11 and their fixes, and draws one execution of each.",
    command: "cargo run -p memory --example last_owner",
    pictures: &[
        Picture {
            name: "unordered-free",
            shows: "the last owner frees a task that another owner may still read",
            draw: || {
                let race = freed::<unordered_free::Owners>().failing(|_| false);
                race.simplest().to_string()
            },
        },
        Picture {
            name: "ordered-free",
            shows: "the same owners, with Release and an Acquire fence",
            draw: || {
                let passing = freed::<owners::Owners>().always(|values| *values == [7, 7]);
                passing.simplest().to_string()
            },
        },
        Picture {
            name: "revived",
            shows: "a wake becomes the owner of a task that was freed",
            draw: || {
                let revived = woken::<revived::Owners>().failing(Woken::is_freed_and_woken);
                revived.simplest().to_string()
            },
        },
        Picture {
            name: "refused",
            shows: "the same wake, refused by the exchange",
            draw: || {
                let passing = woken::<owners::Owners>().always(|it| !it.is_freed_and_woken());
                let refused = refused_by_the_exchange(&passing);
                refused.to_string()
            },
        },
    ],
};

fn main() -> ExitCode {
    GALLERY.main()
}
