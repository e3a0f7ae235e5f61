//! The history of each workload's pods, folded from the log.
//!
//! Promises: costs no more than the newest change; says nothing about the future.

use std::rc::Rc;

use super::NOTHING;
use crate::Snapshot;
use crate::zero::minutes;
use api::kind::Kind;
use api::object::{Meta, Name, NamespacedName, Object, ObjectKey, Pod};
use base::sorted::SortedMap;
use base::time::{Span, Time};
use server::log::{Actor, Change};
use text::Text;

/// How many pods that went are remembered until they are replaced.
const MAX_LEFT: usize = 32;
/// How many replacement pods are named.
const HEIRS_NAMED: usize = 3;

/// The number of facts told about a life.
pub(super) const STORIES: usize = 8;

/// The names of these facts on the page.
pub(super) fn stories_told(text: &Text) -> [&'static str; STORIES] {
    let words = &text.compare;
    [words.settled(), words.coming_up(), words.away(), words.replaced_by(), words.names(), words.most(), words.claims(), words.lost()]
}

/// An existing pod.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Present {
    /// Whether it was ever Ready.
    came_up: bool,
    /// Whether it replaced another pod.
    replacement: bool,
    /// Whether it is missed: it, or the pod it replaced, was Ready, and now it is not Ready or is terminating.
    away: bool,
    /// Whether it is missed without counting as down: somebody deleted it, or it is the heir of such a pod and not Ready yet, or its own
    /// heir is there.
    excused: bool,
    /// Since when the pod that it replaced had been lost, until it is Ready itself.
    stands_in_since: Option<Time>,
    /// Since when it has no longer been Ready, while nobody has deleted it.
    lost: Option<Time>,
    /// The end of its grace period, once it is deleted.
    deadline: Option<Time>,
}

/// The history of one workload's pods.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Life {
    pods: SortedMap<Name, Present>,
    coming: usize,
    coming_most: usize,
    pods_most: usize,
    away: usize,
    /// How many of those that are missed are excused.
    excused: usize,
    down_most: usize,
    /// Since when all pods have been Ready; `None` while one is not.
    settled: Option<Time>,
    /// How many pods replaced others, and the first of them.
    heirs: usize,
    first_heirs: Vec<Name>,
    /// Pods that are gone or terminating and not replaced yet, with the time since which they had been lost, and whether somebody deleted
    /// them.
    left: Vec<(Name, Option<Time>, bool)>,
    /// The last pod that was replaced, and its replacement.
    replacement: Option<(Name, Name)>,
    /// How long it took until the heir of the last lost pod was Ready.
    replaced_after: Option<Span>,
    /// The pod that mounts each claim, or did last.
    claims: SortedMap<Name, Name>,
    shared: bool,
}

/// The histories of all workloads.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PodHistories {
    /// By kind, namespace and name. Shared, so that a copy of the world does not copy its histories.
    lives: SortedMap<ObjectKey, Rc<Life>>,
    /// The name of the Deployment of each ReplicaSet.
    deployments: SortedMap<NamespacedName, Name>,
}

impl PodHistories {
    /// Takes in a change.
    pub fn take(&mut self, change: &Change) {
        match (&change.before, &change.after) {
            (_, Some(Object::ReplicaSet(set))) => {
                if let Some(owner) = set.meta.controller().filter(|owner| owner.kind == Some(Kind::Deployment)) {
                    self.deployments.insert(set.meta.namespaced_name(), Rc::clone(&owner.name));
                }
            }
            (before, after) if change.key.kind == Kind::Pod => {
                let pod = |object: &Option<Object>| object.as_ref().and_then(Object::as_pod).cloned();
                let (before, after) = (pod(before), pod(after));
                if let Some(workload) = after.as_ref().or(before.as_ref()).and_then(|pod| self.workload(&pod.meta)) {
                    let life = Rc::make_mut(self.lives.entry(workload).or_default());
                    life.take(before.as_deref(), after.as_deref(), &change.key.name, (change.at, change.by == Actor::User));
                }
            }
            _ => {}
        }
    }

