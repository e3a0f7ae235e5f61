//! Figures as kubectl prints them: numbers, and ages, which count from an instant that is later than any.

use base::time::{Span, Time};

/// The instant that a text without timestamps shows: late enough for any age.
pub const NEWEST: Time = Time(20 * 365 * 86_400 * 1000);
/// Numbers from here on are none that an object has: a kubectl printed where the number lay in memory.
const ABSURD: i64 = 1 << 31;

/// How long ago the age says that a text begins with: `3m12s`, `4m5s (x25 over 9m30s)`; `None` for any other text.
pub fn age(text: &str) -> Option<Span> {
    const UNITS: [(char, u64); 5] = [('y', 365 * 86_400), ('d', 86_400), ('h', 3600), ('m', 60), ('s', 1)];
    let mut seconds = 0_u64;
    let word = text.split_whitespace().next().filter(|word| !word.ends_with(|c: char| c.is_ascii_digit()))?;
    for piece in word.split_inclusive(|c: char| !c.is_ascii_digit()) {
        let (unit, length) = UNITS.iter().find(|(unit, _)| piece.ends_with(*unit))?;
        seconds = seconds.checked_add(piece.strip_suffix(*unit)?.parse::<u64>().ok()?.checked_mul(*length)?)?;
    }
    Some(Span::seconds(seconds))
}

/// The instant so long before [`NEWEST`].
pub fn ago(age: Span) -> Time {
    Time(NEWEST.0.saturating_sub(age.0))
}

/// A number that an object may have.
pub fn number(text: &str) -> Option<i64> {
    text.trim().parse().ok().filter(|number| (0..ABSURD).contains(number))
}
