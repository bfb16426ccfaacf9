//! Explores the chapter's races and fixes, and draws the simplest execution of each: all of them, or the
//! one that is named.

#![allow(unreachable_pub)] // they are public in the chapter

// Each module is the chapter's own source, on the explorer's primitives.
#[path = "../src/counter.rs"]
mod counter;
#[path = "../src/falsely_shared.rs"]
#[allow(dead_code)]
mod falsely_shared;
#[path = "../src/lost_update.rs"]
mod lost_update;
#[path = "../src/mutex.rs"]
mod mutex;
#[path = "../src/models/programs.rs"]
#[allow(dead_code)]
mod programs;
#[path = "../src/publish.rs"]
mod publish;
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

use std::env::args;
use std::process::ExitCode;

use programs::{counted, looked, read};

type Draw = fn() -> String;

/// What can be named, and what it prints.
const RACES: [(&str, Draw); 8] = [
    ("lost-update", || lost().simplest().to_string()),
    ("outcomes", || table::table(&lost().recording())),
    ("counter", || {
        let passing = counted::<counter::Counter>().always(|total| *total == 2);
        passing.simplest().to_string()
    }),
    ("mutex", || {
        let passing = counted::<mutex::Counter>().always(|total| *total == 2);
        passing.simplest().to_string()
    }),
    ("pair", || {
        let torn = looked().failing(|(requests, answers)| answers > requests);
        torn.simplest().to_string()
    }),
    ("stale-publication", || stale().simplest().to_string()),
    ("publications", || table::table(&stale().recording())),
    ("publish", || {
        let passing = read::<publish::Slot>().always(whole);
        passing.simplest_where(Option::is_some).to_string()
    }),
];

fn lost() -> interleave::Failing<u64> {
    counted::<lost_update::Counter>().failing(|total| *total != 2)
}

fn stale() -> interleave::Failing<Option<u64>> {
    read::<stale_publication::Slot>().failing(|value| !whole(value))
}

fn whole(value: &Option<u64>) -> bool {
    matches!(value, None | Some(42))
}

fn main() -> ExitCode {
    let named: Vec<String> = args().skip(1).collect();
    if let Some(unknown) = named
        .iter()
        .find(|named| RACES.iter().all(|(name, _)| name != named))
    {
        let names = RACES.map(|(name, _)| name).join(", ");
        eprintln!("nothing is called '{unknown}'; there are {names}");
        return ExitCode::from(2);
    }
    let chosen = |name: &str| named.is_empty() || named.iter().any(|named| named == name);
    for (name, draw) in RACES.iter().filter(|(name, _)| chosen(name)) {
        println!("── {name}\n{}", draw());
    }
    ExitCode::SUCCESS
}
