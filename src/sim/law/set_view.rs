//! A StatefulSet and its pods, found by walking over all pods, for laws that do not trust the controller's own counts.

use std::collections::BTreeMap;
use std::ops::Range;
use std::rc::Rc;

use api::kind::Kind;
use api::object::pod::READY;
use api::object::{NO_ORDINAL, parent_and_ordinal};
use api::object::{Name, Object, Pod, PodPhase, StatefulSet};
use api::well_known::CONTROLLER_REVISION_HASH;
use base::time::{Span, Time};
use base::value::Value;
use server::tables::Tables;

/// A set and its pods in some view of the store.
pub(super) struct SetView<'a> {
    pub set: &'a Rc<StatefulSet>,
    /// The pods it owns or would adopt, by ordinal.
    pub pods: BTreeMap<i64, &'a Rc<Pod>>,
    now: Time,
}

/// Counts of a set's pods.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Counted {
    /// All pods.
    pub replicas: i64,
    /// Running and Ready pods.
    pub ready: i64,
    /// Pods that have been Ready for at least `minReadySeconds`.
    pub available: i64,
}

impl<'a> SetView<'a> {
    /// Collects the set's pods from its namespace. Models pkg/controller/controller_ref_manager.go ClaimPods.
    pub fn new(tables: &'a Tables, set: &'a Rc<StatefulSet>, now: Time) -> Self {
        let all = tables.within(Kind::Pod, &set.meta.namespace).filter_map(Object::as_pod);
        let pods = all.filter_map(|pod| {
            let (parent, ordinal) = parent_and_ordinal(&pod.meta.name)?;
            let taken = match pod.meta.controller() {
                Some(owner) => owner.uid == set.meta.uid,
                None => !set.meta.terminating() && !pod.meta.terminating(),
            };
            let stands = ordinal != NO_ORDINAL && *parent == *set.meta.name;
            (taken && stands && set.spec.selector.matches(&pod.meta.labels)).then_some((ordinal, pod))
        });
        SetView { set, pods: pods.collect(), now }
    }

    /// The wanted ordinals.
    pub fn range(&self) -> Range<i64> {
        self.set.ordinals()
    }

    fn min_ready(&self) -> Span {
        Span::of_seconds(self.set.spec.min_ready_seconds)
    }

    /// Whether a pod is available and not terminating. Models stateful_set_utils.go isUnavailable, negated.
    pub fn healthy(&self, pod: &Pod) -> bool {
        let ready = pod.condition(READY).filter(|_| pod.ready());
        !pod.meta.terminating() && ready.is_some_and(|c| c.since.stamp() + self.min_ready() <= self.now)
    }

    /// The lowest wanted ordinal below `end` without a pod that is Running and healthy.
    pub fn first_unfit_below(&self, end: i64) -> Option<i64> {
        let fit = |pod: &Rc<Pod>| pod.status.phase == PodPhase::Running && self.healthy(pod);
        (self.set.spec.start..end).find(|o| !self.pods.get(o).is_some_and(|pod| fit(pod)))
    }

    /// The wanted ordinals whose pod is missing or unhealthy.
    pub fn unhealthy(&self) -> impl Iterator<Item = i64> {
        self.range().filter(|o| !self.pods.get(o).is_some_and(|pod| self.healthy(pod)))
    }

    /// The highest ordinal that has a pod but is not wanted.
    pub fn highest_unwanted(&self) -> Option<i64> {
        self.pods.keys().rev().copied().find(|o| !self.range().contains(o))
    }

    /// Counts over all pods. Models stateful_set_control.go computeReplicaStatus.
    pub fn counted(&self) -> Counted {
        let ready = |p: &&&Rc<Pod>| p.status.phase == PodPhase::Running && p.ready();
        let available = |p: &&&Rc<Pod>| ready(p) && p.condition(READY).is_some_and(|c| c.since.stamp() + self.min_ready() <= self.now);
        let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
        Counted {
            replicas: count(self.pods.len()),
            ready: count(self.pods.values().filter(ready).count()),
            available: count(self.pods.values().filter(available).count()),
        }
    }

    /// How many pods of a revision are not terminating.
    pub fn standing(&self, revision: &str) -> i64 {
        let stands = |p: &&&Rc<Pod>| !p.meta.terminating() && revision_of(p).is_some_and(|r| **r == *revision);
        i64::try_from(self.pods.values().filter(stands).count()).unwrap_or(i64::MAX)
    }

    /// The lowest ordinal a rolling update reaches.
    pub fn floor(&self) -> i64 {
        self.set.spec.start.saturating_add(self.set.spec.rolling_update.as_ref().map_or(0, |r| r.partition))
    }

    /// How many pods an update may make unavailable. Models stateful_set_utils.go getStatefulSetMaxUnavailable.
    pub fn max_unavailable(&self) -> i64 {
        let number = match self.set.spec.rolling_update.as_ref().and_then(|r| r.max_unavailable.as_ref()) {
            Some(Value::Int(n)) => *n,
            Some(written) => {
                let percent = written.as_text().and_then(|t| t.trim_end_matches('%').parse::<i64>().ok()).unwrap_or(0);
                self.set.spec.replicas.saturating_mul(percent) / 100
            }
            None => 1,
        };
        number.max(1)
    }
}

/// The name of the revision a pod was created from.
pub(super) fn revision_of(pod: &Pod) -> Option<&Name> {
    pod.meta.label(CONTROLLER_REVISION_HASH)
}
