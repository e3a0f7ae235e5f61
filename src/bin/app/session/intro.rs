//! The story of a first visit: a set comes up, beside a Deployment; bytes are written, a pod of the set is deleted, and then one of the
//! Deployment: what comes back can be compared. The story ends with what only one of them kept, and is told again to whoever asks.

use gloo_timers::callback::Timeout;
use leptos::prelude::*;
use playground::history::Act;

use super::parts::{Intro, Later};
use super::slices::wall;
use super::{Dialog, Request, Running, Session, Told};

/// What is typed, one line after another, and for how long nothing has changed before, in milliseconds of wall time. The Deployment comes
/// while the set does; all other lines wait until every pod of the set is Ready, and each death until the sentence before it is read.
const LINES: [(f64, &str); 4] = [
    (0.0, "playground beside statefulset web | kubectl apply -f -"),
    (1000.0, "for pod in $(kubectl get pods -o name); do kubectl exec $pod -- sh -c 'hostname > /data/name'; done"),
    (2000.0, "kubectl delete pod/web-1 --wait=false"),
    (1500.0, "kubectl delete $(kubectl get pods -l app=nginx-deployment -o name | head -1) --wait=false"),
];
/// The same before the last sentence: so long that one reads the one before.
const REST: f64 = 2500.0;

impl Session {
    /// All of the code is there: goes on with what waited for it.
    pub(super) fn go_on_whole(self) {
        if !self.first.whole.get_untracked() {
            self.first.whole.set(true);
            self.publish();
            self.bring_panes();
        }
    }

    /// Brings the panes that a first visit hides, each in a task of its own, and then the course. All of the code is there by then.
    pub(crate) fn bring_panes(self) {
        if !self.first.whole.get_untracked() {
            return;
        }
        let next = move || {
            if self.first.panes.get_untracked() == Later::COUNT {
                if let Some(dialog) = self.first.wanted.try_update_value(Option::take).flatten() {
                    self.request(Request::Open(dialog));
                }
                return self.take_course();
            }
            self.first.panes.update(|panes| *panes += 1);
            self.bring_panes();
        };
        // The session lives as long as the page.
        Timeout::new(0, next).forget();
    }

    /// Opens a dialog, or has it open as soon as it is there.
    pub(super) fn open_dialog(self, dialog: Dialog) {
        let is_there = self.request(Request::Open(dialog));
        self.first.wanted.set_value((!is_there).then_some(dialog));
    }

    /// Closes a dialog, or gives up to open one.
    pub(super) fn close_dialog(self, dialog: Dialog) {
        self.first.wanted.set_value(None);
        self.request(Request::Close(dialog));
    }

    /// Goes on with the story of a first visit, once nothing has changed for a while. While the cluster runs until quiet because a visitor
    /// asked for that, the story waits.
    pub(super) fn go_on_with_intro(self) {
        let tells = self.preferences.first.get_untracked() && self.first.whole.get_untracked();
        let Intro { typed: at, ended } = self.intro.get_untracked();
        if !tells || ended || self.running.get_value() != Running::Clock {
            return;
        }
        let (changes, is_up) = self.run.with_value(|run| {
            let mut sets = run.present().tables().stateful_sets();
            (run.present().timeline().changes(), sets.all(|set| set.status.ready == set.spec.replicas))
        });
        let rests = self.first.rested.get_value().filter(|(seen, _)| *seen == changes);
        let (rest, line) = LINES.get(at).map_or((REST, None), |(rest, line)| (*rest, Some(*line)));
        if at > 0 && !is_up || rests.is_some_and(|(_, since)| wall() - since < rest) {
            return;
        }
        self.first.rested.set_value(Some((changes, wall())));
        if rests.is_none() {
            return;
        }
        match line {
            Some(line) => {
                self.tell(Intro { typed: at + 1, ended });
                self.act(Act::Line(line.to_owned()));
            }
            None => {
                self.tell(Intro { typed: at, ended: true });
                self.pause();
            }
        }
    }

    /// Tells the story of a first visit once more.
    pub(crate) fn tell_again(self) {
        self.tell(Intro::default());
        self.take_run(self.run.with_value(|run| run.begin_again(run.branch().release)));
        self.begin();
    }

    /// Goes on to this place of the story. Where set and Deployment take turns, the one whose pod dies is shown.
    fn tell(self, intro: Intro) {
        self.side_turn.set(intro.told() == Told::ReturnsNot);
        self.intro.set(intro);
    }
}
