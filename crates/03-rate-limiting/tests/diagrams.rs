//! Draws the talk's run of 1,000 checks in virtual time, once for each variant, and what the limits have to do with each
//! other.

use std::num::{NonZeroU32, NonZeroUsize};
use std::time::Duration;

use diagram::{Bar, End, Gantt, Row, assert_snapshot};
use rate_limiting::{Limits, Permission, Rate};
use rate_limiting::{batches, token_bucket, unlimited, window};
use timeline::{Parameter, Recording, Sweep, Timeline, record};
use tokio::time::sleep;

/// How many permissions are checked, and how long a check takes.
const CHECKS: usize = 1_000;
const CHECK_MS: u64 = 15;

/// Runs a variant over the talk's permissions. Each check sleeps, and is recorded as a span.
macro_rules! run {
    ($variant:ident, $limits:expr, $ms:expr, $timeline:expr) => {{
        let timeline: Timeline = $timeline;
        let check = move |permission: Permission| {
            let timeline = timeline.clone();
            async move {
                let sleeping = sleep(Duration::from_millis($ms));
                timeline.span(permission.resource, sleeping).await;
                Ok(true)
            }
        };
        let answers = $variant::check_all(Permission::all(CHECKS), $limits, check).await;
        assert_eq!(answers, vec![Ok(true); CHECKS]);
    }};
}

/// A row for each hundred permissions, from the first check's start to the last one's end.
fn hundreds(recording: &Recording) -> Gantt {
    let mut rows = vec![(f64::INFINITY, 0.0_f64); CHECKS / 100];
    for span in &recording.spans {
        let number: usize = span.name["app/".len()..].parse().unwrap();
        let (start, end) = &mut rows[(number - 1) / 100];
        *start = start.min(span.start_ms);
        *end = end.max(span.end_ms);
    }
    let row = |(hundred, (start_ms, end_ms)): (usize, (f64, f64))| Row::Bars {
        label: format!("{} to {}", hundred * 100 + 1, hundred * 100 + 100),
        bars: vec![Bar {
            start_ms,
            end_ms,
            end: End::Finished,
            label: None,
        }],
    };
    Gantt {
        rows: rows.into_iter().enumerate().map(row).collect(),
        ..Gantt::default()
    }
}

/// The recording's picture, with the highest number of checks in flight.
fn picture(recording: &Recording) -> Gantt {
    let mut gantt = hundreds(recording);
    gantt
        .notes
        .push(format!("Most in flight: {}", recording.most_in_flight()));
    gantt.elide(4, 1)
}

/// Draws a variant under the talk's limits, and holds its time and the most in flight.
macro_rules! talk {
    ($test:ident, $variant:ident, $total_ms:expr, $most:expr) => {
        #[tokio::test(start_paused = true)]
        async fn $test() {
            let run = async |timeline| run!($variant, Limits::TALK, CHECK_MS, timeline);
            let recording = record(run).await;
            let name = stringify!($variant).replace('_', "-");
            assert_snapshot!(&name, picture(&recording));
            assert_eq!(recording.total_ms, $total_ms);
            assert_eq!(recording.most_in_flight(), $most);
        }
    };
}

talk!(
    a_thousand_checks_at_once_need_a_thousand_connections,
    unlimited,
    15.0,
    1_000
);
talk!(
    ten_batches_of_100_by_10_workers_take_1500_ms,
    batches,
    1_500.0,
    10
);
talk!(a_window_of_10_takes_1500_ms, window, 1_500.0, 10);
talk!(
    at_500_a_second_after_a_burst_of_10_it_takes_1995_ms,
    token_bucket,
    1_995.0,
    17
);

const LIMITS: [usize; 7] = [1, 2, 5, 7, 10, 20, 50];
/// Those that divide 1,000: the interval is a whole number of milliseconds.
const RATES: [u32; 6] = [100, 125, 200, 250, 500, 1_000];
const BURSTS: [u32; 3] = [1, 10, 100];

/// Records every variant with every limit, rate and burst: for the page's sliders.
#[tokio::test(start_paused = true)]
async fn every_variant_under_every_limit() {
    let limits = |[limit, rate, burst]: [usize; 3]| Limits {
        connections: NonZeroUsize::new(LIMITS[limit]).unwrap(),
        rate: Rate::per_second(NonZeroU32::new(RATES[rate]).unwrap()),
        burst: NonZeroU32::new(BURSTS[burst]).unwrap(),
        ..Limits::TALK
    };
    let mut sweep = Sweep::over([
        Parameter::new("Connections", LIMITS),
        Parameter::new("Checks a second", RATES),
        Parameter::new("Burst", BURSTS),
    ]);
    macro_rules! add {
        ($variant:ident) => {
            let name = stringify!($variant).replace('_', "-");
            let run = async |at, timeline| run!($variant, limits(at), CHECK_MS, timeline);
            sweep.record(&name, run, hundreds).await;
            sweep.show(&name, &name, [4, 4, 1]);
        };
    }
    add!(unlimited);
    add!(batches);
    add!(window);
    add!(token_bucket);
    assert_snapshot!("sweep", sweep);
}

/// Little's law: what is in flight is the rate times the latency. A window fixes the first, a bucket the second.
#[tokio::test(start_paused = true)]
async fn a_window_has_no_rate_and_a_bucket_has_no_window() {
    let mut table = "a check takes   a window of 10       500 a second, burst of 10\n".to_owned();
    for ms in [5, 15, 30, 60] {
        let windowed = record(async |timeline| run!(window, Limits::TALK, ms, timeline)).await;
        let paced = record(async |timeline| run!(token_bucket, Limits::TALK, ms, timeline)).await;
        assert_eq!(windowed.most_in_flight(), 10);
        assert_eq!(windowed.total_ms, (CHECKS as u64 / 10 * ms) as f64);
        // The last of 1,000 tokens comes after 990 intervals of 2 ms.
        assert_eq!(paced.total_ms, (1_980 + ms) as f64);
        let per_second = CHECKS as f64 * 1_000.0 / windowed.total_ms;
        table += &format!(
            "{ms:>10} ms   {per_second:>5.0} checks/s       at most {:>2} in flight\n",
            paced.most_in_flight()
        );
    }
    assert_snapshot!("little", table);
}

/// Each call has its own permits, and so has each process.
#[tokio::test(start_paused = true)]
async fn three_limits_of_10_are_one_of_30() {
    let recording = record(async |timeline| {
        let one = async || run!(window, Limits::TALK, CHECK_MS, timeline.clone());
        tokio::join!(one(), one(), one());
    })
    .await;
    assert_eq!(recording.most_in_flight(), 30);
}
