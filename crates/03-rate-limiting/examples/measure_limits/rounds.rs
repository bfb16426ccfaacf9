//! Measures everything several times, in turns.

use std::collections::BTreeMap;
use std::io;
use std::process::Command;

use crate::Arguments;
use crate::subjects::{
    admitted, clock, governor_admitted, governor_refused, permits, permits_acquired, refused,
    semaphore, semaphore_acquired, tower_concurrency, tower_rate,
};

/// The figures of all rounds: for each name, one value per round.
pub(crate) type Rounds = BTreeMap<String, Vec<f64>>;

/// A figure's name, and the function that measures it on a number of threads.
type Subject = (&'static str, fn(usize) -> f64);

/// The subjects that threads can share. Ours and its peer are neighbours.
const SHARED: [Subject; 9] = [
    ("clock", clock),
    ("admitted ours", admitted),
    ("admitted governor", governor_admitted),
    ("refused ours", refused),
    ("refused governor", governor_refused),
    ("permit ours", permits),
    ("permit tokio", semaphore),
    ("acquire ours", permits_acquired),
    ("acquire tokio", semaphore_acquired),
];

/// Measures every figure once per round. Rust's and Go's figures are measured in turns.
pub(crate) fn measure(arguments: &Arguments) -> io::Result<Rounds> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()?;
    let mut rounds = Rounds::new();
    let mut add = |name: String, value: f64| rounds.entry(name).or_default().push(value);
    for round in 1..=arguments.rounds {
        eprintln!("round {round} of {}", arguments.rounds);
        for (name, figure) in SHARED {
            for threads in [1, 2] {
                add(format!("{name} {threads}"), figure(threads));
            }
        }
        add("admitted tower 1".to_owned(), tower_rate(&runtime));
        add("permit tower 1".to_owned(), tower_concurrency());
        if let Some(go) = &arguments.go {
            for (name, value) in figures(Command::new(go).arg("measure"))? {
                add(name, value);
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
        let (name, value) = line.rsplit_once(' ')?;
        Some((name.to_owned(), value.parse().ok()?))
    };
    text.lines()
        .map(|line| figure(line).ok_or_else(|| bad(&format!("printed {line:?}"))))
        .collect()
}
