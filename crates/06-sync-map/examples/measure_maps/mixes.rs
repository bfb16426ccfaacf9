//! The three mixes of conc-map-bench: mostly reading, exchanging, and growing.

use crate::collecting::key;
use crate::pinned::{median, timed};
use crate::stores::Store;

const KEYS: u64 = 1 << 17;
const OPERATIONS: usize = 200_000;

/// Of 100 operations, how many are of each kind. The rest are updates.
pub(crate) struct Mix {
    pub(crate) name: &'static str,
    get: u64,
    insert: u64,
    remove: u64,
    /// How many quarters of the keys have a value at the start.
    prefilled: u64,
}

pub(crate) const MIXES: [Mix; 3] = [
    Mix {
        name: "read",
        get: 98,
        insert: 1,
        remove: 1,
        prefilled: 3,
    },
    Mix {
        name: "exchange",
        get: 10,
        insert: 40,
        remove: 40,
        prefilled: 3,
    },
    Mix {
        name: "grow",
        get: 5,
        insert: 80,
        remove: 5,
        prefilled: 0,
    },
];

/// The generator of the Go program, too: splitmix64.
struct Random(u64);

impl Random {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((u128::from(z ^ (z >> 31)) * u128::from(n)) >> 64) as u64
    }
}

/// The nanoseconds per operation of a thread.
pub(crate) fn mixed<S: Store>(mix: &Mix, threads: usize) -> f64 {
    let store = S::new();
    for i in 0..(KEYS * mix.prefilled / 4) as usize {
        store.insert(key(i), 0);
    }
    let drawn: Vec<Vec<(u64, u64)>> = (0..threads)
        .map(|thread| {
            let mut random = Random(thread as u64);
            let mut draw = || (random.below(100), key(random.below(KEYS) as usize));
            (0..OPERATIONS).map(|_| draw()).collect()
        })
        .collect();
    let took = timed(threads, 1, |thread, _| {
        for &(kind, key) in &drawn[thread] {
            if kind < mix.get {
                std::hint::black_box(store.get(key));
            } else if kind < mix.get + mix.insert {
                store.insert(key, key);
            } else if kind < mix.get + mix.insert + mix.remove {
                store.remove(key);
            } else {
                store.update(key);
            }
        }
    });
    median(took) / OPERATIONS as f64
}
