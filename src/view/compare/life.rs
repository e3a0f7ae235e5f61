//! The history of each workload's pods, folded from the log.
//!
//! Promises: costs no more than the newest change; says nothing about the future.

use std::rc::Rc;

use super::NOTHING;
use crate::Snapshot;
use crate::zero::minutes;
use api::kind::Kind;
use api::object::pod::{Ip, Truth};
use api::object::{Meta, Name, NamespacedName, Object, ObjectKey, Pod};
use base::sorted::SortedMap;
use base::time::{Span, Time};
use server::log::{Actor, Change};
use text::Text;

/// How many pods that went are remembered until they are replaced.
const MAX_LEFT: usize = 32;
/// How many pods are named.
const NAMED: usize = 3;

base::named! {
    /// A fact about a life, in the order in which facts are told.
    Fact {
        /// What the names of its pods are, or became.
        Names "names",
        /// What addresses became.
        Address "address",
        /// For how long a pod that was replaced was missing.
        Without "without",
        /// What became of a pod that was lost.
        Lost "lost",
        /// How many pods come up at once.
        ComingUp "coming-up",
        /// How many were missing at once, not by anybody's hand.
        Away "away",
        Claims "claims",
        /// How many pods there were at most.
        Most "most",
        /// Since when all are Ready.
        Settled "settled",
        /// Which pods replaced others.
        ReplacedBy "replaced-by",
    }
}

impl Fact {
    /// Its name on the page.
    pub(super) fn name(self, text: &Text) -> &'static str {
        let words = &text.compare;
        match self {
            Fact::Names => words.names(),
            Fact::Address => words.address(),
            Fact::Without => words.without(),
            Fact::Lost => words.lost(),
            Fact::ComingUp => words.coming_up(),
            Fact::Away => words.away(),
            Fact::Claims => words.claims(),
            Fact::Most => words.most(),
            Fact::Settled => words.settled(),
            Fact::ReplacedBy => words.replaced_by(),
        }
    }

    /// What stands there while nothing of the kind has happened.
    pub(super) fn nothing(self, text: &Text) -> &'static str {
        match self {
            Fact::Address | Fact::Without => text.compare.none_replaced(),
            Fact::Lost => text.compare.none_lost(),
            _ => NOTHING,
        }
    }
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
    /// Since when the pod that it replaced has been missing, until it is Ready itself.
    missing_since: Option<Time>,
    /// Its address, once it has one.
    ip: Option<Ip>,
    /// Since when it has no longer been Ready, while nobody has deleted it.
    lost: Option<Time>,
    /// The end of its grace period, once it is deleted.
    deadline: Option<Time>,
}

/// A pod that is gone or terminating, and not replaced yet.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Left {
    name: Name,
    /// Since when it had been lost, if it had.
    lost: Option<Time>,
    /// Since when it has been missing.
    since: Time,
    /// Whether somebody deleted it.
    by_hand: bool,
    ip: Option<Ip>,
}

