//! Rejected: and no execution ends so

use workshop::pool::Claimed;

fn possible() -> Vec<Claimed> {
    let mut all = Vec::new();
    for one in 0..3 {
        for first in 0..3 {
            for second in 0..3 {
                all.push((one, first, second));
            }
        }
    }
    all
}

fn main() {
    workshop::pool::pool2(possible)
}
