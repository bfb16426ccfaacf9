//! Opens a thousand connections in a process that may open 150 files: all at once, then through a window of 100.
//!
//! Run it with `cargo run -p pool --example crash`. The process starts a copy of itself as the client, so that the
//! lowered limit applies only to the client. The server answers each connection after 100 ms.

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
    println!("nothing to show on this system: the limit on open files can be set on Unix only");
}
