use std::sync::atomic::AtomicU64;

fn main() {
    let hits = AtomicU64::new(0);
    hits.fetch_add(1); // error: the ordering is missing
}
