//! What happened to a StatefulSet between two instants of a run, read from the log of writes.
//!
//! Promises: every span is exact, because the log has every write; every Ready pod of the set counts, whether or not its ordinal is still
//! wanted; a pod that is Ready and is being deleted no longer counts, since no Service leads to it.
//! Must not know: why anything happened, words of any language.
//! Not modelled: members that are Ready and do not take part in their quorum.

mod stretch;

use std::rc::Rc;

use api::kind::Kind;
use api::object::pod::Ip;
use api::object::{Meta, Name, Object, ObjectKey, Pod, StatefulSet, Uid, parent_and_ordinal};
use base::sorted::SortedMap;
use base::time::Time;
use server::log::{Actor, Change};
use server::tables::Tables;
use sim::Sim;
use stretch::mark;
pub use stretch::{Absence, Stretch, lasts, total};

/// Something that happened to a pod.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    Created,
    /// Put on a node.
    Bound(Name),
    Ready,
    /// No longer Ready, though nobody had deleted it.
    Unready,
    /// Asked to go, by whom.
    Deleted(Actor),
    /// No longer in the API server.
    Gone,
}

/// One thing that happened to a pod.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    pub at: Time,
    pub pod: Name,
    pub ordinal: i64,
    pub event: Event,
}

/// One incarnation of a pod at an end of its life.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Incarnation {
    pub uid: Uid,
    /// The node that it is bound to.
    pub node: Option<Name>,
    /// Its address.
    pub address: Option<Ip>,
    /// The revision of the set that it was made of; empty where no label tells.
    pub revision: Name,
    /// Images of its containers.
    pub images: Vec<Name>,
}

/// A pod that went, or came, or went and came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replaced {
    pub pod: Name,
    pub ordinal: i64,
    /// What was there; `None` of a pod that is new.
    pub before: Option<Incarnation>,
    /// When it was asked to go, or went without having been asked; `None` if it was asked before the start.
    pub deleted_at: Option<Time>,
    /// Who asked it to go.
    pub deleted_by: Option<Actor>,
    /// When it was gone.
    pub gone_at: Option<Time>,
    pub created_at: Option<Time>,
    /// When its successor was first Ready.
    pub ready_at: Option<Time>,
    /// The successor as it was last seen; `None` of a pod that did not come back.
    pub after: Option<Incarnation>,
}

/// What became of a claim or a volume.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    Kept,
    Created,
    Deleted,
    /// Deleted, and another of its name created.
    Remade,
}

impl Fate {
    /// Whether what was there is no more.
    pub fn loses(self) -> bool {
        matches!(self, Fate::Deleted | Fate::Remade)
    }
}

/// A claim or a volume of the set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Storage {
    pub key: ObjectKey,
    pub fate: Fate,
}

/// A pod of the set at the end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    pub pod: Name,
    pub ordinal: i64,
    pub ready: bool,
    /// Whether it is being deleted.
    pub leaving: bool,
    pub seen: Incarnation,
}

/// What happened to a set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Watched {
    pub set: ObjectKey,
    /// The two instants.
    pub from: Time,
    pub to: Time,
    /// Everything that happened to its pods, in order.
    pub steps: Vec<Step>,
    /// The pods that went or came, in that order.
    pub replaced: Vec<Replaced>,
    /// When each ordinal that should have had a Ready pod had none, lowest first.
    pub unready: Vec<Absence>,
    /// How many pods there should have been at the start.
    pub wanted_before: i64,
    /// How many pods were Ready at the start.
    pub ready_before: i64,
    /// How many at the end.
    pub ready_after: i64,
    /// The lowest number of Ready pods, and since when first.
    pub lowest: (i64, Time),
    /// When there was no Ready pod, although there should have been one.
    pub dark: Vec<Stretch>,
    /// When fewer than a majority of the pods that there should have been were Ready, after that many had been.
    pub below_quorum: Vec<Stretch>,
    /// A majority of the pods that there should have been when it was first missed, or else when the fewest were Ready.
    pub majority: i64,
    /// The claims of its ordinals and what these were bound to.
    pub storage: Vec<Storage>,
    /// Its pods at the end, lowest ordinal first.
    pub pods: Vec<Standing>,
}

impl Watched {
    /// Whether a majority was there and got lost.
    pub fn lost_quorum(&self) -> bool {
        !self.below_quorum.is_empty()
    }

