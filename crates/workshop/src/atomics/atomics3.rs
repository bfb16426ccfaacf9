//! `atomics3`: two threads record samples in a moving average, and none may be lost.

use interleave::sync::Arc;

use crate::call::{is_exchange, locks};
use crate::deliver::deliver;
use crate::race::{Check, Failure, Model, both, does, explored, praise};
use crate::verdict::{Means, Verdict};
use crate::why;

/// Grades an average that starts at 0. Each sample moves it a quarter of the way.
pub fn atomics3<A: Send + Sync + 'static>(
    new: fn() -> A,
    record: fn(&A, u64),
    get: fn(&A) -> u64,
) -> Verdict {
    let recorded = move |before: &[u64], one: &'static [u64], two: &'static [u64]| {
        let average = Arc::new(new());
        for sample in before {
            record(&average, *sample);
        }
        let records = |samples: &'static [u64]| {
            move |average: &A| samples.iter().for_each(|sample| record(average, *sample))
        };
        both(
            &average,
            ("thread 1", records(one)),
            ("thread 2", records(two)),
        );
        get(&average)
    };
    graded(
        Box::new(move || recorded(&[], &[80], &[160])),
        Box::new(move || recorded(&[400], &[20], &[200, 60])),
    )
}

fn graded(one_each: Model<u64>, one_and_two: Model<u64>) -> Verdict {
    deliver(Means::Explored, move || {
        explored(
            one_each,
            Check {
                said: |average| format!("average = {average}"),
                expected: "should be 50 or 55",
                // 80 and then 160 give 20, 55. The other way round gives 40, 50.
                holds: |average| [50, 55].contains(average),
                because,
            },
        )?;
        let exploration = explored(
            one_and_two,
            Check {
                said: |average| format!("average = {average}"),
                expected: "should be 86, 88 or 97",
                // The average starts at 100. The three orders give 80, 110, 97; 125, 98, 88; and 125, 108, 86.
                holds: |average| [86, 88, 97].contains(average),
                because: |failure| {
                    failure.outcome()?;
                    let sentence = if failure.always {
                        "80 and 160 are recorded correctly. After a first sample of 400, others aren't."
                    } else if failure.calls.iter().any(|call| call.failed) {
                        "An exchange fails, and a sample is lost after that. With two samples in the other thread, an \
                         exchange can fail twice, and what is done after a failure can be interrupted, too."
                    } else {
                        return None;
                    };
                    Some(sentence.into())
                },
            },
        )?;
        let mut praise = praise(&exploration);
        if does(&exploration, locks) {
            praise += " A lock works. Can you do it with one atomic and no lock?";
        }
        Ok(praise)
    })
}

fn because(failure: &Failure<u64>) -> Option<String> {
    let average = failure.outcome()?;
    if failure.always {
        return None;
    }
    let exchanges = failure
        .calls
        .iter()
        .filter(|call| is_exchange(call))
        .count();
    let failed = failure.calls.iter().filter(|call| call.failed).count();
    let sentence = match average {
        _ if exchanges - failed > 2 => {
            "A sample is recorded twice: more exchanges succeed than there are samples."
        }
        _ if failure.calls.iter().any(|call| call.method == "swap") => {
            "A `swap` puts something else in place of the average. Another thread can find that before the new average \
             is stored."
        }
        _ if failure.retries() => {
            "The retry succeeds, but with an average that was computed before the first exchange failed. The other \
             thread's sample isn't in it."
        }
        20 | 40 if failed > 0 => {
            "A `compare_exchange` fails here and changes nothing, so its sample is lost."
        }
        20 => return lost("160", failure),
        40 => return lost("80", failure),
        _ => why::torn(failure)?,
    };
    Some(sentence.into())
}

fn lost(sample: &str, failure: &Failure<u64>) -> Option<String> {
    let same =
        "Both threads start from the same average, and the second store overwrites the first.";
    let why = why::torn(failure).unwrap_or(same);
    failure
        .interleaves()
        .then(|| format!("The sample {sample} is lost. {why}"))
}
