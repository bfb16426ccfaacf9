//! The law for each strategy's time, against runs in virtual time.

use std::num::NonZeroUsize;
use std::time::Duration;

use comparison::descriptors::Descriptors;
use comparison::measured::{Clock, measure};
use comparison::strategy::Strategy;
use oorandom::Rand64;
use pool::workload::Workload;

/// Random numbers of items and limits, and durations of each workload, so that each strategy runs 1,000 times.
#[test]
fn each_strategy_takes_exactly_as_long_as_its_law_says() {
    for seed in 0..1_000 {
        let mut random = Rand64::new(u128::from(seed));
        let items = random.rand_range(0..40) as usize;
        let limit = NonZeroUsize::new(random.rand_range(1..12) as usize).unwrap();
        let workload = Workload::ALL[random.rand_range(0..4) as usize];
        let durations = workload.durations(items, seed);
        for strategy in Strategy::ASYNC {
            let descriptors = Descriptors::counted(items);
            let measured = measure(
                strategy,
                durations.clone(),
                limit,
                descriptors,
                Clock::Virtual,
            );
            let expected = strategy.law(&durations, limit);
            assert_eq!(
                Duration::from_secs_f64(measured.ms / 1e3),
                expected,
                "{strategy} with seed {seed}: {durations:?} by {limit}"
            );
            let most = match strategy {
                Strategy::Sequential => 1,
                Strategy::Unlimited => items,
                _ => limit.get(),
            };
            assert_eq!(measured.in_flight, most.min(items), "{strategy}, {seed}");
            assert_eq!(measured.failed, 0);
        }
    }
}

#[test]
fn no_items_take_no_time() {
    let limit = NonZeroUsize::MIN;
    for strategy in Strategy::ASYNC {
        assert_eq!(strategy.law(&[], limit), Duration::ZERO, "{strategy}");
    }
}

/// A strategy that needs more descriptors than there are loses exactly the rest.
#[test]
fn what_fails_is_what_the_descriptors_lack() {
    let durations = vec![Duration::from_millis(50); 1_000];
    let failed = |strategy, limit| {
        let limit = NonZeroUsize::new(limit).unwrap();
        let descriptors = Descriptors::counted(150);
        let measured = measure(
            strategy,
            durations.clone(),
            limit,
            descriptors,
            Clock::Virtual,
        );
        (measured.failed, measured.in_flight)
    };
    assert_eq!(failed(Strategy::Unlimited, 10), (850, 150));
    assert_eq!(failed(Strategy::Window, 150), (0, 150));
    // An item that fails at once makes room for the next, which fails, too.
    assert_eq!(failed(Strategy::Window, 151), (850, 150));
    // Batches of 200 lose 50 each.
    assert_eq!(failed(Strategy::Batches, 200), (250, 150));
}
