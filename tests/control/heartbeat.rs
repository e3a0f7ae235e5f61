//! When a lease was last renewed, as a function of time.

use ordinal::base::time::{Span, Time};
use ordinal::control::heartbeat::Heartbeat;

#[test]
fn the_last_renewal_follows_from_the_time() {
    let mut beat = Heartbeat::new(Time(300), Span(1000));
    assert_eq!([300, 1299, 1300, 9999].map(|t| beat.last(Time(t)).0), [300, 300, 1300, 9300]);
    beat.stop(Time(2500));
    beat.stop(Time(7000));
    assert_eq!([2000, 2500, 60_000].map(|t| beat.last(Time(t)).0), [1300, 2300, 2300]);
    beat.resume(Time(8123));
    assert_eq!([8123, 9122, 9123].map(|t| beat.last(Time(t)).0), [8123, 8123, 9123]);
}

#[test]
fn late_and_lost_renewals_leave_gaps() {
    let mut beat = Heartbeat::new(Time(0), Span::seconds(10));
    beat.lag(Time(25_000), Span::seconds(3), 0);
    // The next one is sent when it would have been, and arrives late; those after it wait for the answers before.
    assert_eq!([25, 32, 33, 48, 49].map(|t| beat.last(Time(t * 1000)).0 / 1000), [20, 20, 33, 33, 49]);
    assert_eq!(beat.last_before_gap(Time(25_000), Span::seconds(16)), None);
    assert_eq!(beat.last_before_gap(Time(25_000), Span::seconds(14)), Some(Time(33_000)));
    let mut beat = Heartbeat::new(Time(0), Span::seconds(10));
    beat.lag(Time(5_000), Span(0), 3);
    assert_eq!([25, 30, 39, 40, 60, 70].map(|t| beat.last(Time(t * 1000)).0 / 1000), [20, 20, 20, 40, 50, 70]);
    assert_eq!(beat.last_before_gap(Time(5_000), Span::seconds(10)), Some(Time(20_000)));
    assert_eq!(beat.last_before_gap(Time(5_000), Span::seconds(20)), None);
}
