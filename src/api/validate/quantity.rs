//! Amounts, compared.
use std::fmt;

use crate::base::value::Value;

/// An amount in units of a billionth.
#[derive(Clone, Debug)]
pub struct Quantity {
    nano: i128,
    text: String,
}

impl Quantity {
    /// The amount a value writes.
    pub fn of(value: &Value) -> Option<Self> {
        let text = match value {
            Value::Text(t) => t.to_string(),
            Value::Int(i) => i.to_string(),
            _ => return None,
        };
        let end = text.find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | '-' | '+'))).unwrap_or(text.len());
        let (number, suffix) = text.split_at(end);
        let negative = number.starts_with('-');
        let number = number.trim_start_matches(['-', '+']);
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        let fraction: String = format!("{fraction:0<9}").chars().take(9).collect();
        let base: i128 = format!("{whole}{fraction}").parse().ok()?;
        let nano = match suffix {
            "" => base,
            "m" => base / 1000,
            "u" => base / 1_000_000,
            "n" => base / 1_000_000_000,
            "k" => base * 1000,
            "M" => base * 1_000_000,
            "G" => base * 1_000_000_000,
            "T" => base * 1_000_000_000_000,
            "Ki" => base << 10,
            "Mi" => base << 20,
            "Gi" => base << 30,
            "Ti" => base << 40,
            _ => return None,
        };
        Some(Quantity { nano: if negative { -nano } else { nano }, text })
    }
    /// Less than nothing.
    pub fn is_negative(&self) -> bool {
        self.nano < 0
    }
    /// Nothing.
    pub fn is_zero(&self) -> bool {
        self.nano == 0
    }
    /// No fraction.
    pub fn is_whole(&self) -> bool {
        self.nano % 1_000_000_000 == 0
    }
}
impl PartialEq for Quantity {
    fn eq(&self, other: &Self) -> bool {
        self.nano == other.nano
    }
}
impl PartialOrd for Quantity {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        self.nano.partial_cmp(&other.nano)
    }
}
impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(&self.text)
    }
}
