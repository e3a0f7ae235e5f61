//! Disruption budgets: which of them a change concerns, and why an eviction was refused.

use std::rc::Rc;

use super::Sim;
use api::controller::Controller;
use api::object::{NamespacedName, Object};
use api::status::{Status, StatusReason};
use control::disruption;
use server::log::Change;

impl Sim {
    /// Wakes the disruption controller for the budget that matches a pod as it now is, or as it was before its deletion. A budget that
    /// matched only its former labels is not synced. Models pkg/controller/disruption/disruption.go updatePod and deletePod.
    pub(super) fn route_pod_to_budget(&mut self, change: &Change) {
        let [before, after] = change.sides(Object::as_pod);
        if let Some(stale_at) = after.and_then(|pod| disruption::stale_at(pod)) {
            self.enqueue_after(Controller::StaleDisruption, &change.key, stale_at.since(self.now));
        }
        let Some(pod) = after.or(before) else { return };
        let budgets: Vec<_> = self.cache.tables.budgets_of(pod).map(Rc::clone).collect();
        let Some(first) = budgets.first() else { return };
        if budgets.len() > 1 {
            self.say(disruption::says_of_several(pod, first));
        }
        self.enqueue(Controller::Disruption, &first.key());
    }

    /// Records why a pod was not evicted.
    pub(super) fn note_eviction(&mut self, pod: &NamespacedName, answer: &Result<(), Status>) {
        if !answer.as_ref().is_err_and(|s| s.reason == StatusReason::TooManyRequests) {
            return;
        }
        let tables = self.server.tables();
        let Some(pod) = tables.pod(&pod.namespace, &pod.name) else { return };
        let Some(budget) = tables.budgets_of(pod).next() else { return };
        let decision = disruption::refuses(budget, pod);
        self.decisions.record(self.now, decision);
    }
}
