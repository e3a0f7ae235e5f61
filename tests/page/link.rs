//! Runs in links: each preset of the comparison fits, and comes back with its twin.

use crate::preset::Preset;
use miniz_oxide::deflate::compress_to_vec;
use ordinal::playground::history::link::{self, Reading};
use ordinal::playground::setup;
use ordinal::text::Lang;

use super::Visit;

/// What every place one pastes links into takes, without the address of the page.
const MAX_CHARACTERS: usize = 1400;

#[test]
fn every_preset_fits_a_link_and_comes_back_with_its_twin() {
    for preset in [Preset::Partition, Preset::Policy, Preset::Release, Preset::Edit] {
        let mut visit = Visit::quiet();
        visit.compare(preset);
        visit.run_until_quiet();
        let text = link::write(&visit.run, "");
        let characters = compress_to_vec(text.as_bytes(), 6).len().div_ceil(3) * 4;
        assert!(characters <= MAX_CHARACTERS, "{preset:?}: {characters} characters");
        let read = link::read(&text, &setup(), Lang::English, &|_| None, || true);
        assert_eq!((read.unread, read.cut, read.differs), (0, false, false), "{preset:?}");
        let again = Visit::of(read.history);
        assert_eq!((again.clock(), again.pods(), again.lines()), (visit.clock(), visit.pods(), visit.lines()), "{preset:?}");
        let difference = |visit: &Visit| visit.run.difference(visit.run.branch());
        assert_eq!(difference(&again), difference(&visit), "{preset:?}");
        assert!(again.run.is_twinned() && again.beside() == visit.beside(), "{preset:?}");
    }
}

#[test]
fn a_whole_link_of_nothing_holds_nothing() {
    for text in ["x", "words"] {
        assert_eq!(Reading::begin(text, &setup(), Lang::English, &|_| None).held(), 0, "{text}");
    }
}
