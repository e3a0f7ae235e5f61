//! The ruler of the timeline, and the labels that fit.

use ordinal::api::kind::Kind;
use ordinal::api::object::ObjectKey;
use ordinal::base::time::{self, Time};
use ordinal::text::{Glyph, Hue, Lang, Mark};
use ordinal::view::timeline::{Happening, Moment, Ruler, labels_that_fit, ruler};

/// The moment of a line with this label.
fn moment(id: u64, at: u64, label: &str) -> Moment {
    let what = Happening::Command(label.into());
    Moment { id, at: Time(at), mark: Mark(Glyph::Flag, Hue::Ink), what, about: Vec::new() }
}

#[test]
fn the_story_fills_its_ruler_to_three_quarters() {
    for (now, range) in [(0, 40), (30, 40), (31, 60), (45, 60), (46, 120), (90, 120), (91, 300), (451, 1200), (3_000_000, 4_838_400)] {
        assert_eq!(ruler(Time(0), Time(now * 1000), None).length, time::Span::seconds(range), "{now} s");
    }
}

#[test]
fn a_story_whose_end_is_known_fills_its_ruler() {
    let (from, seconds) = (Time(120_000), time::Span::seconds);
    for (now, within, length, step) in [(0, 40, 40, 5), (40, 40, 40, 5), (41, 40, 60, 10), (0, 90, 90, 15), (300, 660, 660, 120)] {
        let ruler = ruler(from, from + seconds(now), Some(from + seconds(within)));
        assert_eq!((ruler.length, ruler.step), (seconds(length), seconds(step)), "{now} s of {within} s");
    }
}

#[test]
fn a_ruler_begins_where_the_story_does() {
    let from = Time(86_400_000);
    let ruler = ruler(from, from + time::Span::seconds(16), None);
    assert_eq!((ruler.length, ruler.marks().count()), (time::Span::seconds(40), 9));
    assert_eq!(ruler.marks().take(2).map(|at| ruler.label(at)).collect::<Vec<_>>(), ["0:00", "0:05"]);
    let at = from + time::Span::seconds(10);
    assert_eq!((ruler.place(at, 1000), ruler.from_right(at, 1000), ruler.at(250, 1000)), (250, 750, at));
    assert_eq!((ruler.place(Time(0), 1000), ruler.from_right(Time(0), 1000)), (0, 1000), "what was before is at the left end");
}

#[test]
fn a_label_drops_out_where_it_would_touch_the_next_glyph() {
    let moments = [moment(1, 0, "apply"), moment(2, 1000, "web-0 Ready"), moment(3, 1500, "web-1 Running")];
    let ruler = Ruler { from: Time(0), length: time::Span(10_000), step: time::Span(1000) };
    let fits = |shown, head| labels_that_fit(&moments, Lang::English.text(), ruler, 100, Time(shown), Time(head));
    assert_eq!(fits(10_000, 10_000), [true, false, true]);
    // What has happened ends at the playhead, and so do the words about it.
    assert_eq!(fits(3000, 3000), [true, false, false]);
    assert_eq!(fits(3100, 3100), [true, false, true]);
    assert_eq!(fits(700, 3100), [false, false, true]);
    assert_eq!(fits(700, 3000), [false, false, false]);
}

#[test]
fn a_letter_of_hangul_is_as_wide_as_two_others() {
    let ruler = Ruler { from: Time(0), length: time::Span(10_000), step: time::Span(1000) };
    let narrowest = |label: &str| {
        let alone = [moment(1, 0, label)];
        let fits = |width: &u64| labels_that_fit(&alone, Lang::English.text(), ruler, *width, Time(10_000), Time(10_000))[0];
        (0..100).find(fits).expect("a width")
    };
    assert_eq!(["", "web-0 Ready", "web-0이 이끕니다"].map(narrowest), [3, 3 + 11, 3 + 16]);
}

#[test]
fn of_what_falls_on_one_place_the_cause_is_named() {
    let key = |kind, name: &str| vec![ObjectKey::new(kind, &"default".into(), &name.into())];
    let becomes = |at: u64, about, word: &'static str| {
        let what = Happening::Becomes(word.into());
        Moment { id: at, at: Time(at), mark: Mark(Glyph::NodeSilent, Hue::Gone), what, about }
    };
    let unready = |at: u64, name| Moment { what: Happening::Unready, ..becomes(at, key(Kind::Pod, name), "") };
    let moments = [
        becomes(2000, key(Kind::Node, "node-2"), "NotReady"),
        unready(2000, "db-3"),
        unready(2100, "db-1"),
        becomes(6000, key(Kind::Pod, "db-2"), "Terminating"),
        moment(7, 6050, "delete pod db-2"),
    ];
    let ruler = Ruler { from: Time(0), length: time::Span(10_000), step: time::Span(1000) };
    let fits = labels_that_fit(&moments, Lang::English.text(), ruler, 200, Time(10_000), Time(10_000));
    assert_eq!(fits, [true, false, false, false, true]);
    assert_eq!(moments[1].label(Lang::English.text()), "db-3 not Ready");
}
