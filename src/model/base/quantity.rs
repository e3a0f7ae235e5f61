//! Resource quantities: `500m`, `1.5Gi`, `12e6`. Exact to a billionth.
//!
//! Models k8s.io/apimachinery/pkg/api/resource quantity.go and suffix.go.
//! Promises: rounds only as upstream does, upwards at a billionth; a quantity prints in the canonical form that the server shows.
//! Not modelled: quantities beyond 10^29, which are clamped to it.

use std::cmp::Ordering;
use std::fmt;

use crate::value::Value;

/// The number of internal units, billionths, in one.
const NANO: i128 = 1_000_000_000;
/// The largest quantity, in billionths.
const MOST: i128 = 100_000_000_000_000_000_000_000_000_000 * NANO;
/// The largest quantity written with a binary suffix.
const MAX_BINARY: i128 = 0x7fff_ffff_ffff_ffff * NANO;
/// Up to this many digits, upstream's parser avoids arbitrary precision; with a binary suffix, fewer.
const PLAIN_DIGITS: usize = 18;
const PLAIN_DIGITS_BINARY: usize = 14;

const DECIMAL_SUFFIXES: [(&str, i64); 10] =
    [("n", -9), ("u", -6), ("m", -3), ("", 0), ("k", 3), ("M", 6), ("G", 9), ("T", 12), ("P", 15), ("E", 18)];
const BINARY_SUFFIXES: [(&str, u32); 6] = [("Ki", 10), ("Mi", 20), ("Gi", 30), ("Ti", 40), ("Pi", 50), ("Ei", 60)];

/// The notation in which a quantity was written and will be printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// `12M`.
    #[default]
    DecimalSi,
    /// `12Mi`.
    BinarySi,
    /// `12e6`.
    DecimalExponent,
}

/// A quantity. Compares by amount, regardless of notation.
#[derive(Clone, Copy, Debug, Default)]
pub struct Quantity {
    nano: i128,
    format: Format,
}

/// Why a text is not a quantity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QuantityError {
    /// It is malformed.
    FormatWrong,
    /// Its suffix is unknown.
    Suffix,
}

impl fmt::Display for QuantityError {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(match self {
            QuantityError::FormatWrong => "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
            QuantityError::Suffix => "unable to parse quantity's suffix",
        })
    }
}

/// The parts of a text, without the sign.
struct Parts<'a> {
    negative: bool,
    /// Digits before the decimal point, without leading zeros.
    whole: &'a str,
    /// Digits after the decimal point.
    fraction: &'a str,
    suffix: &'a str,
}

impl Quantity {
    /// A whole number of units.
    pub fn whole(units: i64, format: Format) -> Self {
        Quantity { nano: i128::from(units) * NANO, format }
    }

    /// Parses a quantity. Models resource.ParseQuantity.
    pub fn parse(text: &str) -> Result<Self, QuantityError> {
        let parts = split(text).ok_or(QuantityError::FormatWrong)?;
        let (format, power) = interpret(parts.suffix).ok_or(QuantityError::Suffix)?;
        let nano = match power {
            Power::Ten(exponent) => scaled(&parts, exponent, 1),
            Power::Two(exponent) => scaled(&parts, 0, 1 << exponent).min(MAX_BINARY),
        };
        let format = if format == Format::BinarySi && nano < NANO && nano > 0 { Format::DecimalSi } else { format };
        Ok(Quantity { nano: if parts.negative { -nano } else { nano }, format })
    }

    /// Reads a quantity as it appears in manifests, where it may be a plain number; `None` if it is malformed.
    pub fn read(value: &Value) -> Option<Self> {
        match value {
            Value::Text(written) | Value::Real(written) => Quantity::parse(written).ok(),
            Value::Int(units) => Some(Quantity::whole(*units, Format::DecimalSi)),
            _ => None,
        }
    }

    /// The quantity in the notation of another; where that differs, rounded away from zero to whole units.
    #[must_use]
    pub fn as_written(self, other: Self) -> Self {
        if self.format == other.format { self } else { Quantity::whole(self.units(), other.format) }
    }

    /// Whether it is zero.
    pub fn is_zero(self) -> bool {
        self.nano == 0
    }

    /// Whether it is negative.
    pub fn is_negative(self) -> bool {
        self.nano < 0
    }

    /// Whether it is a whole number of units.
    pub fn is_whole(self) -> bool {
        self.nano % NANO == 0
    }

    /// The number of units, rounded away from zero. Models Quantity.Value.
    pub fn units(self) -> i64 {
        rounded(self.nano, NANO)
    }

