//! The type and value of plain scalars: YAML 1.1 according to kubectl's parser.
//!
//! Models go.yaml.in/yaml/v2 resolve.go.

use super::number::Decimal;

/// The value of a plain scalar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Resolved {
    Null,
    Bool(bool),
    Int(i64),
    /// Too large for an `i64`.
    Unsigned(u64),
    Float(Decimal),
    /// `.inf`, `-.inf` and `.nan`, by the names in the error of Go's JSON encoder.
    NotFinite(&'static str),
    /// A date or a time; its value remains the text.
    Timestamp,
    Text,
}

impl Resolved {
    /// The short tag of its type.
    pub fn tag(&self) -> &'static str {
        match self {
            Resolved::Null => "!!null",
            Resolved::Bool(_) => "!!bool",
            Resolved::Int(_) | Resolved::Unsigned(_) => "!!int",
            Resolved::Float(_) | Resolved::NotFinite(_) => "!!float",
            Resolved::Timestamp => "!!timestamp",
            Resolved::Text => "!!str",
        }
    }
}

/// Resolves a plain scalar.
pub(super) fn resolve(text: &str) -> Resolved {
    match text {
        "y" | "Y" | "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => Resolved::Bool(true),
        "n" | "N" | "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => Resolved::Bool(false),
        "" | "~" | "null" | "Null" | "NULL" => Resolved::Null,
        ".nan" | ".NaN" | ".NAN" => Resolved::NotFinite("NaN"),
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" => Resolved::NotFinite("+Inf"),
        "-.inf" | "-.Inf" | "-.INF" => Resolved::NotFinite("-Inf"),
        _ => match text.as_bytes()[0] {
            b'.' => Decimal::parse(text).map_or(Resolved::Text, Resolved::Float),
            b'0'..=b'9' | b'+' | b'-' => resolve_number(text),
            _ => Resolved::Text,
        },
    }
}

fn resolve_number(text: &str) -> Resolved {
    if is_timestamp(text) {
        return Resolved::Timestamp;
    }
    let plain = text.replace('_', "");
    if let Some(number) = whole(&plain) {
        return number;
    }
    if let Some(number) = Decimal::parse(&plain) {
        return Resolved::Float(number);
    }
    // `0b-1` is -1: upstream's parser lets the digits after the prefix have their own sign.
    let binary = plain.strip_prefix("0b").and_then(|digits| i64::from_str_radix(digits, 2).ok());
    binary.map_or(Resolved::Text, Resolved::Int)
}

/// An integer with a base prefix; a leading 0 means octal. Models strconv.ParseInt and `ParseUint` with base 0.
fn whole(text: &str) -> Option<Resolved> {
    let (negative, unsigned) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (radix, digits) = match unsigned.as_bytes() {
        [b'0', b'x' | b'X', ..] => (16, &unsigned[2..]),
        [b'0', b'o' | b'O', ..] => (8, &unsigned[2..]),
        [b'0', b'b' | b'B', ..] => (2, &unsigned[2..]),
        [b'0', _, ..] => (8, &unsigned[1..]),
        _ => (10, unsigned),
    };
    if !digits.starts_with(|c: char| c.is_ascii_alphanumeric()) {
        return None;
    }
    let size = u64::from_str_radix(digits, radix).ok()?;
    let signed = if negative { 0i64.checked_sub_unsigned(size) } else { i64::try_from(size).ok() };
    match signed {
        Some(number) => Some(Resolved::Int(number)),
        None if unsigned == text => Some(Resolved::Unsigned(size)),
        None => None,
    }
}

/// A date, or a date and a time. Models resolve.go parseTimestamp.
fn is_timestamp(text: &str) -> bool {
    timestamp(text).is_some()
}

fn timestamp(text: &str) -> Option<()> {
    let (year, rest) = text.split_once('-')?;
    if year.len() != 4 || !year.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let year: u32 = year.parse().ok()?;
    let (month, rest) = number_of_at_most_two_digits(rest)?;
    let (day, rest) = number_of_at_most_two_digits(rest.strip_prefix('-')?)?;
    let leap = (year.is_multiple_of(4) && !year.is_multiple_of(100)) || year.is_multiple_of(400);
    let days = match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    if day == 0 || day > days {
        return None;
    }
    if rest.is_empty() {
        return Some(());
    }
    let separator = rest.chars().next()?;
    let zoned = match separator {
        'T' | 't' => true,
        ' ' => false,
        _ => return None,
    };
    let (hour, rest) = number_of_at_most_two_digits(&rest[1..])?;
    let (minute, rest) = number_of_at_most_two_digits(rest.strip_prefix(':')?)?;
    let (second, rest) = number_of_at_most_two_digits(rest.strip_prefix(':')?)?;
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let rest = match rest.strip_prefix(['.', ',']) {
        Some(fraction) => {
            let zone = fraction.trim_start_matches(|c: char| c.is_ascii_digit());
            if zone.len() == fraction.len() {
                return None;
            }
            zone
        }
        None => rest,
    };
    let ends = if zoned { is_zone(rest) } else { rest.is_empty() };
    ends.then_some(())
}

/// `Z` or `+01:00`.
fn is_zone(text: &str) -> bool {
    match text.as_bytes() {
        [b'Z'] => true,
        [b'+' | b'-', h1, h2, b':', m1, m2] => {
            let two = |a: &u8, b: &u8| (a.is_ascii_digit() && b.is_ascii_digit()).then(|| (a - b'0') * 10 + (b - b'0'));
            two(h1, h2).is_some_and(|h| h <= 24) && two(m1, m2).is_some_and(|m| m <= 60)
        }
        _ => false,
    }
}

fn number_of_at_most_two_digits(text: &str) -> Option<(u32, &str)> {
    let length = text.bytes().take(2).take_while(u8::is_ascii_digit).count();
    let number = text[..length].parse().ok()?;
    Some((number, &text[length..]))
}
