//! A model's threads.

use std::fmt;
use std::io;
use std::panic::{self, AssertUnwindSafe, Location};
use std::sync::{Arc, Mutex};

use crate::panics;
use crate::run::{self, Ending, Turn};

pub use std::thread::{Result, panicking};

/// Joins a thread. If the handle is dropped, the thread keeps running, and the execution still waits for
/// it to finish.
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

/// Identifies a thread within its execution.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ThreadId(u16);

/// Spawns a named thread, like `std::thread::Builder`.
#[derive(Debug, Default)]
pub struct Builder {
    name: Option<String>,
}

impl Builder {
    /// Creates a builder without a name.
    pub fn new() -> Builder {
        Builder::default()
    }

    /// Sets the thread's name, which pictures show.
    pub fn name(mut self, name: String) -> Builder {
        self.name = Some(name);
        self
    }

    /// Spawns the thread. Always returns `Ok`.
    ///
    /// # Panics
    ///
    /// Outside a model, and in a destructor while the thread unwinds. The explorer refuses a model that
    /// spawns more than four threads beside `main`.
    #[track_caller]
    pub fn spawn<F, T>(self, f: F) -> io::Result<JoinHandle<T>>
    where
        F: FnOnce() -> T + Send + 'static,
        T: Send + 'static,
    {
        // If the execution has ended, `turn` unwinds this thread.
        if let Turn::Unwinding = run::turn() {
            panic!("a destructor spawned a thread while its own thread was unwinding");
        }
        let number = run::spawn(self.name);
        let name = run::name(number);
        let result = Arc::new(Mutex::new(None));
        let slot = result.clone();
        loom::thread::spawn(move || {
            if run::start(number) {
                let result = body(number, f);
                *slot.lock().expect("no panic while it is held") = Some(result);
            } else {
                // The execution has ended. A destructor of what `f` holds may be cut short.
                let _ = body(number, move || drop(f));
            }
            run::finish(number);
        });
        Ok(JoinHandle {
            thread: Thread { number, name },
            result,
        })
    }
}

/// Runs a thread's body. Returns `Err` if the execution was cut short, or if the body panicked, which
/// ends the execution.
pub(crate) fn body<T>(thread: u16, f: impl FnOnce() -> T) -> Result<T> {
    let f = || {
        let result = f();
        run::refuse_caught(thread);
        result
    };
    panic::catch_unwind(AssertUnwindSafe(f)).inspect_err(|payload| {
        if run::is_cut(&**payload) {
            return;
        }
        let panic = panics::take(&**payload);
        match panics::refusal() {
            Some(refused) => run::end(Ending::Refused(refused)),
            None => run::panicked(thread, panic),
        }
    })
}

/// Spawns a thread named `thread N`, where N counts from 1.
///
/// # Panics
///
/// Like [`Builder::spawn`].
#[track_caller]
pub fn spawn<F, T>(f: F) -> JoinHandle<T>
where
    F: FnOnce() -> T + Send + 'static,
    T: Send + 'static,
{
    Builder::new()
        .spawn(f)
        .expect("spawning in a model never fails")
}

/// Spawns a thread with a name, which pictures show: `named("worker", move || queue.pop())`.
///
/// # Panics
///
/// Like [`Builder::spawn`].
#[track_caller]
pub fn named<F, T>(name: impl Into<String>, f: F) -> JoinHandle<T>
where
    F: FnOnce() -> T + Send + 'static,
    T: Send + 'static,
{
    Builder::new()
        .name(name.into())
        .spawn(f)
        .expect("spawning in a model never fails")
}

/// Returns the current thread.
///
/// # Panics
///
/// Outside a model.
#[track_caller]
pub fn current() -> Thread {
    let _ = run::turn();
    let (number, name) = run::current();
    Thread { number, name }
}

impl<T> JoinHandle<T> {
    /// Waits for the thread to finish.
    ///
    /// If the thread panicked, returns its payload as `Err`. The execution then counts as one that panicked,
    /// even if the caller handles the error.
    ///
    /// # Panics
    ///
    /// Outside a model, and in a destructor while the thread unwinds.
    #[track_caller]
    pub fn join(self) -> Result<T> {
        let site = Location::caller();
        match run::turn() {
            Turn::Go(me) => run::join(me, self.thread.number, Some(site)),
            Turn::Unwinding => {
                panic!("a destructor joined a thread while its own thread was unwinding")
            }
        }
        let result = self
            .result
            .lock()
            .expect("no panic while it is held")
            .take();
        result.expect("a finished thread has stored its result")
    }

    /// Returns the thread.
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
    /// Returns the thread's identifier, which is unique within its execution.
    pub fn id(&self) -> ThreadId {
        ThreadId(self.number)
    }

    /// Returns the thread's number within its execution: 0 for `main`, then in the order of spawning.
    pub fn number(&self) -> usize {
        usize::from(self.number)
    }

    /// Returns the thread's name. Always `Some`: threads without a name are called `thread N`.
    pub fn name(&self) -> Option<&str> {
        Some(&self.name)
    }
}