    /// The number of thousandths, rounded away from zero. Models Quantity.MilliValue.
    pub fn thousandths(self) -> i64 {
        rounded(self.nano, NANO / 1000)
    }

    /// The quantity rounded away from zero to whole thousandths. Models Quantity.RoundUp with Milli.
    #[must_use]
    pub(crate) fn to_thousandths(self) -> Self {
        let unit = NANO / 1000;
        let rest = self.nano % unit;
        let more = if rest == 0 { 0 } else { rest.signum() * unit - rest };
        Quantity { nano: self.nano + more, ..self }
    }

    /// The sum, in the notation of the first of the two that is not zero.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        let format = if self.is_zero() { other.format } else { self.format };
        Quantity { nano: self.nano.saturating_add(other.nano).clamp(-MOST, MOST), format }
    }

    /// The quotient of two quantities; `None` if the divisor is zero.
    pub fn over(self, other: Self) -> Option<Self> {
        let (this, other) = (i128::from(self.thousandths()), i128::from(other.thousandths()));
        (other != 0).then(|| Quantity { nano: this * NANO / other, format: Format::DecimalSi })
    }

    /// Formats it with six decimals, as Go prints a non-integer.
    pub fn with_six_decimals(self) -> String {
        let (millionth, million) = (NANO / 1_000_000, 1_000_000);
        let millionths = (self.nano.abs() + millionth / 2) / millionth;
        let sign = if self.nano < 0 { "-" } else { "" };
        format!("{sign}{}.{:06}", millionths / million, millionths % million)
    }

    /// The difference, in the notation of the first of the two that is not zero.
    #[must_use]
    pub fn minus(self, other: Self) -> Self {
        self.plus(Quantity { nano: -other.nano, ..other })
    }
}

/// The canonical form of a quantity: what the server stores and shows.
pub fn canonical(text: &str) -> Result<String, QuantityError> {
    let quantity = Quantity::parse(text)?;
    Ok(if is_kept(text) { text.to_owned() } else { quantity.to_string() })
}

/// What upstream's fast path makes of a canonical text: an integer, its power of ten, and the notation.
/// Models the fast path in ParseQuantity.
pub fn read_plainly(text: &str) -> Option<(i64, i64, Format)> {
    let parts = split(text)?;
    let digits: i64 = format!("0{}{}", parts.whole, parts.fraction).parse().ok()?;
    let digits = if parts.negative { -digits } else { digits };
    let (format, power) = interpret(parts.suffix)?;
    let (number, exponent) = match power {
        Power::Ten(exponent) => (digits, exponent - i64::try_from(parts.fraction.len()).ok()?),
        Power::Two(exponent) => (digits.checked_mul(1 << exponent)?, 0),
    };
    Some((number, exponent, format))
}

/// Whether upstream's parser takes a text for canonical and keeps it as written. It overlooks leading zeros, a plus sign and a
/// decimal point there: `1.234` stays, `1.5` becomes `1500m`. Models the fast path in ParseQuantity.
fn is_kept(text: &str) -> bool {
    let Some(parts) = split(text) else { return false };
    let digits = parts.whole.len() + parts.fraction.len();
    if parts.whole.is_empty() || digits > PLAIN_DIGITS {
        return false;
    }
    match interpret(parts.suffix) {
        Some((_, Power::Two(exponent))) => {
            let decimals = usize::try_from(exponent * 3 / 10).unwrap_or(PLAIN_DIGITS);
            parts.fraction.is_empty() && digits + decimals <= PLAIN_DIGITS_BINARY && parts.whole.parse::<u64>().is_ok_and(|n| n & 7 != 0)
        }
        Some((_, Power::Ten(exponent))) => {
            let scale = exponent.saturating_sub(i64::try_from(parts.fraction.len()).unwrap_or(i64::MAX));
            let zeros = if parts.fraction.len() < 3 { format!("{}{}", parts.whole, parts.fraction) } else { parts.fraction.to_owned() };
            scale % 3 == 0 && scale >= -9 && !zeros.ends_with("000")
        }
        None => false,
    }
}

enum Power {
    Ten(i64),
    Two(u32),
}

