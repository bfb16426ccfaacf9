//! What a token bucket promises: ten million decisions against an independent rule, threads in real time, and the ends
//! of the ranges.

use std::num::NonZeroU32;
use std::thread;
use std::time::{Duration, Instant};

use oorandom::Rand64;
use rate_limiting::{OutOfRange, Rate, Refused, TokenBucket};

fn number(number: u32) -> NonZeroU32 {
    NonZeroU32::new(number).unwrap()
}

/// What a bucket may admit, said without a bucket: any window of length `w`, both ends included, holds at most
/// `burst + ⌊w ÷ interval⌋` tokens.
///
/// Of all windows that end with the next token, only one has to be checked: the one whose start is furthest ahead of the
/// rate.
struct Windows {
    interval: i128,
    burst: i128,
    admitted: i128,
    /// The smallest `number × interval - time` of the tokens so far.
    tightest: i128,
}

impl Windows {
    fn new(rate: Rate, burst: u32) -> Windows {
        Windows {
            interval: rate.interval().as_nanos() as i128,
            burst: i128::from(burst),
            admitted: 0,
            tightest: i128::MAX,
        }
    }

    /// Returns the first time at which all windows allow another token.
    fn earliest(&self) -> i128 {
        if self.admitted == 0 {
            return 0;
        }
        let earliest =
            self.admitted * self.interval - self.tightest - (self.burst - 1) * self.interval;
        earliest.max(0)
    }

    fn admit(&mut self, at: i128) {
        self.tightest = self.tightest.min(self.admitted * self.interval - at);
        self.admitted += 1;
    }
}

/// A rule that is easy to read, and too slow for more than a few tokens.
#[test]
fn the_windows_are_those_of_the_definition() {
    let (rate, burst) = (Rate::per_second(number(500)), 3);
    let mut windows = Windows::new(rate, burst);
    let mut times: Vec<i128> = Vec::new();
    let mut random = Rand64::new(1);
    let mut now = 0;
    for _ in 0..2_000 {
        now += i128::from(random.rand_range(0..3_000_000));
        let allowed = (0..times.len()).all(|first| {
            let tokens = (times.len() - first + 1) as i128;
            tokens <= i128::from(burst) + (now - times[first]) / windows.interval
        });
        assert_eq!(now >= windows.earliest(), allowed, "at {now}");
        if allowed {
            windows.admit(now);
            times.push(now);
        }
    }
    assert!(times.len() > 500);
}

#[test]
fn ten_million_decisions_admit_what_the_rate_allows_and_refuse_nothing_else() {
    const DECISIONS: usize = 2_500_000;
    let day = Duration::from_secs(24 * 60 * 60);
    let buckets = [
        (Rate::per_second(number(1_000_000_000)), 1),
        (Rate::per_second(number(500)), 10),
        (Rate::per_second(number(3)), 1_000),
        (Rate::every(day).unwrap(), 2),
    ];
    for (seed, (rate, burst)) in (0..).zip(buckets) {
        let bucket = TokenBucket::new(rate, number(burst));
        let mut windows = Windows::new(rate, burst);
        let mut random = Rand64::new(seed);
        // The longest bucket's clock has to last for all its arrivals.
        let gap = (windows.interval as u64).min(u64::MAX / DECISIONS as u64 / 2);
        let (mut now, mut refused) = (0_u64, 0_usize);
        for _ in 0..DECISIONS {
            // Mostly a little faster than the rate, sometimes at the same moment, and now and then after a pause.
            now += match random.rand_range(0..100) {
                0 => gap.saturating_mul(u64::from(burst).min(20)),
                1..30 => 0,
                _ => random.rand_range(0..gap * 2 + 1),
            };
            let earliest = windows.earliest();
            match bucket.try_take(Duration::from_nanos(now)) {
                Ok(()) => {
                    assert!(i128::from(now) >= earliest, "{rate:?}: too early at {now}");
                    windows.admit(i128::from(now));
                }
                Err(Refused { at }) => {
                    assert!(i128::from(now) < earliest, "{rate:?}: refused at {now}");
                    assert_eq!(at.as_nanos() as i128, earliest, "{rate:?}: at {now}");
                    refused += 1;
                }
            }
        }
        assert!(
            refused > DECISIONS / 100 && refused < DECISIONS,
            "{rate:?}: {refused} refused"
        );
    }
}

#[test]
fn two_threads_never_take_more_than_the_rate_in_real_time() {
    let (rate, burst) = (Rate::per_second(number(1_000_000)), 50);
    let bucket = TokenBucket::new(rate, number(burst));
    let start = Instant::now();
    let mut times: Vec<u128> = thread::scope(|scope| {
        let take = || {
            let mut times = Vec::new();
            for _ in 0..200_000 {
                let now = start.elapsed();
                if bucket.try_take(now).is_ok() {
                    times.push(now.as_nanos());
                }
            }
            times
        };
        let threads = [scope.spawn(take), scope.spawn(take)];
        threads
            .into_iter()
            .flat_map(|thread| thread.join().unwrap())
            .collect()
    });
    times.sort_unstable();
    assert!(times.len() >= burst as usize);
    let mut windows = Windows::new(rate, burst);
    for at in times {
        let at = at as i128;
        assert!(at >= windows.earliest(), "too many at {at}");
        windows.admit(at);
    }
}

