//! An executor of a few lines, for real futures.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use crate::TaskRef;
use crate::list::List;
use crate::task::Task;

/// Runs futures as tasks, on the threads that call [`run`](Executor::run).
///
/// A task's owners are the queue, while the task is in it, and the wakers that its future has given away. If a task has
/// none left before its future has finished, it can never run again, and is freed.
///
/// Dropping the executor drops all futures. A waker that is used after that does nothing.
pub struct Executor(Arc<Shared>);

/// What the executor and its tasks share.
pub(crate) struct Shared {
    ready: Mutex<Ready>,
    /// Notified when a task is queued, and when the last one has finished.
    changed: Condvar,
    /// All tasks that are not freed.
    pub(crate) tasks: List<Task>,
}

struct Ready {
    queue: VecDeque<TaskRef<Task>>,
    /// The tasks whose futures have not been dropped.
    unfinished: usize,
    /// Set when the executor is dropped. The queue is empty from then on.
    closed: bool,
}

impl Executor {
    /// An executor without tasks.
    pub fn new() -> Executor {
        Executor(Arc::new(Shared {
            ready: Mutex::new(Ready {
                queue: VecDeque::new(),
                unfinished: 0,
                closed: false,
            }),
            changed: Condvar::new(),
            tasks: List::new(),
        }))
    }

    /// Adds a task, which is polled for the first time in [`run`](Executor::run).
    pub fn spawn(&self, future: impl Future<Output = ()> + Send + 'static) {
        self.0.lock().unfinished += 1;
        let make = |number| Task::new(number, &self.0, future);
        self.0.push(self.0.tasks.insert(make));
    }

    /// Runs tasks on this thread until no task is unfinished. Sleeps while none is ready. Several threads can call this
    /// at the same time. Does not return as long as a waker exists that nobody uses or drops.
    ///
    /// # Panics
    ///
    /// If a future panics. That future is dropped, and the other tasks can still be run.
    // ANCHOR: run
    pub fn run(&self) {
        while let Some(task) = self.0.next() {
            task.poll();
        }
    }
    // ANCHOR_END: run

    /// Wakes every task that is not freed, and returns how many. A program that wants its tasks to end sets a flag that
    /// they check, and then calls this.
    pub fn wake_all(&self) -> usize {
        let tasks = self.0.tasks.all();
        let count = tasks.len();
        tasks.into_iter().for_each(TaskRef::wake);
        count
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Ready> {
        self.ready.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for the next task; `None` if all have finished.
    fn next(&self) -> Option<TaskRef<Task>> {
        let mut ready = self.lock();
        while ready.queue.is_empty() && ready.unfinished > 0 {
            ready = self
                .changed
                .wait(ready)
                .unwrap_or_else(PoisonError::into_inner);
        }
        ready.queue.pop_front()
    }

    pub(crate) fn push(&self, task: TaskRef<Task>) {
        let mut ready = self.lock();
        if ready.closed {
            drop(ready); // a task's destructor takes locks
            return drop(task);
        }
        ready.queue.push_back(task);
        self.changed.notify_one();
    }

    pub(crate) fn finished(&self) {
        let mut ready = self.lock();
        ready.unfinished -= 1;
        if ready.unfinished == 0 {
            self.changed.notify_all();
        }
    }
}

impl Drop for Executor {
    fn drop(&mut self) {
        let mut ready = self.0.lock();
        ready.closed = true;
        let queue = std::mem::take(&mut ready.queue);
        drop(ready);
        drop(queue);
        for task in self.0.tasks.all() {
            task.get().cancel();
        }
    }
}

impl Default for Executor {
    fn default() -> Executor {
        Executor::new()
    }
}

impl fmt::Debug for Executor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ready = self.0.lock();
        f.debug_struct("Executor")
            .field("unfinished", &ready.unfinished)
            .field("queued", &ready.queue.len())
            .finish_non_exhaustive()
    }
}
