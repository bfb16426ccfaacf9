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

use std::env::args;
use std::process::ExitCode;

use programs::{Woken, freed, refused_by_the_exchange, woken};

/// A name on the command line, what it shows, and how to draw that.
struct Picture {
    name: &'static str,
    shows: &'static str,
    draw: fn() -> String,
}

const PICTURES: [Picture; 4] = [
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
];

fn help() {
    println!(
        "Explores the races of chapter 11 and their fixes, and draws one execution of each.\n"
    );
    println!("  cargo run -p memory --example last_owner               draws all pictures");
    println!("  cargo run -p memory --example last_owner -- NAME ...   draws the named pictures\n");
    for Picture { name, shows, .. } in &PICTURES {
        println!("  {name:<15} {shows}");
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
        eprintln!("last_owner: there is no picture named '{unknown}'; --help lists the names");
        return ExitCode::from(2);
    }
    let is_chosen = |name: &str| arguments.is_empty() || arguments.iter().any(|it| it == name);
    for Picture { name, draw, .. } in PICTURES.iter().filter(|picture| is_chosen(picture.name)) {
        println!("── {name}\n{}", draw());
    }
    ExitCode::SUCCESS
}
