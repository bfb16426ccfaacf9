//! Measures everything several times, in turns.

use std::io;
use std::process::Command;

use ::rounds::{Rounds, figures};
use cancellation::Token;
use tokio_util::sync::CancellationToken;

use crate::stopping::{self, Latency};
use crate::{Arguments, tokens};

/// Measures every figure once per round. Rust's and Go's figures are measured in turns.
pub(crate) fn measure(arguments: &Arguments) -> io::Result<Rounds> {
    let mut rounds = Rounds::default();
    // Counted, not timed: the same in every round.
    for (name, value) in figures(&mut Command::new(&arguments.bytes))? {
        rounds.add(name.replacen('_', " ", 1), value);
    }
    for round in 1..=arguments.rounds {
        eprintln!("round {round} of {}", arguments.rounds);
        let mut add = |name: &str, value: f64| rounds.add(name, value);
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
