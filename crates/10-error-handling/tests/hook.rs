//! The panic hook, in a process of its own: it is installed once, and not by a thread that panics.

use std::num::NonZeroUsize;
use std::panic;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::thread;

use error_handling::{Outcome, all_errors};
use tokio::runtime::Builder;

/// How often the hook was called that was there before ours.
static CALLED: AtomicUsize = AtomicUsize::new(0);

/// Runs one item, and returns what became of it.
fn run(panics: bool) -> Outcome<(), ()> {
    let work = async |panics: bool| {
        assert!(!panics, "no cluster");
        Ok(())
    };
    let runtime = Builder::new_current_thread().build().unwrap();
    let mut outcomes = runtime.block_on(all_errors::run(vec![panics], NonZeroUsize::MIN, work));
    outcomes.pop().unwrap()
}

/// Runs an item when it is dropped.
struct RunsWhenDropped;

impl Drop for RunsWhenDropped {
    fn drop(&mut self) {
        // A panic here would end the process.
        assert!(thread::panicking());
        assert_eq!(run(false), Outcome::Done(()));
    }
}

fn has_a_place(outcome: &Outcome<(), ()>) -> bool {
    matches!(outcome, Outcome::Panicked(panic) if panic.place.is_some())
}

#[test]
fn the_hook_is_installed_once_and_calls_the_one_before_it() {
    panic::set_hook(Box::new(|_| {
        CALLED.fetch_add(1, SeqCst);
    }));
    // While it panics, a thread can't install a hook.
    let panicked = panic::catch_unwind(|| {
        let _runs = RunsWhenDropped;
        panic!("while this thread unwinds, an item runs");
    });
    assert!(panicked.is_err());
    assert_eq!(CALLED.load(SeqCst), 1);
    for called in [2, 3] {
        assert!(has_a_place(&run(true)));
        assert_eq!(CALLED.load(SeqCst), called);
    }
    let _ = panic::take_hook();
}
