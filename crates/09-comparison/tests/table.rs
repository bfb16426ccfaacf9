//! The table: the same figures every time, and the talk's.

use std::num::NonZeroUsize;

use comparison::descriptors::Descriptors;
use comparison::measured::Clock;
use comparison::table::{DESCRIPTORS, Settings, Table};
use diagram::assert_snapshot;
use pool::workload::Workload;
use serde_json::Value;

fn table(items: usize) -> Table {
    let settings = Settings {
        workloads: Workload::ALL.to_vec(),
        items,
        limit: NonZeroUsize::new(10).unwrap(),
        seed: 7,
        clock: Clock::Virtual,
        descriptors: Descriptors::counted(DESCRIPTORS),
    };
    Table::measure(&settings, None)
}

#[test]
fn a_hundred_items_cost_the_same_every_time() {
    assert_snapshot!("table", table(100).to_string());
    assert_eq!(table(100).json(), table(100).json());
}

#[test]
fn a_thousand_items_exceed_the_descriptors() {
    assert_snapshot!("table-1000", table(1_000).to_string());
}

#[test]
fn the_json_has_the_figures_of_the_text() {
    let json: Value = serde_json::from_str(&table(100).json()).unwrap();
    assert_eq!(json["items"], 100);
    assert_eq!(json["clock"], "virtual");
    let unlimited = &json["workloads"][0]["strategies"][1];
    assert_eq!(
        unlimited.to_string(),
        r#"{"failed":0,"in_flight":100,"ms":50.0,"strategy":"unlimited","tasks":100}"#
    );
}
