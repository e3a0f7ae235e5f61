//! Disruption budgets at work: which one a change concerns, and why an eviction was refused.

use std::rc::Rc;

use super::Sim;
use super::event::Controller;
use crate::api::kind::Kind;
use crate::api::object::Object;
use crate::api::status::{Status, StatusReason};
use crate::control::disruption;
use crate::server::log::Change;
use crate::why::{Component, Decision, Reason, Verdict};

impl Sim {
    /// Wakes the disruption controller for the budget that speaks of a pod, as it was and as it is.
    pub(super) fn route_pod_to_budget(&mut self, change: &Change) {
        for pod in [&change.before, &change.after].into_iter().filter_map(|o| o.as_ref()?.as_pod()) {
            let budgets: Vec<_> = disruption::budgets_of(&self.cache, pod).map(Rc::clone).collect();
            let Some(first) = budgets.first() else { continue };
            if budgets.len() > 1 {
                self.say(disruption::says_of_several(pod, first));
            }
            self.enqueue(Controller::Disruption, &first.key());
        }
    }

    /// Takes down why a pod was not evicted.
    pub(super) fn note_eviction(&mut self, namespace: &str, pod: &str, answer: &Result<(), Status>) {
        if !answer.as_ref().is_err_and(|s| s.reason == StatusReason::TooManyRequests) {
            return;
        }
        let tables = self.server.tables();
        let Some(pod) = tables.pod(namespace, pod) else { return };
        let mut budgets = tables.within(Kind::PodDisruptionBudget, namespace).filter_map(Object::as_budget);
        let Some(budget) = budgets.find(|b| b.selects(&pod.meta.labels)) else { return };
        let because = Reason::NoDisruptionAllowed { healthy: budget.status.current_healthy, desired: budget.status.desired_healthy };
        let key = pod.key();
        let budget = budget.key();
        self.decisions.record(self.now, Decision::new(Component::Disruption, key, Verdict::Refused, because).blocked_by(budget));
    }
}
