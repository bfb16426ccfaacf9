//! Chapter 1: the worker pool.

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::time::Duration;

use diagram::End;
use interleave::sync::Arc;
use interleave::{Explorer, thread};
use timeline::Timeline;
use tokio::task::JoinSet;

use crate::race::{Words, explored};
use crate::run::{beside, recorded};
use crate::verdict::{Wrong, deliver};

#[path = "../../01-pool/src/doubled_claim.rs"]
mod doubled_claim;

/// Starts a thread of a model, with a name.
pub(crate) fn named<T: Send + 'static>(
    name: &str,
    body: impl FnOnce() -> T + Send + 'static,
) -> thread::JoinHandle<T> {
    let thread = thread::Builder::new().name(name.to_owned());
    thread.spawn(body).expect("a model's thread always starts")
}

pub(crate) fn joined<T>(handle: thread::JoinHandle<T>) -> T {
    handle
        .join()
        .unwrap_or_else(|payload| std::panic::resume_unwind(payload))
}

/// `pool1`: two workers claim an item each, and must not get the same.
pub fn pool1<C: Send + Sync + 'static>(new: fn() -> C, claim: fn(&C) -> usize) -> ! {
    let model = move || {
        let claims = Arc::new(new());
        let workers = ["worker 1", "worker 2"].map(|name| {
            let claims = claims.clone();
            named(name, move || claim(&claims))
        });
        let mut claimed = workers.map(joined);
        claimed.sort();
        claimed
    };
    let words = Words {
        expected: "should be 0 and 1",
        fails: "Between one worker's look and its step, the other looks too: what must be one step is two.",
        again: false,
        torn: true,
    };
    // One who claims again, in case the answer knows two numbers only.
    let again = move || {
        let claims = Arc::new(new());
        let one = {
            let claims = claims.clone();
            named("worker 1", move || claim(&claims))
        };
        let two = named("worker 2", move || [claim(&claims), claim(&claims)]);
        let one = joined(one);
        let [first, second] = joined(two);
        (one, first, second)
    };
    deliver(move || {
        explored(
            model,
            |[first, second]| format!("claimed {first} and {second}"),
            |claimed| *claimed == [0, 1],
            &words,
        )
        .map_err(|wrong| {
            let result = wrong.lanes.result.as_deref().unwrap_or_default();
            let first = result
                .strip_prefix("claimed ")
                .and_then(|it| it.split(' ').next());
            if first.is_none_or(|first| first == "0" || first == "1") {
                return wrong;
            }
            let sentence =
                "New `Claims` begin at 0, and these did not: is a number kept outside of them?";
            Wrong::new(wrong.picture, sentence)
        })?;
        let words = Words {
            expected: "should be 0, 1 and 2",
            fails: "Two claims go right, and a third does not: every claim must get its own number.",
            again: true,
            torn: false,
        };
        explored(
            again,
            |(one, first, second)| {
                format!("worker 1 claimed {one}, worker 2 claimed {first} and {second}")
            },
            |&(one, first, second)| {
                let mut claimed = [one, first, second];
                claimed.sort();
                claimed == [0, 1, 2]
            },
            &words,
        )
    })
}

/// What worker 1 claimed, and what worker 2 claimed first and second.
pub type Claimed = (usize, usize, usize);

