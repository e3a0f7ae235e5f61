//! Written numbers: their value in billionths, and their order.

use std::cmp::Ordering;

/// The number one, in billionths.
pub(crate) const ONE: i128 = 1_000_000_000;

/// The letters of the number that a text begins with, without an exponent.
pub(super) fn number_of(text: &str) -> &str {
    let text = text.trim_start();
    let end = |from: usize| text[from..].find(|c: char| !c.is_ascii_digit()).map_or(text.len(), |at| from + at);
    let whole = end(usize::from(text.starts_with('-')));
    &text[..if text[whole..].starts_with('.') { end(whole + 1) } else { whole }]
}

/// The number that a text begins with, in billionths.
pub(crate) fn billionths(text: &str) -> i128 {
    const DIGITS: usize = 9;
    let number = number_of(text);
    let (sign, number) = number.strip_prefix('-').map_or((1, number), |rest| (-1, rest));
    let (whole, part) = number.split_once('.').unwrap_or((number, ""));
    let part = &part[..part.len().min(DIGITS)];
    sign * format!("0{whole}{part:0<DIGITS$}").parse::<i128>().unwrap_or(i128::MAX)
}

/// The order of written numbers, exact whatever digits they have: signs first, then the place of the first digit, then the digits.
pub(crate) fn by_amount(one: &str, other: &str) -> Ordering {
    let ((sign, one), (other_sign, other)) = (amount(one), amount(other));
    sign.cmp(&other_sign).then_with(|| if sign < 0 { other.cmp(&one) } else { one.cmp(&other) })
}

/// A number's sign, and how far its first digit stands before the point, with its digits; zeros around the digits are left out.
fn amount(number: &str) -> (i8, (i64, String)) {
    let unsigned = number.trim_start_matches('-');
    let (mantissa, exponent) = unsigned.split_once(['e', 'E']).unwrap_or((unsigned, "0"));
    let (whole, part) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let all = format!("{whole}{part}");
    let digits = all.trim_start_matches('0');
    if digits.is_empty() {
        return (0, (0, String::new()));
    }
    let length = |digits: &str| i64::try_from(digits.len()).unwrap_or(i64::MAX);
    let place = length(whole) - (length(&all) - length(digits)) + exponent.parse().unwrap_or(0);
    (if unsigned == number { 1 } else { -1 }, (place, digits.trim_end_matches('0').to_owned()))
}