/// Splits into sign, digits, point, digits, suffix. Models parseQuantityString, which is laxer than the regular expression its error
/// quotes.
fn split(text: &str) -> Option<Parts<'_>> {
    if text.is_empty() {
        return None;
    }
    let negative = text.starts_with('-');
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let significant = unsigned.trim_start_matches('0');
    let (whole, rest) = split_digits(significant);
    let (fraction, suffix) = rest.strip_prefix('.').map_or(("", rest), split_digits);
    let letters = suffix.trim_start_matches(|c: char| "eEinumkKMGTP".contains(c));
    let digits = letters.strip_prefix(['-', '+']).unwrap_or(letters);
    split_digits(digits).1.is_empty().then_some(Parts { negative, whole, fraction, suffix })
}

fn split_digits(text: &str) -> (&str, &str) {
    text.split_at(text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len()))
}

fn interpret(suffix: &str) -> Option<(Format, Power)> {
    if let Some((_, exponent)) = DECIMAL_SUFFIXES.iter().find(|(s, _)| *s == suffix) {
        return Some((Format::DecimalSi, Power::Ten(*exponent)));
    }
    if let Some((_, exponent)) = BINARY_SUFFIXES.iter().find(|(s, _)| *s == suffix) {
        return Some((Format::BinarySi, Power::Two(*exponent)));
    }
    let exponent = suffix.strip_prefix(['e', 'E'])?.parse().ok()?;
    Some((Format::DecimalExponent, Power::Ten(exponent)))
}

/// The amount in billionths, rounded up, at most [`MOST`].
fn scaled(parts: &Parts, exponent: i64, factor: i128) -> i128 {
    const NANO_EXPONENT: i64 = 9;
    let digits = format!("{}{}", parts.whole, parts.fraction);
    let digits = digits.trim_start_matches('0');
    if digits.is_empty() {
        return 0;
    }
    let fraction_digits = i64::try_from(parts.fraction.len()).unwrap_or(i64::MAX);
    let shift = exponent.saturating_add(NANO_EXPONENT).saturating_sub(fraction_digits);
    let mut nano: i128 = 0;
    let mut cut_off = false;
    let keep = i64::try_from(digits.len()).unwrap_or(i64::MAX).saturating_add(shift.min(0));
    // With a binary factor, digits beyond the billionths matter, so all digits are read and the division comes last.
    let take_all = factor > 1;
    for (i, digit) in (0i64..).zip(digits.bytes()) {
        if !take_all && i >= keep {
            cut_off |= digit != b'0';
        } else {
            nano = nano.saturating_mul(10).saturating_add(i128::from(digit - b'0'));
        }
    }
    nano = nano.saturating_mul(factor);
    if take_all {
        for _ in shift..0 {
            cut_off |= nano % 10 != 0;
            nano /= 10;
        }
    }
    for _ in 0..shift.max(0) {
        nano = nano.saturating_mul(10);
        if nano > MOST {
            break;
        }
    }
    nano.saturating_add(i128::from(cut_off)).min(MOST)
}

fn rounded(nano: i128, unit: i128) -> i64 {
    let away = if nano % unit == 0 { 0 } else { nano.signum() };
    let value = nano / unit + away;
    value.try_into().unwrap_or(if value < 0 { i64::MIN } else { i64::MAX })
}

impl PartialEq for Quantity {
    fn eq(&self, other: &Self) -> bool {
        self.nano == other.nano
    }
}
impl Eq for Quantity {}
impl PartialOrd for Quantity {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Quantity {
    fn cmp(&self, other: &Self) -> Ordering {
        self.nano.cmp(&other.nano)
    }
}

/// The canonical form: an integer with the largest suffix that keeps it whole. Models Quantity.CanonicalizeBytes.
impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        const BINARY_FROM: i128 = 1024 * NANO;
        if self.is_zero() {
            return f.write_str("0");
        }
        if self.format == Format::BinarySi && self.nano.abs() >= BINARY_FROM && self.is_whole() {
            let mut number = self.nano / NANO;
            let mut suffix = "";
            for (next, _) in BINARY_SUFFIXES {
                if number % 1024 != 0 {
                    break;
                }
                (number, suffix) = (number / 1024, next);
            }
            return write!(f, "{number}{suffix}");
        }
        let mut number = self.nano;
        let mut exponent = -9;
        while number % 1000 == 0 && exponent < DECIMAL_SUFFIXES[DECIMAL_SUFFIXES.len() - 1].1 {
            (number, exponent) = (number / 1000, exponent + 3);
        }
        match (self.format, DECIMAL_SUFFIXES.iter().find(|(_, e)| *e == exponent)) {
            (Format::DecimalExponent, _) if exponent != 0 => write!(f, "{number}e{exponent}"),
            (_, suffix) => write!(f, "{number}{}", suffix.map_or("", |(s, _)| s)),
        }
    }
}
