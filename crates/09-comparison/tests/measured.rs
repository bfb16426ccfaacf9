//! What a run counts, with descriptors that are counted, on both clocks.

use std::num::NonZeroUsize;
use std::time::{Duration, Instant};

use comparison::descriptors::Descriptors;
use comparison::measured::{Clock, Measured, measure};
use comparison::strategy::Strategy;
use comparison::table::{Settings, Table, grouped};
use pool::workload::Workload;
use serde_json::Value;

const TWO: NonZeroUsize = NonZeroUsize::new(2).unwrap();

fn on_the_real_clock(strategy: Strategy, items: usize, descriptors: usize) -> Measured {
    let durations = vec![Duration::from_millis(5); items];
    let descriptors = Descriptors::counted(descriptors);
    measure(strategy, durations, TWO, descriptors, Clock::Real)
}

#[test]
fn clones_share_their_descriptors_and_a_dropped_one_is_free_again() {
    let descriptors = Descriptors::counted(2);
    let first = descriptors.open().unwrap();
    let _second = descriptors.clone().open().unwrap();
    let refused = descriptors.open().unwrap_err();
    assert_eq!(refused.to_string(), "all descriptors are in use");
    drop(first);
    assert!(descriptors.open().is_ok());
}

#[test]
fn any_number_of_descriptors_can_be_counted() {
    assert!(Descriptors::counted(0).open().is_err());
    assert!(Descriptors::counted(usize::MAX).open().is_ok());
}

/// An item holds its descriptor for as long as it is in flight, so there is no second item beside it.
#[test]
fn no_more_are_in_flight_than_there_are_descriptors() {
    for strategy in Strategy::ASYNC.into_iter().chain([Strategy::Threads]) {
        let measured = on_the_real_clock(strategy, 8, 1);
        assert_eq!(measured.in_flight, 1, "{strategy}");
        assert!(measured.failed < 8, "{strategy}");
    }
}

#[test]
fn threads_are_counted_and_no_more_run_than_the_limit() {
    let measured = on_the_real_clock(Strategy::Threads, 8, 8);
    let Measured {
        tasks,
        in_flight,
        failed,
        ..
    } = measured;
    assert!(
        (1..=2).contains(&tasks) && (1..=tasks).contains(&in_flight),
        "{measured:?}"
    );
    assert_eq!(failed, 0);
}

/// Two threads that sleep at the same time are two items in flight. Sooner or later they do.
#[test]
fn items_on_threads_are_in_flight_while_they_sleep() {
    let start = Instant::now();
    while on_the_real_clock(Strategy::Threads, 8, 8).in_flight < 2 {
        assert!(start.elapsed() < Duration::from_secs(60), "never two");
    }
}

/// A sleep may end late, but never early. The time has fractions of a millisecond, unless all runs are very lucky.
#[test]
fn the_real_clock_takes_real_time() {
    for strategy in [Strategy::Sequential, Strategy::Threads] {
        let start = Instant::now();
        let runs: Vec<Measured> = (0..4).map(|_| on_the_real_clock(strategy, 4, 4)).collect();
        let took = start.elapsed().as_secs_f64() * 1e3;
        let least = if strategy == Strategy::Sequential {
            20.0
        } else {
            10.0
        };
        assert!(runs.iter().all(|run| run.ms >= least), "{runs:?}");
        assert!(
            runs.iter().map(|run| run.ms).sum::<f64>() <= took,
            "{runs:?}"
        );
        assert!(runs.iter().any(|run| run.ms.fract() > 0.0), "{runs:?}");
    }
}

#[test]
#[should_panic(expected = "threads have no virtual clock")]
fn threads_have_no_virtual_clock() {
    let durations = vec![Duration::ZERO];
    measure(
        Strategy::Threads,
        durations,
        TWO,
        Descriptors::counted(1),
        Clock::Virtual,
    );
}

#[tokio::test]
#[should_panic(expected = "threads need work that blocks")]
async fn threads_do_not_run_futures() {
    Strategy::Threads
        .run(vec![1], TWO, |item: u8| async move { item })
        .await;
}

