use workshop::Verdict;

/// Every possible pair: the number of delivered answers, and the number of answers on the page.
fn possible() -> Vec<(usize, usize)> {
    // An answer on the page was delivered. A delivered answer needn't be on the page: between the look
    // at the flag and the addition, the page can close and count.
    vec![
        (0, 0), // the page closes before either branch answers
        (1, 0), // one branch looks in time and answers too late
        (1, 1), // one branch is in time, and the other finds the page closed
        (2, 0), // both branches look in time and answer too late
        (2, 1), // both branches look in time, and one of them answers too late
        (2, 2), // both branches answer in time
    ]
}

fn main() -> Verdict {
    workshop::fan_out::fan_out2(possible)
}
