//! Prints rows as tables.

use std::fmt::Write;

use crate::kind::Kind;
use crate::row::{Row, Taken};

/// The ratio that resident bytes may have to the bytes that were asked for.
const TARGET: f64 = 1.15;

pub(crate) fn table(rows: &[Row]) -> String {
    let mut table = String::from(
        "Bytes per item: reserved, resident, asked of the allocator, and the kernel's.\n\
         Milliseconds for all: until all wait, and from the signal until all have ended.\n",
    );
    let mut counts: Vec<u64> = rows.iter().map(|row| row.count).collect();
    counts.sort_unstable();
    counts.dedup();
    for count in counts {
        let heading = format!("{} of each", grouped(count));
        writeln!(
            table,
            "\n{heading:<26}{:>10}{:>9}{:>8}{:>8}{:>9}{:>9}",
            "reserved", "resident", "asked", "kernel", "start", "end"
        )
        .unwrap();
        for row in rows.iter().filter(|row| row.count == count) {
            table += &line(row);
        }
    }
    table += &target(rows);
    table
}

/// The kind, and its allocator if that makes a difference.
fn name(row: &Row) -> String {
    match row.kind.allocators() {
        [_] => row.kind.name().to_owned(),
        _ => format!("{}, {}", row.kind.name(), row.allocator.name()),
    }
}

fn line(row: &Row) -> String {
    let name = name(row);
    let stopped = match &row.stopped {
        Some(stopped) => format!("  {} of them: {stopped}\n", grouped(row.reached)),
        None => String::new(),
    };
    let Some(taken) = &row.taken else {
        return format!("{name:<26}not measured\n{stopped}");
    };
    let each = |bytes: Option<u64>| match bytes {
        Some(bytes) if row.reached > 0 => {
            grouped((bytes as f64 / row.reached as f64).round() as u64)
        }
        _ => "-".to_owned(),
    };
    let time = |ms: f64| match ms {
        10.0.. => grouped(ms.round() as u64),
        _ => format!("{ms:.2}"),
    };
    format!(
        "{name:<26}{:>10}{:>9}{:>8}{:>8}{:>9}{:>9}\n{stopped}",
        each(taken.reserved),
        each(Some(taken.resident)),
        each(Some(taken.asked)),
        each(taken.kernel),
        time(taken.start_ms),
        time(taken.finish_ms),
    )
}

/// Compares resident bytes with the bytes that were asked for, at the largest count of each kind on the heap.
fn target(rows: &[Row]) -> String {
    let mut lines = String::new();
    for kind in [Kind::TokioTask, Kind::Future, Kind::FuturesUnordered] {
        let of_kind = |row: &&Row| row.kind == kind && row.count >= 1_000_000;
        for row in rows.iter().filter(of_kind) {
            let Some(Taken {
                resident, asked, ..
            }) = row.taken
            else {
                continue;
            };
            let ratio = resident as f64 / asked as f64;
            let verdict = if ratio <= TARGET { "met" } else { "missed" };
            writeln!(lines, "{}: {ratio:.2}× ({verdict})", name(row)).unwrap();
        }
    }
    if lines.is_empty() {
        return lines;
    }
    format!("\nTarget: resident at most {TARGET}× what was asked for\n{lines}")
}

/// What stopped each kind.
pub(crate) fn sweep(rows: &[Row]) -> String {
    let mut table = String::new();
    for row in rows {
        let name = name(row);
        let about = if row.taken.is_some() { "" } else { "over " };
        let reached = format!("{about}{}", grouped(row.reached));
        let why = row.stopped.as_deref().unwrap_or("nothing stopped it");
        writeln!(table, "{name:<27}{reached:>16}\n    {why}").unwrap();
    }
    table
}

/// Prints a number with commas.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}
