//! Reads what the tools print, and draws what the book shows.

use results::{Head, Measured, go, page};

const GO: &str = "\
goos: linux
BenchmarkPool/no-op_items/Go:_workers-2         \t    1234\t   5000000 ns/op\t       500.0 ns/item
BenchmarkPool/no-op_items/Go:_workers-2         \t    1234\t   4000000 ns/op\t       400.0 ns/item
BenchmarkPool/no-op_items/Go:_workers-2         \t    1234\t   6000000 ns/op\t       600.0 ns/item
BenchmarkPool/alone/Go:_plain                   \t     100\t      2000 ns/op
PASS
";

#[test]
fn go_gives_the_median_of_its_runs() {
    assert_eq!(
        go::read(GO),
        [
            Measured {
                group: "no-op items".into(),
                row: "Go: workers".into(),
                median: 500.0,
                range: (400.0, 600.0),
                per_item: true,
            },
            Measured {
                group: "alone".into(),
                row: "Go: plain".into(),
                median: 2000.0,
                range: (2000.0, 2000.0),
                per_item: false,
            },
        ]
    );
}

#[test]
fn criterions_files_are_read() {
    let folder = std::env::temp_dir().join(format!("results-{}", std::process::id()));
    let new = folder.join("no-op items/window/new");
    std::fs::create_dir_all(&new).unwrap();
    let benchmark = r#"{"group_id":"no-op items","function_id":"window","value_str":null,
        "throughput":{"Elements":1000},"full_id":"no-op items/window"}"#;
    let estimates = r#"{"median":{"confidence_interval":{"confidence_level":0.95,
        "lower_bound":19000.0,"upper_bound":21000.0},"point_estimate":20000.0,"standard_error":1.0}}"#;
    std::fs::write(new.join("benchmark.json"), benchmark).unwrap();
    std::fs::write(new.join("estimates.json"), estimates).unwrap();
    let measured = results::criterion::read(&folder).unwrap();
    std::fs::remove_dir_all(&folder).unwrap();
    assert_eq!(
        measured,
        [Measured {
            group: "no-op items".into(),
            row: "window".into(),
            median: 20.0,
            range: (19.0, 21.0),
            per_item: true,
        }]
    );
}

#[test]
fn a_page_compares_with_the_first_and_shows_the_fastest_first() {
    let one = |row: &str, median: f64| Measured {
        group: "no-op items".into(),
        row: row.into(),
        median,
        range: (median * 0.9, median * 1.1),
        per_item: true,
    };
    let head = Head {
        command: "scripts/bench pool".into(),
        machine: "a day, a processor, 2 cores".into(),
        compilers: "rustc 1.95.0".into(),
        notes: Some("A note.\n".into()),
    };
    let page = page(
        &head,
        &[one("window", 20.0), one("peer", 60.0), one("bare", 10.0)],
    )
    .unwrap();
    let rows: Vec<&str> = page.lines().collect();
    assert_eq!(rows[0], "$ scripts/bench pool");
    assert_eq!(rows[4], "no-op items, per item");
    let at = |row: &str| rows.iter().position(|line| line.starts_with(row)).unwrap();
    assert!(
        at("bare") < at("window") && at("window") < at("peer"),
        "{page}"
    );
    assert!(rows[at("window")].ends_with("1.00×"), "{page}");
    assert!(rows[at("peer")].ends_with("3.00×"), "{page}");
    assert!(page.ends_with("\nA note.\n"), "{page}");
}
