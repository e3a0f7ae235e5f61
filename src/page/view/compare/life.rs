//! The history of each workload's pods, folded from the log.
//!
//! Promises: costs no more than the newest change; says nothing about the future.

use std::rc::Rc;

use super::NOTHING;
use crate::Snapshot;
use crate::zero::minutes;
use api::kind::Kind;
use api::object::pod::Truth;
use api::object::{Meta, Name, NamespacedName, Object, ObjectKey, Pod};
use base::sorted::SortedMap;
use base::time::{Span, Time};
use server::life::{Event, Life};
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
#[derive(Clone, Debug, PartialEq, Eq)]
struct Present {
    life: Life,
    /// The pod whose place it took, as that was when it went.
    left: Option<Life>,
    /// Whether it does not count as down while it is away: somebody deleted it, or its own heir is there.
    excused: bool,
}

impl Present {
    /// Whether it was ever Ready.
    fn came_up(&self) -> bool {
        !self.life.ready.is_empty()
    }

    /// The pod whose place it took, until it is Ready itself.
    fn stands_in_for(&self) -> Option<&Life> {
        self.left.as_ref().filter(|_| !self.came_up())
    }

    /// How much it adds to [`PodHistory::counts`]. It is away where it was Ready or took the place of another, and it is not Ready now or
    /// is terminating. That is excused, too, of the heir of a pod that somebody deleted.
    fn counts(&self) -> [usize; 3] {
        let away = (self.came_up() || self.left.is_some()) && !self.life.serves();
        let excused = self.excused || self.stands_in_for().is_some_and(by_hand);
        [!self.came_up(), away, away && excused].map(usize::from)
    }
}

/// Since when a pod that went or is lost has been missing.
fn missing_since(life: &Life) -> Option<Time> {
    life.lost().or(life.ended().map(|(at, _)| *at))
}

/// Whether somebody deleted a pod.
fn by_hand(life: &Life) -> bool {
    life.ended().is_some_and(|(_, by)| *by == Actor::User)
}

/// A pod that was replaced, and its replacement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Replacement {
    life: Life,
    pub heir: Name,
}

impl Replacement {
    /// The name of the first.
    pub(super) fn left(&self) -> &Name {
        &self.life.pod.meta.name
    }

    /// Since when the first was missing: what it lost, it lost then or later.
    pub(super) fn since(&self) -> Time {
        missing_since(&self.life).unwrap_or_default()
    }
}

/// The history of one workload's pods.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct PodHistory {
    pods: SortedMap<Name, Present>,
    /// How many come up, how many are away, and how many of those are excused.
    counts: [usize; 3],
    coming_most: usize,
    pods_most: usize,
    down_most: usize,
    /// Since when all pods have been Ready; `None` while one is not.
    settled: Option<Time>,
    /// How many pods replaced others, and the first of them.
    heirs: usize,
    first_heirs: Vec<Name>,
    /// The pods that are gone or terminating, and not replaced yet.
    left: Vec<Life>,
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
    lives: SortedMap<ObjectKey, Rc<PodHistory>>,
    /// The name of the Deployment of each ReplicaSet.
    deployments: SortedMap<NamespacedName, Name>,
}

