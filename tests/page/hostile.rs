//! Hostile runs: each is read to its end, or as far as somebody waits, in slices of bounded work.

use ordinal::base::time::Time;
use ordinal::playground::history::link::Reading;
use ordinal::playground::setup;
use ordinal::text::Lang;

use super::hostile_runs::{Named, large, manifests, scripts};

/// For so many of the smallest slices somebody waits.
const PATIENCE: usize = 20;
/// When the scripts of [`scripts`] are typed.
const TYPED: Time = Time(60_000);

/// Reads a run in the smallest slices, up to an instant and for [`PATIENCE`] more, and gives up. Whether something was left out, and how
/// many lines were not understood. Whoever gives up waits for one more slice at most.
fn read(what: &str, text: &str, from: Time) -> (bool, usize) {
    let mut reading = Reading::begin(text, &setup(), Lang::English, &|_| None);
    let (mut waited, mut is_read) = (0, false);
    while waited < PATIENCE && !is_read {
        is_read = reading.go_on(&mut || false);
        waited += usize::from(reading.progress().0 >= from);
    }
    if !is_read {
        reading.give_up();
        assert!(reading.go_on(&mut || false), "{what}: giving up ends the reading");
    }
    let read = reading.end();
    (read.cut, read.unread)
}

/// Reads runs; the names of those of which something was left out or not understood.
fn left_out(runs: &[Named], from: Time) -> Vec<&'static str> {
    let is_cut = |(what, text): &Named| (read(what, text, from) != (false, 0)).then_some(*what);
    runs.iter().filter_map(is_cut).collect()
}

#[test]
fn runs_that_ask_for_much_end_when_somebody_gives_up() {
    let runs = large();
    assert_eq!(left_out(&runs, Time(0)), runs.iter().map(|(what, _)| *what).collect::<Vec<_>>());
    let branches = runs.iter().find(|(what, _)| *what == "100,000 branches").expect("a run of branches");
    assert_eq!(read(branches.0, &branches.1, Time(0)), (false, 95_000), "what cannot be read is counted");
}

#[test]
fn scripts_without_end_end_when_somebody_gives_up() {
    // The others end by what the model itself leaves out.
    let endless = ["a loop without end", "loops within a loop", "a fork bomb", "a container that never rests"];
    assert_eq!(left_out(&scripts(), TYPED), endless);
}

#[test]
fn manifests_of_any_shape_end_when_somebody_gives_up() {
    let long = ["24,000 lines", "24,000 lines that are refused", "5,000 namespaces that are missing"];
    assert_eq!(left_out(&manifests(), Time(0)), long);
}
