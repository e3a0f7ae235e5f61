//! Figures as kubectl prints them: numbers, and ages, which count from an instant that is later than any.

use base::time::{Span, Time};

/// The instant that a text without timestamps shows: late enough for any age.
pub const NEWEST: Time = Time(20 * 365 * 86_400 * 1000);
/// Numbers from here on are none that an object has: a kubectl printed where the number lay in memory.
const ABSURD: i64 = 1 << 31;

/// How long ago an age says: `3m12s`, `2d3h`; `None` for any other text.
pub fn age(text: &str) -> Option<Span> {
    let units = [('y', 365 * 86_400), ('d', 86_400), ('h', 3600), ('m', 60), ('s', 1)];
    let (mut seconds, mut number, mut any) = (0_u64, None::<u64>, false);
    for c in text.split_whitespace().next()?.chars() {
        match (c.to_digit(10), units.iter().find(|(unit, _)| *unit == c)) {
            (Some(digit), _) => number = Some(number.unwrap_or(0).checked_mul(10)?.checked_add(u64::from(digit))?),
            (None, Some((_, unit))) => {
                seconds = seconds.checked_add(number.take()?.checked_mul(*unit)?)?;
                any = true;
            }
            _ => return None,
        }
    }
    (any && number.is_none()).then(|| Span::seconds(seconds))
}

/// The instant so long before [`NEWEST`].
pub fn ago(age: Span) -> Time {
    Time(NEWEST.0.saturating_sub(age.0))
}

/// A number that an object may have.
pub fn number(text: &str) -> Option<i64> {
    text.trim().parse().ok().filter(|number| (0..ABSURD).contains(number))
}
