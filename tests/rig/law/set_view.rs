//! A StatefulSet and its pods, found by walking over all pods, for laws that do not trust the controller's own counts.

use std::collections::BTreeMap;
use std::ops::Range;
use std::rc::Rc;

use api::kind::Kind;
use api::object::pod::READY;
use api::object::{NO_ORDINAL, Name, Object, Pod, PodPhase, StatefulSet, parent_and_ordinal, writes_ordinal};
use api::release::Release;
use api::well_known::CONTROLLER_REVISION_HASH;
use base::time::{Span, Time};
use base::value::Value;
use server::tables::Tables;

/// A set and its pods in some view of the store.
pub(super) struct SetView<'a> {
    pub set: &'a Rc<StatefulSet>,
    /// The pods it owns or would adopt, by ordinal.
    pub pods: BTreeMap<i64, &'a Rc<Pod>>,
    release: &'static Release,
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
    /// Of several pods of one ordinal, the set counts the one that came last.
    pub fn new(tables: &'a Tables, set: &'a Rc<StatefulSet>, release: &'static Release, now: Time) -> Self {
        let all = tables.within(Kind::Pod, &set.meta.namespace).filter_map(Object::as_pod);
        let mut found: Vec<(bool, i64, &'a Rc<Pod>)> = Vec::new();
        for pod in all {
            let Some((parent, ordinal)) = parent_and_ordinal(&pod.meta.name) else { continue };
            let taken = match pod.meta.controller() {
                Some(owner) => owner.uid == set.meta.uid && owner.name == set.meta.name && owner.is_a(Kind::StatefulSet),
                None => !set.meta.terminating() && !pod.meta.terminating(),
            };
            let is_named = *parent == *set.meta.name && (!release.members_have_exact_names || writes_ordinal(&pod.meta.name));
            if taken && is_named && ordinal != NO_ORDINAL && set.spec.selector.matches(&pod.meta.labels) {
                found.push((pod.meta.controller().is_none(), ordinal, pod));
            }
        }
        found.sort_by_key(|(is_orphan, _, pod)| (*is_orphan, pod.meta.created.stamp()));
        SetView { set, pods: found.into_iter().map(|(_, ordinal, pod)| (ordinal, pod)).collect(), release, now }
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

    /// The wanted ordinals by which an update's budget is counted.
    fn budgeted(&self) -> Range<i64> {
        let range = self.range();
        if self.release.budgets_update_range { self.floor().clamp(range.start, range.end)..range.end } else { range }
    }

    /// Of those, the ones whose pod is missing or unhealthy.
    pub(super) fn unhealthy_in_budget(&self) -> impl Iterator<Item = i64> {
        let budgeted = self.budgeted();
        self.unhealthy().filter(move |o| budgeted.contains(o))
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
                let range = self.budgeted();
                (range.end - range.start).saturating_mul(percent) / 100
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
