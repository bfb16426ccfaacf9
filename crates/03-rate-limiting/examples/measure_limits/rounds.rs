//! Measures everything several times, in turns.

use std::io;
use std::process::Command;

use ::rounds::{Rounds, figures};

use crate::Arguments;
use crate::subjects::{
    admitted, clock, governor_admitted, governor_refused, permits, permits_acquired, refused,
    semaphore, semaphore_acquired, tower_concurrency, tower_rate,
};

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
    let mut rounds = Rounds::default();
    let mut add = |name: String, value: f64| rounds.add(name, value);
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
