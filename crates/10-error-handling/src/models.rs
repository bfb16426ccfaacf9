//! The explorer finds the overwritten error, the leak and the errors that are taken away in the broken kernels, and
//! none of them in the fixed ones.

use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use diagram::assert_snapshot;
use interleave::sync::Arc;
use interleave::thread::named;
use interleave::{End, Execution, Exploration, explore};

use crate::channel::Channel;
use crate::{first, kept_error, last_result, overwritten, taken_error};

/// Keeps the first failure of several workers.
trait FirstError: Send + Sync + 'static {
    fn new() -> Self;
    fn set(&self, index: usize) -> bool;
    fn get(&self) -> Option<usize>;
}

macro_rules! first_errors {
    ($($first:ty)*) => {
        $(impl FirstError for $first {
            fn new() -> Self {
                Self::new()
            }
            fn set(&self, index: usize) -> bool {
                self.set(index)
            }
            fn get(&self) -> Option<usize> {
                self.get()
            }
        })*
    };
}

first_errors! { first::FirstError overwritten::FirstError }

/// Two items fail. Returns which of the two workers was told that its item is the first, and which one is kept.
// ANCHOR: two_failures
fn two_failures<F: FirstError>() -> ([bool; 2], Option<usize>) {
    let first = Arc::new(F::new());
    let workers = [0, 1].map(|index| {
        let first = first.clone();
        named(format!("worker {}", index + 1), move || first.set(index))
    });
    let told = workers.map(|worker| worker.join().unwrap());
    (told, first.get())
}
// ANCHOR_END: two_failures

/// Whether exactly one worker was told that its item is the first, and that one is kept.
fn one_is_first((told, kept): &([bool; 2], Option<usize>)) -> bool {
    matches!(
        (told, kept),
        ([true, false], Some(0)) | ([false, true], Some(1))
    )
}

fn told_in_words((told, kept): &([bool; 2], Option<usize>)) -> String {
    let kept = kept.map_or("none".to_owned(), |index| (index + 1).to_string());
    match told {
        [true, true] => format!("both were told \"first\", and item {kept} is kept"),
        _ => format!("one was told \"first\", and item {kept} is kept"),
    }
}

#[test]
fn race_the_second_error_overwrites_the_first() {
    let overwritten = explore(two_failures::<overwritten::FirstError>)
        .worded(told_in_words, "")
        .failing(|outcome| !one_is_first(outcome));
    assert_snapshot!("overwritten", overwritten.simplest());
    assert_snapshot!(
        "overwritten-outcomes",
        table(overwritten.exploration(), told_in_words, one_is_first)
    );
}

#[test]
fn fix_the_first_error_is_kept() {
    let passing = explore(two_failures::<first::FirstError>)
        .worded(told_in_words, "")
        .always(one_is_first);
    assert_snapshot!("first", passing.simplest());
}

