//! How much of a zone is silent, and how fast its nodes are emptied.

use ordinal::base::time::{Span, Time};
use ordinal::control::node_lifecycle::zone::{Tally, Zone, ZoneState};

#[test]
fn a_zone_counts_as_disrupted_from_three_silent_nodes_and_55_percent_on() {
    let cases = [
        ((3, 0), ZoneState::Normal, Some(10)),
        ((1, 2), ZoneState::Normal, Some(10)),
        ((3, 3), ZoneState::Normal, Some(10)),
        ((2, 3), ZoneState::Partial, None),
        ((1, 3), ZoneState::Partial, None),
        ((20, 31), ZoneState::Partial, Some(100)),
        ((0, 1), ZoneState::Full, Some(10)),
        ((0, 0), ZoneState::Normal, Some(10)),
    ];
    for ((ready, silent), state, pause) in cases {
        let tally = Tally { ready, silent };
        assert_eq!((tally.state(), tally.pause()), (state, pause.map(Span::seconds)), "{tally:?}");
    }
}

#[test]
fn nodes_are_taken_one_by_one_with_a_pause_between_them() {
    let mut zone = Zone::default();
    for node in ["a", "b", "a", "c"] {
        zone.add(&node.into());
    }
    assert_eq!(zone.take(Time(100)).as_deref(), Some("a"));
    assert_eq!(zone.take(Time(10_000)), None);
    assert_eq!(zone.next_turn(), Some(Time(10_100)));
    assert_eq!(zone.take(Time(10_100)).as_deref(), Some("b"));
    zone.set_pause(None, Time(11_000));
    assert_eq!((zone.take(Time(99_000)), zone.next_turn()), (None, None));
    zone.set_pause(Some(Span::seconds(10)), Time(50_000));
    assert_eq!(zone.take(Time(59_999)), None);
    assert_eq!(zone.take(Time(60_000)).as_deref(), Some("c"));
    assert_eq!(zone.next_turn(), None);
}
