//! Draws how rollouts grow, from the figures that the example `rollouts_at_scale` found, and checks the figures.

#[path = "../examples/rollouts_at_scale/recorded.rs"]
mod recorded;
#[path = "../examples/rollouts_at_scale/simulated.rs"]
mod simulated;

use std::fs;
use std::path::Path;

use diagram::assert_snapshot;
use recorded::{CLUSTERS, COMMAND, Limit, Row, Scale};
use simulated::BUDGET;

/// Returns the recording: the file, and the figures in it.
fn recording() -> (String, Scale) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/scale.txt");
    let text = fs::read_to_string(path).unwrap();
    assert_eq!(text.lines().next(), Some(COMMAND));
    let rows = text
        .lines()
        .skip_while(|line| !line.starts_with("strategy "))
        .skip(1)
        .take_while(|line| !line.is_empty())
        .map(read)
        .collect();
    (text, Scale { rows })
}

fn read(line: &str) -> Row {
    let words: Vec<&str> = line.split_whitespace().collect();
    let &[strategy, clusters, limit, ms, "ms", requests, _, reached] = &words[..] else {
        panic!("a row has seven figures: {line:?}");
    };
    let number = |text: &str| text.replace(',', "").parse().unwrap();
    Row {
        strategy: strategy.to_owned(),
        clusters: number(clusters),
        limit: number(limit),
        ms: number(ms),
        requests: number(requests),
        reached: number(reached),
    }
}

#[test]
fn the_pictures_are_those_that_the_program_drew() {
    let (text, scale) = recording();
    let mut printed = format!("{COMMAND}\n{scale}");
    for (name, curve) in scale.curves() {
        printed += &format!("\n{curve}");
        assert_snapshot!(&name, curve);
    }
    assert_eq!(text, printed);
}

/// More clusters take a debug build too long.
#[test]
fn the_rollouts_can_be_repeated() {
    let (_, scale) = recording();
    let few = &CLUSTERS[..2];
    let again = Scale::over(few);
    let recorded = scale
        .rows
        .into_iter()
        .filter(|row| few.contains(&row.clusters));
    assert_eq!(recorded.collect::<Vec<_>>(), again.rows);
}

/// What the page says of the curves.
#[test]
fn a_large_window_lets_a_bad_change_reach_many_and_waves_do_not() {
    let (_, scale) = recording();
    let of = |strategy: &str, limit: Limit| {
        let is = move |row: &Row| row.strategy == strategy && row.limit == limit.of(row.clusters);
        let last = scale.rows.iter().rfind(|row| is(row));
        last.expect("it was recorded")
    };
    let [sequential, window, waves] =
        ["sequential", "window", "waves"].map(|strategy| of(strategy, Limit::Fifth));
    assert_eq!(window.clusters, 50_000);
    assert!(window.reached >= window.limit);
    // Each wave is twice as large as the one before, so it has at most one cluster more than all those before it.
    assert!(waves.reached <= 2 * sequential.reached + 1);
    assert!(waves.reached >= BUDGET as usize);
    assert!(waves.ms < 6 * window.ms);
    // With a limit of ten, no strategy reaches more than ten clusters more than one after another.
    for strategy in ["batches", "window", "waves"] {
        let ten = of(strategy, Limit::Ten);
        assert!(ten.reached <= sequential.reached + 10, "{strategy}");
    }
}