    /// The StatefulSet or Deployment that a pod belongs to.
    fn workload(&self, meta: &Meta) -> Option<ObjectKey> {
        let owner = meta.controller()?;
        match owner.kind? {
            Kind::StatefulSet => Some(ObjectKey::new(Kind::StatefulSet, &meta.namespace, &owner.name)),
            Kind::ReplicaSet => {
                let name = self.deployments.get(&NamespacedName::new(&meta.namespace, &owner.name))?;
                Some(ObjectKey::new(Kind::Deployment, &meta.namespace, name))
            }
            _ => None,
        }
    }

    /// A workload's history; `None` if it never had a pod.
    pub(super) fn of(&self, kind: Kind, workload: &NamespacedName) -> Option<&Life> {
        self.lives.get(&ObjectKey::new(kind, &workload.namespace, &workload.name)).map(|life| &**life)
    }
}

impl Life {
    /// Takes in a change at an instant, and whether somebody made it by hand.
    fn take(&mut self, before: Option<&Pod>, after: Option<&Pod>, name: &Name, (at, by_hand): (Time, bool)) {
        match (before, after) {
            (None, Some(pod)) => self.comes(pod),
            (Some(before), Some(pod)) => self.changes(before, pod, at, by_hand),
            (_, None) => {
                let Some(gone) = self.pods.remove(name) else { return };
                self.coming -= usize::from(!gone.came_up);
                self.away -= usize::from(gone.away);
                self.excused -= usize::from(gone.away && gone.excused);
                if gone.deadline.is_none() {
                    self.leaves(name, gone.lost, by_hand);
                }
            }
        }
        self.down_most = self.down_most.max(self.away - self.excused);
        self.settled = if self.coming + self.away > 0 { None } else { self.settled.or(Some(at)) };
    }

    /// Changes what is noted of a pod, and counts it anew.
    fn note(&mut self, name: &Name, change: impl FnOnce(&mut Present)) {
        let Some(pod) = self.pods.get_mut(name) else { return };
        let (was_away, was_excused) = (pod.away, pod.away && pod.excused);
        change(pod);
        self.away = self.away + usize::from(pod.away) - usize::from(was_away);
        self.excused = self.excused + usize::from(pod.away && pod.excused) - usize::from(was_excused);
    }

    fn comes(&mut self, pod: &Pod) {
        let name = &pod.meta.name;
        let place = self.left.iter().position(|(left, ..)| left == name).or((!self.left.is_empty()).then_some(0));
        let left = place.map(|place| self.left.remove(place));
        let replacement = left.is_some();
        let (stands_in_since, excused) = left.as_ref().map_or((None, false), |(_, lost, by_hand)| (*lost, *by_hand));
        if let Some((left, ..)) = left {
            self.heirs += 1;
            if self.first_heirs.len() < HEIRS_NAMED {
                self.first_heirs.push(Rc::clone(name));
            }
            // Of the two, only one was to be there.
            self.note(&left, |left| left.excused = true);
            self.replacement = Some((left, Rc::clone(name)));
        }
        for volume in pod.claim_volumes() {
            let before = self.claims.insert(Rc::clone(&volume.claim), Rc::clone(name));
            self.shared |= before.is_some_and(|before| before != *name && self.pods.contains_key(&before));
        }
        self.pods.insert(Rc::clone(name), Present { replacement, excused, stands_in_since, ..Present::default() });
        self.note(name, |pod| pod.away = replacement);
        self.coming += 1;
        self.coming_most = self.coming_most.max(self.coming);
        self.pods_most = self.pods_most.max(self.pods.len());
    }

