//! Draws how the costs grow, from the figures that the example `growth` measured, and checks the figures.

#[path = "../examples/growth/recorded.rs"]
mod recorded;

use std::fs;
use std::path::Path;
use std::time::Duration;

use comparison::descriptors::Descriptors;
use comparison::measured::{Clock, measure};
use comparison::strategy::Strategy;
use diagram::assert_snapshot;
use recorded::{COMMAND, Growth, ITEMS, LIMIT, Row, WORKLOAD};

/// Returns the recording: the file, and the figures in it.
fn recording() -> (String, Growth) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/growth.txt");
    let text = fs::read_to_string(path).unwrap();
    let mut lines = text.lines();
    assert_eq!(lines.next(), Some(COMMAND));
    let machine = lines.next().map(str::to_owned);
    let rows = lines
        .skip_while(|line| !line.starts_with("strategy "))
        .skip(1);
    let rows = rows.take_while(|line| !line.is_empty()).map(read);
    let rows = rows.collect();
    (text, Growth { machine, rows })
}

fn read(line: &str) -> Row {
    let words: Vec<&str> = line.split_whitespace().collect();
    let &[strategy, items, ms, "ms", in_flight, bytes] = &words[..] else {
        panic!("a row has five figures: {line:?}");
    };
    let number = |text: &str| text.replace(',', "").parse().unwrap();
    Row {
        strategy: strategy.to_owned(),
        items: number(items),
        ms: number(ms),
        in_flight: number(in_flight),
        bytes: number(bytes),
    }
}

#[test]
fn the_pictures_are_those_that_the_program_drew() {
    let (text, growth) = recording();
    assert!(growth.machine.as_ref().unwrap().ends_with(" cores"));
    let mut printed = format!("{COMMAND}\n{growth}");
    for (name, curve) in growth.curves() {
        printed += &format!("\n{curve}");
        assert_snapshot!(name, curve);
    }
    assert_eq!(text, printed);
}

/// Times and items in flight are the same in every run.
#[test]
fn the_recorded_runs_can_be_repeated() {
    let (_, Growth { rows, .. }) = recording();
    assert_eq!(rows.len(), Strategy::ASYNC.len() * ITEMS.len());
    let runs = Strategy::ASYNC
        .into_iter()
        .flat_map(|it| ITEMS.map(|items| (it, items)));
    for (row, (strategy, items)) in rows.iter().zip(runs) {
        assert_eq!(
            (row.strategy.as_str(), row.items),
            (&*strategy.to_string(), items)
        );
        // More items take a debug build too long. Their times and items in flight are checked below.
        if items > 10_000 {
            continue;
        }
        let durations = WORKLOAD.durations(items, 7);
        let law = strategy.law(&durations, LIMIT);
        assert_eq!(Duration::from_millis(row.ms as u64), law, "{row:?}");
        let descriptors = Descriptors::counted(items);
        let measured = measure(strategy, durations, LIMIT, descriptors, Clock::Virtual);
        assert_eq!(
            (row.ms as f64, row.in_flight),
            (measured.ms, measured.in_flight),
            "{row:?}"
        );
    }
}

/// What the page says of the curves.
#[test]
fn all_but_unlimited_take_longer_and_only_unlimited_has_more_in_flight() {
    let (_, Growth { rows, .. }) = recording();
    for rows in rows.chunk_by(|a, b| a.strategy == b.strategy) {
        let strategy = rows[0].strategy.as_str();
        for pair in rows.windows(2) {
            let [few, many] = pair else {
                unreachable!("two rows")
            };
            let factor = many.items / few.items;
            let is_unlimited = strategy == "unlimited";
            let (time, in_flight) = if is_unlimited {
                (1, factor)
            } else {
                (factor, 1)
            };
            assert_eq!(many.ms, few.ms * time, "{strategy}");
            assert_eq!(many.in_flight, few.in_flight * in_flight, "{strategy}");
            assert!(many.bytes > few.bytes, "{strategy}");
        }
    }
    let million = |strategy| {
        let of = |row: &&Row| row.strategy == strategy && row.items == 1_000_000;
        rows.iter().find(of).unwrap().bytes
    };
    let [sequential, unlimited, batches, window, buffered] = [
        "sequential",
        "unlimited",
        "batches",
        "window",
        "buffer_unordered",
    ]
    .map(million);
    // A result is a word, and a slot that holds one is three.
    let word = 8 * 1_000_000;
    assert!(
        [sequential, batches]
            .iter()
            .all(|it| (word..word * 11 / 10).contains(it))
    );
    assert!(
        [window, buffered]
            .iter()
            .all(|it| (3 * word..3 * word * 11 / 10).contains(it))
    );
    assert!(unlimited > 20 * window);
}