impl PodHistories {
    /// Takes in a change.
    pub fn take(&mut self, change: &Change) {
        match change.object() {
            Some(Object::ReplicaSet(set)) => {
                if let Some(owner) = set.meta.controller().filter(|owner| owner.is_a(Kind::Deployment)) {
                    self.deployments.insert(set.meta.namespaced_name(), Rc::clone(&owner.name));
                }
            }
            Some(Object::Pod(pod)) => {
                if let Some(workload) = self.workload(&pod.meta) {
                    Rc::make_mut(self.lives.entry(workload).or_default()).take(change, pod);
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
    pub(super) fn of(&self, kind: Kind, workload: &NamespacedName) -> Option<&PodHistory> {
        self.lives.get(&ObjectKey::new(kind, &workload.namespace, &workload.name)).map(|life| &**life)
    }
}

impl PodHistory {
    /// Takes in a write to a pod.
    fn take(&mut self, change: &Change, pod: &Rc<Pod>) {
        if change.before.is_none() {
            self.comes(pod, change.at);
        } else {
            self.goes_on(change);
        }
        let [coming, away, excused] = self.counts;
        self.down_most = self.down_most.max(away - excused);
        self.settled = if coming + away > 0 { None } else { self.settled.or(Some(change.at)) };
    }

    /// Changes what is noted of a pod, and counts it anew.
    fn note<T>(&mut self, name: &Name, change: impl FnOnce(&mut Present) -> T) -> Option<T> {
        let pod = self.pods.get_mut(name)?;
        let was = pod.counts();
        let changed = change(pod);
        let is = pod.counts();
        self.count(was, is);
        Some(changed)
    }

    fn count(&mut self, was: [usize; 3], is: [usize; 3]) {
        self.counts = std::array::from_fn(|at| self.counts[at] + is[at] - was[at]);
    }

    fn comes(&mut self, pod: &Rc<Pod>, at: Time) {
        let name = &pod.meta.name;
        let place = self.left.iter().position(|left| left.pod.meta.name == *name).or((!self.left.is_empty()).then_some(0));
        let left = place.map(|place| self.left.remove(place));
        if let Some(left) = &left {
            self.heirs += 1;
            if self.first_heirs.len() < NAMED {
                self.first_heirs.push(Rc::clone(name));
            }
            // Of the two, only one was to be there.
            self.note(&left.pod.meta.name, |left| left.excused = true);
            self.replacement = Some(Replacement { life: left.clone(), heir: Rc::clone(name) });
        }
        for volume in pod.claim_volumes() {
            let before = self.claims.insert(Rc::clone(&volume.claim), Rc::clone(name));
            self.shared |= before.is_some_and(|before| before != *name && self.pods.contains_key(&before));
        }
        let new = Present { life: Life::of(pod, at), left, excused: false };
        self.count([0; 3], new.counts());
        self.pods.insert(Rc::clone(name), new);
        self.coming_most = self.coming_most.max(self.counts[0]);
        self.pods_most = self.pods_most.max(self.pods.len());
    }

    fn goes_on(&mut self, change: &Change) {
        let taken = self.note(&change.key.name, |pod| {
            let stood_in = pod.stands_in_for().map(|left| (left.lost(), missing_since(left)));
            let event = pod.life.take(change);
            pod.excused |= event == Some(Event::Deleted(Actor::User));
            (stood_in.filter(|_| event == Some(Event::Ready)), change.is_deletion().then(|| pod.life.clone()))
        });
        let Some((stood_in, left)) = taken else { return };
        let since = |then: Option<Time>| then.map(|then| change.at.since(then));
        if let Some((lost, missing)) = stood_in {
            (self.replaced_after, self.without) = (since(lost).or(self.replaced_after), since(missing));
        }
        if left.is_some() && self.left.len() == MAX_LEFT {
            self.left.remove(0);
        }
        self.left.extend(left);
        if change.after.is_none()
            && let Some(gone) = self.pods.remove(&change.key.name)
        {
            self.count(gone.counts(), [0; 3]);
        }
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
        self.replacement.as_ref().map(|last| *last.left() == last.heir)
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
            Some(last) if *last.left() == last.heir => text.compare.kept(&last.heir),
            Some(last) => text.compare.changed(&short_name(last.left()), &short_name(&last.heir)),
            None => {
                let more = Some(self.pods.len().saturating_sub(NAMED)).filter(|more| *more > 0).map(|more| text.cluster.more(more));
                self.pods.keys().take(NAMED).map(|name| short_name(name)).chain(more).collect::<Vec<_>>().join(", ")
            }
        }
    }

    /// What the address of the last pod that was replaced became.
    fn address(&self, text: &Text) -> Option<String> {
        let last = self.replacement.as_ref()?;
        let (from, to) = (last.life.pod.status.ip?, self.pods.get(&last.heir)?.life.pod.status.ip?);
        Some(if from == to {
            text.compare.same_address(&from.to_string())
        } else {
            text.compare.other_address(&from.to_string(), &to.to_string())
        })
    }

    /// For how long the last pod that went was missing, or since when one is.
    fn without(&self, shot: &Snapshot, text: &Text) -> Option<String> {
        let waited_for = self.pods.values().filter_map(Present::stands_in_for).chain(&self.left);
        let since = waited_for.filter_map(missing_since).chain(self.lost(shot).map(|(_, lost)| lost)).min();
        since.map(|since| text.compare.missing_since(&shot.zero.label(since))).or_else(|| self.without.map(minutes))
    }

    /// A pod that has not been Ready since its node fell silent, and that nothing has replaced.
    fn lost(&self, shot: &Snapshot) -> Option<(&Name, Time)> {
        let is_replaced = |name: &Name, pod: &Present| pod.life.pod.meta.terminating() && !self.is_awaited(name);
        let lost = self.pods.iter().filter(|(name, pod)| !is_replaced(name, pod)).filter_map(|(name, pod)| Some((name, pod.life.lost()?)));
        let on_silent = |name: &Name| {
            let pod = shot.tables.pods().find(|pod| pod.meta.name == *name);
            let node = pod.and_then(|pod| shot.tables.node("", pod.node.as_ref()?));
            node.is_some_and(|node| node.ready() != Truth::True)
        };
        lost.into_iter().find(|(name, _)| on_silent(name))
    }

    /// Whether a pod is gone or terminating, and not replaced yet.
    fn is_awaited(&self, name: &Name) -> bool {
        self.left.iter().any(|left| left.pod.meta.name == *name)
    }

    /// What happened to lost pods: one has no heir, or its heir is not Ready, or how long it took until that was.
    fn fate_of_lost(&self, shot: &Snapshot, text: &Text) -> Option<String> {
        let stuck = self.pods.iter().find_map(|(name, Present { life, .. })| {
            let end = life.pod.meta.deletion.map(|deletion| deletion.at).filter(|end| *end < shot.now)?;
            Some((name, life.lost().unwrap_or(end)))
        });
        let replacement = self.pods.iter().find(|(_, pod)| pod.stands_in_for().and_then(Life::lost).is_some());
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
