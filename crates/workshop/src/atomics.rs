//! Chapter 7: atomic counters.

use interleave::sync::Arc;
use interleave::sync::atomic::{AtomicU64, Ordering::Relaxed};
use timeline::Timeline;

use std::collections::BTreeSet;
use std::time::Duration;

use interleave::{End, Explorer};

use crate::pool::{joined, named};
use crate::race::{Words, explored};
use crate::run::{beside, recorded};
use crate::verdict::{Wrong, deliver};

/// `atomics1`: a value is handed over by a flag.
pub fn atomics1<S: Send + Sync + 'static>(
    new: fn() -> S,
    publish: fn(&S, u64),
    get: fn(&S) -> Option<u64>,
) -> ! {
    let handed_over = move |value: u64| {
        let slot = Arc::new(new());
        let writer = {
            let slot = slot.clone();
            named("writer", move || publish(&slot, value))
        };
        let reader = named("reader", move || get(&slot));
        joined(writer);
        joined(reader)
    };
    let model = move || handed_over(42);
    deliver(move || {
        let exploration = Explorer::new().try_explore(model);
        let exploration = exploration.map_err(crate::race::refused)?;
        let got = |wanted: Option<u64>| {
            let mut ends = exploration.executions().iter();
            ends.any(|end| end.outcome() == Some(&wanted))
        };
        let panics = exploration
            .executions()
            .iter()
            .any(|end| matches!(end.end(), End::Panicked(_)));
        if !panics && !got(Some(42)) && !got(Some(0)) {
            let sentence = "The reader never gets the value, in whatever order: `get` must return it once the flag \
                            is raised.";
            return Err(Wrong::new("", sentence));
        }
        let said = |got: &Option<u64>| match got {
            Some(value) => format!("the reader got {value}"),
            None => "the reader got nothing yet".to_owned(),
        };
        let whole = |got: &Option<u64>| matches!(got, None | Some(42));
        let words = Words {
            expected: "should be 42, or nothing yet",
            fails: "The reader saw the flag and an old value: nothing makes the value visible to who sees the flag.",
            again: false,
            torn: false,
        };
        explored(model, said, whole, &words).map_err(|wrong| {
            if wrong.always {
                return wrong;
            }
            let strong = |line: &&str| ["Release", "Acquire", "AcqRel", "SeqCst"].iter().any(|o| line.contains(o));
            let lines = || wrong.picture.lines().filter(|line| line.contains("("));
            let flag = |line: &&str| line.contains("ready.");
            let strong_flags = lines().filter(flag).filter(strong).count();
            let strong_values = lines().filter(|line| line.contains("value.")).filter(strong).count();
            let sentence = if !wrong.picture.contains("stale") {
                "The flag is raised before the value is there: first the value, then the flag."
            } else if strong_flags == 1 {
                "Only one side orders anything. What one thread gives away by a Release store, the other must take \
                 over by an Acquire load."
            } else if strong_values > 0 {
                "The orderings are on the value, and the flag has none. It is the flag that has to carry what came \
                 before it."
            } else {
                return wrong;
            };
            Wrong::new(wrong.picture, sentence)
        })?;
        // Another number, in case the answer was made for that one.
        let words = Words {
            expected: "should be 17, or nothing yet",
            fails: "17 was published, and something else was got: is it made for 42?",
            again: true,
            torn: false,
        };
        let model = move || handed_over(17);
        explored(model, said, |got| matches!(got, None | Some(17)), &words)
    })
}