/// `pool2`: which claims are possible, if a claim is a load and a store?
pub fn pool2(possible: fn() -> Vec<Claimed>) -> ! {
    let model = || {
        let claims = Arc::new(doubled_claim::Claims::new(9));
        let claim =
            |claims: &doubled_claim::Claims| claims.claim().map_or(9, |claim| claim.index());
        let one = {
            let claims = claims.clone();
            named("worker 1", move || claim(&claims))
        };
        let two = named("worker 2", move || (claim(&claims), claim(&claims)));
        let one = joined(one);
        let (first, second) = joined(two);
        (one, first, second)
    };
    deliver(move || {
        let answer = BTreeSet::from_iter(possible());
        if answer.is_empty() {
            let sentence = "The list is empty, and at least one thing happens: what if worker 1 is done before \
                            worker 2 begins?";
            return Err(Wrong::new("", sentence));
        }
        let explored = Explorer::new().try_explore(model);
        let explored = explored.map_err(|refused| Wrong::new("", refused.to_string()))?;
        let outcomes: BTreeSet<Claimed> = explored
            .executions()
            .iter()
            .filter_map(|end| end.outcome().copied())
            .collect();
        if let Some(never) = answer.difference(&outcomes).next() {
            let why = match never {
                (_, first, second) if second <= first => ": worker 2 has always seen its own store",
                _ => "",
            };
            let sentence = format!("Your list has {never:?}, and no execution ends so{why}.");
            return Err(Wrong::new("", sentence));
        }
        // The one that comes of the simplest order, so that a learner is shown easy ones first.
        let missing = outcomes.difference(&answer).copied().next();
        let Some(missing) = missing else {
            return Ok(format!(
                "✓ These are all {} outcomes, and no other.",
                outcomes.len()
            ));
        };
        let said = |(one, first, second): &Claimed| {
            format!("worker 1 claimed {one}, worker 2 claimed {first} and {second}")
        };
        let shown = explored.worded(said, "not in your list");
        let failing = shown.failing(|outcome| *outcome == missing);
        let sentence = format!("This ends with {missing:?}, which is not in your list.");
        Err(Wrong::new(failing.simplest().to_string(), sentence))
    })
}

/// The work of `pool3`: an item takes as many milliseconds as it says.
#[derive(Clone)]
pub struct Work {
    timeline: Timeline,
}

impl Work {
    /// Works on the item with that number.
    pub async fn on(&self, number: usize, ms: u64) {
        let work = tokio::time::sleep(Duration::from_millis(ms));
        self.timeline.span(format!("Item {number}"), work).await;
    }
}

/// `pool3`: five items, two at a time, in 400 ms.
pub fn pool3<F: Future<Output = ()>>(
    run: impl Fn(Vec<u64>, usize, Work) -> F + Clone + Send + 'static,
) -> ! {
    // In milliseconds: one is long.
    let graded = move |items: &'static [u64], limit: usize| {
        // Whoever has ended takes the next item.
        let (_, wanted) = recorded(move |timeline| async move {
            let work = Work { timeline };
            let items = std::sync::Arc::new(Mutex::new((1..).zip(items)));
            let mut workers = JoinSet::new();
            for _ in 0..limit {
                let (work, items) = (work.clone(), items.clone());
                workers.spawn(async move {
                    let next = || items.lock().unwrap().next();
                    while let Some((number, ms)) = next() {
                        work.on(number, *ms).await;
                    }
                });
            }
            workers.join_all().await;
        })?;
        let run = run.clone();
        let (_, yours) = recorded(move |timeline| run(items.to_vec(), limit, Work { timeline }))?;
        let picture = beside(&yours, &wanted);
        for (number, ms) in (1..).zip(items) {
            let name = format!("Item {number}");
            let spans = yours.spans.iter().filter(|span| span.name == name);
            let times = spans.clone().count();
            let whole = spans
                .clone()
                .filter(|span| span.end == End::Finished)
                .count();
            let took: f64 = spans.map(|span| span.end_ms - span.start_ms).sum();
            let sentence = match (times, whole) {
                (1, 1) if took == *ms as f64 => continue,
                (1, 1) => format!("Item {number} was worked on for {took} ms, and takes {ms}."),
                (0, _) => format!("Item {number} was never worked on."),
                (1, _) => format!(
                    "Item {number} was begun and not ended: who starts a task waits for it."
                ),
                _ => format!("Item {number} was worked on {times} times."),
            };
            return Err(Wrong::new(picture, sentence));
        }
        let most = yours.most_in_flight();
        if most > limit {
            let sentence =
                format!("{most} items are in flight at once, and at most {limit} may be.");
            return Err(Wrong::new(picture, sentence));
        }
        if yours.total_ms > wanted.total_ms {
            let sentence = if most < limit {
                format!("There are {limit} places, and {most} at most are ever used.")
            } else if yours.total_ms < wanted.total_ms + 100.0 {
                "Almost: a place that has become free stays empty for a while, as if somebody only looked now and \
                 then. Wait for the place, not for the clock."
                    .to_owned()
            } else {
                "A place stays empty while there are items left: whoever has ended must take the next item at once, \
                 whatever the others do."
                    .to_owned()
            };
            return Err(Wrong::new(picture, sentence));
        }
        Ok(format!("✓ {} ms, at most {most} in flight", yours.total_ms))
    };
    deliver(move || {
        let first = graded(&[400, 100, 100, 100, 100], 2)?;
        // Others, in case the answer was made for those.
        let second = graded(&[100, 100, 300, 100, 200, 100, 100], 3).map_err(|wrong| {
            let sentence = format!(
                "Right for the five items, and not for these seven, three at a time. {}",
                wrong.sentence
            );
            Wrong::new(wrong.picture, sentence)
        })?;
        Ok(format!(
            "{first}; with seven other items, three at a time: {}.",
            &second["✓ ".len()..]
        ))
    })
}

