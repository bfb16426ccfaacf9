//! Counts the bytes of the heap per result, of a million, and prints a name and a number per line.

#[path = "measure_maps/stores.rs"]
#[allow(dead_code)]
mod stores;

use dashmap::DashMap;
use peak_alloc::PeakAlloc;
use stores::{Collects, Hasher, Lists, Locked, Returned};
use sync_map::{concurrent, mutex_map, sharded};

#[global_allocator]
static HEAP: PeakAlloc = PeakAlloc;

const RESULTS: u64 = 1_000_000;

fn count<C: Collects>() {
    let before = HEAP.current_usage();
    let mut store = C::new();
    let all: Vec<u64> = (0..RESULTS).collect();
    for half in all.chunks(RESULTS as usize / 2) {
        store.store(
            half.iter()
                .map(|i| (i.wrapping_mul(0x9e37_79b9_7f4a_7c15), *i)),
        );
    }
    drop(all);
    store.finish();
    let bytes = HEAP.current_usage() - before;
    println!("bytes/{} {}", C::NAME, bytes as f64 / RESULTS as f64);
}

fn main() {
    count::<Returned>();
    count::<Lists>();
    count::<mutex_map::Map<u64, u64, Hasher>>();
    count::<Locked>();
    count::<sharded::Map<u64, u64, Hasher>>();
    count::<concurrent::Map<u64, u64, Hasher>>();
    count::<papaya::HashMap<u64, u64, Hasher>>();
    count::<DashMap<u64, u64, Hasher>>();
    count::<scc::HashMap<u64, u64, Hasher>>();
}
