//! Draws the results as bars, and compares them with the targets.

use ::rounds::Rounds;

use crate::{CLUSTERS, LIMITS, SUBJECTS};

const MOST_SECONDS: f64 = 10.0;
const MOST_BYTES: f64 = 1_024.0;

pub(crate) fn page(machine: &str, compilers: &str, count: u32, rounds: &Rounds) -> String {
    let mut page = format!(
        "$ scripts/bench deploy\n{machine}\n{compilers}\n\n\
         Rollouts to {CLUSTERS} clusters in virtual time, on one thread. Times are medians\n\
         of {count} runs, in turns (lowest to highest). Bytes are the peak on the heap,\n\
         counted once. The peers `buffered` (of `futures`) and `semaphore` (of Tokio, a\n\
         task per cluster) have no retries, no budget, no deadlines and no stop.\n"
    );
    for limit in LIMITS {
        for (unit, words, scale) in [("ms", "time", 1e-3), ("bytes", "heap per cluster", 1.0)] {
            let figure = if unit == "ms" { "s" } else { unit };
            let rows = SUBJECTS.map(|(name, _)| (name, format!("{name} {limit} {figure}")));
            page += "\n";
            page += &rounds.bars(&format!("limit {limit}: {words}"), unit, scale, rows);
        }
    }
    page += "\nTargets, of every strategy and limit: met if the worst figure reaches it\n";
    let ours = &SUBJECTS[..4];
    let worst = |figure: &str| {
        let names = LIMITS.iter().flat_map(|limit| {
            ours.iter()
                .map(move |(name, _)| format!("{name} {limit} {figure}"))
        });
        names
            .flat_map(|name| rounds.get(&name).unwrap_or_default().to_vec())
            .fold(0.0, f64::max)
    };
    let verdict = |worst: f64, most: f64| if worst <= most { "met" } else { "missed" };
    let (seconds, bytes) = (worst("s"), worst("bytes"));
    page += &format!(
        "at most 10 s ({seconds:.2} s): {}\n",
        verdict(seconds, MOST_SECONDS)
    );
    page + &format!(
        "at most 1,024 bytes per cluster ({bytes:.0} bytes): {}\n",
        verdict(bytes, MOST_BYTES)
    )
}
