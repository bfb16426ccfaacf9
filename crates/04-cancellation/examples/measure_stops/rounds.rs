//! Measures everything several times, in turns.

use std::collections::BTreeMap;
use std::io;
use std::process::Command;

use cancellation::Token;
use tokio_util::sync::CancellationToken;

use crate::stopping::{self, Latency};
use crate::{Arguments, tokens};

/// The figures of all rounds: for each name, one value per round.
pub(crate) type Rounds = BTreeMap<String, Vec<f64>>;

/// Measures every figure once per round. Rust's and Go's figures are measured in turns.
pub(crate) fn measure(arguments: &Arguments) -> io::Result<Rounds> {
    let mut rounds = Rounds::new();
    // Counted, not timed: the same in every round.
    for (name, value) in figures(&mut Command::new(&arguments.bytes))? {
        rounds.insert(name.replacen('_', " ", 1), vec![value]);
    }
    for round in 1..=arguments.rounds {
        eprintln!("round {round} of {}", arguments.rounds);
        let mut add =
            |name: &str, value: f64| rounds.entry(name.to_owned()).or_default().push(value);
        add("load look", tokens::load());
        add("ours look", tokens::look::<Token>());
        add("tokio look", tokens::look::<CancellationToken>());
        add("ours cancel", tokens::cancel_children::<Token>());
        add(
            "tokio cancel",
            tokens::cancel_children::<CancellationToken>(),
        );
        let mut stopped = |name: &str, Latency { p50, p99 }: Latency| {
            add(&format!("{name} p50"), p50);
            add(&format!("{name} p99"), p99);
        };
        stopped("ours", stopping::cancelled::<Token>());
        stopped("tokio", stopping::cancelled::<CancellationToken>());
        stopped("abort", stopping::aborted());
        if let Some(go) = &arguments.go {
            for (name, value) in figures(Command::new(go).arg("measure"))? {
                add(&format!("go {name}"), value);
            }
        }
    }
    Ok(rounds)
}

/// Runs a program that prints a name and a number per line.
fn figures(command: &mut Command) -> io::Result<Vec<(String, f64)>> {
    let program = command.get_program().to_string_lossy().into_owned();
    let bad = |what: &str| io::Error::other(format!("{program}: {what}"));
    let output = command.output().map_err(|error| bad(&error.to_string()))?;
    if !output.status.success() {
        return Err(bad(String::from_utf8_lossy(&output.stderr).trim()));
    }
    let text = String::from_utf8_lossy(&output.stdout);
    let figure = |line: &str| {
        let (name, value) = line.split_once(' ')?;
        Some((name.to_owned(), value.parse().ok()?))
    };
    text.lines()
        .map(|line| figure(line).ok_or_else(|| bad(&format!("printed {line:?}"))))
        .collect()
}
