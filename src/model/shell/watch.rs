//! How long `sleep` sleeps, and how often `watch` looks.

/// How often `watch` looks unless it is told, in milliseconds.
const PERIOD: u64 = 2000;

/// How often it looks at most.
const MIN_PERIOD: u64 = 100;

/// How often `watch` is to look, in milliseconds, and its command; or what of its options it cannot read.
pub(super) fn pace(args: &[String]) -> Result<(u64, &[String]), &str> {
    let (mut rest, mut every) = (args, PERIOD);
    while let Some(flag) = rest.first().filter(|f| f.starts_with('-')) {
        rest = &rest[1..];
        let glued = flag.strip_prefix("--interval=").or_else(|| flag.strip_prefix("-n").filter(|glued| !glued.is_empty()));
        let value = match (glued, flag.as_str()) {
            (Some(glued), _) => glued,
            (None, "-n" | "--interval") => {
                let value = rest.first().map_or("", String::as_str);
                rest = rest.get(1..).unwrap_or_default();
                value
            }
            _ => continue,
        };
        let seconds = Some(value).filter(|value| value.ends_with(|c: char| c.is_ascii_digit()));
        every = seconds.and_then(pause).ok_or(value)?.max(MIN_PERIOD);
    }
    Ok((every, rest))
}

/// The duration of a `sleep` in milliseconds, a year at most.
pub fn pause(word: &str) -> Option<u64> {
    /// A year.
    const MOST: u64 = 31_536_000_000;
    /// The units of durations, in seconds.
    const UNITS: [(char, u64); 4] = [('s', 1), ('m', 60), ('h', 3600), ('d', 86_400)];
    if matches!(word, "infinity" | "inf") {
        return Some(MOST);
    }
    let (number, scale) = UNITS.iter().find_map(|(unit, scale)| Some((word.strip_suffix(*unit)?, *scale))).unwrap_or((word, 1));
    let (whole, part) = number.split_once('.').unwrap_or((number, "0"));
    let part: u64 = format!("{part:0<3}").get(..3)?.parse().ok()?;
    let whole: u64 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
    Some(whole.saturating_mul(1000).saturating_add(part).saturating_mul(scale).min(MOST))
}
