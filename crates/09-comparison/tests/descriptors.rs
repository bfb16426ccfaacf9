//! Descriptors that run out for real. One test, because the limit applies to the whole process.

#![cfg(unix)]

use std::num::NonZeroUsize;
use std::time::Duration;

use comparison::descriptors::Descriptors;
use comparison::measured::{Clock, measure};
use comparison::strategy::Strategy;

const FILES: u64 = 150;
const ITEMS: usize = 300;

#[test]
fn all_at_once_loses_what_the_system_refuses() {
    rlimit::setrlimit(rlimit::Resource::NOFILE, FILES, FILES).unwrap();
    let run = |strategy| {
        let durations = vec![Duration::from_millis(50); ITEMS];
        let limit = NonZeroUsize::new(100).unwrap();
        measure(strategy, durations, limit, Descriptors::System, Clock::Real)
    };
    let unlimited = run(Strategy::Unlimited);
    // The process has a few files open already: its standard streams, and perhaps some that it inherited.
    let lacking = ITEMS - FILES as usize;
    assert!(
        (lacking..lacking + 30).contains(&unlimited.failed),
        "{unlimited:?}"
    );
    assert_eq!(unlimited.in_flight, ITEMS - unlimited.failed);
    for strategy in [
        Strategy::Batches,
        Strategy::Window,
        Strategy::BufferUnordered,
    ] {
        let measured = run(strategy);
        assert_eq!(
            (measured.failed, measured.in_flight),
            (0, 100),
            "{strategy}: {measured:?}"
        );
    }
    // Some threads may finish before others start.
    let threads = run(Strategy::Threads);
    assert!(
        threads.failed == 0 && threads.in_flight <= 100,
        "{threads:?}"
    );
}
