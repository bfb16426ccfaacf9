//! The table that the example prints.

use std::fmt;

use crate::experiment::Report;

/// The heading of the rows, at most 80 columns wide.
pub(crate) const HEADING: &str = "                         checks                     database
variant      uses after  answered refused too late  open queries refusals   time";

/// What the columns mean.
pub(crate) const LEGEND: &str = "\
uses      own: each check opens a connection; pool: the checks share the pool's
after     how long the database takes for an answer
checks    how many were answered, were refused a connection, got none in time
database  connections open at once, queries in flight at once, refusals";

/// One row.
pub(crate) struct Row<'a> {
    pub(crate) report: &'a Report,
    /// How often a new connection found the queue of its listener full, if that was counted.
    pub(crate) overflows: Option<u64>,
}

impl fmt::Display for Row<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Report {
            run,
            outcome,
            seen,
            time,
        } = self.report;
        let latency = format!("{} ms", run.latency.as_millis());
        let time = format!("{:.1} s", time.as_secs_f64());
        write!(
            f,
            "{:<12} {:<4} {latency:>5}  {:>8} {:>7} {:>8}  {:>4} {:>7} {:>8} {time:>6}",
            run.variant.name(),
            if run.pool.is_some() { "pool" } else { "own" },
            outcome.answers,
            outcome.refused,
            outcome.timed_out,
            seen.most_connections,
            seen.most_in_flight,
            seen.refusals,
        )?;
        let others = [
            (outcome.disconnected, "lost the connection"),
            (outcome.wrong, "had a wrong answer"),
        ];
        for (count, what) in others.into_iter().filter(|(count, _)| *count > 0) {
            write!(f, "\n  {count} {what}")?;
        }
        for (why, count) in &outcome.failed {
            write!(f, "\n  {count} failed: {why}")?;
        }
        if let Some(times @ 1..) = self.overflows {
            write!(f, "\n  {times} times a new connection found a full queue")?;
        }
        Ok(())
    }
}