    /// When each ordinal that had a pod at the start had no Ready one.
    pub fn away(&self) -> impl DoubleEndedIterator<Item = &Absence> {
        let is_new = |ordinal: i64| self.replaced.iter().find(|row| row.ordinal == ordinal).is_some_and(|row| row.before.is_none());
        self.unready.iter().filter(move |row| !is_new(row.ordinal))
    }

    /// The pods that went and came back, with what was there first and what is there last.
    pub fn returned(&self) -> impl Iterator<Item = (&Name, &Incarnation, &Incarnation)> {
        self.replaced.iter().enumerate().filter_map(|(at, row)| {
            let is_it = |one: &&Replaced| one.pod == row.pod;
            let (first, last) = (row.before.as_ref()?, self.replaced.iter().rfind(is_it)?.after.as_ref()?);
            (!self.replaced[..at].iter().any(|one| is_it(&one))).then_some((&row.pod, first, last))
        })
    }
}

/// How many pods make a majority of so many.
pub fn majority(replicas: i64) -> i64 {
    if replicas > 0 { replicas / 2 + 1 } else { 0 }
}

/// What happened to a set from one instant of a run to a later one.
pub fn between(before: &Sim, after: &Sim, set: &ObjectKey) -> Watched {
    let mut watch = Watch::begin(before, set);
    after.log().from(before.log().len()).for_each(|change| watch.take(change));
    watch.end(after.now())
}

/// A pod as far as the set is concerned.
#[derive(Clone, Debug)]
struct Known {
    name: Name,
    ready: bool,
    leaving: bool,
    /// Its place in [`Watched::replaced`], if it has one.
    row: Option<usize>,
    seen: Incarnation,
}

/// The watching of a set: takes changes one by one.
#[derive(Clone, Debug)]
pub struct Watch {
    found: Watched,
    /// The set and its desired ordinals, as last written.
    set: Option<Rc<StatefulSet>>,
    wanted: std::ops::Range<i64>,
    /// How many pods were Ready at most, and whether these were a majority once.
    most: i64,
    had_majority: bool,
    pods: SortedMap<i64, Known>,
    /// The claims that existed at the start, and the volumes that these had.
    storage: SortedMap<ObjectKey, (bool, Fate)>,
}

/// The ordinal of a pod, where it is one of a set: it is called so, and nobody else controls it.
pub fn ordinal_in(set: &ObjectKey, pod: &Meta) -> Option<i64> {
    let (parent, ordinal) = parent_and_ordinal(&pod.name)?;
    let named = *parent == *set.name && *pod.namespace == *set.namespace;
    let own = pod.controller().is_none_or(|owner| owner.kind == Some(Kind::StatefulSet) && *owner.name == *set.name);
    (named && own).then_some(ordinal)
}

impl Incarnation {
    fn of(pod: &Pod) -> Self {
        let revision = pod.meta.label(api::well_known::CONTROLLER_REVISION_HASH).cloned().unwrap_or_default();
        let images = pod.spec.template.containers.iter().map(|container| Rc::clone(&container.image)).collect();
        Incarnation { uid: pod.meta.uid, node: pod.node.clone(), address: pod.status.ip, revision, images }
    }
}

impl Watch {
    /// Begins at the present of a world.
    pub fn begin(sim: &Sim, set: &ObjectKey) -> Watch {
        let (tables, now) = (sim.tables(), sim.now());
        let found = Watched {
            set: set.clone(),
            from: now,
            to: now,
            steps: Vec::new(),
            replaced: Vec::new(),
            unready: Vec::new(),
            wanted_before: 0,
            ready_before: 0,
            ready_after: 0,
            lowest: (i64::MAX, now),
            dark: Vec::new(),
            below_quorum: Vec::new(),
            majority: 0,
            storage: Vec::new(),
            pods: Vec::new(),
        };
        let set_now = tables.stateful_set(&set.namespace, &set.name).cloned();
        let wanted = set_now.as_ref().map_or(0..0, |set| set.ordinals());
        let mut watch =
            Watch { found, set: set_now, wanted, most: 0, had_majority: false, pods: SortedMap::new(), storage: SortedMap::new() };
        for pod in tables.pods() {
            if let Some(ordinal) = ordinal_in(set, &pod.meta) {
                watch.pods.insert(ordinal, known(pod, None));
            }
        }
        watch.begin_storage(tables);
        watch.found.wanted_before = watch.wanted.end - watch.wanted.start;
        watch.found.ready_before = watch.ready();
        watch.count(now);
        watch
    }

