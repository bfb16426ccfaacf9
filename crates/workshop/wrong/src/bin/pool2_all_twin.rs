//! Rejected: and no execution ends so

use workshop::pool::Claimed;

fn possible() -> Vec<Claimed> {
    (0..27).map(|n| (n / 9, n / 3 % 3, n % 3)).collect()
}

fn main() {
    workshop::pool::pool2(possible)
}