/// `atomics2`: what can a reader see of two counters?
pub fn atomics2(possible: fn() -> Vec<(u64, u64)>) -> ! {
    let model = || {
        let [requests, answers] = [(); 2].map(|()| Arc::new(AtomicU64::new(0)));
        let server = {
            let (requests, answers) = (requests.clone(), answers.clone());
            named("server", move || {
                requests.fetch_add(1, Relaxed);
                answers.fetch_add(1, Relaxed);
            })
        };
        let reader = named("reader", move || {
            let seen = answers.load(Relaxed);
            (requests.load(Relaxed), seen)
        });
        joined(server);
        joined(reader)
    };
    deliver(move || {
        let explored = Explorer::new().try_explore(model);
        let explored = explored.map_err(crate::race::refused)?;
        let outcomes = explored
            .executions()
            .iter()
            .filter_map(|end| end.outcome().copied());
        let outcomes: BTreeSet<(u64, u64)> = outcomes.collect();
        let answer = BTreeSet::from_iter(possible());
        if let Some(never) = answer.difference(&outcomes).next() {
            let sentence =
                format!("Your list has {never:?}, and no execution ends so: there is one of each.");
            return Err(Wrong::new("", sentence));
        }
        // What plain orders explain comes first.
        let missing = outcomes.difference(&answer);
        let Some(missing) = missing.copied().max() else {
            return Ok(format!(
                "✓ These are all {} outcomes, and no other.",
                outcomes.len()
            ));
        };
        let said =
            |(requests, answers): &(u64, u64)| format!("requests: {requests}, answers: {answers}");
        let shown = explored.worded(said, "not in your list");
        let failing = shown.failing(|outcome| *outcome == missing);
        let simplest = failing.simplest();
        let sentence = match simplest.execution().stale_reads() {
            0 => format!(
                "{missing:?} is not in your list, and there is an order of the steps that ends so."
            ),
            _ => format!(
                "{missing:?} is not in your list: no order of the steps explains it, and memory allows it all the same."
            ),
        };
        Err(Wrong::new(simplest.to_string(), sentence))
    })
}

/// What `atomics3` does each time.
#[derive(Clone)]
pub struct Report {
    timeline: Timeline,
    looks: std::sync::Arc<std::sync::atomic::AtomicUsize>,
    takes: [u64; LOOKS],
}

const LOOKS: usize = 5;
const EVERY: u64 = 100;

impl Report {
    /// A report whose looks take as many milliseconds as `takes` says, one after the other.
    fn new(timeline: Timeline, takes: [u64; LOOKS]) -> Report {
        Report {
            timeline,
            looks: std::sync::Arc::default(),
            takes,
        }
    }

    /// Looks at the counter and sends what was added; takes a while.
    pub async fn look(&self) {
        let number = self
            .looks
            .fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let sent = tokio::time::sleep(Duration::from_millis(self.takes[number % LOOKS]));
        self.timeline.span("Look", sent).await;
    }
}

/// `atomics3`: five looks, one every 100 ms.
pub fn atomics3<F: Future<Output = ()>>(run: impl Fn(Report) -> F + Clone + Send + 'static) -> ! {
    // When each look began, beside when it should have.
    let looked = move |takes: [u64; LOOKS]| {
        let (_, wanted) = recorded(move |timeline| async move {
            let begun = tokio::time::Instant::now();
            let report = Report::new(timeline, takes);
            for number in 1..=LOOKS as u64 {
                tokio::time::sleep_until(begun + Duration::from_millis(EVERY * number)).await;
                report.look().await;
            }
        })?;
        let run = run.clone();
        let looks = std::sync::Arc::default();
        let counted = std::sync::Arc::clone(&looks);
        let (_, yours) = recorded(move |timeline| {
            let report = Report {
                looks: counted,
                ..Report::new(timeline, takes)
            };
            run(report)
        })
        .map_err(
            |wrong| match looks.load(std::sync::atomic::Ordering::Relaxed) {
                looks if looks > LOOKS => {
                    let sentence =
                        format!("It looks forever: {LOOKS} looks are wanted, and then an end.");
                    Wrong::new(wrong.picture, sentence)
                }
                _ => wrong,
            },
        )?;
        let picture = beside(&yours, &wanted);
        let starts: Vec<f64> = yours.spans.iter().map(|span| span.start_ms).collect();
        if starts.len() != LOOKS {
            let sentence = format!("{LOOKS} looks are wanted, and {} were made.", starts.len());
            return Err(Wrong::new(picture, sentence));
        }
        Ok((picture, starts))
    };
    deliver(move || {
        let (picture, starts) = looked([30; LOOKS])?;
        if let Some((number, start, due)) = late(&starts) {
            let sentence = if starts[0] == 0.0 {
                "The first look is at 0 ms: there is nothing to report before 100 ms have passed."
                    .to_owned()
            } else if starts
                .windows(2)
                .all(|pair| pair[1] - pair[0] != EVERY as f64)
            {
                format!(
                    "Look {number} is at {start} ms, not at {due}, and those after it are off by more, later each \
                     time: what the looking takes is added to the pause."
                )
            } else {
                format!("Look {number} is at {start} ms, and was due at {due}.")
            };
            return Err(Wrong::new(picture, sentence));
        }
        // Looks that take longer and shorter, in case the answer was made for 30 ms.
        let (picture, starts) = looked([10, 60, 20, 50, 30])?;
        if let Some((number, start, due)) = late(&starts) {
            let sentence = format!(
                "If a look doesn't take 30 ms, look {number} is at {start} ms, and was due at {due}: what it takes \
                 must not matter."
            );
            return Err(Wrong::new(picture, sentence));
        }
        Ok(format!(
            "✓ {LOOKS} looks, one every {EVERY} ms, however long they take."
        ))
    })
}

