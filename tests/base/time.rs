//! Instants, spans, dates and ages, as they are printed.

use ordinal::base::time::{Span, Time};

#[test]
fn dates_are_written_as_in_logs_and_descriptions() {
    for (at, format, want) in [
        (Time(7_000), "%a %b %d %T UTC %Y", "Thu Jan 01 00:00:07 UTC 2026"),
        (Time(31 * 86_400_000), "%a %b %d %T UTC %Y", "Sun Feb 01 00:00:00 UTC 2026"),
        (Time(364 * 86_400_000), "%a, %d %b %Y %T +0000", "Thu, 31 Dec 2026 00:00:00 +0000"),
        (Time(1_500), "%e/%m/%y %R %s.%N %q%%%", " 1/01/26 00:00 1767225601.500000000 q%"),
    ] {
        assert_eq!(at.date(format), want);
    }
}

#[test]
fn instants_print_as_the_api_server_writes_them() {
    assert_eq!(Time(7_999).rfc3339(), "2026-01-01T00:00:07Z");
    assert_eq!(Time(58 * 86_400_000 + 3_600_000).rfc3339(), "2026-02-28T01:00:00Z");
    assert_eq!(Time(16_400).to_string(), "0:16.400");
    for t in [Time(0), Time(59_000), Time(400 * 86_400_000)] {
        assert_eq!(Time::parse_rfc3339(&t.rfc3339()), Some(t));
    }
    for text in ["2026-01-01T01:00:05+01:00", "2025-12-31T19:00:05-05:00", "2026-01-01T00:00:05.987654Z", "2026-01-01T01:00:05,9+01:00"] {
        assert_eq!(Time::parse_rfc3339(text), Some(Time(5000)), "{text}");
    }
    for text in ["soon", "2025-12-31T23:59:59Z", "2026-13-01T00:00:00Z", "2026-02-29T00:00:00Z", "2026-01-01T00:00:00"] {
        assert_eq!(Time::parse_rfc3339(text), None, "{text}");
    }
}

#[test]
fn durations_print_as_go_prints_them() {
    for (ms, want) in [
        (0, "0s"),
        (500, "500ms"),
        (8000, "8s"),
        (1500, "1.5s"),
        (80_000, "1m20s"),
        (300_000, "5m0s"),
        (3_600_000, "1h0m0s"),
        (5_400_050, "1h30m0.05s"),
    ] {
        assert_eq!(Span(ms).golang(), want);
    }
}

#[test]
fn ages_print_as_kubectl_prints_them() {
    for (s, want) in [
        (0, "0s"),
        (119, "119s"),
        (120, "2m"),
        (125, "2m5s"),
        (600, "10m"),
        (10_800, "3h"),
        (11_100, "3h5m"),
        (90_000, "25h"),
        (180_000, "2d2h"),
    ] {
        assert_eq!(Span::seconds(s).human(), want);
    }
}
