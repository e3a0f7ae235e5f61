//! Instants, as they are written and read.

use ordinal::base::time::Time;
use ordinal::view::zero::Zero;

#[test]
fn instants_have_hours_where_there_are_any() {
    for (at, shown) in [(9000, "0:09.0"), (3_599_950, "59:59.9"), (3_600_000, "1:00:00.0"), (86_416_400, "24:00:16.4")] {
        assert_eq!(Zero::default().short(Time(at)), shown);
    }
}

#[test]
fn instants_count_from_zero() {
    let zero = Zero(Time(120_000));
    for (at, label, short, clock, seconds) in [
        (120_000, "0:00", "0:00.0", "0:00.000", "0.0"),
        (132_500, "0:12", "0:12.5", "0:12.500", "12.5"),
        (60_000, "-1:00", "-1:00.0", "-1:00.000", "-60.0"),
        (119_500, "0:00", "-0:00.5", "-0:00.500", "-0.5"),
        (119_999, "0:00", "0:00.0", "-0:00.001", "0.0"),
    ] {
        let at = Time(at);
        assert_eq!([zero.label(at), zero.short(at), zero.clock(at), zero.seconds(at)], [label, short, clock, seconds]);
        assert_eq!(zero.read(clock), Some(at));
    }
}

#[test]
fn instants_are_read_as_they_are_written() {
    let zero = Zero(Time(100_000));
    for (word, at) in [
        ("0:12", Some(112_000)),
        ("0:12.5", Some(112_500)),
        ("1:00:00.25", Some(3_700_250)),
        ("-1:00", Some(40_000)),
        ("-2:00", None),
        ("12", None),
        ("1:2:3:4", None),
        ("0:x", None),
        ("--1:00", None),
        ("0:1.2345", Some(101_234)),
        ("99999999999999999:00", None),
    ] {
        assert_eq!(zero.read(word), at.map(Time), "{word}");
    }
}
