//! Formats numbers with only their significant digits.

/// Formats `value` to three significant digits, with commas between thousands.
pub(crate) fn significant(value: f64) -> String {
    if value == 0.0 {
        return "0".to_owned();
    }
    // Round first: 9.999 becomes 10.0, which has two digits before the point.
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

/// Formats a whole number below 10¹⁵ in full, with commas between thousands.
pub(crate) fn whole(value: f64) -> String {
    if value < 1e15 {
        group(&format!("{value:.0}"))
    } else {
        format!("{value:.2e}")
    }
}

/// Formats a ratio: two decimals from 0.1 to 10, three significant digits otherwise.
pub(crate) fn ratio(value: f64) -> String {
    match value {
        _ if value == 0.0 || (0.1..10.0).contains(&value) => format!("{value:.2}×"),
        _ => format!("{}×", significant(value)),
    }
}

/// Formats `value` with at most three decimals and no trailing zeros.
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
