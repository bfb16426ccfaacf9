//! Rolls out to 50 to 50,000 clusters by each strategy, in virtual time, and draws how the makespan, the requests per
//! second and the reach of a bad change grow.
//!
//! Run it with `cargo run --release -p deploy --example rollouts_at_scale`. It takes a few seconds. `scripts/bench deploy`
//! keeps what it prints in `benches/scale.txt`, and `scripts/redraw deploy` draws the page's pictures from that file.

mod recorded;
mod simulated;

use recorded::{CLUSTERS, Scale};

fn main() {
    let scale = Scale::over(&CLUSTERS);
    print!("{scale}");
    for (_, curve) in scale.curves() {
        print!("\n{curve}");
    }
}