/// A pod that was replaced, and its replacement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Replacement {
    pub left: Name,
    pub heir: Name,
    /// Since when the first was missing: what it lost, it lost then or later.
    pub since: Time,
    /// The address of the first.
    from: Option<Ip>,
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
    left: Vec<Left>,
    /// The last replacement.
    replacement: Option<Replacement>,
    /// How long it took until the last heir was Ready.
    without: Option<Span>,
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
                    let since = gone.lost.unwrap_or(at);
                    self.leaves(Left { name: Rc::clone(name), lost: gone.lost, since, by_hand, ip: gone.ip });
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
        let place = self.left.iter().position(|left| left.name == *name).or((!self.left.is_empty()).then_some(0));
        let left = place.map(|place| self.left.remove(place));
        let replacement = left.is_some();
        let (stands_in_since, excused) = left.as_ref().map_or((None, false), |left| (left.lost, left.by_hand));
        let missing_since = left.as_ref().map(|left| left.since);
        if let Some(left) = left {
            self.heirs += 1;
            if self.first_heirs.len() < NAMED {
                self.first_heirs.push(Rc::clone(name));
            }
            // Of the two, only one was to be there.
            self.note(&left.name, |left| left.excused = true);
            self.replacement = Some(Replacement { left: left.name, heir: Rc::clone(name), since: left.since, from: left.ip });
        }
        for volume in pod.claim_volumes() {
            let before = self.claims.insert(Rc::clone(&volume.claim), Rc::clone(name));
            self.shared |= before.is_some_and(|before| before != *name && self.pods.contains_key(&before));
        }
        self.pods.insert(Rc::clone(name), Present { replacement, excused, stands_in_since, missing_since, ..Present::default() });
        self.note(name, |pod| pod.away = replacement);
        self.coming += 1;
        self.coming_most = self.coming_most.max(self.coming);
        self.pods_most = self.pods_most.max(self.pods.len());
    }

    fn changes(&mut self, before: &Pod, pod: &Pod, at: Time, by_hand: bool) {
        let (name, goes) = (&pod.meta.name, pod.meta.terminating());
        let Some(known) = self.pods.get(name) else { return };
        let (is_up, was_deleted, lost) = (pod.ready() && !known.came_up, known.deadline.is_some(), known.lost);
        let (stands_in_since, missing_since) = (known.stands_in_since, known.missing_since);
        self.coming -= usize::from(is_up);
        if pod.ready() {
            self.replaced_after = stands_in_since.map(|lost| at.since(lost)).or(self.replaced_after);
            self.without = missing_since.map(|since| at.since(since)).or(self.without);
        }
        let lost = match (before.ready(), pod.ready()) {
            (true, false) if !goes => Some(at),
            (_, true) => None,
            _ => lost,
        };
        self.note(name, |known| {
            known.came_up |= pod.ready();
            known.lost = lost;
            known.ip = pod.status.ip.or(known.ip);
            known.deadline = pod.meta.deletion.map(|deletion| deletion.at);
            if pod.ready() {
                (known.stands_in_since, known.missing_since) = (None, None);
                known.excused &= goes;
            }
            known.excused |= goes && !was_deleted && by_hand;
            known.away = (known.came_up || known.replacement) && (!pod.ready() || goes);
        });
        if goes && !was_deleted {
            let ip = self.pods.get(name).and_then(|known| known.ip);
            self.leaves(Left { name: Rc::clone(name), lost, since: lost.unwrap_or(at), by_hand, ip });
        }
    }

    fn leaves(&mut self, left: Left) {
        if self.left.len() == MAX_LEFT {
            self.left.remove(0);
        }
        self.left.push(left);
    }

    /// A fact in words; `None` while nothing of the kind has happened.
    pub(super) fn told(&self, fact: Fact, shot: &Snapshot, text: &Text) -> Option<String> {
        let words = &text.compare;
        match fact {
            Fact::Names => Some(self.named(text)),
            Fact::Address => self.address(text),
            Fact::Without => self.without(shot, text),
            Fact::Lost => self.fate_of_lost(shot, text),
            Fact::ComingUp => Some(words.at_once(self.coming_most)),
            Fact::Away => Some(words.at_once(self.down_most)),
            Fact::Claims => Some(words.claim_count(self.claims.len(), self.shared)),
            Fact::Most => Some(self.pods_most.to_string()),
            Fact::Settled => self.settled.map(|at| shot.zero.label(at)),
            Fact::ReplacedBy => self.replaced(text),
        }
    }

    /// Whether the latest replacement has the same name as its predecessor; `None` if there was none.
    pub(super) fn keeps_names(&self) -> Option<bool> {
        self.replacement.as_ref().map(|last| last.left == last.heir)
    }

    /// The last replacement.
    pub(super) fn replacement(&self) -> Option<&Replacement> {
        self.replacement.as_ref()
    }

    /// The pod that mounts a claim, or did last.
    pub(super) fn last_user(&self, claim: &Name) -> Option<&Name> {
        self.claims.get(claim)
    }

    /// The pod that came last in the place of another, or else the first.
    pub(super) fn foremost(&self) -> Option<&Name> {
        let heir = self.replacement.as_ref().map(|last| &last.heir).filter(|heir| self.pods.contains_key(*heir));
        heir.or_else(|| self.pods.keys().next())
    }

    /// The replacement pods, in order.
    fn replaced(&self, text: &Text) -> Option<String> {
        let mut names: Vec<String> = self.first_heirs.iter().map(|name| short_name(name)).collect();
        names.extend((self.heirs > NAMED).then(|| text.cluster.more(self.heirs - NAMED)));
        (!names.is_empty()).then(|| names.join(", "))
    }

    /// What happened to the names.
    fn named(&self, text: &Text) -> String {
        match &self.replacement {
            Some(last) if last.left == last.heir => text.compare.kept(&last.heir),
            Some(last) => text.compare.changed(&short_name(&last.left), &short_name(&last.heir)),
            None => {
                let more = Some(self.pods.len().saturating_sub(NAMED)).filter(|more| *more > 0).map(|more| text.cluster.more(more));
                self.pods.keys().take(NAMED).map(|name| short_name(name)).chain(more).collect::<Vec<_>>().join(", ")
            }
        }
    }

    /// What the address of the last pod that was replaced became.
    fn address(&self, text: &Text) -> Option<String> {
        let last = self.replacement.as_ref()?;
        let (from, to) = (last.from?, self.pods.get(&last.heir)?.ip?);
        Some(if from == to {
            text.compare.same_address(&from.to_string())
        } else {
            text.compare.other_address(&from.to_string(), &to.to_string())
        })
    }

    /// For how long the last pod that went was missing, or since when one is.
    fn without(&self, shot: &Snapshot, text: &Text) -> Option<String> {
        let heirs = self.pods.values().filter_map(|pod| pod.missing_since);
        let lost = self.lost(shot).map(|(_, lost)| lost);
        let since = heirs.chain(self.left.iter().map(|left| left.since)).chain(lost).min();
        since.map(|since| text.compare.missing_since(&shot.zero.label(since))).or_else(|| self.without.map(minutes))
    }

    /// A pod that has not been Ready since its node fell silent, and that nothing has replaced.
    fn lost(&self, shot: &Snapshot) -> Option<(&Name, Time)> {
        let is_replaced = |name: &Name, pod: &Present| pod.deadline.is_some() && !self.is_awaited(name);
        let lost = self.pods.iter().filter(|(name, pod)| !is_replaced(name, pod)).filter_map(|(name, pod)| Some((name, pod.lost?)));
        let on_silent = |name: &Name| {
            let pod = shot.tables.pods().find(|pod| pod.meta.name == *name);
            let node = pod.and_then(|pod| shot.tables.node("", pod.node.as_ref()?));
            node.is_some_and(|node| node.ready() != Truth::True)
        };
        lost.into_iter().find(|(name, _)| on_silent(name))
    }

    /// Whether a pod is gone or terminating, and not replaced yet.
    fn is_awaited(&self, name: &Name) -> bool {
        self.left.iter().any(|left| left.name == *name)
    }

    /// What happened to lost pods: one has no heir, or its heir is not Ready, or how long it took until that was.
    fn fate_of_lost(&self, shot: &Snapshot, text: &Text) -> Option<String> {
        let stuck =
            self.pods.iter().find_map(|(name, pod)| pod.deadline.filter(|end| *end < shot.now).map(|end| (name, pod.lost.unwrap_or(end))));
        let replacement = self.pods.iter().find(|(_, pod)| pod.stands_in_since.is_some());
        match (stuck.filter(|(name, _)| self.is_awaited(name)).or_else(|| self.lost(shot)), replacement, self.replaced_after) {
            (Some((name, since)), ..) => Some(text.compare.waits(&short_name(name), &shot.zero.label(since))),
            (_, Some((replacement, _)), _) => Some(text.compare.not_up(&short_name(replacement))),
            (_, _, after) => after.map(|after| text.compare.replaced(&minutes(after))),
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