    fn begin_storage(&mut self, tables: &Tables) {
        let Some(set) = self.set.clone() else { return };
        for claim in tables.claims().filter(|claim| is_claim_of(&set, &claim.meta)) {
            self.storage.insert(claim.key(), (true, Fate::Kept));
            if let Some(volume) = tables.volume("", &claim.spec.volume) {
                self.storage.insert(volume.key(), (true, Fate::Kept));
            }
        }
    }

    /// How many pods are Ready.
    fn ready(&self) -> i64 {
        self.pods.iter().filter(|(_, pod)| pod.ready && !pod.leaving).map(|_| 1).sum()
    }

    /// Takes in a write.
    pub fn take(&mut self, change: &Change) {
        match change.key.kind {
            Kind::Pod => {
                let [before, after] = change.sides(Object::as_pod);
                let meta = after.or(before).map(|pod| &pod.meta);
                let Some(ordinal) = meta.and_then(|meta| ordinal_in(&self.found.set, meta)) else { return };
                self.pod(ordinal, after.map(|pod| &**pod), change);
            }
            Kind::StatefulSet if change.key == self.found.set => {
                if let Some(set) = change.after.as_ref().and_then(Object::as_stateful_set) {
                    (self.set, self.wanted) = (Some(Rc::clone(set)), set.ordinals());
                }
            }
            Kind::PersistentVolumeClaim | Kind::PersistentVolume => return self.stored(change),
            _ => return,
        }
        self.count(change.at);
    }

    /// Takes in what a pod is now.
    fn pod(&mut self, ordinal: i64, after: Option<&Pod>, change: &Change) {
        let name = &change.key.name;
        let was = self.pods.get(&ordinal).cloned();
        let Some(pod) = after else {
            let Some(mut was) = self.pods.remove(&ordinal) else { return };
            let row = self.row(ordinal, name, &mut was);
            let row = &mut self.found.replaced[row];
            row.gone_at = Some(change.at);
            if !was.leaving {
                (row.deleted_at, row.deleted_by) = (row.gone_at, Some(change.by.clone()));
            }
            self.step(change, ordinal, Event::Gone);
            return;
        };
        let Some(was) = was else {
            let row = self.successor(ordinal, name, pod, change.at);
            self.pods.insert(ordinal, known(pod, Some(row)));
            self.step(change, ordinal, Event::Created);
            return;
        };
        let mut now = known(pod, was.row);
        if let Some(node) = pod.node.as_ref().filter(|_| was.seen.node.is_none()) {
            self.step(change, ordinal, Event::Bound(Rc::clone(node)));
        }
        if now.leaving && !was.leaving {
            let mut left = was.clone();
            let row = self.row(ordinal, name, &mut left);
            now.row = left.row;
            let row = &mut self.found.replaced[row];
            row.deleted_at = Some(change.at);
            row.deleted_by = Some(change.by.clone());
            self.step(change, ordinal, Event::Deleted(change.by.clone()));
        }
        if now.ready != was.ready && !now.leaving {
            self.step(change, ordinal, if now.ready { Event::Ready } else { Event::Unready });
        }
        if let Some(row) = now.row.map(|row| &mut self.found.replaced[row]).filter(|row| row.created_at.is_some()) {
            row.after = Some(now.seen.clone());
            if now.ready && !now.leaving {
                row.ready_at.get_or_insert(change.at);
            }
        }
        self.pods.insert(ordinal, now);
    }

    fn step(&mut self, change: &Change, ordinal: i64, event: Event) {
        self.found.steps.push(Step { at: change.at, pod: Rc::clone(&change.key.name), ordinal, event });
    }

    /// The row in which the pod that goes is what was before.
    fn row(&mut self, ordinal: i64, name: &Name, was: &mut Known) -> usize {
        if let Some(row) = was.row.filter(|row| self.found.replaced[*row].after.is_none()) {
            return row;
        }
        let before = Some(was.seen.clone());
        self.found.replaced.push(empty_row(ordinal, name, before));
        was.row = Some(self.found.replaced.len() - 1);
        self.found.replaced.len() - 1
    }

    /// The row in which a new pod is what comes after.
    fn successor(&mut self, ordinal: i64, name: &Name, pod: &Pod, at: Time) -> usize {
        let open = self.found.replaced.iter().rposition(|row| row.ordinal == ordinal && row.created_at.is_none());
        let row = open.unwrap_or_else(|| {
            self.found.replaced.push(empty_row(ordinal, name, None));
            self.found.replaced.len() - 1
        });
        self.found.replaced[row].created_at = Some(at);
        self.found.replaced[row].after = Some(Incarnation::of(pod));
        row
    }

