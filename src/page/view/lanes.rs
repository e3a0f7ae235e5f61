//! The timeline's lanes other than pods': an unreachable node, a workload without ordinals, and the number of Ready pods of a large set.
//!
//! Folded from the log, like the pods' rows. Copies of the world share a lane until it changes.

use std::rc::Rc;

use super::timeline::Span;
use super::workload::Workload;
use super::{Paint, Snapshot};
use api::kind::Kind;
use api::object::pod::Truth;
use api::object::{Meta, Name, NamespacedName, Node, Pod};
use api::well_known::POD_TEMPLATE_HASH;
use base::sort::Sort;
use base::sorted::SortedMap;
use base::stretch::{Stretch, lasting, turn};
use base::time::Time;
use causes::pod::PodState;

/// How many steps a lane keeps; beyond that, every second one of the older ones is dropped.
const MAX_STEPS: usize = 400;

/// How many pods each owner has.
type Owned = Vec<(Name, usize)>;

/// The lanes other than pods'.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lanes {
    nodes: SortedMap<Name, Rc<Vec<Span>>>,
    /// How many pods of each set are Ready.
    ready: SortedMap<NamespacedName, Rc<Vec<Stretch<usize>>>>,
    /// How many pods each owner has, by workload.
    pods: SortedMap<NamespacedName, Rc<Vec<Stretch<Owned>>>>,
}

/// How many pods of each revision a workload had for some time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mix {
    /// The start.
    pub from: Time,
    /// The end; `None` while it lasts.
    pub to: Option<Time>,
    /// The paint of its newest revision.
    pub paint: Paint,
    /// `r1 ×3 · r2 ×2`.
    pub words: String,
}

/// Adds a step.
fn push<T: PartialEq>(steps: &mut Vec<Stretch<T>>, from: Time, pods: T) {
    turn(steps, Some(pods), from);
    if steps.len() > MAX_STEPS {
        let mut position = 0;
        steps.retain(|_| {
            position += 1;
            position % 2 == 1 || position > MAX_STEPS / 2
        });
    }
}

impl Lanes {
    /// Takes in a node's change; returns its new state if that is worth telling.
    pub(super) fn node_changed(&mut self, name: &Name, node: Option<&Node>, at: Time) -> Option<PodState> {
        let state = node.map(|node| if node.ready() == Truth::True { PodState::Ready } else { PodState::Unknown });
        let spans = self.nodes.entry(Rc::clone(name)).or_default();
        if lasting(spans) == state {
            return None;
        }
        let known = !spans.is_empty();
        turn(Rc::make_mut(spans), state, at);
        state.filter(|_| known)
    }

    /// Takes in that a pod was added, removed, or became Ready or unready.
    pub(super) fn pod_changed(&mut self, pod: &Pod, was: Option<PodState>, is: Option<PodState>, at: Time) {
        let Some(owner) = pod.meta.controller() else { return };
        if owner.is_a(Kind::StatefulSet) {
            let (was, is) = (was == Some(PodState::Ready), is == Some(PodState::Ready));
            if was != is {
                let steps = Rc::make_mut(self.ready.entry(NamespacedName::new(&pod.meta.namespace, &owner.name)).or_default());
                let before = steps.last().map_or(0, |last| last.state);
                push(steps, at, if is { before + 1 } else { before.saturating_sub(1) });
            }
        } else if was.is_some() != is.is_some() {
            let steps = Rc::make_mut(self.pods.entry(behind(&pod.meta, &owner.name)).or_default());
            let mut pods = steps.last().map_or(Vec::new(), |last| last.state.clone());
            match pods.iter().position(|(name, _)| *name == owner.name) {
                Some(place) if is.is_some() => pods[place].1 += 1,
                Some(place) => pods[place].1 = pods[place].1.saturating_sub(1),
                None => pods.push((Rc::clone(&owner.name), 1)),
            }
            pods.retain(|(_, count)| *count > 0);
            push(steps, at, pods);
        }
    }

    /// The nodes that were not always Ready, or that are out by now so that they will not be, and their states.
    pub fn nodes<'a>(&'a self, is_out: impl Fn(&str) -> bool + 'a) -> impl Iterator<Item = (&'a Name, &'a [Span])> {
        let troubled = |spans: &[Span]| spans.iter().any(|span| span.state != PodState::Ready || span.to.is_some());
        self.nodes.iter().map(|(name, spans)| (name, spans.as_slice())).filter(move |(name, spans)| troubled(spans) || is_out(name))
    }

    /// The number of a set's Ready pods over time.
    pub fn ready(&self, namespace: &str, set: &str) -> Vec<(Time, usize)> {
        let steps = self.ready.get(&NamespacedName::of(namespace, set));
        steps.into_iter().flat_map(|steps| steps.iter()).map(|step| (step.from, step.state)).collect()
    }

    /// The mixes of a workload's revisions over time.
    pub fn mixes(&self, shot: &Snapshot, workload: &Workload) -> Vec<Mix> {
        let place = NamespacedName::of(&workload.namespace, &workload.name);
        let Some(steps) = self.pods.get(&place) else { return Vec::new() };
        let ends = steps.iter().skip(1).map(|next| Some(next.from)).chain([None]);
        let mix = |(step, to): (&Stretch<Owned>, Option<Time>)| {
            let mut parts: Vec<_> = step.state.iter().map(|(owner, pods)| (workload.revision_of(shot, owner), *pods)).collect();
            parts.sort_small_by_key(|(revision, _)| revision.number());
            let words = parts.iter().map(|(revision, pods)| format!("{} ×{pods}", revision.label()).trim_start().to_owned());
            let paint = parts.last().map_or(Paint::Solid, |(revision, _)| revision.paint());
            Mix { from: step.from, to, paint, words: words.collect::<Vec<_>>().join(" · ") }
        };
        steps.iter().zip(ends).map(mix).filter(|mix| !mix.words.is_empty()).collect()
    }
}

/// The workload of a pod without an ordinal: for a Deployment's ReplicaSet it is the Deployment, whose name is a prefix of the
/// ReplicaSet's.
fn behind(pod: &Meta, owner: &Name) -> NamespacedName {
    let made = pod.label(POD_TEMPLATE_HASH).and_then(|hash| owner.strip_suffix(&**hash)?.strip_suffix('-'));
    NamespacedName { namespace: Rc::clone(&pod.namespace), name: made.map_or_else(|| Rc::clone(owner), Name::from) }
}
