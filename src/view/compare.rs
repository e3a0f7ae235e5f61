//! Two lives side by side: a StatefulSet and a Deployment of one template, or one cluster on two branches of time.
//!
//! What a workload's pods went through is folded from the log, so that a difference is named only where it happened.

use super::Snapshot;
use super::pod::{PodState, pod_word};
use super::timeline::ruler_label;
use crate::api::kind::Kind;
use crate::api::object::{Meta, Name, Object, ObjectKey, Pod};
use crate::base::sorted::SortedMap;
use crate::base::time::{Span, Time};
use crate::server::log::Change;
use crate::text::Text;
use std::rc::Rc;

/// How many pods are named that two branches differ in.
const PODS_NAMED: usize = 8;
/// How many pods that went are remembered until others come in their place.
const LEFT_MOST: usize = 32;
/// What stands where there is nothing.
const NOTHING: &str = "—";

/// A comparison, drawn as a table of two columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// What is compared.
    pub title: &'static str,
    /// What the two have in common.
    pub note: String,
    /// What stands above the columns.
    pub heads: [String; 2],
    /// What is said of both: its name, then one cell each.
    pub rows: Vec<[String; 3]>,
}

/// A pod that is there.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Present {
    /// Whether it ever was Ready.
    came_up: bool,
    /// Since when it is not Ready although it was, while nobody has deleted it.
    lost: Option<Time>,
    /// When its time to end is over, once it is deleted.
    deadline: Option<Time>,
}

/// What the pods of one workload went through.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Life {
    pods: SortedMap<Name, Present>,
    coming: usize,
    coming_most: usize,
    pods_most: usize,
    /// Pods that went or go, and since when they had been lost, until one comes in their place.
    left: Vec<(Name, Option<Time>)>,
    /// Who went last, and who came in its place.
    heir: Option<(Name, Name)>,
    /// How long the last loss of a pod lasted until another came in its place.
    replaced_after: Option<Span>,
    /// Who mounts each claim, or did last.
    claims: SortedMap<Name, Name>,
    shared: bool,
}

/// The lives of all workloads.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lives {
    /// By kind, namespace and name. Shared, so that a copy of the world does not copy its story.
    lives: SortedMap<ObjectKey, Rc<Life>>,
    /// The Deployment behind each ReplicaSet, by namespace and name.
    deployments: SortedMap<(Name, Name), Name>,
}

impl Lives {
    /// Takes in what was written.
    pub fn take(&mut self, change: &Change) {
        match (&change.before, &change.after) {
            (_, Some(Object::ReplicaSet(set))) => {
                if let Some(owner) = set.meta.controller().filter(|owner| owner.kind == Some(Kind::Deployment)) {
                    self.deployments.insert((Rc::clone(&set.meta.namespace), Rc::clone(&set.meta.name)), Rc::clone(&owner.name));
                }
            }
            (before, after) if change.key.kind == Kind::Pod => {
                let pod = |object: &Option<Object>| object.as_ref().and_then(Object::as_pod).cloned();
                let (before, after) = (pod(before), pod(after));
                if let Some(workload) = after.as_ref().or(before.as_ref()).and_then(|pod| self.workload(&pod.meta)) {
                    let life = Rc::make_mut(self.lives.entry(workload).or_default());
                    life.take(before.as_deref(), after.as_deref(), &change.key.name, change.at);
                }
            }
            _ => {}
        }
    }

    /// What a pod belongs to: a StatefulSet, or a Deployment.
    fn workload(&self, meta: &Meta) -> Option<ObjectKey> {
        let owner = meta.controller()?;
        match owner.kind? {
            Kind::StatefulSet => Some(ObjectKey::new(Kind::StatefulSet, &meta.namespace, &owner.name)),
            Kind::ReplicaSet => {
                let name = self.deployments.get(&(Rc::clone(&meta.namespace), Rc::clone(&owner.name)))?;
                Some(ObjectKey::new(Kind::Deployment, &meta.namespace, name))
            }
            _ => None,
        }
    }

    /// What a set and a Deployment have differed in so far; `None` where one of them never had a pod.
    pub fn side_by_side(&self, namespace: &str, set: &str, deployment: &str, now: Time, text: &Text) -> Option<Table> {
        let life = |kind, name: &str| self.lives.get(&ObjectKey::new(kind, &namespace.into(), &name.into()));
        let both = [&**life(Kind::StatefulSet, set)?, &**life(Kind::Deployment, deployment)?];
        let words = &text.compare;
        let mut rows = vec![
            row(words.names, both.map(|life| life.named(text))),
            row(words.at_once, both.map(|life| life.coming_most.to_string())),
            row(words.most, both.map(|life| life.pods_most.to_string())),
            row(words.claims, both.map(|life| (words.claim_count)(life.claims.len(), life.shared))),
            row(words.lost, both.map(|life| life.fate_of_lost(now, text))),
        ];
        rows.retain(|[_, set, deployment]| set != deployment);
        let heads = [format!("statefulset/{set}"), format!("deployment/{deployment}")];
        Some(Table { title: words.title, note: words.note.to_owned(), heads, rows })
    }
}

impl Life {
    fn take(&mut self, before: Option<&Pod>, after: Option<&Pod>, name: &Name, at: Time) {
        match (before, after) {
            (None, Some(pod)) => self.comes(pod, at),
            (Some(before), Some(pod)) => self.changes(before, pod, at),
            (_, None) => {
                let Some(gone) = self.pods.remove(name) else { return };
                self.coming -= usize::from(!gone.came_up);
                if gone.deadline.is_none() {
                    self.leaves(name, gone.lost);
                }
            }
        }
    }

