//! A client's write to `/status`: all that was sent is kept, as far as the typed objects hold it, and nothing else changes.
//!
//! Models the status strategies of pkg/registry.
//! Not modelled: labels and annotations in such a write; what else a kubelet, a cloud or a
//! driver alone would write. A kubelet writes over what it tells of a pod when it next has something else to tell; a real one does so
//! within ten seconds. What it tells of its node's capacity, the simulated kubelet does not tell again.

use std::rc::Rc;

use super::ingest::Accepted;
use api::object::Object;
use api::object::budget::BudgetStatus;
use api::object::stateful_set::StatefulSetStatus;
use api::object::workload::{DeploymentStatus, ReplicaSetStatus};
use api::rules::rules;
use api::status::Status;
use base::time::Time;
use base::value::Value;

/// The object with the status of what was sent, if that is valid.
pub(super) fn accept(old: &Object, sent: &Value, now: Time) -> Result<Accepted, Status> {
    let (kind, before) = (old.kind(), old.encode());
    let status = sent.get("status").cloned().unwrap_or_else(Value::map);
    let mut value = before.clone();
    value.set(&["status"], status.clone());
    let errors = (rules().judge_status)(kind, &value, &before);
    if !errors.is_empty() {
        return Err(Status::invalid(&kind.group_kind(), &old.meta().name, errors));
    }
    let object = with_status(old.clone(), status, now);
    Ok(Accepted { object, warnings: (rules().status_warnings)(&value), sent: value })
}

/// An object with another status, as far as it holds one.
pub(super) fn with_status(mut object: Object, status: Value, now: Time) -> Object {
    match &mut object {
        Object::Pod(pod) => {
            let pod = Rc::make_mut(pod);
            pod.status = pod.status.rewritten(&status, &pod.meta);
        }
        Object::StatefulSet(set) => Rc::make_mut(set).status = StatefulSetStatus::decode(&status),
        Object::Deployment(deployment) => Rc::make_mut(deployment).status = DeploymentStatus::decode(&status),
        Object::ReplicaSet(set) => Rc::make_mut(set).status = ReplicaSetStatus::decode(&status),
        Object::Budget(budget) => Rc::make_mut(budget).status = BudgetStatus::decode(&status),
        Object::Service(service) => Rc::make_mut(service).status = status,
        Object::Node(node) => Rc::make_mut(node).status.rewrite(&status),
        Object::Claim(claim) => Rc::make_mut(claim).status.rewrite(&status),
        Object::Volume(volume) => Rc::make_mut(volume).status.rewrite(&status, now),
        Object::Plain(plain) => Rc::make_mut(plain).raw.set(&["status"], status),
        // These have no status.
        Object::ControllerRevision(_) | Object::StorageClass(_) | Object::EndpointSlice(_) | Object::Endpoints(_) | Object::Event(_) => {}
    }
    object
}
