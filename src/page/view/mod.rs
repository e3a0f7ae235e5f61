//! What the page draws, as comparable values: every pane's content at one instant, made from the cluster's objects.
//!
//! Promises: the same snapshot gives the same views; a view holds finished words, glyphs and spoken names, so a component
//! only draws it and reports what was clicked. Here, and only here, objects become pictures.
//! Absent on purpose: the browser, and decisions about the cluster. What grows with a run (lanes, the lines of a terminal, the verdict on a
//! manifest) is held here as values, too, and fed by `playground`.

pub mod actions;
mod ahead;
pub mod application;
mod arrow;
pub mod both;
pub mod changes;
pub mod cluster;
pub mod compare;
pub mod content;
pub mod dense;
pub mod details;
pub mod dns;
pub mod drift;
pub mod fleet;
pub mod highlight;
pub mod lanes;
pub mod links;
pub mod manifest;
pub mod node;
pub mod relations;
pub mod requests;
pub mod rollout;
pub mod side;
pub mod storage;
pub mod terminal;
pub mod tile;
pub mod timeline;
pub mod tools;
pub mod why;
pub mod window;
mod workload;
pub mod writes;
pub mod zero;

pub use ahead::{ahead_of, behind, retries, sentence};

use std::ops::Deref;
use std::rc::Rc;

use api::object::{Pod, StatefulSet};
use base::time::Time;
use causes::{Identity, Instant, MAX_ORDINALS, short_uid, ways};
use manifest::Defined;
use sim::Sim;
use terminal::Typed;
use text::{Glyph, Hue, Lang, Mark, Piece, Prose, bytes};
use zero::Zero;

/// The most ordinals that are drawn as columns.
pub const MAX_COLUMNS: usize = 24;

base::named! {
    /// How a revision is painted, for as long as it exists. Three paints take turns, so that any three neighbours differ.
    Paint {
        Solid "solid",
        Diagonal "diagonal",
        Crossed "crossed",
    }
}

impl Paint {
    /// How revision `number`, counted from 1, is painted.
    pub fn of(number: i64) -> Paint {
        match number % 3 {
            2 => Paint::Diagonal,
            0 => Paint::Crossed,
            _ => Paint::Solid,
        }
    }
}

/// One instant of the cluster, what the page knows beside it, and in which words to speak of both.
#[derive(Clone, Copy)]
pub struct Snapshot<'a> {
    pub at: Instant<'a>,
    /// What the text in the editor defines, where that is what was applied last; else nothing.
    pub manifest: Defined<'a>,
    /// The lines that wrote something, oldest first.
    pub typed: &'a [Rc<Typed>],
    /// From which instant the run's time is counted.
    pub zero: Zero,
}

impl<'a> Deref for Snapshot<'a> {
    type Target = Instant<'a>;

    fn deref(&self) -> &Instant<'a> {
        &self.at
    }
}

impl<'a> Snapshot<'a> {
    /// What a simulation shows now, without an editor and a terminal.
    pub fn of(sim: &'a Sim, lang: Lang) -> Snapshot<'a> {
        Snapshot { at: Instant::of(sim, lang), manifest: Defined::default(), typed: &[], zero: Zero::default() }
    }

    /// An instant of the run, as panes write it: `0:09.0`.
    pub fn time(&self, at: Time) -> String {
        self.zero.short(at)
    }

    /// How many of a set's pods are Ready as they stand, which its status may not say yet.
    fn ready(&self, set: &StatefulSet) -> usize {
        let in_column = self.pods_of(set).filter(|pod| set.ordinal_of(&pod.meta.name).is_some());
        in_column.filter(|pod| pod.ready() && !pod.meta.terminating()).count()
    }

    /// How many pods are Ready and wanted, and how many of them are on a machine that is out of reach, which the API server has yet to
    /// notice.
    fn ready_in_words<'b>(&self, ready: usize, wanted: i64, pods: impl Iterator<Item = &'b Pod>) -> String {
        let text = &self.text().cluster;
        let told = text.ready_of(i64::try_from(ready).unwrap_or(i64::MAX), wanted);
        match pods.filter(|pod| node::is_in_the_dark(self, pod)).count() {
            0 => told,
            dark => format!("{told}, {}", text.out_of_sight(dark)),
        }
    }

    /// The same in words, of how many; and how many ordinals are shown, unless all.
    fn ready_of(&self, set: &StatefulSet) -> String {
        let text = &self.text().cluster;
        let told = self.ready_in_words(self.ready(set), set.spec.replicas, self.pods_of(set));
        let hides_some = usize::try_from(set.spec.replicas).is_ok_and(|replicas| replicas > MAX_ORDINALS);
        if hides_some { format!("{told} · {}", text.first_shown(MAX_ORDINALS)) } else { told }
    }
}