    fn changes(&mut self, before: &Pod, pod: &Pod, at: Time, by_hand: bool) {
        let (name, goes) = (&pod.meta.name, pod.meta.terminating());
        let Some(known) = self.pods.get(name) else { return };
        let (is_up, was_deleted, lost) = (pod.ready() && !known.came_up, known.deadline.is_some(), known.lost);
        let stands_in_since = known.stands_in_since;
        self.coming -= usize::from(is_up);
        if pod.ready() {
            self.replaced_after = stands_in_since.map(|lost| at.since(lost)).or(self.replaced_after);
        }
        let lost = match (before.ready(), pod.ready()) {
            (true, false) if !goes => Some(at),
            (_, true) => None,
            _ => lost,
        };
        self.note(name, |known| {
            known.came_up |= pod.ready();
            known.lost = lost;
            known.deadline = pod.meta.deletion.map(|deletion| deletion.at);
            if pod.ready() {
                known.stands_in_since = None;
                known.excused &= goes;
            }
            known.excused |= goes && !was_deleted && by_hand;
            known.away = (known.came_up || known.replacement) && (!pod.ready() || goes);
        });
        if goes && !was_deleted {
            self.leaves(name, lost, by_hand);
        }
    }

    fn leaves(&mut self, name: &Name, lost: Option<Time>, by_hand: bool) {
        if self.left.len() == MAX_LEFT {
            self.left.remove(0);
        }
        self.left.push((Rc::clone(name), lost, by_hand));
    }

    /// The facts: a text for each of [`stories_told`].
    pub(super) fn told(&self, shot: &Snapshot, text: &Text) -> [String; STORIES] {
        let words = &text.compare;
        [
            self.settled.map_or(NOTHING.to_owned(), |at| shot.zero.label(at)),
            words.at_once(self.coming_most),
            words.at_once(self.down_most),
            self.replaced(text),
            self.named(text),
            self.pods_most.to_string(),
            words.claim_count(self.claims.len(), self.shared),
            self.fate_of_lost(shot, text),
        ]
    }

    /// Whether the latest replacement has the same name as its predecessor; `None` if there was none.
    pub(super) fn keeps_names(&self) -> Option<bool> {
        self.replacement.as_ref().map(|(left, replacement)| left == replacement)
    }

    /// The replacement pods, in order.
    fn replaced(&self, text: &Text) -> String {
        let mut names: Vec<String> = self.first_heirs.iter().map(|name| short_name(name)).collect();
        names.extend((self.heirs > HEIRS_NAMED).then(|| text.cluster.more(self.heirs - HEIRS_NAMED)));
        if names.is_empty() { NOTHING.to_owned() } else { names.join(", ") }
    }

    /// What happened to the names.
    fn named(&self, text: &Text) -> String {
        match &self.replacement {
            Some((left, replacement)) if left == replacement => text.compare.kept(replacement),
            Some((left, replacement)) => text.compare.changed(&short_name(left), &short_name(replacement)),
            None => self.pods.keys().take(2).map(|name| short_name(name)).collect::<Vec<_>>().join(", "),
        }
    }

    /// What happened to lost pods: one cannot terminate, or its heir is not Ready, or how long it took until that was.
    fn fate_of_lost(&self, shot: &Snapshot, text: &Text) -> String {
        let stuck =
            self.pods.iter().find_map(|(name, pod)| pod.deadline.filter(|deadline| *deadline < shot.now).map(|deadline| (name, deadline)));
        let is_awaited = |name: &Name| self.left.iter().any(|(left, ..)| left == name);
        let replacement = self.pods.iter().find(|(_, pod)| pod.stands_in_since.is_some());
        match (stuck, replacement, self.replaced_after) {
            (Some((name, since)), ..) if is_awaited(name) => text.compare.waits(name, &shot.zero.label(since)),
            (_, Some((replacement, _)), _) => text.compare.not_up(&short_name(replacement)),
            (_, _, Some(after)) => text.compare.replaced(&minutes(after)),
            _ => NOTHING.to_owned(),
        }
    }
}

/// A pod's name as on its tile: only the suffix of a generated one.
fn short_name(name: &str) -> String {
    match name.rsplit_once('-') {
        Some((_, last)) if !last.bytes().all(|byte| byte.is_ascii_digit()) => format!("…-{last}"),
        _ => name.to_owned(),
    }
}
