//! What is seen on request: what changed in an object since an instant that was marked; ownership and selection.

use api::kind::Kind;
use api::object::ObjectKey;
use base::time::Time;
use leptos::prelude::*;
use view::Snapshot;
use view::changes::{self, Changes};
use view::cluster::Cluster;
use view::relations::{self, Related};
use view::requests::{self, Requests};
use view::tools::{self, Tools};
use view::writes;

use super::Session;
use super::parts::{Flow, Selection};
use super::slices::wall;
use crate::keyed::set_if_new;

/// Up to this width of the window, the lines of one object are drawn at a time. In CSS pixels, as in style/dense.css.
const NARROW: f64 = 600.0;

/// Where no request is made, those on their way are looked through again so often, in milliseconds of wall time.
const LOOK_EVERY: f64 = 100.0;

impl Session {
    /// Marks the shown instant, with which others are compared, or takes the mark away that is there.
    pub fn mark(self) {
        let at = Some(self.clock.get_untracked()).filter(|_| !untrack(|| self.is_marked()));
        let words = &self.lang.get_untracked().text().see;
        self.see.marked.set(at);
        self.news.set(at.map(|at| words.marked(&self.run.with_value(|run| run.zero().clock(at)))).unwrap_or_default());
    }

    /// Whether the shown instant is the marked one.
    pub fn is_marked(self) -> bool {
        self.see.marked.get() == Some(self.clock.get())
    }

    /// What changed in the selected object between the marked instant and the shown one, whichever is earlier; or since the last command.
    pub fn changes(self) -> Option<Changes> {
        let (lang, marked) = (self.lang.get(), self.see.marked.get());
        let key = self.key_asked()?;
        Some(self.run.with_value(|run| {
            let (head, shown) = (run.head().snapshot(lang), run.present().now());
            let other = marked.unwrap_or_else(|| changes::reference(&head, &key, shown));
            changes::between(&head, &key, other.min(shown), other.max(shown))
        }))
    }

    /// The selected object: of an identity, its pod.
    fn key_asked(self) -> Option<ObjectKey> {
        match self.selection.get_untracked()? {
            Selection::Identity(identity) => {
                Some(ObjectKey::new(Kind::Pod, &identity.namespace.as_str().into(), &identity.pod.as_str().into()))
            }
            Selection::Question(question) => question.key().cloned(),
        }
    }

    /// Draws ownership and selection, or no longer.
    pub fn toggle_relations(self) {
        self.see.relations.update(|on| *on = !*on);
        let on = self.see.relations.get_untracked();
        if !on {
            self.see.related.set(Vec::new());
        }
        self.publish();
        let told = || self.see.related.with_untracked(|all| all.iter().map(|one| one.spoken.as_str()).collect::<Vec<_>>().join("; "));
        self.news.set(if on { told() } else { String::new() });
    }

    /// The branch, and up to where its log is shown and goes: what was written is another only where one of these is.
    pub(crate) fn written(self) -> (u32, usize, usize) {
        self.run.with_value(|run| (run.branch().id, run.present().sim().log().len(), run.head().sim().log().len()))
    }

    /// What each tool says of the shown set at the shown instant.
    pub(crate) fn tools(self) -> Option<Tools> {
        self.run.with_value(|run| {
            let playground = run.present();
            let set = self.set_shown(playground)?;
            tools::of(&playground.snapshot(self.lang.get()), &set)
        })
    }

    /// Tells what each tool says, or no longer. Who has chosen no set sees the one that the most tools wait for.
    #[inline(never)]
    pub(crate) fn toggle_judged(self) {
        self.see.judged.update(|on| *on = !*on);
        let lang = self.lang.get_untracked();
        let waiting = self.run.with_value(|run| {
            let shot = run.present().snapshot(lang);
            let chosen = self.shown.get_untracked().filter(|set| shot.tables.stateful_set(&set.namespace, &set.name).is_some());
            if chosen.is_some() { None } else { tools::most_waiting(&shot) }
        });
        if let Some(set) = waiting.filter(|_| self.see.judged.get_untracked()) {
            self.show(set);
        }
    }

    /// The instants of the branch at which tools came to call the shown set done, and their names.
    pub(crate) fn turns(self) -> Vec<(Time, String)> {
        self.run.with_value(|run| {
            let set = self.set_shown(run.present());
            set.map(|set| tools::turns(&run.head().snapshot(self.lang.get()), &set)).unwrap_or_default()
        })
    }

    /// Publishes what owns and selects the drawn pods.
    pub(super) fn publish_relations(self, shot: &Snapshot, drawn: &Cluster) {
        set_if_new(self.see.related, relations::of(shot, drawn));
    }

    /// Draws what flows so in the place of what else did, or no longer.
    pub(crate) fn toggle_flow(self, flow: Flow) {
        self.see.flow.update(|drawn| *drawn = Some(flow).filter(|flow| *drawn != Some(*flow)));
        self.see.asked.set(Requests::default());
        self.see.looked.set_value((None, 0.0));
    }

    /// Draws requests where nothing else flows, or draws none. Whoever has closed them is not shown them again.
    pub(super) fn draw_requests(self, on: bool) {
        if on == self.see.offered.get_value() {
            return;
        }
        self.see.offered.set_value(on);
        let flow = self.see.flow.get_untracked();
        if flow == (!on).then_some(Flow::Requests) {
            self.toggle_flow(Flow::Requests);
        }
    }

    /// Takes in what flows at the shown instant, if there is more of it or lately nobody looked.
    pub(crate) fn look_at_flow(self) {
        let is_of_writes = self.see.flow.get_untracked() == Some(Flow::Writes);
        let stretch = self.speed.get_untracked().times();
        let lang = self.lang.get_untracked();
        let count = self.run.with_value(|run| match (run.present().sim(), is_of_writes) {
            (sim, true) => sim.log().len() as u64,
            (sim, false) => sim.disks().requests().count(),
        });
        let now = (count, stretch, lang);
        let (before, since) = self.see.looked.get_value();
        if before == Some(now) && (0.0..LOOK_EVERY).contains(&(wall() - since)) {
            return;
        }
        self.see.looked.set_value((Some(now), wall()));
        let asked = self.run.with_value(|run| {
            let shot = run.present().snapshot(lang);
            let of = if is_of_writes { writes::of } else { requests::of };
            self.drawn.with_value(|drawn| of(&shot, drawn, stretch))
        });
        set_if_new(self.see.asked, asked);
    }

    /// The relations that have lines: those of the selection, or else all; of many pods, and in a narrow window, those of one object.
    pub fn relations_drawn(self) -> Vec<Related> {
        let is_narrow = window().inner_width().ok().and_then(|width| width.as_f64()).is_some_and(|width| width <= NARROW);
        let one = is_narrow || untrack(|| !self.dense.lines.keys().is_empty());
        self.see.related.with_untracked(|all| relations::drawn(all, self.key_asked().as_ref(), one))
    }

    /// The pods that have lines, by name, in order.
    pub(super) fn pods_related(self) -> Vec<String> {
        let pods = self.relations_drawn().into_iter().flat_map(|related| related.pods);
        let mut names: Vec<String> = pods.map(|(_, name)| name.to_string()).collect();
        names.sort_unstable();
        names
    }
}