/// What a queue of `pool4` can do; `'static` functions, so that any type can stand for it.
pub struct Queue<Q> {
    /// An empty, open queue.
    pub new: fn() -> Q,
    /// Adds an item.
    pub push: fn(&Q, u32),
    /// Waits for an item; `None` once it is closed and empty.
    pub pop: fn(&Q) -> Option<u32>,
    /// Says that nothing will be added any more.
    pub close: fn(&Q),
}

impl<Q> Clone for Queue<Q> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<Q> Copy for Queue<Q> {}

/// `pool4`: a queue at which workers wait.
pub fn pool4<Q: Send + Sync + 'static>(of: Queue<Q>) -> ! {
    let sender = move |queue: Arc<Q>| {
        named("sender", move || {
            (of.push)(&queue, 7);
            (of.close)(&queue);
        })
    };
    // One worker takes all there is.
    let one = move || {
        let queue = Arc::new((of.new)());
        let sender = sender(queue.clone());
        let worker = named("worker", move || [(of.pop)(&queue), (of.pop)(&queue)]);
        joined(sender);
        joined(worker)
    };
    // Two items, in their order.
    let both = move || {
        let queue = Arc::new((of.new)());
        let sender = {
            let queue = queue.clone();
            named("sender", move || {
                (of.push)(&queue, 8);
                (of.push)(&queue, 9);
            })
        };
        let worker = named("worker", move || [(of.pop)(&queue), (of.pop)(&queue)]);
        joined(sender);
        joined(worker)
    };
    // Two workers, and nothing but the end.
    let two = move || {
        let queue = Arc::new((of.new)());
        let workers = ["worker 1", "worker 2"].map(|name| {
            let queue = queue.clone();
            named(name, move || (of.pop)(&queue))
        });
        (of.close)(&queue);
        workers.map(joined)
    };
    deliver(move || {
        let words = Words {
            expected: "should be 7, then the end",
            fails: "A worker was told that there is nothing more, and did not get the item: it was still to come, or it \
                    was thrown away.",
            again: false,
            torn: false,
        };
        let said =
            |[first, second]: &[Option<u32>; 2]| format!("popped {first:?}, then {second:?}");
        explored(one, said, |popped| *popped == [Some(7), None], &words)?;
        let words = Words {
            expected: "should be 8, then 9",
            fails: "8 was pushed first, then 9, and they were not popped so: first in, first out.",
            again: false,
            torn: false,
        };
        explored(both, said, |popped| *popped == [Some(8), Some(9)], &words).map_err(|wrong| {
            if !wrong.picture.contains("None  ×") && !wrong.picture.contains("popped None") {
                return wrong;
            }
            let sentence = "A worker was told that there is nothing more, and nobody has closed the queue. Who is \
                            woken looks again: what it was woken for may be gone, or never have been.";
            Wrong::new(wrong.picture, sentence)
        })?;
        let words = Words {
            expected: "should be the end for both",
            fails: "An item was popped that nobody had pushed.",
            again: false,
            torn: false,
        };
        let said = |popped: &[Option<u32>; 2]| format!("popped {popped:?}");
        explored(two, said, |popped| *popped == [None, None], &words)
    })
}