    fn comes(&mut self, pod: &Pod, at: Time) {
        let name = &pod.meta.name;
        let place = self.left.iter().position(|(left, _)| left == name).or((!self.left.is_empty()).then_some(0));
        if let Some((left, lost)) = place.map(|place| self.left.remove(place)) {
            self.heir = Some((left, Rc::clone(name)));
            self.replaced_after = lost.map(|lost| at.since(lost)).or(self.replaced_after);
        }
        for volume in pod.claim_volumes() {
            let before = self.claims.insert(Rc::clone(&volume.claim), Rc::clone(name));
            self.shared |= before.is_some_and(|before| before != *name && self.pods.contains_key(&before));
        }
        self.pods.insert(Rc::clone(name), Present { came_up: false, lost: None, deadline: None });
        self.coming += 1;
        self.coming_most = self.coming_most.max(self.coming);
        self.pods_most = self.pods_most.max(self.pods.len());
    }

    fn changes(&mut self, before: &Pod, pod: &Pod, at: Time) {
        let Some(present) = self.pods.get_mut(&pod.meta.name) else { return };
        if pod.ready() && !present.came_up {
            present.came_up = true;
            self.coming -= 1;
        }
        match (before.ready(), pod.ready()) {
            (true, false) if !pod.meta.terminating() => present.lost = Some(at),
            (_, true) => present.lost = None,
            _ => {}
        }
        let was_deleted = present.deadline.is_some();
        present.deadline = pod.meta.deletion.map(|deletion| deletion.at);
        if pod.meta.terminating() && !was_deleted {
            let lost = present.lost;
            self.leaves(&pod.meta.name, lost);
        }
    }

    fn leaves(&mut self, name: &Name, lost: Option<Time>) {
        if self.left.len() == LEFT_MOST {
            self.left.remove(0);
        }
        self.left.push((Rc::clone(name), lost));
    }

    /// What became of the names.
    fn named(&self, text: &Text) -> String {
        match &self.heir {
            Some((left, heir)) if left == heir => (text.compare.kept)(heir),
            Some((left, heir)) => (text.compare.changed)(&short_name(left), &short_name(heir)),
            None => self.pods.keys().take(2).map(|name| short_name(name)).collect::<Vec<_>>().join(", "),
        }
    }

    /// What became of pods that were lost: one that cannot end, or how long it took until another came.
    fn fate_of_lost(&self, now: Time, text: &Text) -> String {
        let stuck =
            self.pods.iter().find_map(|(name, pod)| pod.deadline.filter(|deadline| *deadline < now).map(|deadline| (name, deadline)));
        let is_awaited = |name: &Name| self.left.iter().any(|(left, _)| left == name);
        match (stuck, self.replaced_after) {
            (Some((name, since)), _) if is_awaited(name) => (text.compare.waits)(name, &ruler_label(since)),
            (_, Some(after)) => (text.compare.replaced)(&ruler_label(Time(after.0))),
            _ => NOTHING.to_owned(),
        }
    }
}

/// What two branches differ in at one instant. The numbers are the branches'.
pub fn instants(here: (&Snapshot, u32), there: (&Snapshot, u32), text: &Text) -> Table {
    let words = &text.compare;
    let sets = |shot: &Snapshot| -> SortedMap<String, String> {
        let ready = |set: &crate::api::object::StatefulSet| (text.cluster.ready_of)(set.status.ready, set.spec.replicas);
        shot.tables.stateful_sets().map(|set| (set.meta.name.to_string(), ready(set))).collect()
    };
    let pods = |shot: &Snapshot| -> SortedMap<String, String> {
        shot.tables
            .pods()
            .map(|pod| {
                (pod.meta.name.to_string(), {
                    let word = pod_word(pod, false);
                    if word.state == PodState::Ready { "Ready".to_owned() } else { word.word.to_string() }
                })
            })
            .collect()
    };
    let mut rows = differences(&sets(here.0), &sets(there.0));
    rows.extend(differences(&pods(here.0), &pods(there.0)));
    let more = rows.len().saturating_sub(PODS_NAMED);
    rows.truncate(PODS_NAMED);
    let note = match (rows.is_empty(), more) {
        (true, _) => words.same.to_owned(),
        (_, 0) => (words.at)(&ruler_label(here.0.now)),
        (_, more) => format!("{}, {}", (words.at)(&ruler_label(here.0.now)), (text.cluster.more)(more)),
    };
    Table { title: words.branches, note, heads: [here.1, there.1].map(|id| (words.branch)(id)), rows }
}

fn differences(here: &SortedMap<String, String>, there: &SortedMap<String, String>) -> Vec<[String; 3]> {
    let mut names: Vec<&String> = here.keys().collect();
    names.extend(there.keys().filter(|name| !here.contains_key(*name)));
    let cell = |side: &SortedMap<String, String>, name: &String| side.get(name).cloned().unwrap_or_else(|| NOTHING.to_owned());
    let rows = names.into_iter().map(|name| row(name, [cell(here, name), cell(there, name)]));
    rows.filter(|[_, here, there]| here != there).collect()
}

fn row(name: &str, [left, right]: [String; 2]) -> [String; 3] {
    [name.to_owned(), left, right]
}

/// A pod's name as its tile says it: what a Deployment generated is told by its end.
fn short_name(name: &str) -> String {
    match name.rsplit_once('-') {
        Some((_, last)) if !last.bytes().all(|byte| byte.is_ascii_digit()) => format!("…-{last}"),
        _ => name.to_owned(),
    }
}
