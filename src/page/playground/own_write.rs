//! What the page types of itself, so that every set's disks have something on them: its pods write their names, once.

use super::Playground;
use super::history::History;
use api::object::{Pod, StatefulSet};
use base::time::Span;
use causes::claims::own_claims;
use causes::loss::medium;
use cluster::inside::Content;
use std::rc::Rc;

/// For so long no process has to end.
const SOON: Span = Span::seconds(10);

/// Looks for what is due, once after each write to the API server, however fast time passes.
#[derive(Clone, Debug, Default)]
pub struct Lookout {
    /// How long the log was at the last look.
    read: usize,
}

impl Lookout {
    /// The line that is due in a run: none in the past, nor while a command waits.
    pub fn look(&mut self, run: &History) -> Option<String> {
        let written = run.present().sim().log().len();
        if run.is_past() || run.present().is_busy() || self.read == written {
            return None;
        }
        self.read = written;
        due(run.present())
    }
}

/// The line that is to be typed now; `None` if there is none. One is due where all pods of a set are Ready, nothing is on its volumes yet,
/// and no such line was typed before.
pub fn due(state: &Playground) -> Option<String> {
    let tables = state.tables();
    let is_due = |set: &&Rc<StatefulSet>| {
        let is_up = set.spec.replicas > 0 && set.status.ready == set.spec.replicas && set.status.observed_generation == set.meta.generation;
        is_up && !set.spec.claim_templates.is_empty() && !set.meta.terminating() && is_blank(state, set)
    };
    let shot = state.snapshot(text::Lang::English);
    let line = |set: &Rc<StatefulSet>| format!("playground write statefulset {}{}", set.meta.name, shot.naming(&set.meta.namespace));
    let is_new = |line: &String| !state.terminal().lines().iter().any(|typed| typed.text.ends_with(line.as_str()));
    tables
        .stateful_sets()
        .filter(is_due)
        .map(|set| (set, line(set)))
        .find(|(set, line)| is_new(line) && stays_up(state, set))
        .map(|(_, line)| line)
}

/// Whether no process of a set ends soon by itself. A program that finds files where it keeps its data may run on where it would end
/// without them.
fn stays_up(state: &Playground, set: &StatefulSet) -> bool {
    let mut later = state.sim().clone();
    later.run_until(later.now() + SOON);
    let restarts = |pod: &Pod| pod.status.containers.iter().map(|container| container.restarts).sum::<i64>();
    let runs_on = |pod: &Rc<Pod>| {
        let after = later.tables().pod(&pod.meta.namespace, &pod.meta.name);
        after.is_some_and(|after| after.ready() && restarts(after) == restarts(pod))
    };
    state.tables().pods().filter(|pod| pod.meta.is_controlled_by(set.meta.uid)).all(runs_on)
}

/// Whether a line is such a one.
pub fn is_own(line: &str) -> bool {
    let words: Vec<&str> = line.split_whitespace().collect();
    matches!(words.as_slice(), ["playground", "write", "statefulset", _] | ["playground", "write", "statefulset", _, "-n", _])
}

/// Whether nothing is on the volumes of a set's claims.
fn is_blank(state: &Playground, set: &StatefulSet) -> bool {
    let shot = state.snapshot(text::Lang::English);
    let mut volumes = own_claims(shot.tables, set).filter_map(|claim| shot.tables.volume("", &claim.spec.volume));
    volumes.all(|volume| Content::of(shot.disks.disk(&medium(&shot, volume))).has_no_text())
}
