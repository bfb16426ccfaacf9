//! Draws both of the talk's pictures from runs in virtual time: three items, of which the second fails.

use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use diagram::{Block, Flow, Node, assert_snapshot};
use error_handling::{error_channel, first_error};
use tokio::time::{Instant, sleep};

const ITEMS: usize = 3;

/// When each item ended, in milliseconds, and how.
type Log = Arc<Mutex<Vec<(usize, u128, &'static str)>>>;

/// Logs the end of an item. If it isn't told how the item ended, the item was stopped.
struct Ending {
    number: usize,
    start: Instant,
    how: &'static str,
    log: Log,
}

impl Drop for Ending {
    fn drop(&mut self) {
        let at = self.start.elapsed().as_millis();
        self.log.lock().unwrap().push((self.number, at, self.how));
    }
}

async fn work(mut ending: Ending) -> Result<(), &'static str> {
    let fails = ending.number == 2;
    sleep(Duration::from_millis(if fails { 120 } else { 200 })).await;
    ending.how = if fails { "error" } else { "ok" };
    if fails {
        Err("no such pipeline")
    } else {
        Ok(())
    }
}

fn items(log: &Log) -> Vec<Ending> {
    let start = Instant::now();
    let item = |number| Ending {
        number,
        start,
        how: "stopped",
        log: log.clone(),
    };
    (1..=ITEMS).map(item).collect()
}

/// Returns the lines of a function from the one after `line` to its end, without their indentation.
fn after(source: &str, line: &str) -> String {
    let lines = source.lines().skip_while(|it| it.trim() != line).skip(1);
    let lines: Vec<&str> = lines.map_while(|line| line.strip_prefix("    ")).collect();
    assert!(!lines.is_empty(), "no function has the line {line:?}");
    lines.join("\n")
}

/// The caller above, a box for each item below it, and an arrow from each item that reports something.
fn drawn(caller: Block, log: &Log, reports: fn(&str) -> bool) -> Flow {
    let mut ended = log.lock().unwrap().clone();
    ended.sort();
    assert_eq!(ended.len(), ITEMS);
    let name = |number: usize| format!("item {number}");
    let nodes = ended.iter().map(|(number, at, how)| {
        Node::new(name(*number), format!("Item {number}\n{how}\nat {at}ms"))
    });
    let flow = Flow::new()
        .layer([Node::new("caller", caller)])
        .layer(nodes);
    let reporting = ended.iter().filter(|(_, _, how)| reports(how));
    reporting.fold(flow, |flow, (number, ..)| {
        flow.arrow(&name(*number), "caller")
    })
}

#[tokio::test(start_paused = true)]
async fn every_item_sends_a_message() {
    let log = Log::default();
    let start = Instant::now();
    let failures = error_channel::run(items(&log), NonZeroUsize::new(ITEMS).unwrap(), work).await;
    let (at, count) = (start.elapsed().as_millis(), failures.len());
    let source = include_str!("../src/error_channel.rs");
    let caller = Block::titled("error_channel::run")
        .text(after(
            source,
            "let items = items.into_iter().enumerate().collect();",
        ))
        .left();
    let flow = drawn(caller, &log, |_| true).note(format!(
        "The caller reads {} messages, and returns {count} error at {at}ms.",
        log.lock().unwrap().len()
    ));
    assert_eq!((at, count), (200, 1));
    assert_snapshot!("channel-flow", flow);
}

#[tokio::test(start_paused = true)]
async fn the_first_error_stops_the_others() {
    let log = Log::default();
    let start = Instant::now();
    let result = first_error::run(items(&log), NonZeroUsize::new(ITEMS).unwrap(), work).await;
    let (at, index) = (start.elapsed().as_millis(), result.unwrap_err().index);
    let source = include_str!("../src/first_error.rs");
    let caller = Block::titled("first_error::run")
        .text(after(
            source,
            "let attempts = Attempts::until_one_fails(items.len());",
        ))
        .left();
    let flow = drawn(caller, &log, |how| how != "stopped").note(format!(
        "The caller returns the error of item {} at {at}ms.",
        index + 1
    ));
    assert_eq!(at, 120);
    assert_snapshot!("group-flow", flow);
}
