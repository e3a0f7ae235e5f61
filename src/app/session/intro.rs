//! The story of a first visit: a set comes up, beside a Deployment; bytes are written, a pod of each is deleted, and what comes back can be
//! compared. Then the story begins again.

use std::time::Duration;

use leptos::prelude::*;
use playground::history::Act;

use super::{Session, wall};
use crate::preferences::Preferences;

/// How long the story rests when nothing is left to happen, in milliseconds of wall time: so long that one reads two sentences.
const REST: f64 = 4500.0;

/// What is typed, one after another, each once all is quiet.
const LINES: [&str; 3] = [
    "playground beside statefulset web | kubectl apply -f -",
    "for pod in $(kubectl get pods -o name); do kubectl exec $pod -- sh -c 'hostname > /data/name'; done",
    "kubectl delete pod/web-1 $(kubectl get pods -l app=nginx-deployment -o name | head -1) --wait=false",
];

/// How far the story is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Intro(usize);

impl Intro {
    /// How many lines the story has typed.
    pub fn typed(self) -> usize {
        self.0
    }

    /// Whether bytes are on the disks; whether pods were deleted.
    pub fn told(self) -> (bool, bool) {
        (self.0 > 1, self.0 > 2)
    }
}

/// What a first visit has to wait for.
#[derive(Clone, Copy)]
pub struct First {
    /// Whether all of the code is there. A first visit begins with a part of it, and without the panes that it hides.
    pub whole: RwSignal<bool>,
    /// How many visible changes there were, and since when there were no more, in wall time.
    rested: StoredValue<Option<(u64, f64)>>,
}

impl First {
    pub(super) fn new(preferences: Preferences) -> First {
        First { whole: RwSignal::new(!preferences.first.get_untracked()), rested: StoredValue::new(None) }
    }
}

impl Session {
    /// All of the code is there: goes on with what waited for it.
    pub(super) fn go_on_whole(self) {
        if !self.first.whole.get_untracked() {
            self.first.whole.set(true);
            self.publish();
            set_timeout(move || self.take_course(), Duration::ZERO);
        }
    }

    /// Goes on with the story of a first visit, once nothing has been left to happen for a while.
    pub(super) fn go_on_with_intro(self) {
        if !self.preferences.first.get_untracked() || !self.first.whole.get_untracked() {
            return;
        }
        let changes = self.run.with_value(|run| run.present().timeline().changes());
        let rests = self.first.rested.get_value().filter(|(seen, _)| *seen == changes);
        if rests.is_some_and(|(_, since)| wall() - since < REST) {
            return;
        }
        self.first.rested.set_value(Some((changes, wall())));
        if rests.is_none() {
            return;
        }
        let Intro(at) = self.intro.get_untracked();
        match LINES.get(at) {
            Some(line) => {
                self.intro.set(Intro(at + 1));
                self.act(Act::Line((*line).to_owned()));
            }
            None => {
                self.intro.set(Intro::default());
                self.take_run(self.run.with_value(|run| run.begin_again(run.branch().release)));
                self.begin();
            }
        }
    }
}
