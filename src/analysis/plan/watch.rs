//! What happened to a StatefulSet between two instants of a run, read from the log of writes.
//!
//! Promises: every span is exact, because the log has every write; every Ready pod of the set counts, whether or not its ordinal is still
//! wanted; a pod that is Ready and is being deleted no longer counts, since no Service leads to it.
//! Must not know: why anything happened, words of any language.
//! Not modelled: members that are Ready and do not take part in their quorum.

use std::rc::Rc;

use api::kind::Kind;
use api::object::pod::Ip;
use api::object::{Meta, Name, Object, ObjectKey, Pod, StatefulSet, Uid, parent_and_ordinal, writes_ordinal};
use base::sorted::SortedMap;
use base::stretch::turn;
pub use base::stretch::{Stretch, lasts, total};
use base::time::{Span, Time};
pub use server::life::Event;
use server::life::Life;
use server::log::{Actor, Change};
use server::tables::Tables;
use sim::Sim;

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

impl Replaced {
    /// A pod that went, and one that came.
    fn of(gone: Option<&(i64, Life)>, heir: Option<&(i64, Life)>) -> Option<Replaced> {
        let (ordinal, Life { pod, .. }) = gone.or(heir)?;
        let seen = |(_, life): &(i64, Life)| Incarnation::of(&life.pod);
        let ended = gone.and_then(|(_, life)| life.ended());
        Some(Replaced {
            pod: Rc::clone(&pod.meta.name),
            ordinal: *ordinal,
            before: gone.map(seen),
            deleted_at: ended.map(|(at, _)| *at),
            deleted_by: ended.map(|(_, by)| by.clone()),
            gone_at: gone.and_then(|(_, life)| life.gone.as_ref()).map(|(at, _)| *at),
            created_at: heir.map(|(_, life)| life.since),
            ready_at: heir.and_then(|(_, life)| life.ready.first()).map(|first| first.from),
            after: heir.map(seen),
        })
    }
}

/// When an ordinal had no Ready pod.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Absence {
    pub ordinal: i64,
    pub stretches: Vec<Stretch>,
}

impl Absence {
    /// How long it was together, by an instant; `None` where it lasts.
    pub fn ended(&self, now: Time) -> Option<Span> {
        (!lasts(&self.stretches)).then(|| total(&self.stretches, now))
    }
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
    /// The pods that there have been, with their ordinals, and the place of each ordinal's present one.
    lives: Vec<(i64, Life)>,
    pods: SortedMap<i64, usize>,
    /// The places of the pods that went, each with that of its successor, and of those that only came.
    rows: Vec<(Option<usize>, Option<usize>)>,
    /// The claims that existed at the start, and the volumes that these had.
    storage: SortedMap<ObjectKey, (bool, Fate)>,
}

