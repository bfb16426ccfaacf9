//! Prints what a thousand branches allocate on the heap: a name and a number per line. Without the stacks of threads, which
//! are not on the heap.

use std::alloc::System;

use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};
use tokio::runtime::Runtime;
use tokio::sync::Semaphore;

#[path = "measure_pages/peers.rs"]
mod peers;

use peers::{Async, Threads};

#[global_allocator]
static HEAP: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

const MANY: usize = 1_000;
const ROUNDS: usize = 10;

/// Prints the bytes and the allocations per branch of later fan-outs: the first makes what is made only once.
fn print_allocated(name: &str, fan_out: impl Fn()) {
    fan_out();
    let region = Region::new(HEAP);
    for _ in 0..ROUNDS {
        fan_out();
    }
    let change = region.change();
    let branches = (ROUNDS * MANY) as f64;
    // A vector that grows moves what it holds: that is an allocation, too.
    let allocations = change.allocations + change.reallocations;
    println!(
        "{name}-bytes {:.1}",
        change.bytes_allocated as f64 / branches
    );
    println!("{name}-allocations {:.2}", allocations as f64 / branches);
}

/// Prints the bytes per branch that are in use while all branches wait.
fn print_waiting(runtime: &Runtime, peer: Async) {
    static RELEASE: Semaphore = Semaphore::const_new(0);
    static BEGUN: Semaphore = Semaphore::const_new(0);
    let waiting = async |_| {
        BEGUN.add_permits(1);
        RELEASE.acquire().await.expect("it isn't closed").forget();
    };
    let region = Region::new(HEAP);
    let task = runtime.spawn(peer.run(MANY, waiting));
    let bytes = runtime.block_on(async {
        let all = BEGUN
            .acquire_many(MANY as u32)
            .await
            .expect("it isn't closed");
        all.forget();
        let change = region.change();
        change.bytes_allocated as f64 - change.bytes_deallocated as f64
    });
    RELEASE.add_permits(MANY);
    runtime.block_on(task).expect("no branch panics");
    println!("{}-waiting {:.0}", peer.name(), bytes / MANY as f64);
}

fn main() -> std::io::Result<()> {
    let runtime = Runtime::new()?;
    for peer in Async::ALL {
        print_allocated(peer.name(), || {
            let branches = peer.run(MANY, async |number| number);
            let task = runtime.spawn(async move { drop(branches.await) });
            runtime.block_on(task).expect("no branch panics");
        });
        print_waiting(&runtime, peer);
    }
    for peer in Threads::ALL {
        print_allocated(peer.name(), || peer.run::<MANY>(|_| {}));
    }
    Ok(())
}