    /// Takes in a claim or a volume.
    fn stored(&mut self, change: &Change) {
        let own = match change.key.kind {
            Kind::PersistentVolumeClaim => {
                let claim = change.object().and_then(Object::as_claim);
                claim.is_some_and(|claim| {
                    self.storage.contains_key(&change.key) || self.set.as_ref().is_some_and(|set| is_claim_of(set, &claim.meta))
                })
            }
            _ => change.object().and_then(Object::as_volume).and_then(|volume| volume.spec.claim.as_ref()).is_some_and(|claim| {
                let claim = claim.namespaced_name();
                self.storage.contains_key(&ObjectKey::new(Kind::PersistentVolumeClaim, &claim.namespace, &claim.name))
            }),
        };
        let known = self.storage.get(&change.key).copied();
        if !own && known.is_none() {
            return;
        }
        let fate = match (known, &change.before, &change.after) {
            (Some((true, Fate::Deleted)), None, Some(_)) => Fate::Remade,
            (Some((_, fate)), _, Some(_)) => fate,
            (_, _, None) => Fate::Deleted,
            (None, None, Some(_)) => Fate::Created,
            // What was there and becomes the set's: a volume that a claim takes.
            (None, Some(_), Some(_)) => Fate::Kept,
        };
        let was_there = known.map_or(change.before.is_some(), |(was_there, _)| was_there);
        self.storage.insert(change.key.clone(), (was_there, fate));
    }

    /// Counts the Ready pods after a write.
    fn count(&mut self, at: Time) {
        let (ready, replicas) = (self.ready(), self.wanted.end - self.wanted.start);
        let (majority, was_missed) = (majority(replicas), self.found.lost_quorum());
        let is_lowest = ready < self.found.lowest.0;
        if is_lowest {
            self.found.lowest = (ready, at);
        }
        mark(&mut self.found.dark, replicas > 0 && ready == 0, at);
        self.most = self.most.max(ready);
        // Of a set that grows, nobody is missing who was there.
        let grows = self.found.ready_before > 0 && replicas > self.found.wanted_before && ready >= self.most;
        self.had_majority |= ready >= majority && replicas > 0;
        mark(&mut self.found.below_quorum, self.had_majority && ready < majority && !grows, at);
        if !was_missed && (is_lowest || self.found.lost_quorum()) {
            self.found.majority = majority;
        }
        let rows = &mut self.found.unready;
        for ordinal in self.wanted.clone() {
            if let Err(place) = rows.binary_search_by_key(&ordinal, |row| row.ordinal) {
                rows.insert(place, Absence { ordinal, stretches: Vec::new() });
            }
        }
        for Absence { ordinal, stretches } in rows {
            let up = self.pods.get(ordinal).is_some_and(|pod| pod.ready && !pod.leaving);
            mark(stretches, self.wanted.contains(ordinal) && !up, at);
        }
    }

    /// Ends at an instant.
    pub fn end(mut self, at: Time) -> Watched {
        self.found.to = at;
        self.found.ready_after = self.ready();
        let standing =
            |(ordinal, pod): (i64, Known)| Standing { pod: pod.name, ordinal, ready: pod.ready, leaving: pod.leaving, seen: pod.seen };
        self.found.pods = self.pods.into_iter().map(standing).collect();
        self.found.unready.retain(|absence| !absence.stretches.is_empty());
        let remains = |(_, (was_there, fate)): &(ObjectKey, (bool, Fate))| *was_there || *fate != Fate::Deleted;
        self.found.storage = self.storage.into_iter().filter(remains).map(|(key, (_, fate))| Storage { key, fate }).collect();
        self.found
    }
}

fn known(pod: &Pod, row: Option<usize>) -> Known {
    Known { name: Rc::clone(&pod.meta.name), ready: pod.ready(), leaving: pod.meta.terminating(), row, seen: Incarnation::of(pod) }
}

fn empty_row(ordinal: i64, pod: &Name, before: Option<Incarnation>) -> Replaced {
    Replaced {
        pod: Rc::clone(pod),
        ordinal,
        before,
        deleted_at: None,
        deleted_by: None,
        gone_at: None,
        created_at: None,
        ready_at: None,
        after: None,
    }
}

/// Whether a claim is one of a set's own.
fn is_claim_of(set: &StatefulSet, claim: &Meta) -> bool {
    *claim.namespace == *set.meta.namespace && set.of_claim(&claim.name).is_some()
}
