//! Virtual time, in whole milliseconds since the start of the run.
//!
//! Promises: no clock is ever read; ages and durations print as in kubectl.

use std::fmt::{self, Write};
use std::ops::{Add, AddAssign, Range, Sub};

use crate::decimal::push_digits;

/// An instant: milliseconds since the start of the run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Time(pub u64);

/// A duration in milliseconds of virtual time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span(pub u64);

/// The wall-clock time at [`Time`] zero: 2026-01-01T00:00:00Z, in Unix seconds.
pub const EPOCH_UNIX_SECONDS: u64 = 1_767_225_600;

impl Time {
    /// Whole seconds since the start.
    pub fn seconds(self) -> u64 {
        self.0 / 1000
    }

    /// The instant truncated to whole seconds, as objects store it. Models metav1.Time.
    #[must_use]
    pub fn stamp(self) -> Time {
        Time(self.seconds() * 1000)
    }

    /// The duration from `earlier` to this instant; zero if `earlier` is later.
    pub fn since(self, earlier: Time) -> Span {
        Span(self.0.saturating_sub(earlier.0))
    }

    /// The time until the next multiple of `period`, strictly after this instant.
    pub fn until_stroke(self, period: Span) -> Span {
        Span(period.0 - self.0 % period.0.max(1))
    }

    /// The first multiple of `period` at or after this instant.
    #[must_use]
    pub fn at_stroke(self, period: Span) -> Time {
        let period = period.0.max(1);
        Time(self.0.div_ceil(period).saturating_mul(period))
    }

    /// The earliest instant that is less than `span` ago; `None` if `span` is zero.
    pub fn less_than_ago(self, span: Span) -> Option<Time> {
        (span.0 > 0).then(|| Time(self.0.saturating_add(1).saturating_sub(span.0)))
    }

    /// The format of the API server: `2026-01-01T00:00:07Z`.
    pub fn rfc3339(self) -> String {
        let s = EPOCH_UNIX_SECONDS + self.seconds();
        let (year, month, day) = civil(s / 86_400);
        let (h, m, s) = (s / 3600 % 24, s / 60 % 60, s % 60);
        let mut text = String::with_capacity(20);
        // Written for every change of what a Service reaches: the formatting machinery takes ten times as long.
        for (number, then) in [(year, '-'), (month, '-'), (day, 'T'), (h, ':'), (m, ':'), (s, 'Z')] {
            if number < 10 {
                text.push('0');
            }
            push_digits(&mut text, number);
            text.push(then);
        }
        text
    }

    /// The instant in UTC, in a format of date(1): `%Y-%m-%d %H:%M:%S`. An unknown letter stands for itself.
    pub fn date(self, format: &str) -> String {
        const DAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
        const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
        let (stamp, unix) = (self.rfc3339(), EPOCH_UNIX_SECONDS + self.seconds());
        let day = usize::try_from(unix / 86_400 % 7).map_or("", |day| DAYS[day]);
        let month = usize::try_from(civil(unix / 86_400).1 - 1).map_or("", |month| MONTHS[month]);
        let (mut out, mut letters) = (String::new(), format.chars());
        while let Some(c) = letters.next() {
            let Some(letter) = (if c == '%' { letters.next() } else { None }) else {
                out.extend(Some(c).filter(|c| *c != '%'));
                continue;
            };
            match letter {
                'Y' => out.push_str(&stamp[..4]),
                'y' => out.push_str(&stamp[2..4]),
                'm' => out.push_str(&stamp[5..7]),
                'd' => out.push_str(&stamp[8..10]),
                'e' => drop(write!(out, "{:>2}", stamp[8..10].trim_start_matches('0'))),
                'H' => out.push_str(&stamp[11..13]),
                'M' => out.push_str(&stamp[14..16]),
                'S' => out.push_str(&stamp[17..19]),
                'F' => out.push_str(&stamp[..10]),
                'T' => out.push_str(&stamp[11..19]),
                'R' => out.push_str(&stamp[11..16]),
                'D' => drop(write!(out, "{}/{}/{}", &stamp[5..7], &stamp[8..10], &stamp[2..4])),
                'a' => out.push_str(day),
                'b' | 'h' => out.push_str(month),
                's' => drop(write!(out, "{unix}")),
                'N' => drop(write!(out, "{:09}", self.0 % 1000 * 1_000_000)),
                'Z' => out.push_str("UTC"),
                'n' => out.push('\n'),
                't' => out.push('\t'),
                other => out.push(other),
            }
        }
        out
    }

