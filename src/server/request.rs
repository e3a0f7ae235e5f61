//! Requests as data: what a component sends and how the server answers.

use std::rc::Rc;

use super::Server;
use super::log::Actor;
use crate::api::client::DeleteOptions;
use crate::api::object::node::Taint;
use crate::api::object::pod::{Condition, POD_SCHEDULED, Pod, PodPhase, PodStatus};
use crate::api::object::stateful_set::StatefulSetStatus;
use crate::api::object::storage::ClaimRef;
use crate::api::object::workload::ReplicaSetStatus;
use crate::api::object::{Name, Object, ObjectKey, OwnerRef, Uid};
use crate::api::status::Status;

/// A write that a component asks for.
#[derive(Clone, Debug, PartialEq)]
pub enum Request {
    /// Create this object.
    Create(Object),
    /// Write this object over the version it was read as.
    Update(Object),
    /// Delete an object.
    Delete(ObjectKey, DeleteOptions),
    /// Change a part of an object, whatever its version.
    Edit(ObjectKey, Edit),
}

/// A change of a part of an object: a patch, or a read and a write with retries on conflict.
#[derive(Clone, Debug, PartialEq)]
pub enum Edit {
    /// Adds an owner, if the object still has this uid.
    AddOwner(Uid, OwnerRef),
    /// Removes an owner, if the object still has this uid.
    RemoveOwner(Uid, Uid),
    /// Writes all owners.
    SetOwners(Vec<OwnerRef>),
    /// Takes a finalizer off.
    RemoveFinalizer(Name),
    /// Writes the status of a StatefulSet.
    StatefulSetStatus(Box<StatefulSetStatus>),
    /// Writes the status of a ReplicaSet.
    ReplicaSetStatus(Box<ReplicaSetStatus>),
    /// Writes how many pods a ReplicaSet wants.
    Replicas(i64),
    /// Sets labels.
    SetLabels(Vec<(Name, Name)>),
    /// Sets one condition of a claim, if the claim still has this uid.
    ClaimCondition(Uid, Box<Condition>),
    /// Sets annotations.
    SetAnnotations(Vec<(Name, Name)>),
    /// Reserves a volume for a claim with this uid.
    ReserveVolume(ObjectKey, Uid),
    /// Renumbers a ControllerRevision.
    RevisionNumber(i64),
    /// Writes what a kubelet says of a pod, if the pod still has this uid. Conditions that are not the kubelet's stay.
    PodStatus(Uid, Box<PodStatus>),
    /// Sets one condition of a pod, if the pod still has this uid.
    PodCondition(Uid, Box<Condition>),
    /// Ends a pod in phase Failed, if it still has this uid and has not ended, and sets a condition with it.
    PodFails(Uid, Option<Box<Condition>>),
    /// Sets conditions of a node. From a kubelet they count as a sign of life, unless they say nothing new.
    NodeConditions(Vec<Condition>),
    /// Sets the first taints on a node and takes those of the second keys and effects off it.
    /// Models pkg/controller/util/node SwapNodeControllerTaint.
    NodeTaints(Vec<Taint>, Vec<(Name, Name)>),
    /// Binds a pod to a node, if the pod still has this uid. Models pkg/registry/core/pod/storage assignPod.
    Bind(Uid, Name),
}

impl Request {
    /// The object it is about.
    pub fn key(&self) -> ObjectKey {
        match self {
            Request::Create(o) | Request::Update(o) => o.key(),
            Request::Delete(key, _) | Request::Edit(key, _) => key.clone(),
        }
    }
}

impl Server {
    /// Carries a request out.
    pub fn handle(&mut self, request: &Request, by: &Actor) -> Result<Object, Status> {
        match request {
            Request::Create(object) => self.create(object.clone(), by),
            Request::Update(object) => self.update(object.clone(), by),
            Request::Delete(key, options) => self.delete(key, options, by),
            Request::Edit(key, edit) => self.edit(key, edit, by),
        }
    }

