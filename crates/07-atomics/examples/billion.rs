//! Counts a billion increments from all cores, and checks that none is lost.

use std::hint::black_box;
use std::thread;

const INCREMENTS: u64 = 1_000_000_000;

fn main() {
    let threads = thread::available_parallelism().map_or(1, |cores| cores.get()) as u64;
    macro_rules! count {
        ($module:ident) => {{
            let counter = atomics::$module::Counter::new();
            thread::scope(|scope| {
                for thread in 0..threads {
                    // The first thread also takes the remainder.
                    let rest = if thread == 0 { INCREMENTS % threads } else { 0 };
                    let counter = black_box(&counter);
                    scope.spawn(move || {
                        for _ in 0..INCREMENTS / threads + rest {
                            counter.increment();
                        }
                    });
                }
            });
            let counted = counter.get();
            println!(
                "{:<8} {INCREMENTS} increments by {threads} threads: {counted} counted, {} lost",
                stringify!($module),
                INCREMENTS - counted,
            );
            assert_eq!(counted, INCREMENTS);
        }};
    }
    count!(counter);
    count!(sharded);
}