/// The first look that is not on time: its number, when it began, and when it was due, in milliseconds.
fn late(starts: &[f64]) -> Option<(u32, f64, f64)> {
    let due = (1..).map(|number: u32| (number, f64::from(number) * EVERY as f64));
    let mut looks = due.zip(starts);
    looks.find_map(|((number, due), start)| (*start != due).then_some((number, *start, due)))
}

/// `atomics4`: two threads record, and the highest value stays.
pub fn atomics4<H: Send + Sync + 'static>(
    new: fn() -> H,
    record: fn(&H, u64),
    get: fn(&H) -> u64,
) -> ! {
    let recorded = move |values: [u64; 2]| {
        let highest = Arc::new(new());
        let threads =
            [("recorder 1", values[0]), ("recorder 2", values[1])].map(|(name, value)| {
                let highest = highest.clone();
                named(name, move || record(&highest, value))
            });
        for thread in threads {
            joined(thread);
        }
        get(&highest)
    };
    deliver(move || {
        let words = Words {
            expected: "should be 5",
            fails: "The lower value came last and replaced the higher: nobody looked what was there.",
            again: false,
            torn: false,
        };
        explored(move || recorded([3, 5]), |highest| format!("highest = {highest}"), |highest| *highest == 5, &words).map_err(|wrong| {
            let sentence = if wrong.always {
                return wrong;
            } else if wrong.picture.contains("compare_exchange") {
                "A compare_exchange says whether it succeeded. Where it failed, nothing has been recorded: look again, \
                 and try again if your value is still higher."
            } else if wrong.picture.contains(".load(") || wrong.picture.contains("get") {
                "Between the look and the store somebody else stored a higher value: look and store must be one step."
            } else {
                return wrong;
            };
            Wrong::new(wrong.picture, sentence)
        })?;
        // Other numbers, in case the answer was made for those.
        let words = Words {
            expected: "should be 9",
            fails: "With 3 and 5 it is right, and with 9 and 4 it is not: is it made for the first two?",
            again: true,
            torn: false,
        };
        let said = |highest: &u64| format!("highest = {highest}");
        let holds = |highest: &u64| *highest == 9;
        explored(move || recorded([9, 4]), said, holds, &words)?;
        // Something was there before, and somebody looks meanwhile.
        let meanwhile = move || {
            let highest = Arc::new(new());
            let first = get(&highest);
            record(&highest, 7);
            let recorders = [("recorder 1", 3), ("recorder 2", 9)].map(|(name, value)| {
                let highest = highest.clone();
                named(name, move || record(&highest, value))
            });
            for recorder in recorders {
                joined(recorder);
            }
            (first, get(&highest))
        };
        let words = Words {
            expected: "should be 0 at first, and 9 at last",
            fails: "7 was recorded before 3 and 9, and 9 was lost: what is put back may be older than what is there.",
            again: true,
            torn: false,
        };
        let said =
            |(first, last): &(u64, u64)| format!("highest = {first} at first, {last} at last");
        explored(meanwhile, said, |seen| *seen == (0, 9), &words).map_err(|wrong| {
            match wrong.lanes.result.as_deref() {
                Some(result) if !result.starts_with("highest = 0 ") => Wrong::new(
                    wrong.picture,
                    "Before anything was recorded the highest value is 0.",
                ),
                _ => wrong,
            }
        })?;
        let looked = move || {
            let highest = Arc::new(new());
            record(&highest, 7);
            let recorder = {
                let highest = highest.clone();
                named("recorder", move || record(&highest, 3))
            };
            let reader = named("reader", move || get(&highest));
            joined(recorder);
            joined(reader)
        };
        let words = Words {
            expected: "should be 7",
            fails: "A reader saw a lower value after 7 had been recorded: what is put back later was gone meanwhile.",
            again: true,
            torn: false,
        };
        let said = |seen: &u64| format!("the reader saw {seen}");
        explored(looked, said, |seen| *seen == 7, &words)
    })
}
