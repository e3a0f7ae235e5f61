//! The zero of a run: the instant from which the page counts, and how it writes and reads the others.
//!
//! Promises: what is written is read as the same instant; an instant before zero has a minus sign.
//! Must not know: where zero is. A run begins there, unless what led up to a question lies before it.

use base::time::{Span, Time};

/// The instant that the page writes as `0:00`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Zero(pub Time);

impl Zero {
    /// To the second, as marks on the ruler: `0:05`, `1:30:00`, `-1:00`.
    pub fn label(self, at: Time) -> String {
        self.signed(at, 1000, minutes)
    }

    /// To a tenth, as panes write it: `0:09.0`, `-0:51.5`.
    pub fn short(self, at: Time) -> String {
        self.signed(at, 100, to_tenths)
    }

    /// To the millisecond, as the clock writes it: `0:12.500`.
    pub fn clock(self, at: Time) -> String {
        self.signed(at, 1, |span| format!("{}.{:03}", minutes(span), span.0 % 1000))
    }

    /// In seconds, to a tenth: `16.4`.
    pub fn seconds(self, at: Time) -> String {
        self.signed(at, 100, seconds)
    }

    /// Reads an instant as the clock, panes and the ruler write it: `0:12`, `0:12.5`, `1:00:00`, `-1:00`.
    pub fn read(self, word: &str) -> Option<Time> {
        let (before, word) = word.strip_prefix('-').map_or((false, word), |word| (true, word));
        let (whole, fraction) = word.split_once('.').unwrap_or((word, ""));
        let parts: Vec<u64> = whole.split(':').map(str::parse).collect::<Result<_, _>>().ok()?;
        let thousandths: u64 = format!("{fraction:0<3}").get(..3)?.parse().ok()?;
        let seconds = parts.iter().try_fold(0_u64, |all, part| all.checked_mul(60)?.checked_add(*part))?;
        let span = seconds.checked_mul(1000)?.checked_add(thousandths).filter(|_| (2..=3).contains(&parts.len()))?;
        if before { self.0.0.checked_sub(span) } else { self.0.0.checked_add(span) }.map(Time)
    }

    /// A time since zero, or a time until then with a minus sign, unless `unit` is too coarse to show any.
    fn signed(self, at: Time, unit: u64, write: fn(Span) -> String) -> String {
        let before = self.0.since(at);
        if before.0 < unit { write(at.since(self.0)) } else { format!("-{}", write(before)) }
    }
}

/// A length of time to the second: `0:05`, `1:30:00`.
pub fn minutes(span: Span) -> String {
    let (h, m, s) = (span.0 / 3_600_000, span.0 / 60_000 % 60, span.0 / 1000 % 60);
    if h > 0 { format!("{h}:{m:02}:{s:02}") } else { format!("{m}:{s:02}") }
}

/// A length of time to a tenth of a second: `0:09.0`.
pub fn to_tenths(span: Span) -> String {
    format!("{}.{}", minutes(span), span.0 / 100 % 10)
}

/// A length of time in seconds, to a tenth: `16.4`.
pub fn seconds(span: Span) -> String {
    format!("{}.{}", span.0 / 1000, span.0 / 100 % 10)
}
