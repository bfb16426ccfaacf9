//! A thousand connections, in a process that may open 150 files: all at once, and through a window.
//!
//! `cargo run -p pool --example crash`. The process starts itself again as the client, so that the lowered
//! limit is the client's alone; the server answers each connection after a tenth of a second.

#[cfg(unix)]
#[path = "crash/experiment.rs"]
mod experiment;

#[cfg(unix)]
fn main() -> std::io::Result<()> {
    experiment::client_or(|| {
        for variant in ["unlimited", "window"] {
            println!("{}", experiment::run(variant)?);
        }
        Ok(())
    })
}

#[cfg(not(unix))]
fn main() {
    println!("what a process may open at most is set on Unix only: nothing to see on this system");
}
