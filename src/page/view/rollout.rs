//! Rollouts: which revisions are in use, where the partition is, and why a pod keeps an old revision.

use super::{Paint, Snapshot};
use api::object::pod::READY;
use api::object::stateful_set::{PodManagementPolicy, UpdateStrategy};
use api::object::{Pod, StatefulSet};
use api::well_known::CONTROLLER_REVISION_HASH;
use base::sort::Sort;
use causes::Evidence;
use causes::command::Naming;
use causes::pod::pod_word;
use causes::rollout::is_old;

/// A revision of a template, relative to the newest one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Revision {
    number: Option<i64>,
    newest: i64,
}

impl Revision {
    /// A revision by its number, if known, and the newest number.
    pub fn new(number: Option<i64>, newest: Option<i64>) -> Revision {
        Revision { number, newest: newest.or(number).unwrap_or(1) }
    }

    /// Its number, if known.
    pub fn number(self) -> Option<i64> {
        self.number
    }

    /// `r2`; empty if unknown.
    pub fn label(self) -> String {
        self.number.map_or(String::new(), |number| format!("r{number}"))
    }

    /// Whether there was another before the newest one.
    pub(crate) fn is_of_several(self) -> bool {
        self.newest > 1
    }

    /// Its label, where there is another to tell it from.
    pub fn told(self) -> String {
        if self.is_of_several() { self.label() } else { String::new() }
    }

    /// How it is painted.
    pub fn paint(self) -> Paint {
        Paint::of(self.number.unwrap_or(self.newest))
    }
}

/// A revision in use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InUse {
    pub paint: Paint,
    /// `r2`; empty if there was no other.
    pub label: String,
    /// The image of its first container.
    pub image: String,
    /// `×2`, the number of its pods; empty if no other revision is in use.
    pub pods: String,
}

/// The partition's line: ordinals at or above it are updated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Partition {
    /// `partition`.
    pub value: i64,
    /// Its greatest sensible value: the number of pods.
    pub most: i64,
    /// How many columns are to the left of the line.
    pub columns: usize,
    /// The line as it is read out.
    pub spoken: String,
    /// The name of its set, and how a line names the namespace.
    set: (String, Naming),
}

impl Partition {
    /// The command that moves the partition.
    pub fn command(&self, value: i64) -> String {
        self.set.1.partition(&self.set.0, value)
    }
}

/// The revision that a pod was created from.
pub(super) fn of_pod(shot: &Snapshot, set: &StatefulSet, pod: &Pod) -> Revision {
    let hash = pod.meta.label(CONTROLLER_REVISION_HASH);
    of_name(shot, set, hash.map(|hash| &**hash))
}

/// A set's revision by name, relative to its newest.
pub(super) fn of_name(shot: &Snapshot, set: &StatefulSet, name: Option<&str>) -> Revision {
    let newest = shot.revision(&set.meta.namespace, &set.status.update_revision);
    Revision::new(name.and_then(|name| shot.revision(&set.meta.namespace, name)), newest)
}

/// The current and the update revision, and all others that pods have; oldest first.
pub(super) fn revisions(shot: &Snapshot, set: &StatefulSet) -> Vec<InUse> {
    let mut used: Vec<(&str, usize)> = vec![(&set.status.current_revision, 0), (&set.status.update_revision, 0)];
    for hash in shot.pods_of(set).filter_map(|pod| pod.meta.label(CONTROLLER_REVISION_HASH)) {
        match used.iter_mut().find(|(name, _)| **name == **hash) {
            Some((_, pods)) => *pods += 1,
            None => used.push((hash, 1)),
        }
    }
    let mut found: Vec<_> = used.iter().filter_map(|(name, _)| shot.tables.revision(&set.meta.namespace, name)).collect();
    found.sort_small_by_key(|revision| revision.number);
    found.dedup_by_key(|revision| revision.number);
    let several = found.len() > 1;
    let in_use = |revision: &&std::rc::Rc<api::object::ControllerRevision>| {
        let drawn = of_name(shot, set, Some(&revision.meta.name));
        let image = revision.data.template.containers.first().map_or(String::new(), |container| container.image.to_string());
        let count: usize = used.iter().filter(|(name, _)| **name == *revision.meta.name).map(|(_, pods)| pods).sum();
        InUse { paint: drawn.paint(), label: drawn.told(), image, pods: if several { format!("×{count}") } else { String::new() } }
    };
    found.iter().map(in_use).collect()
}

