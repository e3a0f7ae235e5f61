//! The schedule and the time zone of a `CronJob`.
//!
//! Models pkg/apis/batch/validation validateScheduleFormat and validateTimeZone, and github.com/robfig/cron/v3 parser.go. Not
//! modelled: which well-formed names are those of a time zone, and what is wrong with the length of time after `@every`.

use crate::validate::report::{Members, Report};
use crate::validate::rules::Here;
use base::quoted::go_quoted;
use base::value::Value;

/// The fields of a schedule: their bounds, and the names of values from the lowest on.
const FIELDS: [(i64, i64, &str); 5] =
    [(0, 59, ""), (0, 23, ""), (1, 31, ""), (1, 12, "janfebmaraprmayjunjulaugsepoctnovdec"), (0, 6, "sunmontuewedthufrisat")];

const DESCRIPTORS: &str = " @yearly @annually @monthly @weekly @daily @midnight @hourly ";

/// Checks a schedule; its time zone belongs into a field of its own, unless it was in the schedule before.
pub(super) fn schedule(here: &Here, report: &mut Report) {
    let (text, path) = (here.value.as_text().unwrap_or_default(), here.path);
    if text.is_empty() {
        return;
    }
    if let Err(why) = parse(text) {
        report.invalid(path, text, why);
    }
    let zoned = |text: &str| text.contains("TZ");
    match here.old.and_then(Value::as_text).is_some_and(zoned) {
        false if zoned(text) => report.invalid(path, text, "cannot use TZ or CRON_TZ in schedule, use timeZone field instead"),
        true if zoned(text) && here.of.given("timeZone").is_some() => {
            report.invalid(path, text, "cannot use both timeZone field and TZ or CRON_TZ in schedule");
        }
        _ => {}
    }
}

fn parse(text: &str) -> Result<(), String> {
    let zone = text.strip_prefix("TZ=").or_else(|| text.strip_prefix("CRON_TZ="));
    let text = match zone.map(|rest| rest.split_once(' ').unwrap_or((rest, ""))) {
        Some((zone, _)) if !is_zone(zone) => return Err(format!("provided bad location {zone}: unknown time zone {zone}")),
        Some((_, rest)) => rest.trim(),
        None => text,
    };
    if text.starts_with('@') {
        let known = DESCRIPTORS.contains(&format!(" {text} ")) || text.starts_with("@every ");
        return if known { Ok(()) } else { Err(format!("unrecognized descriptor: {text}")) };
    }
    let parts: Vec<&str> = text.split_whitespace().collect();
    if parts.len() != FIELDS.len() {
        return Err(format!("expected exactly {} fields, found {}: [{}]", FIELDS.len(), parts.len(), parts.join(" ")));
    }
    let mut ranges = parts.iter().zip(FIELDS).flat_map(|(part, field)| part.split(',').map(move |range| (range, field)));
    ranges.try_for_each(|(text, field)| if text.is_empty() { Ok(()) } else { range(text, field) })
}

fn range(text: &str, (least, most, names): (i64, i64, &str)) -> Result<(), String> {
    let mut parts = text.split('/');
    let bounds: Vec<&str> = parts.next().unwrap_or_default().split('-').collect();
    let value = |text: &str| {
        let named = text.len() == 3 && text.is_ascii();
        let at = (0..names.len() / 3).find(|at| named && names[at * 3..at * 3 + 3] == *text.to_ascii_lowercase());
        at.and_then(|at| i64::try_from(at).ok()).map_or_else(|| number(text), |at| Ok(least + at))
    };
    let (start, mut end) = match bounds.as_slice() {
        ["*" | "?", ..] => (least, most),
        [one] => (value(one)?, value(one)?),
        [low, high] => (value(low)?, value(high)?),
        [low, ..] => return value(low).and_then(|_| Err(format!("too many hyphens: {text}"))),
        [] => return Ok(()),
    };
    let step = match (parts.next(), parts.next()) {
        (None, _) => 1,
        (Some(step), None) => {
            let step = number(step)?;
            if bounds.len() == 1 {
                end = most;
            }
            step
        }
        _ => return Err(format!("too many slashes: {text}")),
    };
    Err(if start < least {
        format!("beginning of range ({start}) below minimum ({least}): {text}")
    } else if end > most {
        format!("end of range ({end}) above maximum ({most}): {text}")
    } else if start > end {
        format!("beginning of range ({start}) beyond end of range ({end}): {text}")
    } else if step == 0 {
        format!("step of range should be a positive number: {text}")
    } else {
        return Ok(());
    })
}

fn number(text: &str) -> Result<i64, String> {
    match text.parse::<i64>() {
        Ok(number) if number < 0 => Err(format!("negative number ({number}) not allowed: {text}")),
        Ok(number) => Ok(number),
        Err(_) => Err(format!("failed to parse int from {text}: strconv.Atoi: parsing {}: invalid syntax", go_quoted(text))),
    }
}

/// Checks a new time zone.
pub(super) fn time_zone(here: &Here, report: &mut Report) {
    let Here { value, path, .. } = here;
    let Some(zone) = value.as_text().filter(|_| here.old != Some(value)) else { return };
    if zone.is_empty() {
        return report.invalid(path, zone, "timeZone must be nil or non-empty string");
    }
    if zone.eq_ignore_ascii_case("Local") {
        report.invalid(path, zone, "timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones");
    }
    if !is_zone(zone) {
        report.invalid(path, zone, format!("unknown time zone {zone}"));
    }
}

/// Whether a name can be that of a time zone.
fn is_zone(zone: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || ".-_+".contains(c);
    let well_formed = |part: &str| (1..=14).contains(&part.len()) && part.chars().all(plain) && !part.starts_with('-');
    zone.split('/').all(|part| well_formed(part) && !matches!(part, "." | ".."))
}
