//! Each pod of a set writes its name to its disks, once: the page types that, unless the visitor does not want it.

use gloo_timers::callback::Timeout;
use leptos::prelude::*;
use playground::history::Act;

use crate::script::embedded;

use super::Session;
use super::parts::Whose;

/// For how long something is told aside, in milliseconds of wall time.
const ASIDE: u32 = 12_000;

impl Session {
    /// Types what is due, once something has changed. It does so in nobody's story, lesson or pasted cluster, and not in the past. What a
    /// visitor left can still be brought back.
    pub(super) fn write_names(self) {
        let (first, wanted) = (self.preferences.first.get_untracked(), self.preferences.own_writes.get_untracked());
        let tells = self.telling.with_value(Option::is_some);
        if first || tells || !wanted || embedded() || !matches!(self.whose.get_untracked(), Some(Whose::Example | Whose::Own)) {
            return;
        }
        let line = self.run.with_value(|run| self.frames.looks_for_disks.try_update_value(|lookout| lookout.look(run)).flatten());
        if let Some(line) = line {
            let lang = self.lang.get_untracked();
            self.run.try_update_value(|run| run.act(Act::Line(line), lang));
            self.tell_aside(lang.text().storage.wrote_names());
            self.publish();
        }
    }

    /// Tells something for a moment, where it moves nothing.
    fn tell_aside(self, words: &str) {
        let told = words.to_owned();
        self.aside.set(told.clone());
        let end = move || {
            if self.aside.with_untracked(|now| *now == told) {
                self.aside.set(String::new());
            }
        };
        // The session lives as long as the page.
        Timeout::new(ASIDE, end).forget();
    }
}