/// Two tasks report their results: the first fails, and the second succeeds. Returns the failure that is kept.
// ANCHOR: a_failure_and_a_success
fn a_failure_and_a_success() -> Option<usize> {
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

fn reported(failure: &Option<usize>) -> String {
    match failure {
        Some(index) => format!("task {} failed", index + 1),
        None => "all tasks succeeded".to_owned(),
    }
}

#[test]
fn race_a_later_success_erases_a_failure() {
    let erased = explore(a_failure_and_a_success)
        .worded(reported, "task 1 failed")
        .failing(|failure| failure.is_none());
    assert_snapshot!("last-result", erased.simplest());
}

/// A worker sends three messages. The reader takes the first one, which is an error, and then stops reading: it keeps
/// its end of the channel, or says that it leaves. Returns how many messages were sent in vain.
// ANCHOR: a_reader_that_stops
fn a_reader_that_stops(leaves: bool) -> usize {
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

#[test]
fn race_a_sender_waits_for_a_reader_that_has_stopped() {
    let leak = explore(|| a_reader_that_stops(false))
        .worded(|refused| format!("{refused} messages were refused"), "")
        .blocking();
    assert_snapshot!("leak", leak.simplest());
}

#[test]
fn fix_a_reader_that_leaves_releases_the_senders() {
    let passing = explore(|| a_reader_that_stops(true))
        .worded(
            |refused| format!("the worker ends; {refused} messages were refused"),
            "",
        )
        .always(|refused| *refused <= 2);
    let woken = passing.simplest_such_that(|execution| execution.wake_ups() > 0);
    assert_snapshot!("leak-closed", woken);
}

/// Two threads send a value each, and take one out again. Returns what each has taken.
fn two_senders() -> [Option<u32>; 2] {
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

#[test]
fn fix_a_full_channel_is_never_overwritten() {
    explore(two_senders)
        .worded(|taken| format!("taken: {taken:?}"), "should be their own")
        .always(|taken| *taken == [Some(1), Some(2)]);
}

/// A worker waits for a value. Another thread sends one, and sends a second if it takes the first itself.
fn a_receiver_and_a_thief() -> Option<u32> {
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

#[test]
fn fix_a_receiver_waits_until_there_is_a_value() {
    explore(a_receiver_and_a_thief)
        .worded(
            |received| format!("received: {received:?}"),
            "should be a value",
        )
        .always(Option::is_some);
}

/// A task: returns its result at once.
type Task = Box<dyn Fn() -> Result<(), u32> + Send + Sync>;

/// A pool of which threads run the tasks.
trait Pool: Send + Sync + 'static {
    fn new(tasks: Vec<Task>) -> Self;
    fn work(&self);
    fn error(&self) -> Option<u32>;
    fn finish(&self) -> Result<(), u32>;
}

macro_rules! pools {
    ($($pool:ty)*) => {
        $(impl Pool for $pool {
            fn new(tasks: Vec<Task>) -> Self {
                Self::new(tasks)
            }
            fn work(&self) {
                self.work();
            }
            fn error(&self) -> Option<u32> {
                self.error()
            }
            fn finish(&self) -> Result<(), u32> {
                self.finish()
            }
        })*
    };
}

pools! { taken_error::Pool<Task, u32> kept_error::Pool<Task, u32> }

/// What a pool did, and what it said about it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Report {
    /// How many tasks ran and failed.
    failed: usize,
    /// The error that `main` saw when it looked, while the workers ran. `None` if it didn't look.
    seen: Option<u32>,
    /// What the pool reported at the end.
    result: Result<(), u32>,
}

impl Report {
    fn is_right(&self) -> bool {
        self.result.is_err() == (self.failed > 0)
    }

    fn words(&self) -> String {
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
fn a_pool<P: Pool>(workers: usize, results: &[Result<(), u32>]) -> Report {
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
fn one_task_fails<P: Pool>() -> Exploration<Report> {
    explore(|| a_pool::<P>(1, &[Err(1), Ok(()), Ok(())]))
        .worded(Report::words, "should be the error")
}

/// Two workers, and two tasks that both fail.
fn two_tasks_fail<P: Pool>() -> Exploration<Report> {
    explore(|| a_pool::<P>(2, &[Err(1), Err(2)])).worded(Report::words, "should be an error")
}

#[test]
fn fix_a_task_runs_once() {
    explore(|| a_pool::<kept_error::Pool<_, _>>(2, &[Err(1)]))
        .worded(Report::words, "should have run once")
        .always(|report| report.failed == 1);
}

#[test]
fn race_one_worker_reports_success_after_a_failure() {
    let lost = one_task_fails::<taken_error::Pool<_, _>>().failing(|report| !report.is_right());
    let by_the_worker = |execution: &Execution<Report>| {
        execution
            .outcome()
            .is_some_and(|report| !report.is_right() && report.seen.is_none())
    };
    assert_snapshot!("taken-by-a-look", lost.simplest_such_that(by_the_worker));
}

#[test]
fn race_two_failures_are_reported_as_success_or_block_the_pool() {
    let explored = two_tasks_fail::<taken_error::Pool<_, _>>();
    let lost = explored.clone().failing(|report| !report.is_right());
    let both_fail = |execution: &Execution<Report>| {
        execution
            .outcome()
            .is_some_and(|report| !report.is_right() && report.failed == 2)
    };
    assert_snapshot!("taken-by-the-other", lost.simplest_such_that(both_fail));
    let outcomes = table(lost.exploration(), Report::words, Report::is_right);
    assert_snapshot!("taken-outcomes", outcomes);
    assert_snapshot!("taken-deadlock", explored.blocking().simplest());
}

#[test]
fn fix_the_pool_reports_the_first_error() {
    one_task_fails::<kept_error::Pool<_, _>>().always(|report| report.result == Err(1));
    let passing = two_tasks_fail::<kept_error::Pool<_, _>>().always(Report::is_right);
    let both_fail = |execution: &Execution<Report>| {
        execution.outcome().is_some_and(|report| report.failed == 2)
    };
    assert_snapshot!("kept", passing.simplest_such_that(both_fail));
}

/// Two workers have two tasks that both fail, and look once more when they end. Returns what they saw, and what the pool
/// reports.
fn workers_that_look_when_they_end() -> ([Option<u32>; 2], Result<(), u32>) {
    let tasks = [1, 2].map(|error: u32| Box::new(move || Err(error)) as Task);
    let pool = Arc::new(kept_error::Pool::new(Vec::from(tasks)));
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

#[test]
fn fix_an_error_that_was_seen_stays() {
    explore(workers_that_look_when_they_end)
        .worded(
            |(seen, result)| format!("seen {seen:?}, reported {result:?}"),
            "should be the same error",
        )
        .always(|(seen, result)| seen.iter().flatten().all(|seen| *result == Err(*seen)));
}

/// A line for each outcome in words, with the number of executions that end with it. The passing ones come first.
fn table<T: std::fmt::Debug + Eq>(
    exploration: &Exploration<T>,
    words: impl Fn(&T) -> String,
    passes: impl Fn(&T) -> bool,
) -> String {
    let mut rows: Vec<(bool, String, usize)> = Vec::new();
    for (end, count) in exploration.ends() {
        let (passes, words) = match end {
            End::Returned(outcome) => (passes(outcome), words(outcome)),
            _ => (false, "a worker waits forever".to_owned()),
        };
        match rows.iter_mut().find(|row| row.1 == words) {
            Some(row) => row.2 += count,
            None => rows.push((passes, words, count)),
        }
    }
    rows.sort_by_key(|(passes, _, count)| (!passes, std::cmp::Reverse(*count)));
    let width = rows
        .iter()
        .map(|row| row.1.chars().count())
        .max()
        .unwrap_or(0);
    let line = |(passes, words, count): &(bool, String, usize)| {
        let mark = if *passes { '✓' } else { '×' };
        format!("{words:<width$}  {mark}  in {count} of the executions\n")
    };
    rows.iter().map(line).collect()
}
