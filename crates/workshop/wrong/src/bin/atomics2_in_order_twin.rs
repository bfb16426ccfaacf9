//! Rejected: no order of the steps explains it, and memory allows it all the same

fn possible() -> Vec<(u64, u64)> {
    let mut all = Vec::new();
    for requests in 0..2 {
        for answers in 0..=requests {
            all.push((requests, answers));
        }
    }
    all
}

fn main() {
    workshop::atomics::atomics2(possible)
}
