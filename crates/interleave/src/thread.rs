//! A model's threads.

use std::fmt;
use std::io;
use std::panic::{self, AssertUnwindSafe, Location};
use std::sync::{Arc, Mutex};

use crate::panics;
use crate::run::{self, Ending, Turn};

pub use std::thread::{Result, panicking};

/// Owns the right to wait for a thread. Dropped, it lets the thread go on; the execution ends only
/// after the thread has.
pub struct JoinHandle<T> {
    thread: Thread,
    result: Arc<Mutex<Option<Result<T>>>>,
}

/// A thread of the model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Thread {
    number: u16,
    name: Arc<str>,
}

/// Names a thread among those of its execution.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ThreadId(u16);

/// Makes a named thread, as `std::thread::Builder`.
#[derive(Debug, Default)]
pub struct Builder {
    name: Option<String>,
}

impl Builder {
    /// A thread without a name of its own.
    pub fn new() -> Builder {
        Builder::default()
    }

    /// Names the thread; pictures show the name.
    pub fn name(mut self, name: String) -> Builder {
        self.name = Some(name);
        self
    }

    /// Starts the thread. Always `Ok`.
    ///
    /// # Panics
    ///
    /// Outside of a model. A fifth thread beside `main` ends the exploration with an error.
    #[track_caller]
    pub fn spawn<F, T>(self, f: F) -> io::Result<JoinHandle<T>>
    where
        F: FnOnce() -> T + Send + 'static,
        T: Send + 'static,
    {
        // An ended execution unwinds from here; a thread that unwinds itself starts nobody either.
        if let Turn::Unwinding = run::turn() {
            panic!("a destructor spawned a thread while its own was unwinding");
        }
        let number = run::spawn(self.name);
        let name = run::name(number);
        let result = Arc::new(Mutex::new(None));
        let slot = result.clone();
        loom::thread::spawn(move || {
            if run::start(number) {
                let result = body(number, f);
                *slot.lock().expect("no panic while it is held") = Some(result);
            }
            run::finish(number);
        });
        Ok(JoinHandle {
            thread: Thread { number, name },
            result,
        })
    }
}

/// Runs a thread's body. `Err` if the execution was cut short, or ends with this very panic.
pub(crate) fn body<T>(thread: u16, f: impl FnOnce() -> T) -> Result<T> {
    panic::catch_unwind(AssertUnwindSafe(f)).inspect_err(|payload| {
        if run::is_cut(&**payload) {
            return;
        }
        let panic = panics::take(&**payload);
        match panics::of_loom(&panic.message) {
            Some(words) => run::end(Ending::Refused(words)),
            None => run::panicked(thread, panic),
        }
    })
}

/// Starts a thread named `thread N`, the first being 1.
///
/// # Panics
///
/// As [`Builder::spawn`].
#[track_caller]
pub fn spawn<F, T>(f: F) -> JoinHandle<T>
where
    F: FnOnce() -> T + Send + 'static,
    T: Send + 'static,
{
    Builder::new()
        .spawn(f)
        .expect("a model's thread always starts")
}

/// Starts a thread with a name, which pictures show: `named("worker", move || queue.pop())`.
///
/// # Panics
///
/// As [`Builder::spawn`].
#[track_caller]
pub fn named<F, T>(name: impl Into<String>, f: F) -> JoinHandle<T>
where
    F: FnOnce() -> T + Send + 'static,
    T: Send + 'static,
{
    Builder::new()
        .name(name.into())
        .spawn(f)
        .expect("a model's thread always starts")
}

/// The running thread.
///
/// # Panics
///
/// Outside of a model.
#[track_caller]
pub fn current() -> Thread {
    let _ = run::turn();
    let (number, name) = run::current();
    Thread { number, name }
}

impl<T> JoinHandle<T> {
    /// Waits until the thread has ended. `Err` with the payload if a panic left it; the execution then
    /// counts as one that panicked, whatever is done with the payload.
    #[track_caller]
    pub fn join(self) -> Result<T> {
        let site = Location::caller();
        match run::turn() {
            Turn::Go(me) => run::join(me, self.thread.number, Some(site)),
            Turn::Unwinding => panic!("a destructor joined a thread while its own was unwinding"),
        }
        let result = self
            .result
            .lock()
            .expect("no panic while it is held")
            .take();
        result.expect("a thread that has ended has left its result")
    }

    /// The thread itself.
    pub fn thread(&self) -> &Thread {
        &self.thread
    }
}

impl<T> fmt::Debug for JoinHandle<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("JoinHandle").field(&self.thread).finish()
    }
}

impl Thread {
    /// Names the thread among those of its execution.
    pub fn id(&self) -> ThreadId {
        ThreadId(self.number)
    }

    /// The thread's place among those of its execution: 0 for `main`, then in the order of spawning.
    pub fn number(&self) -> usize {
        usize::from(self.number)
    }

    /// The thread's name; `main` has one too.
    pub fn name(&self) -> Option<&str> {
        Some(&self.name)
    }
}