    fn edit(&mut self, key: &ObjectKey, edit: &Edit, by: &Actor) -> Result<Object, Status> {
        let resource = key.kind.resource();
        let Some(old) = self.tables().get(key).cloned() else { return Err(Status::not_found(&resource, &key.name)) };
        let mut object = old.clone();
        let now = self.now;
        let same_uid = |uid: Uid| {
            let why = format!("uid mismatch: the provided object specified uid {uid}, and no existing object was found with that uid");
            if old.meta().uid == uid { Ok(()) } else { Err(Status::conflict(&resource, &key.name, &why)) }
        };
        match edit {
            Edit::AddOwner(uid, owner) => {
                same_uid(*uid)?;
                let owners = &mut object.meta_mut().owners;
                owners.retain(|o| o.uid != owner.uid);
                owners.push(owner.clone());
            }
            Edit::RemoveOwner(uid, owner) => {
                same_uid(*uid)?;
                object.meta_mut().owners.retain(|o| o.uid != *owner);
            }
            Edit::SetOwners(owners) => object.meta_mut().owners.clone_from(owners),
            Edit::RemoveFinalizer(name) => object.meta_mut().finalizers.retain(|f| f != name),
            Edit::SetLabels(labels) => {
                let all = Rc::make_mut(&mut object.meta_mut().labels);
                all.extend(labels.iter().cloned());
            }
            Edit::ClaimCondition(uid, condition) => {
                same_uid(*uid)?;
                if let Object::Claim(claim) = &mut object {
                    let conditions = &mut Rc::make_mut(claim).conditions;
                    conditions.retain(|c| c.kind != condition.kind);
                    conditions.push((**condition).clone());
                }
            }
            Edit::SetAnnotations(annotations) => {
                let all = Rc::make_mut(&mut object.meta_mut().annotations);
                all.extend(annotations.iter().cloned());
            }
            Edit::ReserveVolume(claim, uid) => {
                if let Object::Volume(volume) = &mut object {
                    let reference = ClaimRef {
                        namespace: Rc::clone(&claim.namespace),
                        name: Rc::clone(&claim.name),
                        uid: Some(*uid),
                        revision: self.revision(),
                    };
                    Rc::make_mut(volume).claim = Some(reference);
                }
            }
            Edit::StatefulSetStatus(status) => {
                if let Object::StatefulSet(set) = &mut object {
                    Rc::make_mut(set).status = (**status).clone();
                }
            }
            Edit::ReplicaSetStatus(status) => {
                if let Object::ReplicaSet(set) = &mut object {
                    Rc::make_mut(set).status = (**status).clone();
                }
            }
            Edit::Replicas(replicas) => {
                if let Object::ReplicaSet(set) = &mut object {
                    Rc::make_mut(set).set_replicas(*replicas);
                }
            }
            Edit::PodStatus(uid, status) => {
                same_uid(*uid)?;
                if let Object::Pod(pod) = &mut object {
                    merge_pod_status(Rc::make_mut(pod), status);
                }
            }
            Edit::PodCondition(uid, condition) => {
                same_uid(*uid)?;
                if let Object::Pod(pod) = &mut object {
                    Rc::make_mut(pod).set_condition((**condition).clone());
                }
            }
            Edit::Bind(uid, node) => {
                same_uid(*uid)?;
                if let Object::Pod(pod) = &mut object {
                    if pod.meta.terminating() || pod.node.is_some() {
                        let why = format!("pod {} is already assigned to a node or being deleted", key.name);
                        return Err(Status::conflict(&resource, &key.name, &why));
                    }
                    let pod = Rc::make_mut(pod);
                    pod.node = Some(Rc::clone(node));
                    pod.set_condition(Condition::new(POD_SCHEDULED, true, now));
                }
            }
            Edit::PodFails(uid, condition) => {
                same_uid(*uid)?;
                if let Object::Pod(pod) = &mut object
                    && !pod.status.phase.terminal()
                {
                    let pod = Rc::make_mut(pod);
                    pod.status.phase = PodPhase::Failed;
                    condition.iter().for_each(|c| pod.set_condition((**c).clone()));
                }
            }
            Edit::NodeConditions(conditions) => {
                if let Object::Node(node) = &mut object {
                    let told = Rc::clone(node);
                    let node = Rc::make_mut(node);
                    node.set_conditions(conditions);
                    if matches!(by, Actor::Kubelet(_)) && *node != *told {
                        node.heartbeat = now;
                    }
                }
            }
            Edit::NodeTaints(add, remove) => {
                if let Object::Node(node) = &mut object {
                    swap_taints(&mut Rc::make_mut(node).taints, add, remove);
                }
            }
            Edit::RevisionNumber(number) => {
                if let Object::ControllerRevision(revision) = &mut object {
                    Rc::make_mut(revision).number = *number;
                }
            }
        }
        self.update(object, by)
    }
}

fn swap_taints(taints: &mut Vec<Taint>, add: &[Taint], remove: &[(Name, Name)]) {
    for taint in add {
        match taints.iter_mut().find(|t| t.key == taint.key && t.effect == taint.effect) {
            Some(old) if old.value == taint.value => {}
            Some(old) => *old = taint.clone(),
            None => taints.push(taint.clone()),
        }
    }
    taints.retain(|t| !remove.iter().any(|(key, effect)| t.key == *key && t.effect == *effect));
}

/// Puts a kubelet's word about a pod in place: foreign conditions first, then its own; a terminal phase stays, with its reason.
/// Models pkg/kubelet/kubelet_pods.go generateAPIPodStatus and status_manager.go mergePodStatus.
fn merge_pod_status(pod: &mut Pod, said: &PodStatus) {
    let mut status = said.clone();
    for condition in &mut status.conditions {
        if let Some(old) = pod.status.conditions.iter().find(|c| c.kind == condition.kind && c.status == condition.status) {
            condition.since = old.since;
        }
    }
    let foreign = pod.status.conditions.iter().filter(|c| !status.conditions.iter().any(|n| n.kind == c.kind)).cloned();
    let mut conditions: Vec<Condition> = foreign.collect();
    conditions.append(&mut status.conditions);
    status.conditions = conditions;
    if pod.status.phase == status.phase && status.reason.is_empty() {
        (status.reason, status.message) = (pod.status.reason.clone(), pod.status.message.clone());
    }
    status.started = pod.status.started.or(status.started);
    pod.status = status;
}
