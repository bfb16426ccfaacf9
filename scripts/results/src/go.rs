//! Reads the output of `go test -bench`.

use crate::Measured;

/// Returns the benchmarks in `output`, in the order of their first lines. Of a benchmark that ran several
/// times, it returns the median and the range of the runs. A metric `ns/item` wins over `ns/op`.
pub fn read(output: &str) -> Vec<Measured> {
    let mut runs: Vec<(String, String, bool, Vec<f64>)> = Vec::new();
    for line in output.lines() {
        let Some((group, row, per_item, ns)) = benchmark(line) else {
            continue;
        };
        match runs.iter_mut().find(|(g, r, ..)| *g == group && *r == row) {
            Some((.., all)) => all.push(ns),
            None => runs.push((group, row, per_item, vec![ns])),
        }
    }
    let measured = runs.into_iter().map(|(group, row, per_item, mut ns)| {
        ns.sort_by(f64::total_cmp);
        // For an even number of runs, the mean of the two in the middle.
        let median = (ns[(ns.len() - 1) / 2] + ns[ns.len() / 2]) / 2.0;
        Measured {
            group,
            row,
            median,
            range: (ns[0], ns[ns.len() - 1]),
            per_item,
        }
    });
    measured.collect()
}

/// Parses a line such as `BenchmarkPool/no-op_items/Go:_workers-2   1000   123.4 ns/op   1.2 ns/item`.
fn benchmark(line: &str) -> Option<(String, String, bool, f64)> {
    let mut words = line.split_whitespace();
    let name = words.next().filter(|name| name.starts_with("Benchmark"))?;
    let figures: Vec<&str> = words.collect();
    let figure = |unit: &str| {
        let at = figures.iter().position(|word| *word == unit)?;
        figures.get(at.checked_sub(1)?)?.parse().ok()
    };
    let mut parts = name.splitn(3, '/').skip(1);
    let group = parts.next()?.replace('_', " ");
    let row = parts.next()?;
    // Go appends the number of threads, unless it is 1.
    let row = match row.rsplit_once('-') {
        Some((row, threads)) if threads.parse::<u32>().is_ok() => row,
        _ => row,
    };
    let row = row.replace('_', " ");
    match figure("ns/item") {
        Some(ns) => Some((group, row, true, ns)),
        None => Some((group, row, false, figure("ns/op")?)),
    }
}
