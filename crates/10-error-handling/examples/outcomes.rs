//! Five items of 200 ms: the second fails after 120 ms, and the fourth panics after 160. Prints what each variant
//! returns, and when, in virtual time.

use std::num::NonZeroUsize;
use std::panic;
use std::time::Duration;

use error_handling::{all_errors, error_channel, first_error};
use tokio::time::{Instant, sleep};

/// The items, by their numbers.
fn items() -> Vec<u32> {
    (1..=5).collect()
}

async fn work(item: u32) -> Result<(), &'static str> {
    let ms = match item {
        2 => 120,
        4 => 160,
        _ => 200,
    };
    sleep(Duration::from_millis(ms)).await;
    match item {
        2 => Err("no pipeline"),
        4 => panic!("no cluster"),
        _ => Ok(()),
    }
}

/// Prints what a variant returned, and when.
fn print(variant: &str, start: Instant, lines: impl IntoIterator<Item = String>) {
    let ms = start.elapsed().as_millis();
    println!("{variant} returned after {ms} ms");
    for line in lines {
        println!("  {line}");
    }
}

#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main() {
    // Each outcome has the panic's message already. The hook that notes a panic's place calls this one.
    panic::set_hook(Box::new(|_| {}));
    let limit = NonZeroUsize::new(5).expect("5 isn't 0");

    let start = Instant::now();
    let failures = error_channel::run(items(), limit, work).await;
    print(
        "error_channel",
        start,
        failures.iter().map(ToString::to_string),
    );

    let start = Instant::now();
    let first = first_error::run(items(), limit, work).await;
    print(
        "first_error",
        start,
        first.err().map(|failure| failure.to_string()),
    );

    let start = Instant::now();
    let outcomes = all_errors::run(items(), limit, work).await;
    let outcomes = items().into_iter().zip(outcomes);
    print(
        "all_errors",
        start,
        outcomes.map(|(item, outcome)| format!("{item}  {outcome}")),
    );
}
