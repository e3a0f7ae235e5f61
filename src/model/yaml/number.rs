//! Non-integer numbers as decimal digits: parsed and printed without binary floating point.

/// A decimal number: `0.digits × 10^point`, without zeros at either end of `digits`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Decimal {
    negative: bool,
    digits: String,
    point: i64,
}

/// The maximum number of decimal digits that a double holds.
const MAX_DIGITS: usize = 17;
/// Numbers from `10^MAX_POINT` on overflow a double.
const MAX_POINT: i64 = 309;
/// Numbers below `10^MIN_POINT` underflow to zero in a double.
const MIN_POINT: i64 = -323;

impl Decimal {
    /// Parses a number such as `-1.5e3`; `None` if malformed or out of a double's range.
    pub fn parse(text: &str) -> Option<Decimal> {
        let (negative, unsigned) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, parse_exponent(exponent)?),
            None => (unsigned, 0),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let all_digits = |t: &str| t.bytes().all(|b| b.is_ascii_digit());
        if !all_digits(whole) || !all_digits(fraction) || (whole.is_empty() && fraction.is_empty()) {
            return None;
        }
        let all = format!("{whole}{fraction}");
        let digits = all.trim_start_matches('0');
        let leading = i64::try_from(all.len() - digits.len()).ok()?;
        let point = i64::try_from(whole.len()).ok()? - leading + exponent;
        let (digits, carried) = rounded(digits);
        let mut decimal = Decimal { negative, digits: digits.trim_end_matches('0').to_owned(), point: point + i64::from(carried) };
        if decimal.digits.is_empty() || decimal.point < MIN_POINT {
            decimal = Decimal { digits: String::new(), point: 0, ..decimal };
        }
        (decimal.point <= MAX_POINT).then_some(decimal)
    }

    /// The number as an integer, if it is one.
    pub fn to_int(&self) -> Option<i64> {
        self.to_json().parse().ok()
    }

    /// The format of a float64 in Go's `encoding/json`: with an exponent from 1e21 on and below 1e-6.
    pub fn to_json(&self) -> String {
        if self.digits.is_empty() {
            return if self.negative { "-0" } else { "0" }.to_owned();
        }
        if (-5..=21).contains(&self.point) {
            return self.plain();
        }
        let exponent = self.exponent();
        // Go's JSON drops the leading zero of a negative exponent.
        match exponent.strip_prefix("-0") {
            Some(digit) => format!("{}e-{digit}", self.mantissa()),
            None => format!("{}e{exponent}", self.mantissa()),
        }
    }

    /// The format of Go's `strconv.FormatFloat` with `g`: with an exponent from 1e6 on and below 1e-4.
    pub fn to_shortest(&self) -> String {
        if self.digits.is_empty() {
            return if self.negative { "-0" } else { "0" }.to_owned();
        }
        if (-3..=6).contains(&self.point) { self.plain() } else { format!("{}e{}", self.mantissa(), self.exponent()) }
    }

    fn sign(&self) -> &'static str {
        if self.negative { "-" } else { "" }
    }

    fn mantissa(&self) -> String {
        let (first, rest) = self.digits.split_at(1);
        let dot = if rest.is_empty() { "" } else { "." };
        format!("{}{first}{dot}{rest}", self.sign())
    }

    /// The exponent: a sign and at least two digits.
    fn exponent(&self) -> String {
        let exponent = self.point - 1;
        format!("{}{:02}", if exponent < 0 { '-' } else { '+' }, exponent.abs())
    }

    fn plain(&self) -> String {
        let sign = self.sign();
        let digits = &self.digits;
        match usize::try_from(self.point) {
            Ok(0) | Err(_) => {
                let zeros = usize::try_from(-self.point).unwrap_or(0);
                format!("{sign}0.{}{digits}", "0".repeat(zeros))
            }
            Ok(point) if point >= digits.len() => format!("{sign}{digits}{}", "0".repeat(point - digits.len())),
            Ok(point) => format!("{sign}{}.{}", &digits[..point], &digits[point..]),
        }
    }
}

fn parse_exponent(text: &str) -> Option<i64> {
    const FAR: i64 = 100_000;
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let size = digits.parse().unwrap_or(FAR).min(FAR);
    Some(if text.starts_with('-') { -size } else { size })
}

/// The digits that a double retains, and whether rounding up carried into a new digit.
fn rounded(digits: &str) -> (String, bool) {
    if digits.len() <= MAX_DIGITS {
        return (digits.to_owned(), false);
    }
    let mut kept: Vec<u8> = digits.as_bytes()[..MAX_DIGITS].to_vec();
    let mut carry = digits.as_bytes()[MAX_DIGITS] >= b'5';
    for digit in kept.iter_mut().rev() {
        if !carry {
            break;
        }
        carry = *digit == b'9';
        *digit = if carry { b'0' } else { *digit + 1 };
    }
    if carry {
        kept.insert(0, b'1');
    }
    (kept.into_iter().map(char::from).collect(), carry)
}
