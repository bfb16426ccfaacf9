//! The models: small programs that the explorer runs in every order.

use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use interleave::sync::Arc;
use interleave::thread::named;
use interleave::{Execution, Exploration, explore, variants};

use crate::channel::Channel;
use crate::{first, kept_error, last_result, overwritten, taken_error};

variants! {
    /// Keeps the first failure of several workers.
    pub(crate) trait FirstError {
        fn new() -> Self;
        fn set(&self, index: usize) -> bool;
        fn get(&self) -> Option<usize>;
    }
    for overwritten::FirstError, first::FirstError
}

/// Which of two workers was told that its item is the first, and which item is kept.
pub(crate) type Told = ([bool; 2], Option<usize>);

/// Two items fail.
// ANCHOR: two_failures
pub(crate) fn two_failures<F: FirstError>() -> Told {
    let first = Arc::new(F::new());
    let workers = [0, 1].map(|index| {
        let first = first.clone();
        named(format!("worker {}", index + 1), move || first.set(index))
    });
    let told = workers.map(|worker| worker.join().unwrap());
    (told, first.get())
}
// ANCHOR_END: two_failures

pub(crate) fn failed<F: FirstError>() -> Exploration<Told> {
    explore(two_failures::<F>).worded(told_in_words, "")
}

/// Whether exactly one worker was told that its item is the first, and that one is kept.
pub(crate) fn one_is_first((told, kept): &Told) -> bool {
    matches!(
        (told, kept),
        ([true, false], Some(0)) | ([false, true], Some(1))
    )
}

pub(crate) fn told_in_words((told, kept): &Told) -> String {
    let kept = kept.map_or("none".to_owned(), |index| (index + 1).to_string());
    match told {
        [true, true] => format!("both were told \"first\", and item {kept} is kept"),
        _ => format!("one was told \"first\", and item {kept} is kept"),
    }
}

/// Two tasks report their results: the first fails, and the second succeeds. Returns the failure that is kept.
// ANCHOR: a_failure_and_a_success
pub(crate) fn a_failure_and_a_success() -> Option<usize> {
    let last = Arc::new(last_result::LastResult::new());
    let tasks = [Err("no such pipeline"), Ok(())];
    let mut index = 0;
    let workers = tasks.map(|result| {
        let (last, task) = (last.clone(), index);
        index += 1;
        named(format!("worker {index}"), move || {
            last.assign(task, &result)
        })
    });
    for worker in workers {
        worker.join().unwrap();
    }
    last.get()
}
// ANCHOR_END: a_failure_and_a_success

pub(crate) fn assigned() -> Exploration<Option<usize>> {
    let reported = |failure: &Option<usize>| match failure {
        Some(index) => format!("task {} failed", index + 1),
        None => "all tasks succeeded".to_owned(),
    };
    explore(a_failure_and_a_success).worded(reported, "task 1 failed")
}

/// A worker sends three messages. The reader takes the first one, which is an error, and then stops reading: it keeps
/// its end of the channel, or says that it leaves. Returns how many messages were sent in vain.
// ANCHOR: a_reader_that_stops
pub(crate) fn a_reader_that_stops(leaves: bool) -> usize {
    let errors = Arc::new(Channel::new());
    let worker = {
        let errors = errors.clone();
        named("worker", move || {
            let sent = ["error", "ok", "ok"].map(|message| errors.send(message));
            sent.iter().filter(|sent| sent.is_err()).count()
        })
    };
    errors.receive();
    if leaves {
        errors.close();
    }
    worker.join().unwrap()
}
// ANCHOR_END: a_reader_that_stops

pub(crate) fn read_once(leaves: bool) -> Exploration<usize> {
    let refused = |refused: &usize| match refused {
        1 => "the worker ends; 1 message was refused".to_owned(),
        _ => format!("the worker ends; {refused} messages were refused"),
    };
    explore(move || a_reader_that_stops(leaves)).worded(refused, "")
}

/// Whether the reader wakes a waiting worker as it leaves.
pub(crate) fn leaving_wakes(execution: &Execution<usize>) -> bool {
    let calls = execution.calls();
    let of_the_reader = calls.iter().rev().find(|call| call.thread == 0);
    of_the_reader.is_some_and(|last| last.returned.as_deref() == Some("1"))
}

/// Two workers send to a full channel, and its reader leaves. Returns how many messages were sent in vain.
pub(crate) fn two_senders_wait() -> usize {
    let channel = Arc::new(Channel::new());
    let _ = channel.send(0);
    let workers = [1, 2].map(|number| {
        let channel = channel.clone();
        named(format!("worker {number}"), move || {
            channel.send(number).is_err()
        })
    });
    channel.close();
    let refused = workers.map(|worker| worker.join().unwrap());
    refused.into_iter().filter(|refused| *refused).count()
}

