//! Evictions: deletions of pods that a PodDisruptionBudget may refuse.
//!
//! Models pkg/registry/core/pod/storage/eviction.go.
//! Promises: a refusal changes nothing; a granted disruption is deducted from the budget before the pod is deleted, so that two
//! simultaneous evictions are never granted the same disruption.

use std::rc::Rc;

use super::Server;
use super::log::Actor;
use super::request::{Edit, Request};
use api::client::DeleteOptions;
use api::kind::Kind;
use api::object::budget::DisruptionBudget;
use api::object::pod::{Condition, DISRUPTION_TARGET};
use api::object::{NamespacedName, Pod, PodPhase};
use api::status::{Status, StatusReason};

/// The message returned to the client when a budget refuses.
const REFUSED: &str = "Cannot evict pod as it would violate the pod's disruption budget.";
/// The message for a pod that several budgets select.
const SEVERAL_BUDGETS: &str = "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.";
/// How many granted evictions may be pending before the disruption controller sees them. eviction.go MaxDisruptedPodSize.
const MAX_UNSEEN: usize = 2000;

impl Server {
    /// Evicts a pod, if its budget allows.
    pub fn evict(&mut self, pod: &NamespacedName, options: &DeleteOptions, by: &Actor) -> Result<(), Status> {
        let Some(pod) = self.tables().pod(&pod.namespace, &pod.name).cloned() else {
            return Err(Status::not_found(&Kind::Pod.resource(), &pod.name));
        };
        if !needs_no_budget(&pod) {
            self.ask_budget(&pod, options.dry_run, by)?;
        }
        let key = pod.key();
        if !options.dry_run {
            if let Some(asked) = options.uid.as_deref().filter(|asked| **asked != *pod.meta.uid.to_string()) {
                let why = format!(
                    "the UID in the precondition ({asked}) does not match the UID in record ({}). The object might have been deleted and then \
                     recreated",
                    pod.meta.uid
                );
                return Err(Status::conflict("Pod", &pod.meta.name, &why));
            }
            let condition = Condition::new(DISRUPTION_TARGET, true, self.now).because("EvictionByEvictionAPI", "Eviction API: evicting");
            self.handle(Request::Edit(key.clone(), Edit::PodCondition(pod.meta.uid, Box::new(condition))), by)?;
        }
        self.delete(&key, options, by).map(drop)
    }

    /// Has the pod's budget, if it has one, grant or refuse the eviction.
    fn ask_budget(&mut self, pod: &Pod, dry_run: bool, by: &Actor) -> Result<(), Status> {
        let budgets: Vec<Rc<DisruptionBudget>> = self.tables().budgets_of(pod).cloned().collect();
        let budget = match budgets.as_slice() {
            [] => return Ok(()),
            [one] => one,
            // The server hands it out as it is, without a reason.
            _ => return Err(Status { reason: StatusReason::Unknown, ..Status::internal_error(SEVERAL_BUDGETS) }),
        };
        if !pod.ready() && (budget.spec.unhealthy_may_go || is_whole(budget)) {
            return Ok(());
        }
        let granted = take_one(budget, pod, self)?;
        if !dry_run {
            self.update(granted.into(), by)?;
        }
        Ok(())
    }
}

/// Whether a pod may be evicted regardless of budgets: one that is pending, terminal or terminating. Models canIgnorePDB.
fn needs_no_budget(pod: &Pod) -> bool {
    pod.status.phase.terminal() || pod.status.phase == PodPhase::Pending || pod.meta.terminating()
}

/// Whether a budget's application has as many healthy pods as desired.
fn is_whole(budget: &DisruptionBudget) -> bool {
    budget.status.current_healthy >= budget.status.desired_healthy && budget.status.desired_healthy > 0
}

/// The budget with one disruption deducted. Models checkAndDecrement.
fn take_one(budget: &DisruptionBudget, pod: &Pod, server: &Server) -> Result<DisruptionBudget, Status> {
    let mut status = budget.status.clone();
    if status.observed_generation < budget.meta.generation {
        return Err(Status::too_many_requests(REFUSED));
    }
    let forbidden = |why: &str| Err(Status::forbidden("poddisruptionbudget.policy", &budget.meta.name, why));
    if status.disruptions_allowed < 0 {
        return forbidden("pdb disruptions allowed is negative");
    }
    if status.disrupted_pods.len() > MAX_UNSEEN {
        return forbidden("DisruptedPods map too big - too many evictions not confirmed by PDB controller");
    }
    if status.disruptions_allowed == 0 {
        return Err(Status::too_many_requests(REFUSED));
    }
    status.disruptions_allowed -= 1;
    status.disrupted_pods.insert(Rc::clone(&pod.meta.name), server.now);
    if status.disruptions_allowed == 0 {
        status = status.judged(server.now);
    }
    Ok(DisruptionBudget { status, ..budget.clone() })
}
