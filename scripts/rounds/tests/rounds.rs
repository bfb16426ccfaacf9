//! What is drawn and said of figures that were measured in rounds.

use std::process::Command;

use rounds::{Rounds, figures};

fn rounds(measured: &[(&str, &[f64])]) -> Rounds {
    let mut rounds = Rounds::default();
    for &(name, values) in measured {
        values.iter().for_each(|&value| rounds.add(name, value));
    }
    rounds
}

#[test]
fn a_target_is_met_if_the_lowest_ratio_of_a_round_reaches_it() {
    let rounds = rounds(&[("ours", &[3.0, 1.0, 2.0]), ("peer", &[2.0, 1.0, 1.0])]);
    let of = ["ours", "peer"];
    assert_eq!(rounds.ratio("a", of, 1.0), "a (1.50, 1.00 to 2.00): met\n");
    assert_eq!(
        rounds.ratio("a", of, 0.99),
        "a (1.50, 1.00 to 2.00): missed\n"
    );
}

#[test]
fn a_figure_that_was_counted_once_is_compared_in_every_round() {
    let rounds = rounds(&[("ours", &[4.0]), ("peer", &[2.0, 1.0]), ("other", &[8.0])]);
    assert_eq!(
        rounds.ratio("a", ["ours", "peer"], 1.0),
        "a (4.00, 2.00 to 4.00): missed\n"
    );
    assert_eq!(rounds.ratio("a", ["ours", "other"], 1.0), "a (0.50): met\n");
}

#[test]
fn rounds_without_a_value_are_left_out() {
    let nan = f64::NAN;
    let rounds = rounds(&[
        ("ours", &[nan, 2.0, nan]),
        ("peer", &[1.0, 1.0, 1.0]),
        ("none", &[nan]),
    ]);
    assert_eq!(
        rounds.ratio("a", ["ours", "peer"], 1.0),
        "a (2.00): missed\n"
    );
    assert_eq!(
        rounds.ratio("a", ["none", "peer"], 1.0),
        "a: not measured\n"
    );
    assert_eq!(
        rounds.ratio("a", ["ours", "unknown"], 1.0),
        "a: not measured\n"
    );
    assert_eq!(rounds.median("ours"), Some(2.0));
    assert_eq!(rounds.median("none"), None);
}

#[test]
fn a_chart_has_a_row_for_each_figure_that_was_measured() {
    let rounds = rounds(&[("a", &[2_000.0, 1_000.0, 3_000.0]), ("b", &[4_000.0])]);
    let chart = rounds.bars("calls", "µs", 1e3, [("A", "a"), ("B", "b"), ("C", "c")]);
    let lines: Vec<&str> = chart.lines().collect();
    assert_eq!(lines[0], "calls");
    assert!(
        lines
            .iter()
            .any(|it| it.starts_with("A ") && it.contains("2 µs  (1 to 3)")),
        "{chart}"
    );
    assert!(
        lines
            .iter()
            .any(|it| it.starts_with("B ") && it.contains("4 µs") && it.ends_with("2.00×")),
        "{chart}"
    );
    assert!(!lines.iter().any(|it| it.starts_with('C')), "{chart}");
}

#[test]
fn a_program_prints_a_figure_per_line() {
    let shell = |script: &str| figures(Command::new("sh").args(["-c", script]));
    let printed = shell("echo 'a look 1.5'; echo 'b 2'").unwrap();
    assert_eq!(printed, [("a look".to_owned(), 1.5), ("b".to_owned(), 2.0)]);
    let error = |script: &str| shell(script).unwrap_err().to_string();
    assert_eq!(error("echo one"), "sh: printed \"one\"");
    assert_eq!(error("echo no memory >&2; exit 3"), "sh: no memory");
    assert!(figures(&mut Command::new("./no-such-program")).is_err());
}
