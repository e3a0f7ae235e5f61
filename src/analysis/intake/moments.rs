//! Moments of a dump: the newest that anything speaks of, and all of them moved.

use super::event::Happened;
use super::paste::named::key;
use base::time::Time;
use base::value::Value;
use rows::figures::NEWEST;

/// The Unix time before which an instant cannot be told in the simulation's time.
pub(super) const EPOCH: i64 = 1_767_225_600;
/// Members whose texts are no moments of the object: a template's are compared with those of its revisions, and stay.
const TIMELESS: [&str; 4] = ["annotations", "labels", "data", "template"];

/// Seconds since 1970 of a timestamp; `None` for any other text.
fn unix(text: &str) -> Option<i64> {
    let number = |range: std::ops::Range<usize>| text.get(range)?.parse::<i64>().ok();
    let looks = text.len() >= 20 && text.as_bytes()[4] == b'-' && text.as_bytes()[10] == b'T' && text.ends_with('Z');
    let (year, month, day) = looks.then_some((number(0..4)?, number(5..7)?, number(8..10)?))?;
    let (h, m, s) = (number(11..13)?, number(14..16)?, number(17..19)?);
    // Days from the civil date, after Howard Hinnant.
    let year = if month <= 2 { year - 1 } else { year };
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let days = era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468;
    Some(days * 86_400 + h * 3600 + m * 60 + s)
}

/// The newest moment that a value speaks of. A deletion's deadline may be in the future, and counts from when it was asked for.
fn newest_in(value: &Value) -> Option<i64> {
    let grace = value.int_at(&["deletionGracePeriodSeconds"]).unwrap_or(0);
    match value {
        Value::Text(text) => unix(text),
        Value::List(list) => list.iter().filter_map(newest_in).max(),
        Value::Map(_) => {
            let of = |(key, member): (&std::rc::Rc<str>, &Value)| match &**key {
                "annotations" | "labels" | "data" => None,
                "deletionTimestamp" => Some(newest_in(member)? - grace),
                _ => newest_in(member),
            };
            value.members().filter_map(of).max()
        }
        _ => None,
    }
}

/// An instant in Unix seconds.
pub(super) fn unix_of(time: Time) -> i64 {
    EPOCH + i64::try_from(time.seconds()).unwrap_or(0)
}

/// Whether an instant stands for an age.
pub(super) fn is_age(at: i64) -> bool {
    at > unix_of(NEWEST) - 10 * 365 * 86_400
}

/// The newest moment that objects speak of, and no sooner than the Events about them allow, whose ages count from the moment of printing.
pub(super) fn newest(items: &[Value], told: &[(usize, Value)], events: &[Happened]) -> Option<i64> {
    let dated = |at: &i64| !is_age(*at);
    let printed = items.iter().filter_map(newest_in).filter(dated);
    let of_told = told.iter().filter_map(|(_, value)| {
        let created = value.text_at(&["metadata", "creationTimestamp"]).and_then(unix).filter(dated);
        let (kind, _, name) = key(value);
        let about = events.iter().filter(|event| event.about.0 == kind && event.about.2 == name);
        let oldest = about.filter_map(|event| event.last.map(unix_of)).filter(|at| is_age(*at)).min();
        let since = created.map(|created| created + oldest.map_or(0, |oldest| unix_of(NEWEST) - oldest));
        newest_in(value).filter(dated).max(since)
    });
    printed.chain(of_told).max()
}

/// Moves the moments of an object.
pub(super) fn move_times(value: &mut Value, to: &dyn Fn(i64) -> Option<Time>) {
    match value {
        Value::Text(text) => {
            if let Some(moved) = unix(text).and_then(to) {
                *value = moved.rfc3339().into();
            }
        }
        Value::List(_) => value.make_list().iter_mut().for_each(|one| move_times(one, to)),
        Value::Map(_) => {
            for (_, member) in value.make_map().iter_mut().filter(|(key, _)| !TIMELESS.contains(&&***key)) {
                move_times(member, to);
            }
        }
        _ => {}
    }
}
