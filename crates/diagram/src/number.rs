//! Numbers as a reader wants them: no more digits than mean something.

/// `value` to three significant digits, thousands separated by commas.
pub(crate) fn significant(value: f64) -> String {
    if value == 0.0 {
        return "0".to_owned();
    }
    // Rounding first, so that 9.999 is seen to have two digits before its point.
    let rounded = format!("{value:.2e}");
    let (exponent, shown) = match rounded.split_once('e') {
        Some((_, exponent)) => (
            exponent.parse::<i32>().unwrap_or(0),
            rounded.parse().unwrap_or(value),
        ),
        None => (0, value),
    };
    if !(-4..15).contains(&exponent) {
        return rounded;
    }
    let decimals = usize::try_from(2 - exponent).unwrap_or(0);
    group(&format!("{shown:.decimals$}"))
}

/// A whole number in full, thousands separated by commas.
pub(crate) fn whole(value: f64) -> String {
    if value < 1e15 {
        group(&format!("{value:.0}"))
    } else {
        format!("{value:.2e}")
    }
}

/// How many times as much: two decimals, fewer from 10 on, and more below 0.1.
pub(crate) fn ratio(value: f64) -> String {
    match value {
        _ if value == 0.0 || (0.1..10.0).contains(&value) => format!("{value:.2}×"),
        _ => format!("{}×", significant(value)),
    }
}

/// `value` with at most three decimals and no zero at their end.
pub(crate) fn short(value: f64) -> String {
    let text = format!("{value:.3}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn group(digits: &str) -> String {
    let whole = digits.find('.').unwrap_or(digits.len());
    let mut grouped = String::with_capacity(digits.len() + whole / 3);
    for (index, digit) in digits.char_indices() {
        if index > 0 && index < whole && (whole - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}
