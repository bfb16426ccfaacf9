//! A ring of tasks that hand tokens around, on two threads. Prints how many tasks have finished, and how many were freed.

use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::thread;

use clap::Parser;
use futures::StreamExt;
use futures::channel::mpsc::{UnboundedReceiver, UnboundedSender, unbounded};
use memory::Executor;

/// Runs a ring of tasks that hand tokens around, on two threads
#[derive(Parser)]
#[command(name = "ring")]
struct Arguments {
    /// The number of tasks
    #[arg(long, value_name = "N", default_value_t = 1_000, value_parser = clap::value_parser!(u32).range(2..=1_000_000))]
    tasks: u32,
    /// How often each task hands on a token
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..=1_000))]
    rounds: u32,
}

/// Counts its drops.
struct Freed(Arc<AtomicUsize>);

impl Drop for Freed {
    fn drop(&mut self) {
        self.0.fetch_add(1, Relaxed);
    }
}

/// Hands on a token for each that arrives.
async fn hand_on(mut from: UnboundedReceiver<()>, to: UnboundedSender<()>, rounds: u32) {
    for _ in 0..rounds {
        from.next().await;
        let _ = to.unbounded_send(()); // the last task of the ring may have finished
    }
}

fn main() -> ExitCode {
    let Arguments { tasks, rounds } = Arguments::parse();
    let executor = Executor::new();
    let [finished, freed] = [(); 2].map(|()| Arc::new(AtomicUsize::new(0)));
    let (first, mut from) = unbounded();
    for task in 0..tasks {
        // The last task hands on to the first one.
        let (to, next) = match task + 1 < tasks {
            true => unbounded(),
            false => (first.clone(), unbounded().1),
        };
        let from = std::mem::replace(&mut from, next);
        let (finished, freed) = (finished.clone(), Freed(freed.clone()));
        executor.spawn(async move {
            let _freed = freed;
            hand_on(from, to, rounds).await;
            finished.fetch_add(1, Relaxed);
        });
    }
    first.unbounded_send(()).expect("the first task waits");
    drop(first);
    thread::scope(|scope| {
        scope.spawn(|| executor.run());
        executor.run();
    });
    let [finished, freed] = [finished, freed].map(|count| count.load(Relaxed));
    println!("{tasks} tasks, {rounds} rounds: {finished} finished, {freed} freed");
    match finished == tasks as usize && freed == finished {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    }
}
