//! How refused clients come back: all at once, at a whole second, with jitter, or each at a time of its own.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};
use std::num::NonZeroU32;
use std::time::Duration;

use diagram::assert_snapshot;
use oorandom::Rand64;
use rate_limiting::{Limits, Refused, TokenBucket};

const CLIENTS: u32 = 1_000;

/// What a bucket saw until it had admitted every client.
struct Seen {
    calls: usize,
    /// The most calls in one millisecond, after those of the start.
    most_at_once: usize,
    last: Duration,
}

impl Seen {
    fn new(calls: usize, mut in_each_ms: BTreeMap<u128, usize>, last: Duration) -> Seen {
        in_each_ms.remove(&0);
        Seen {
            calls,
            most_at_once: in_each_ms.into_values().max().unwrap_or(0),
            last,
        }
    }
}

/// Lets all clients call at 0, and each that is refused again at the time that `comes_back` returns.
fn simulate(mut comes_back: impl FnMut(Refused, Duration) -> Duration) -> Seen {
    let bucket = TokenBucket::new(Limits::TALK.rate, Limits::TALK.burst);
    let mut queue: BinaryHeap<_> = (0..CLIENTS)
        .map(|client| Reverse((Duration::ZERO, client)))
        .collect();
    let (mut calls, mut last) = (0, Duration::ZERO);
    let mut in_each_ms = BTreeMap::new();
    while let Some(Reverse((now, client))) = queue.pop() {
        calls += 1;
        *in_each_ms.entry(now.as_millis()).or_insert(0) += 1;
        match bucket.try_take(now) {
            Ok(()) => last = now,
            Err(refused) => queue.push(Reverse((comes_back(refused, now), client))),
        }
    }
    Seen::new(calls, in_each_ms, last)
}

/// Lets all clients call at 0. Each reserves a token, and comes back when its time has come.
fn simulate_reservations() -> Seen {
    let bucket = TokenBucket::new(Limits::TALK.rate, Limits::TALK.burst);
    let (mut calls, mut last) = (0, Duration::ZERO);
    let mut in_each_ms = BTreeMap::new();
    for _ in 0..CLIENTS {
        calls += 1;
        let at = bucket.take_at(Duration::ZERO).unwrap();
        *in_each_ms.entry(at.as_millis()).or_insert(0) += 1;
        last = last.max(at);
    }
    Seen::new(calls, in_each_ms, last)
}

#[test]
fn jitter_spreads_the_clients_that_come_back() {
    let retry_after = |refused: Refused, now| now + Duration::from_secs(refused.retry_after(now));
    let mut random = Rand64::new(3);
    // Up to as long as the bucket needs for all of them.
    let spread = (Limits::TALK.rate.interval() * CLIENTS).as_nanos() as u64;
    let mut jitter = || Duration::from_nanos(random.rand_range(0..spread));
    let rows = [
        (
            "when the next token comes",
            simulate(|refused, _| refused.at),
        ),
        ("after Retry-After: 1", simulate(retry_after)),
        (
            "the same, and up to 2 s more",
            simulate(|refused, now| retry_after(refused, now) + jitter()),
        ),
        ("at a time that was reserved", simulate_reservations()),
    ];
    let mut table = format!(
        "{:<30}  {:>7}  {:>12}  {:>10}\n",
        "1,000 clients come back", "calls", "most in 1 ms", "the last"
    );
    for (name, seen) in &rows {
        table += &format!(
            "{name:<30}  {:>7}  {:>12}  {:>8.1} s\n",
            seen.calls,
            seen.most_at_once,
            seen.last.as_secs_f64()
        );
    }
    assert_snapshot!("retry-after", table);
    let [at_once, whole_seconds, jittered, _] = rows.map(|(_, seen)| seen);
    assert!(at_once.calls > whole_seconds.calls && whole_seconds.calls > 5 * jittered.calls);
    assert!(jittered.last < Duration::from_secs(20));
}

/// The bucket's burst and rate allow the reserved times.
#[test]
fn a_reserved_time_is_an_interval_after_the_one_before() {
    let bucket = TokenBucket::new(Limits::TALK.rate, NonZeroU32::MIN);
    let at: Vec<_> = (0..CLIENTS)
        .map(|_| bucket.take_at(Duration::ZERO).unwrap())
        .collect();
    assert!(at.is_sorted_by(|a, b| *b - *a == Limits::TALK.rate.interval()));
}
