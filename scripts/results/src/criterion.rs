//! Reads Criterion's results: a folder per benchmark, with its name and its estimates.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::Measured;

#[derive(Deserialize)]
struct Benchmark {
    group_id: String,
    function_id: Option<String>,
    value_str: Option<String>,
    throughput: Option<Throughput>,
}

/// The work that one run does; Criterion also has bytes and other units.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Throughput {
    elements: Option<u64>,
}

#[derive(Deserialize)]
struct Estimates {
    median: Estimate,
}

#[derive(Deserialize)]
struct Estimate {
    point_estimate: f64,
    confidence_interval: Interval,
}

#[derive(Deserialize)]
struct Interval {
    lower_bound: f64,
    upper_bound: f64,
}

/// Returns all benchmarks below `folder`, in the order in which they were run.
///
/// # Errors
///
/// If the folder can't be read, or a file in it isn't Criterion's.
pub fn read(folder: &Path) -> io::Result<Vec<Measured>> {
    let mut found = Vec::new();
    find(folder, &mut found)?;
    found.sort();
    found.iter().map(|(_, folder)| measured(folder)).collect()
}

/// Finds the folders of the latest measurements, and when each was written.
fn find(folder: &Path, found: &mut Vec<(SystemTime, PathBuf)>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if !path.is_dir() {
            continue;
        }
        let estimates = path.join("estimates.json");
        if path.ends_with("new") && estimates.is_file() {
            found.push((fs::metadata(estimates)?.modified()?, path));
        } else {
            find(&path, found)?;
        }
    }
    Ok(())
}

fn measured(folder: &Path) -> io::Result<Measured> {
    let benchmark: Benchmark = parse(&folder.join("benchmark.json"))?;
    let Estimates { median } = parse(&folder.join("estimates.json"))?;
    let items = benchmark
        .throughput
        .as_ref()
        .and_then(|throughput| throughput.elements);
    let each = |ns: f64| ns / items.unwrap_or(1) as f64;
    let Interval {
        lower_bound,
        upper_bound,
    } = median.confidence_interval;
    Ok(Measured {
        row: row(&benchmark),
        group: benchmark.group_id,
        median: each(median.point_estimate),
        range: (each(lower_bound), each(upper_bound)),
        per_item: items.is_some(),
    })
}

/// The benchmark's name within its group: its function and its parameter, where it has them.
fn row(benchmark: &Benchmark) -> String {
    match (&benchmark.function_id, &benchmark.value_str) {
        (Some(function), Some(value)) => format!("{function} {value}"),
        (Some(name), None) | (None, Some(name)) => name.clone(),
        (None, None) => benchmark.group_id.clone(),
    }
}

fn parse<T: DeserializeOwned>(path: &Path) -> io::Result<T> {
    serde_json::from_slice(&fs::read(path)?)
        .map_err(|error| io::Error::other(format!("{}: {error}", path.display())))
}
