//! Draws the talk's picture from what was measured.

use diagram::{Bars, Measurement};

use crate::kind::Kind;
use crate::row::{Row, Taken};

const WIDTH: usize = 78;

/// The talk's claims, in bytes for each.
const CLAIMS: [(Kind, &str, f64); 2] = [
    (Kind::Thread, "the talk: a thread", 2e6),
    (Kind::Goroutine, "the talk: a goroutine", 2e3),
];

pub(crate) fn picture(rows: &[Row]) -> String {
    let chart = |title: &str, of: fn(&Taken) -> Option<u64>| {
        let mut bars = Bars {
            title: Some(title.to_owned()),
            unit: "KB".to_owned(),
            ..Bars::default()
        };
        for (kind, claim, bytes) in CLAIMS {
            bars.rows.push(Measurement::new(claim, bytes / 1e3));
            let row = rows.iter().find(|row| row.kind == kind);
            let Some((count, bytes)) =
                row.and_then(|row| Some((row.reached, of(row.taken.as_ref()?)?)))
            else {
                continue;
            };
            let each = (bytes as f64 / count as f64 / 10.0).round() / 100.0;
            let label = format!("measured: a {}", kind.name());
            bars.rows.push(Measurement::new(label, each));
        }
        bars.text(WIDTH)
            .unwrap_or_else(|error| format!("{title}: {error}\n"))
    };
    let used = chart("used: bytes in memory, each of 100", |taken| {
        Some(taken.resident)
    });
    let reserved = chart("reserved: addresses, each of 100", |taken| taken.reserved);
    format!("{reserved}\n{used}")
}