/// The relevant fields: those of creation, or during an update those of the update.
pub(super) fn facts(set: &StatefulSet, updating: bool) -> Vec<(&'static str, String)> {
    let strategy = match set.spec.strategy {
        UpdateStrategy::RollingUpdate => "RollingUpdate",
        UpdateStrategy::OnDelete => "OnDelete",
        UpdateStrategy::Recreate => "Recreate",
    };
    let policy = match set.spec.policy {
        PodManagementPolicy::OrderedReady => "OrderedReady",
        PodManagementPolicy::Parallel => "Parallel",
    };
    let partition = set.partition();
    if updating || partition > 0 {
        let mut facts = vec![("updateStrategy", strategy.to_owned())];
        if set.spec.strategy == UpdateStrategy::RollingUpdate {
            facts.push(("partition", partition.to_string()));
        }
        return facts;
    }
    let mut facts = vec![("serviceName", set.spec.service_name.to_string()), ("podManagementPolicy", policy.to_owned())];
    facts.retain(|(_, value)| !value.is_empty());
    facts
}

/// The ordinal before which the partition's line is drawn, if it is.
pub(super) fn first_updated(set: &StatefulSet) -> Option<i64> {
    let value = set.partition();
    let held = set.spec.strategy == UpdateStrategy::RollingUpdate && value > 0;
    held.then_some(set.spec.start + value)
}

/// The partition among the columns of these ordinals, if one is set.
pub(super) fn partition(shot: &Snapshot, set: &StatefulSet, ordinals: &[i64]) -> Option<Partition> {
    let first = first_updated(set)?;
    let value = set.partition();
    let first_updated = (value < set.spec.replicas).then(|| set.pod_name(first));
    Some(Partition {
        value,
        most: set.spec.replicas,
        columns: ordinals.iter().filter(|ordinal| **ordinal < first).count(),
        spoken: shot.text().cluster.partition_spoken(value, first_updated.as_deref().unwrap_or_default()),
        set: (set.meta.name.to_string(), shot.naming(&set.meta.namespace)),
    })
}

/// How many pods are listed as facts.
const LISTED: usize = 4;

/// What each pod runs, from the highest ordinal down, in the order of the update.
pub(super) fn facts_of_pods(shot: &Snapshot, set: &StatefulSet) -> Vec<Evidence> {
    let partition = set.partition();
    let mut own: Vec<(i64, &Pod)> = shot.pods_of(set).filter_map(|pod| Some((set.ordinal_of(&pod.meta.name)?, pod))).collect();
    own.sort_small_by_key(|(ordinal, _)| std::cmp::Reverse(*ordinal));
    let fact = |(ordinal, pod): &(i64, &Pod)| {
        let held = is_old(set, pod) && ordinal - set.spec.start < partition;
        let since = pod.condition(READY).map_or(pod.meta.created, |ready| ready.since);
        let words = shot.text().cluster.runs_revision(&pod.meta.name, &of_pod(shot, set, pod).label());
        let hash = pod.meta.label(CONTROLLER_REVISION_HASH).map_or("", |hash| hash);
        let seen = format!("controller-revision-hash = {hash}, resourceVersion {}", pod.meta.revision);
        Evidence::new(pod_word(pod, false).state.mark(), &words, if held { "partition".to_owned() } else { shot.time(since) }).seen(seen)
    };
    own.iter().take(LISTED).map(fact).collect()
}
