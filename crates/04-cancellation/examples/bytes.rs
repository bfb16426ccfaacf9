//! Prints the bytes of heap that tokens and deadlines keep: a name and a number per line.

use std::time::Duration;

use cancellation::{Token, deadline, dropped_cancel};
use clap::Parser;
use futures::FutureExt;
use peak_alloc::PeakAlloc;
use tokio::task::yield_now;
use tokio_util::sync::CancellationToken;

#[global_allocator]
static HEAP: PeakAlloc = PeakAlloc;

const CHILDREN: usize = 10_000;
const CALLS: usize = 1_000;

/// Returns the bytes per value that `fill` leaves in use. The values themselves are in a vector that exists before.
fn per<T>(count: usize, fill: impl Fn(usize) -> T) -> f64 {
    let mut kept = Vec::with_capacity(count);
    let before = HEAP.current_usage();
    kept.extend((0..count).map(fill));
    let after = HEAP.current_usage();
    (after as f64 - before as f64) / count as f64
}

/// Returns the bytes per token that a waiting task adds. A task that waits keeps its future, too: its size counts.
fn per_waiting<'a, T, F: Future>(tokens: &'a [T], cancelled: fn(&'a T) -> F) -> f64 {
    per(tokens.len(), |index| {
        let mut waiting = Box::pin(cancelled(&tokens[index]));
        assert!(waiting.as_mut().now_or_never().is_none());
        waiting
    })
}

/// Makes calls with a deadline of a minute each, and returns the bytes per call that are in use while the parent lives.
async fn per_call(call: impl Fn(&Token)) -> f64 {
    let parent = Token::new();
    let before = HEAP.current_usage();
    for _ in 0..CALLS {
        call(&parent);
    }
    for _ in 0..10 * CALLS {
        yield_now().await; // the tasks that are ending end
    }
    (HEAP.current_usage() as f64 - before as f64) / CALLS as f64
}

/// Prints the bytes of heap that tokens and deadlines keep
#[derive(Parser)]
#[command(name = "bytes")]
struct Arguments {}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let Arguments {} = Arguments::parse();
    let minute = Duration::from_secs(60);
    let parent = Token::new();
    println!("ours_child {}", per(CHILDREN, |_| parent.child()));
    let parent = CancellationToken::new();
    println!("tokio_child {}", per(CHILDREN, |_| parent.child_token()));

    let parent = Token::new();
    let children: Vec<Token> = (0..CHILDREN).map(|_| parent.child()).collect();
    println!("ours_waiting {}", per_waiting(&children, Token::cancelled));
    let parent = CancellationToken::new();
    let children: Vec<CancellationToken> = (0..CHILDREN).map(|_| parent.child_token()).collect();
    println!(
        "tokio_waiting {}",
        per_waiting(&children, CancellationToken::cancelled)
    );

    // The first call makes what is made only once.
    per_call(|parent| drop(deadline::Deadline::new(parent, minute))).await;
    let dropped = per_call(|parent| drop(deadline::Deadline::new(parent, minute))).await;
    println!("ours_dropped {dropped}");
    let lost = per_call(|parent| drop(dropped_cancel::Deadline::new(parent, minute))).await;
    println!("lost_dropped {lost}");
}