    /// Parses an instant in any time zone, truncated to seconds; `None` if malformed or before the start of the run. It takes
    /// everything that `api::time_text` accepts; what that refuses is not looked for here.
    pub fn parse_rfc3339(text: &str) -> Option<Time> {
        let number = |text: &str, range: Range<usize>| text.get(range)?.parse::<u64>().ok();
        let (year, month, day) = (number(text, 0..4)?, number(text, 5..7)?, number(text, 8..10)?);
        let (h, m, s) = (number(text, 11..13)?, number(text, 14..16)?, number(text, 17..19)?);
        let rest = text.get(19..)?;
        let zone = rest.strip_prefix(['.', ',']).map_or(rest, |fraction| fraction.trim_start_matches(|c: char| c.is_ascii_digit()));
        let ahead = || Some(number(zone, 1..3)? * 3600 + number(zone, 4..6)? * 60);
        let here = days_to(year, month, day)? * 86_400 + h * 3600 + m * 60 + s;
        let unix = match zone.get(..1)? {
            "+" => here.checked_sub(ahead()?)?,
            "-" => here + ahead()?,
            _ => Some(here).filter(|_| zone == "Z")?,
        };
        Some(Time(unix.checked_sub(EPOCH_UNIX_SECONDS)? * 1000))
    }
}

impl Span {
    /// A duration in seconds, saturating.
    pub const fn seconds(s: u64) -> Self {
        Span(s.saturating_mul(1000))
    }

    /// A duration in seconds from an object's field; zero if negative.
    pub fn of_seconds(seconds: i64) -> Self {
        Span::seconds(u64::try_from(seconds).unwrap_or(0))
    }

    /// The format of Go's durations: `8s`, `1m20s`, `1h0m0.5s`. Models time.Duration String.
    pub fn golang(self) -> String {
        let (ms, s) = (self.0 % 1000, self.0 / 1000);
        let fraction = if ms == 0 { String::new() } else { format!(".{ms:03}").trim_end_matches('0').to_owned() };
        match (s / 3600, s / 60 % 60, s % 60) {
            (0, 0, 0) if ms > 0 => format!("{ms}ms"),
            (0, 0, s) => format!("{s}{fraction}s"),
            (0, m, s) => format!("{m}m{s}{fraction}s"),
            (h, m, s) => format!("{h}h{m}m{s}{fraction}s"),
        }
    }

    /// The format of kubectl's ages. Models k8s.io/apimachinery/pkg/util/duration HumanDuration.
    pub fn human(self) -> String {
        let s = self.0 / 1000;
        let (m, h, d) = (s / 60, s / 3600, s / 86_400);
        let with_rest = |big: u64, b: char, small: u64, l: char| {
            if small == 0 { format!("{big}{b}") } else { format!("{big}{b}{small}{l}") }
        };
        if s < 120 {
            format!("{s}s")
        } else if m < 10 {
            with_rest(m, 'm', s % 60, 's')
        } else if m < 180 {
            format!("{m}m")
        } else if h < 8 {
            with_rest(h, 'h', m % 60, 'm')
        } else if h < 48 {
            format!("{h}h")
        } else if h < 192 {
            with_rest(d, 'd', h % 24, 'h')
        } else if d < 730 {
            format!("{d}d")
        } else if d < 8 * 365 {
            with_rest(d / 365, 'y', d % 365, 'd')
        } else {
            format!("{}y", d / 365)
        }
    }
}

/// The number of days from 1970-01-01 to a date; `None` if the date does not exist.
fn days_to(year: u64, month: u64, day: u64) -> Option<u64> {
    let (y, mp) = if month > 2 { (year, month - 3) } else { (year.checked_sub(1)?, month + 9) };
    let yoe = y % 400;
    let days = (y / 400) * 146_097 + yoe * 365 + yoe / 4 - yoe / 100 + (153 * mp + 2) / 5 + day.checked_sub(1)?;
    days.checked_sub(719_468).filter(|days| civil(*days) == (year, month, day))
}

/// The date that is this many days after 1970-01-01.
fn civil(days: u64) -> (u64, u64, u64) {
    let z = days + 719_468;
    let era = z / 146_097;
    let doe = z % 146_097;
    let yoe = (doe - doe / 1460 + doe / 36_524 - doe / 146_096) / 365;
    let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    let mp = (5 * doy + 2) / 153;
    let month = if mp < 10 { mp + 3 } else { mp - 9 };
    (yoe + era * 400 + u64::from(month <= 2), month, doy - (153 * mp + 2) / 5 + 1)
}

impl Add<Span> for Time {
    type Output = Time;
    fn add(self, span: Span) -> Time {
        Time(self.0.saturating_add(span.0))
    }
}
impl AddAssign<Span> for Time {
    fn add_assign(&mut self, span: Span) {
        *self = *self + span;
    }
}
impl Sub<Time> for Time {
    type Output = Span;
    fn sub(self, earlier: Time) -> Span {
        self.since(earlier)
    }
}
impl Add for Span {
    type Output = Span;
    fn add(self, other: Span) -> Span {
        Span(self.0.saturating_add(other.0))
    }
}

/// `m:ss.mmm`, as the page's clock shows it.
impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{}:{:02}.{:03}", self.0 / 60_000, self.0 / 1000 % 60, self.0 % 1000)
    }
}