/// The ordinal of a pod of a set: the set writes such names, and nobody else controls the pod.
pub fn ordinal_in(set: &ObjectKey, pod: &Meta) -> Option<i64> {
    let (parent, ordinal) = parent_and_ordinal(&pod.name).filter(|_| writes_ordinal(&pod.name))?;
    let named = *parent == *set.name && *pod.namespace == *set.namespace;
    let own = pod.controller().is_none_or(|owner| owner.is_a(Kind::StatefulSet) && *owner.name == *set.name);
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
        let mut watch = Watch {
            found,
            set: set_now,
            wanted,
            most: 0,
            had_majority: false,
            lives: Vec::new(),
            pods: SortedMap::new(),
            rows: Vec::new(),
            storage: SortedMap::new(),
        };
        for pod in tables.pods() {
            if let Some(ordinal) = ordinal_in(set, &pod.meta) {
                watch.comes(ordinal, pod, now);
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

    fn comes(&mut self, ordinal: i64, pod: &Rc<Pod>, at: Time) -> usize {
        self.pods.insert(ordinal, self.lives.len());
        self.lives.push((ordinal, Life::of(pod, at)));
        self.lives.len() - 1
    }

    /// How many pods are Ready.
    fn ready(&self) -> i64 {
        self.pods.values().filter(|place| self.lives[**place].1.serves()).map(|_| 1).sum()
    }

    /// Takes in a write.
    pub fn take(&mut self, change: &Change) {
        match change.key.kind {
            Kind::Pod => {
                let [before, after] = change.sides(Object::as_pod);
                let meta = after.or(before).map(|pod| &pod.meta);
                let Some(ordinal) = meta.and_then(|meta| ordinal_in(&self.found.set, meta)) else { return };
                self.pod(ordinal, after, change);
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

    /// Takes in a write to a pod.
    fn pod(&mut self, ordinal: i64, after: Option<&Rc<Pod>>, change: &Change) {
        let event = match (self.pods.get(&ordinal).copied(), after) {
            (Some(place), _) => {
                let life = &mut self.lives[place].1;
                let event = life.take(change);
                if change.is_deletion() || after.is_none() && life.asked.is_none() {
                    self.rows.push((Some(place), None));
                }
                if after.is_none() {
                    self.pods.remove(&ordinal);
                }
                event
            }
            (None, Some(pod)) => {
                let new = Some(self.comes(ordinal, pod, change.at));
                let lives = &self.lives;
                let is_its = |gone: Option<usize>| gone.is_some_and(|place| lives[place].0 == ordinal);
                match self.rows.iter_mut().rfind(|(gone, heir)| heir.is_none() && is_its(*gone)) {
                    Some((_, heir)) => *heir = new,
                    None => self.rows.push((None, new)),
                }
                Some(Event::Created)
            }
            (None, None) => None,
        };
        let step = |event| Step { at: change.at, pod: Rc::clone(&change.key.name), ordinal, event };
        self.found.steps.extend(event.map(step));
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
        turn(&mut self.found.dark, (replicas > 0 && ready == 0).then_some(()), at);
        self.most = self.most.max(ready);
        // Of a set that grows, nobody is missing who was there.
        let grows = self.found.ready_before > 0 && replicas > self.found.wanted_before && ready >= self.most;
        self.had_majority |= ready >= majority && replicas > 0;
        turn(&mut self.found.below_quorum, (self.had_majority && ready < majority && !grows).then_some(()), at);
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
            let up = self.pods.get(ordinal).is_some_and(|place| self.lives[*place].1.serves());
            turn(stretches, (self.wanted.contains(ordinal) && !up).then_some(()), at);
        }
    }

    /// Ends at an instant.
    pub fn end(mut self, at: Time) -> Watched {
        self.found.to = at;
        self.found.ready_after = self.ready();
        let standing = |(ordinal, place): (&i64, &usize)| {
            let Life { pod, .. } = &self.lives[*place].1;
            let (name, leaving) = (Rc::clone(&pod.meta.name), pod.meta.terminating());
            Standing { pod: name, ordinal: *ordinal, ready: pod.ready(), leaving, seen: Incarnation::of(pod) }
        };
        self.found.pods = self.pods.iter().map(standing).collect();
        let life = |place: Option<usize>| place.map(|at| &self.lives[at]);
        let rows = self.rows.iter().filter_map(|(gone, heir)| Replaced::of(life(*gone), life(*heir)));
        self.found.replaced = rows.collect();
        self.found.unready.retain(|absence| !absence.stretches.is_empty());
        let remains = |(_, (was_there, fate)): &(ObjectKey, (bool, Fate))| *was_there || *fate != Fate::Deleted;
        self.found.storage = self.storage.into_iter().filter(remains).map(|(key, (_, fate))| Storage { key, fate }).collect();
        self.found
    }
}

/// Whether a claim is one of a set's own.
fn is_claim_of(set: &StatefulSet, claim: &Meta) -> bool {
    *claim.namespace == *set.meta.namespace && set.of_claim(&claim.name).is_some()
}