#[test]
fn two_threads_share_the_reservations() {
    let rate = Rate::per_second(number(1_000));
    let bucket = TokenBucket::new(rate, number(10));
    let mut at: Vec<Duration> = thread::scope(|scope| {
        let reserve = || -> Vec<_> {
            (0..1_000)
                .map(|_| bucket.take_at(Duration::ZERO).unwrap())
                .collect()
        };
        let threads = [scope.spawn(reserve), scope.spawn(reserve)];
        threads
            .into_iter()
            .flat_map(|thread| thread.join().unwrap())
            .collect()
    });
    at.sort_unstable();
    let expected: Vec<Duration> = (0..2_000_u32)
        .map(|token| rate.interval() * token.saturating_sub(9))
        .collect();
    assert_eq!(at, expected);
}

#[test]
fn a_full_bucket_holds_its_burst_and_says_when_the_next_token_comes() {
    let bucket = TokenBucket::new(Rate::per_second(number(500)), number(10));
    let now = Duration::from_secs(7);
    for _ in 0..10 {
        assert_eq!(bucket.try_take(now), Ok(()));
    }
    let at = now + Duration::from_millis(2);
    assert_eq!(bucket.try_take(now), Err(Refused { at }));
    assert_eq!(bucket.take_at(now), Some(at));
    assert_eq!(
        bucket.try_take(at + Duration::from_nanos(1_999_999)),
        Err(Refused {
            at: at * 2 - at + Duration::from_millis(2)
        })
    );
    assert_eq!(bucket.try_take(at + Duration::from_millis(2)), Ok(()));
}

#[test]
fn a_clock_that_goes_back_gains_nothing() {
    let bucket = TokenBucket::new(Rate::per_second(number(1)), number(1));
    let now = Duration::from_secs(10);
    bucket.try_take(now).unwrap();
    let at = Duration::from_secs(11);
    assert_eq!(bucket.try_take(Duration::ZERO), Err(Refused { at }));
    assert_eq!(bucket.take_at(Duration::ZERO), Some(at));
}

#[test]
fn at_the_end_of_its_clock_a_bucket_refuses_forever() {
    let bucket = TokenBucket::new(Rate::per_second(number(1)), number(1));
    let last = Duration::from_nanos(u64::MAX);
    let never = Err(Refused { at: Duration::MAX });
    assert_eq!(bucket.try_take(Duration::MAX), never);
    assert_eq!(bucket.take_at(Duration::MAX), None);
    let before = last - Duration::from_secs(1);
    assert_eq!(bucket.try_take(before), Ok(()));
    assert_eq!(bucket.try_take(before), Err(Refused { at: last }));
    assert_eq!(bucket.try_take(last), never);
    assert_eq!(bucket.take_at(Duration::ZERO), None);

    // A time that doesn't fit into the clock isn't taken for an early one.
    let full = TokenBucket::new(Rate::per_second(number(1)), number(1));
    let after = last + Duration::from_nanos(1);
    assert_eq!(full.try_take(after), never);
    assert_eq!(full.take_at(after), None);

    // 213,503 days are nearly 584 years.
    let daily = TokenBucket::new(Rate::every(Duration::from_secs(86_400)).unwrap(), number(1));
    let reserved = (0..300_000).map_while(|_| daily.take_at(Duration::ZERO));
    assert_eq!(reserved.count(), 213_503);
}

#[test]
fn the_largest_burst_of_the_slowest_rate_does_not_overflow() {
    let day = Duration::from_secs(86_400);
    let bucket = TokenBucket::new(Rate::every(day).unwrap(), number(u32::MAX));
    for _ in 0..213_503 {
        assert_eq!(bucket.try_take(Duration::ZERO), Ok(()));
    }
    assert_eq!(
        bucket.try_take(Duration::ZERO),
        Err(Refused { at: Duration::MAX })
    );
}

#[test]
fn an_interval_is_rounded_up_to_whole_nanoseconds() {
    let interval = |events| Rate::per_second(number(events)).interval().as_nanos();
    assert_eq!(interval(1), 1_000_000_000);
    assert_eq!(interval(3), 333_333_334);
    assert_eq!(interval(999_999_999), 2);
    assert_eq!(interval(500_000_000), 2);
    assert_eq!(interval(1_000_000_000), 1);
    // The rate is never higher than asked, and up to a million a second lower by less than 0.1 %.
    for events in (1..=1_000_000).step_by(7) {
        let exact = 1e9 / f64::from(events);
        let ratio = interval(events) as f64 / exact;
        assert!((1.0 - 1e-12..1.001).contains(&ratio), "{events}: {ratio}");
    }
}

#[test]
#[should_panic(expected = "at most 10⁹ a second")]
fn no_rate_is_higher_than_its_clock() {
    let _ = Rate::per_second(number(1_000_000_001));
}

#[test]
fn a_rate_has_an_interval_from_a_nanosecond_to_a_day() {
    let day = Duration::from_secs(86_400);
    let nanosecond = Duration::from_nanos(1);
    assert_eq!(Rate::every(day).unwrap().interval(), day);
    assert_eq!(Rate::every(nanosecond).unwrap().interval(), nanosecond);
    assert_eq!(Rate::every(day + nanosecond), Err(OutOfRange));
    assert_eq!(Rate::every(Duration::ZERO), Err(OutOfRange));
}

#[test]
fn retry_after_is_rounded_up_to_whole_seconds() {
    let now = Duration::from_secs(100);
    let after = |wait| Refused { at: now + wait }.retry_after(now);
    assert_eq!(after(Duration::ZERO), 0);
    assert_eq!(after(Duration::from_nanos(1)), 1);
    assert_eq!(after(Duration::from_secs(2)), 2);
    assert_eq!(after(Duration::from_millis(2_001)), 3);
    let never = Refused { at: Duration::MAX };
    assert_eq!(never.retry_after(Duration::ZERO), u64::MAX);
}