/// Two threads send a value each, and take one out again. Returns what each has taken.
pub(crate) fn two_senders() -> [Option<u32>; 2] {
    let channel = Arc::new(Channel::new());
    let worker = {
        let channel = channel.clone();
        named("worker", move || {
            let _ = channel.send(1);
            channel.try_receive()
        })
    };
    let _ = channel.send(2);
    let taken = channel.try_receive();
    [worker.join().unwrap(), taken]
}

/// A worker waits for a value. Another thread sends one, and sends a second if it takes the first itself.
pub(crate) fn a_receiver_and_a_thief() -> Option<u32> {
    let channel = Arc::new(Channel::new());
    let worker = {
        let channel = channel.clone();
        named("worker", move || channel.receive())
    };
    let _ = channel.send(1);
    if channel.try_receive().is_some() {
        let _ = channel.send(2);
    }
    worker.join().unwrap()
}

/// A task: returns its result at once.
type Task = Box<dyn Fn() -> Result<(), u32> + Send + Sync>;

/// The pool that loses errors.
pub(crate) type Taken = taken_error::Pool<Task, u32>;
/// The pool that keeps its error.
pub(crate) type Kept = kept_error::Pool<Task, u32>;

variants! {
    /// A pool of which threads run the tasks.
    pub(crate) trait Pool {
        fn new(tasks: Vec<Task>) -> Self;
        fn work(&self);
        fn error(&self) -> Option<u32>;
        fn finish(&self) -> Result<(), u32>;
    }
    for Taken, Kept
}

/// What a pool did, and what it said about it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Report {
    /// How many tasks ran and failed.
    pub(crate) failed: usize,
    /// The error that `main` saw when it looked, while the workers ran. `None` if it didn't look.
    pub(crate) seen: Option<u32>,
    /// What the pool reported at the end.
    pub(crate) result: Result<(), u32>,
}

impl Report {
    pub(crate) fn is_right(&self) -> bool {
        self.result.is_err() == (self.failed > 0)
    }

    pub(crate) fn words(&self) -> String {
        let tasks = match self.failed {
            1 => "1 task failed",
            _ => "2 tasks failed",
        };
        let result = match self.result {
            Ok(()) => "success".to_owned(),
            Err(task) => format!("the error of task {task}"),
        };
        format!("{tasks}, and the pool reports {result}")
    }
}

/// Workers run tasks, each of which has its result. With one worker, `main` looks once whether there is an error.
// ANCHOR: pool
pub(crate) fn a_pool<P: Pool>(workers: usize, results: &[Result<(), u32>]) -> Report {
    let failed = std::sync::Arc::new(AtomicUsize::new(0));
    let tasks = results.iter().map(|&result| {
        let failed = failed.clone();
        Box::new(move || result.inspect_err(|_| _ = failed.fetch_add(1, Relaxed))) as Task
    });
    let pool = Arc::new(P::new(tasks.collect()));
    let threads: Vec<_> = (1..=workers)
        .map(|number| {
            let pool = pool.clone();
            named(format!("worker {number}"), move || pool.work())
        })
        .collect();
    let seen = if workers == 1 { pool.error() } else { None };
    for thread in threads {
        thread.join().unwrap();
    }
    Report {
        failed: failed.load(Relaxed),
        seen,
        result: pool.finish(),
    }
}
// ANCHOR_END: pool

/// One worker, and three tasks, of which the first fails.
pub(crate) fn one_task_fails<P: Pool>() -> Exploration<Report> {
    explore(|| a_pool::<P>(1, &[Err(1), Ok(()), Ok(())]))
        .worded(Report::words, "should be the error")
}

/// Two workers, and two tasks that both fail.
pub(crate) fn two_tasks_fail<P: Pool>() -> Exploration<Report> {
    explore(|| a_pool::<P>(2, &[Err(1), Err(2)])).worded(Report::words, "should be an error")
}

/// Whether the pool reports success after a failure, though `main` took no error away.
pub(crate) fn lost_by_a_worker(execution: &Execution<Report>) -> bool {
    let report = execution.outcome();
    report.is_some_and(|report| !report.is_right() && report.seen.is_none())
}

/// Whether both tasks ran and failed, and the pool reported something.
pub(crate) fn both_failed(execution: &Execution<Report>) -> bool {
    execution.outcome().is_some_and(|report| report.failed == 2)
}

/// Two workers have two tasks that both fail, and look once more when they end. Returns what they saw, and what the pool
/// reports.
pub(crate) fn workers_that_look_when_they_end() -> ([Option<u32>; 2], Result<(), u32>) {
    let tasks = [1, 2].map(|error: u32| Box::new(move || Err(error)) as Task);
    let pool = Arc::new(Kept::new(Vec::from(tasks)));
    let workers = ["worker 1", "worker 2"].map(|name| {
        let pool = pool.clone();
        named(name, move || {
            pool.work();
            pool.error()
        })
    });
    let seen = workers.map(|worker| worker.join().unwrap());
    (seen, pool.finish())
}
