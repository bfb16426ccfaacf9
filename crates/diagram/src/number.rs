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

/// Returns how to print all of these numbers: in full if they are whole, otherwise to three significant digits.
pub(crate) fn printer(numbers: impl IntoIterator<Item = f64>) -> fn(f64) -> String {
    match numbers.into_iter().all(|number| number.fract() == 0.0) {
        true => whole,
        false => significant,
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

/// Formats 10^`exponent`, for an axis: in full from 0.001 to 1,000.
pub(crate) fn power(exponent: i32) -> String {
    const DIGITS: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
    match exponent {
        -3..=3 => product(1, exponent),
        4.. => {
            let digits = exponent.to_string().into_bytes();
            let raised = digits.iter().map(|digit| DIGITS[usize::from(digit - b'0')]);
            format!("10{}", raised.collect::<String>())
        }
        // Few fonts have a raised minus.
        _ => format!("1e{exponent}"),
    }
}

/// Formats `count` × 10^`exponent`, for an axis: in full if it has few zeros.
pub(crate) fn product(count: i32, exponent: i32) -> String {
    match exponent {
        _ if count == 0 => "0".to_owned(),
        -4..=-1 => {
            let decimals = exponent.unsigned_abs() as usize;
            let value = f64::from(count) / power_of_ten(-exponent);
            group(&format!("{value:.decimals$}"))
        }
        0..=8 => whole(f64::from(count) * power_of_ten(exponent)),
        _ => format!("{count}e{exponent}"),
    }
}

/// Computes 10^`exponent`. Divides for negative exponents, because 1/10 is exact to the last bit and
/// a product with 0.1 isn't.
pub(crate) fn power_of_ten(exponent: i32) -> f64 {
    if exponent < 0 {
        1.0 / 10_f64.powi(-exponent)
    } else {
        10_f64.powi(exponent)
    }
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
