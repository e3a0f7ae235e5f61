//! The schedule of a CronJob.

use crate::validate;
use api::kind::Kind;
use api::release::V1_37;
use base::value::Value;

/// What is wrong with the schedule of a new CronJob.
fn wrong(schedule: &str) -> Vec<String> {
    let job = Value::of([("spec", Value::of([("schedule", schedule)]))]);
    let (errors, _) = validate::create(Kind::CronJob, &job, &V1_37);
    errors.into_iter().filter(|error| error.path.to_string() == "spec.schedule").map(|error| error.detail).collect()
}

#[test]
fn a_schedule_is_refused_in_the_words_of_its_parser() {
    for fine in ["* * * * *", "*/5 1-5 ? jan-DEC sun,2", "@hourly", "@every 1h", "0 0 31 2 *", "1,,2 * * * *"] {
        assert_eq!(wrong(fine), Vec::<String>::new(), "{fine}");
    }
    for (text, why) in [
        ("* * * *", "expected exactly 5 fields, found 4: [* * * *]"),
        ("60 * * * *", "end of range (60) above maximum (59): 60"),
        ("5-1 * * * *", "beginning of range (5) beyond end of range (1): 5-1"),
        ("* * 0 * *", "beginning of range (0) below minimum (1): 0"),
        ("*/0 * * * *", "step of range should be a positive number: */0"),
        ("1-2-3 * * * *", "too many hyphens: 1-2-3"),
        ("1/2/3 * * * *", "too many slashes: 1/2/3"),
        ("a * * * *", "failed to parse int from a: strconv.Atoi: parsing \"a\": invalid syntax"),
        ("@foo", "unrecognized descriptor: @foo"),
    ] {
        assert_eq!(wrong(text), [why], "{text}");
    }
}