#[test]
fn a_strategy_that_spawns_no_task_counts_as_one_even_without_items() {
    for strategy in [Strategy::Sequential, Strategy::BufferUnordered] {
        for items in [0, 3] {
            let durations = vec![Duration::from_millis(5); items];
            let descriptors = Descriptors::counted(items);
            let measured = measure(strategy, durations, TWO, descriptors, Clock::Virtual);
            assert_eq!(measured.tasks, 1, "{strategy}, {items}");
        }
    }
}

/// An item counts the tasks when it starts, so the peak can come before the last item.
#[test]
fn the_most_tasks_are_kept() {
    let durations = [50, 50, 50, 50, 10].map(Duration::from_millis);
    for (strategy, tasks) in [
        (Strategy::Batches, 2),
        (Strategy::Window, 2),
        (Strategy::Unlimited, 5),
    ] {
        let measured = measure(
            strategy,
            durations.into(),
            TWO,
            Descriptors::counted(5),
            Clock::Virtual,
        );
        assert_eq!(measured.tasks, tasks, "{strategy}");
    }
}

#[test]
fn strategies_are_padded_like_text_and_threads_have_the_law_of_a_window() {
    assert_eq!(
        format!("{:<8}|{:>9}|", Strategy::Window, Strategy::Threads),
        "window  |  threads|"
    );
    let durations = [30, 10, 20, 40].map(Duration::from_millis);
    let law = |strategy: Strategy| strategy.law(&durations, TWO);
    assert_eq!(law(Strategy::Threads), Duration::from_millis(70));
    assert_eq!(law(Strategy::Window), law(Strategy::Threads));
    assert_eq!(law(Strategy::Batches), Duration::from_millis(70));
    assert_eq!(law(Strategy::Unlimited), Duration::from_millis(40));
    // The last item needn't be the last to finish.
    let long_first = [90, 10, 10].map(Duration::from_millis);
    assert_eq!(
        Strategy::Window.law(&long_first, TWO),
        Duration::from_millis(90)
    );
}

/// The table has the settings that it was measured with, the durations of its seed, and rounded times.
#[test]
fn a_table_measures_what_its_settings_say() {
    for (clock, name) in [(Clock::Virtual, "virtual"), (Clock::Real, "real")] {
        let settings = Settings {
            workloads: vec![Workload::Uniform],
            items: 3,
            limit: TWO,
            seed: 11,
            clock,
            descriptors: Descriptors::counted(3),
        };
        let table = Table::measure(&settings, None);
        let json: Value = serde_json::from_str(&table.json()).unwrap();
        assert_eq!(
            (
                &json["items"],
                &json["limit"],
                &json["seed"],
                &json["clock"]
            ),
            (&3.into(), &2.into(), &11.into(), &name.into())
        );
        let rows = json["workloads"][0]["strategies"].as_array().unwrap();
        let durations = Workload::Uniform.durations(3, 11);
        let strategies = Strategy::ASYNC.into_iter().chain([Strategy::Threads]);
        let strategies: Vec<Strategy> = strategies.take(rows.len()).collect();
        assert_eq!(
            strategies.contains(&Strategy::Threads),
            clock == Clock::Real
        );
        let text = table.to_string();
        for (row, strategy) in rows.iter().zip(strategies) {
            assert_eq!(row["strategy"], strategy.to_string());
            assert_eq!(row.get("bytes"), None);
            let (ms, law) = (row["ms"].as_f64().unwrap(), strategy.law(&durations, TWO));
            let law = law.as_secs_f64() * 1e3;
            assert!(
                ms >= law && (clock == Clock::Real || ms == law),
                "{ms}, {law}"
            );
            let line = text
                .lines()
                .find(|line| line.starts_with(row["strategy"].as_str().unwrap()));
            assert!(
                line.unwrap()
                    .contains(&format!(" {} ms", grouped(ms.round() as usize))),
                "{text}"
            );
        }
    }
}
