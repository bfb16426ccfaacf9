//! The slowest of many decides: the share of slow pages, computed and simulated, and what hedging does about it.

use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering::SeqCst};
use std::time::Duration;

use diagram::{Bars, Measurement, assert_snapshot};
use fan_out::Part;
use fan_out::hedged::Hedged;
use fan_out::tail::Tail;
use futures::future::join_all;
use tokio::time::{Instant, sleep};

/// The pages that are simulated for each number of branches.
const PAGES: usize = 50_000;

/// Draws the times of a page's branches. The slowest is the page's.
fn page(tail: &mut Tail, branches: u32) -> Duration {
    (0..branches).map(|_| tail.draw()).max().expect("a branch")
}

/// Returns the simulated share of slow pages, in per cent.
fn simulated(branches: u32, seed: u64) -> f64 {
    let mut tail = Tail::new(seed);
    let pages = (0..PAGES).map(|_| page(&mut tail, branches));
    let slow = pages.filter(|page| *page >= Tail::SLOW_TAKES).count();
    100.0 * slow as f64 / PAGES as f64
}

fn rounded(share: f64) -> f64 {
    (share * 10.0).round() / 10.0
}

#[test]
fn one_slow_call_in_a_hundred_makes_63_of_a_hundred_pages_slow() {
    let mut rows = Vec::new();
    for branches in [1, 2, 5, 10, 20, 50, 100, 150, 200] {
        let computed = 100.0 * Tail::slow_pages(branches);
        let simulated = simulated(branches, u64::from(branches));
        assert!(
            (simulated - computed).abs() < 0.5,
            "{branches} branches: {simulated} simulated, {computed} computed"
        );
        let branch = if branches == 1 { "branch" } else { "branches" };
        let label = format!("{branches:>3} {branch:<8}  computed {computed:>4.1} %");
        rows.push(Measurement::new(label, rounded(simulated)));
        if branches == 100 {
            assert!((simulated - 63.4).abs() < 0.5, "{simulated}");
        }
    }
    let bars = Bars {
        title: Some("Slow pages, if one request in 100 takes a second".to_owned()),
        unit: "%".to_owned(),
        rows,
        notes: vec![format!(
            "The bars: {PAGES} simulated pages for each number of branches"
        )],
        ..Bars::default()
    };
    assert_snapshot!("tail", bars);
}

/// The branches of the pages below.
const BRANCHES: u32 = 100;

/// The clock agrees with the arithmetic: a page takes as long as its slowest branch.
#[tokio::test(start_paused = true)]
async fn a_page_of_100_branches_takes_as_long_as_the_slowest() {
    let mut tail = Tail::new(100);
    let mut again = tail.clone();
    for _ in 0..100 {
        let expected = page(&mut again, BRANCHES);
        let start = Instant::now();
        join_all((0..BRANCHES).map(|_| sleep(tail.draw()))).await;
        assert_eq!(start.elapsed(), expected);
    }
}

/// What hedging did to some pages.
struct Hedging {
    /// The pages that took as long as a slow request, or longer, in per cent.
    slow: f64,
    /// The requests beyond one a branch, in per cent of those.
    more: f64,
    /// The median of the pages' times, in milliseconds.
    median_ms: u128,
}

const HEDGED_PAGES: u32 = 1_000;

/// Fetches pages of 100 branches in virtual time, with the chapter's own code.
async fn hedging(delay: Duration) -> Hedging {
    // The same times for every delay.
    let mut tail = Tail::new(7);
    let hedged = Hedged { delay };
    let requests = AtomicU32::new(0);
    let mut took_ms = Vec::new();
    for _ in 0..HEDGED_PAGES {
        let times: Vec<[Duration; 2]> = (0..BRANCHES).map(|_| [tail.draw(), tail.draw()]).collect();
        let start = Instant::now();
        let branches = times.iter().map(async |times| {
            let asked = AtomicUsize::new(0);
            let part = hedged.fetch(async || {
                requests.fetch_add(1, SeqCst);
                sleep(times[asked.fetch_add(1, SeqCst)]).await;
                Ok(())
            });
            assert_eq!(part.await, Part::Ready(()));
        });
        join_all(branches).await;
        took_ms.push(start.elapsed().as_millis());
    }
    took_ms.sort();
    let slow = took_ms.iter().filter(|took| **took >= 1_000).count();
    let usual = f64::from(HEDGED_PAGES * BRANCHES);
    Hedging {
        slow: 100.0 * slow as f64 / f64::from(HEDGED_PAGES),
        more: 100.0 * (f64::from(requests.into_inner()) - usual) / usual,
        median_ms: took_ms[took_ms.len() / 2],
    }
}

#[tokio::test(start_paused = true)]
async fn hedging_at_the_95th_percentile_makes_one_page_in_a_hundred_slow() {
    let mut rows = Vec::new();
    let mut medians = Vec::new();
    for (name, delay) in [
        ("never", Duration::MAX),
        ("p99", Duration::from_millis(99)),
        ("p95", Duration::from_millis(95)),
        ("p90", Duration::from_millis(90)),
        ("p50", Duration::from_millis(50)),
    ] {
        let Hedging {
            slow,
            more,
            median_ms,
        } = hedging(delay).await;
        // A slow branch takes two slow requests: one branch in 10,000.
        let branch = match name {
            "never" => Tail::SLOW,
            _ => Tail::SLOW * Tail::SLOW,
        };
        let computed = 100.0 * (1.0 - (1.0 - branch).powf(f64::from(BRANCHES)));
        let spread = (computed * (100.0 - computed) / f64::from(HEDGED_PAGES)).sqrt();
        assert!(
            (slow - computed).abs() < 3.0 * spread,
            "{name}: {slow}, computed {computed}"
        );
        let expected = 100_u128.saturating_sub(delay.as_millis());
        assert!(
            (more - expected as f64).abs() < 0.5,
            "{name}: {more} % more requests"
        );
        let label = format!("{name:<5}  {more:>4.1} % more requests");
        rows.push(Measurement::new(label, rounded(slow)));
        medians.push(format!("{name} {median_ms} ms"));
    }
    let bars = Bars {
        title: Some("Slow pages, by the time after which a source is asked again".to_owned()),
        unit: "%".to_owned(),
        rows,
        notes: vec![
            format!("{HEDGED_PAGES} simulated pages of {BRANCHES} branches. Their median:"),
            medians.join(", "),
        ],
        ..Bars::default()
    };
    assert_snapshot!("hedging", bars);
}
