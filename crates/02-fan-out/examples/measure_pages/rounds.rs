//! Measures everything several times, in turns.

use std::io::{self, BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use ::rounds::{Rounds, figures};
use tokio::runtime::Runtime;

use crate::Arguments;
use crate::branches::{self, MANY};
use crate::pages::{self, Server};
use crate::peers::{Async, Threads};

/// Measures every figure once per round. Rust's and Go's figures are measured in turns.
pub(crate) fn measure(arguments: &Arguments) -> io::Result<Rounds> {
    let mut rounds = Rounds::default();
    let runtime = Runtime::new()?;
    let server = Server::start()?;
    let go = arguments.go.as_deref().map(Serving::start).transpose()?;
    for round in 1..=arguments.rounds {
        eprintln!("round {round} of {}", arguments.rounds);
        let mut add = |name: String, value: f64| rounds.add(name, value);
        for (name, ns) in pages::pages(&runtime) {
            add(name.to_owned(), ns);
        }
        add("join! 3 ns".to_owned(), branches::join(&runtime));
        add("join! 3 ratio".to_owned(), branches::join_ratio(&runtime));
        for peer in Async::ALL {
            for n in [3, MANY] {
                let name = peer.name();
                add(
                    format!("{name} {n} ns"),
                    branches::futures(&runtime, peer, n),
                );
                add(
                    format!("{name} {n} ratio"),
                    branches::futures_ratio(&runtime, peer, n),
                );
            }
        }
        for peer in Threads::ALL {
            let name = peer.name();
            add(format!("{name} 3 ns"), branches::threads::<3>(peer));
            add(format!("{name} {MANY} ns"), branches::threads::<MANY>(peer));
            add(
                format!("{name} 3 ratio"),
                branches::threads_ratio::<3>(peer),
            );
            add(
                format!("{name} {MANY} ratio"),
                branches::threads_ratio::<MANY>(peer),
            );
        }
        for (name, ms) in server.measure()? {
            add(name.to_owned(), ms);
        }
        if let (Some(program), Some(serving)) = (&arguments.go, &go) {
            let address = serving.address.parse().map_err(io::Error::other)?;
            add("Go socket".to_owned(), pages::request(address, "/")?);
            for (name, value) in figures(Command::new(program).arg("measure"))? {
                add(format!("Go {}", name.replace('-', " ")), value);
            }
        }
    }
    // Counted, not timed: the same in every round.
    for (name, value) in figures(&mut Command::new(&arguments.allocations))? {
        rounds.add(name.replace('-', " "), value);
    }
    Ok(rounds)
}

/// The Go program, which serves until it is dropped.
struct Serving {
    process: Child,
    address: String,
}

impl Serving {
    fn start(program: &str) -> io::Result<Serving> {
        let mut process = Command::new(program)
            .arg("serve")
            .stdout(Stdio::piped())
            .spawn()?;
        let mut line = String::new();
        let output = process.stdout.take().expect("it is piped");
        BufReader::new(output).read_line(&mut line)?;
        let address = line.trim().trim_start_matches("http://").to_owned();
        Ok(Serving { process, address })
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
