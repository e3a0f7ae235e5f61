//! Each pod of a set writes its name to its disks, once: the page types that, unless the visitor does not want it.

use causes::command::apply;
use gloo_timers::callback::Timeout;
use leptos::prelude::*;
use playground::history::{Act, History};
use playground::own_write::due;
use view::terminal::Voice;

use crate::script::embedded;

use super::parts::Whose;
use super::{Running, Session};

/// For how long something is told aside, in milliseconds of wall time.
const ASIDE: u32 = 12_000;

impl Session {
    /// Types what is due, once something has changed. It does so in nobody's story, lesson or pasted cluster, and not in the past. What a
    /// visitor left can still be brought back.
    pub(super) fn write_names(self) {
        let (first, wanted) = (self.preferences.first.get_untracked(), self.preferences.own_writes.get_untracked());
        if first || !wanted || embedded() || !matches!(self.whose.get_untracked(), Some(Whose::Example | Whose::Own)) {
            return;
        }
        let changes = self.run.with_value(|run| run.present().timeline().changes());
        if self.frames.looked_for_disks.get_value() == changes {
            return;
        }
        self.frames.looked_for_disks.set_value(changes);
        // What the visitor does is not followed at once by a line of the page.
        let follows = |run: &History| {
            let last = run.present().terminal().lines().iter().rfind(|line| line.voice == Voice::Typed);
            self.running.get_value() != Running::Nothing && last.is_some_and(|line| !line.text.ends_with(&apply()))
        };
        let waits = |run: &History| run.is_past() || run.present().is_busy() || follows(run);
        let line = self.run.with_value(|run| if waits(run) { None } else { due(run.present()) });
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
