//! Requests as data: what a component sends and how the server answers.

use std::rc::Rc;

use super::Server;
use super::log::Actor;
use crate::api::client::DeleteOptions;
use crate::api::kind::Kind;
use crate::api::object::node::Taint;
use crate::api::object::pod::{Condition, POD_SCHEDULED, Pod, PodPhase, PodStatus};
use crate::api::object::stateful_set::StatefulSetStatus;
use crate::api::object::workload::ReplicaSetStatus;
use crate::api::object::{Name, Object, ObjectKey, OwnerRef, Uid, no_name};
use crate::api::status::Status;
use crate::base::value::Value;

/// A write that a component asks for.
#[derive(Clone, Debug, PartialEq)]
pub enum Request {
    /// Create this object.
    Create(Object),
    /// Write this object over the version it was read as.
    Update(Object),
    /// Delete an object.
    Delete(ObjectKey, DeleteOptions),
    /// Delete every object of a kind in a namespace, each as its own deletion options say.
    DeleteAll(Kind, Name),
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
    /// Writes how many pods a StatefulSet, a Deployment or a ReplicaSet wants.
    Replicas(i64),
    /// Sets labels.
    SetLabels(Vec<(Name, Name)>),
    /// Sets one condition of a claim, if the claim still has this uid.
    ClaimCondition(Uid, Box<Condition>),
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
    /// Says that a network volume, as nodes name it, is attached to a node, or is no longer.
    NodeVolume {
        /// The volume.
        handle: Name,
        /// Whether it is.
        attached: bool,
    },
    /// Says which network volumes may be mounted on a node.
    VolumesInUse(Vec<Name>),
    /// Says that a driver has attached what a VolumeAttachment asks for.
    Attached,
    /// Writes the conditions of a namespace.
    NamespaceConditions(Vec<Value>),
    /// Says that a namespace is empty. Models pkg/registry/core/namespace/storage FinalizeREST.
    FinalizeNamespace,
    /// Says which node a pod is meant for, if it still has this uid, an empty name saying none; or why it has none yet; or both.
    /// Models pkg/scheduler/schedule_one.go updatePod.
    Nominate(Uid, Option<Name>, Option<Box<Condition>>),
    /// Binds a pod to a node, if the pod still has this uid. Models pkg/registry/core/pod/storage assignPod.
    Bind(Uid, Name),
}

impl Request {
    /// The object it is about; the namespace, where it is about many.
    pub fn key(&self) -> ObjectKey {
        match self {
            Request::Create(o) | Request::Update(o) => o.key(),
            Request::Delete(key, _) | Request::Edit(key, _) => key.clone(),
            Request::DeleteAll(_, namespace) => ObjectKey::global(Kind::Namespace, namespace),
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
            Request::DeleteAll(kind, namespace) => self.delete_all(*kind, namespace, by),
            Request::Edit(key, edit) => self.edit(key, edit, by),
        }
    }

    fn edit(&mut self, key: &ObjectKey, edit: &Edit, by: &Actor) -> Result<Object, Status> {
        let resource = || key.kind.resource();
        let Some(old) = self.tables().get(key).cloned() else { return Err(Status::not_found(&resource(), &key.name)) };
        if let Some(uid) = edit.insists_on().filter(|uid| *uid != old.meta().uid) {
            let why = format!("uid mismatch: the provided object specified uid {uid}, and no existing object was found with that uid");
            return Err(Status::conflict(&resource(), &key.name, &why));
        }
        let mut object = old.clone();
        let now = self.now;
        match (edit, &mut object) {
            (Edit::AddOwner(_, owner), object) => {
                let owners = &mut object.meta_mut().owners;
                owners.retain(|o| o.uid != owner.uid);
                owners.push(owner.clone());
            }
            (Edit::RemoveOwner(_, owner), object) => object.meta_mut().owners.retain(|o| o.uid != *owner),
            (Edit::SetOwners(owners), object) => object.meta_mut().owners.clone_from(owners),
            (Edit::RemoveFinalizer(name), object) => object.meta_mut().finalizers.retain(|f| f != name),
            (Edit::SetLabels(labels), object) => Rc::make_mut(&mut object.meta_mut().labels).extend(labels.iter().cloned()),
            (Edit::ClaimCondition(_, condition), Object::Claim(claim)) => {
                let conditions = &mut Rc::make_mut(claim).conditions;
                conditions.retain(|c| c.kind != condition.kind);
                conditions.push((**condition).clone());
            }
            (Edit::StatefulSetStatus(status), Object::StatefulSet(set)) => Rc::make_mut(set).status = (**status).clone(),
            (Edit::ReplicaSetStatus(status), Object::ReplicaSet(set)) => Rc::make_mut(set).status = (**status).clone(),
            (Edit::Replicas(replicas), Object::StatefulSet(set)) => Rc::make_mut(set).set_replicas(*replicas),
            (Edit::Replicas(replicas), Object::Deployment(deployment)) => Rc::make_mut(deployment).set_replicas(*replicas),
            (Edit::Replicas(replicas), Object::ReplicaSet(set)) => Rc::make_mut(set).set_replicas(*replicas),
            (Edit::PodStatus(_, status), Object::Pod(pod)) => merge_pod_status(Rc::make_mut(pod), status),
            (Edit::PodCondition(_, condition), Object::Pod(pod)) => Rc::make_mut(pod).set_condition((**condition).clone()),
            (Edit::PodFails(_, condition), Object::Pod(pod)) if !pod.status.phase.terminal() => {
                let pod = Rc::make_mut(pod);
                pod.status.phase = PodPhase::Failed;
                if let Some(condition) = condition {
                    pod.set_condition((**condition).clone());
                }
            }
            (Edit::Nominate(_, node, condition), Object::Pod(pod)) => {
                let pod = Rc::make_mut(pod);
                pod.status.nominated = node.as_ref().unwrap_or(&pod.status.nominated).clone();
                if let Some(condition) = condition {
                    pod.set_condition((**condition).clone());
                }
            }
            (Edit::Bind(..), Object::Pod(pod)) if pod.meta.terminating() || pod.node.is_some() => {
                let why = format!("pod {} is already assigned to a node or being deleted", key.name);
                return Err(Status::conflict(&resource(), &key.name, &why));
            }
            (Edit::Bind(_, node), Object::Pod(pod)) => {
                let pod = Rc::make_mut(pod);
                pod.node = Some(Rc::clone(node));
                pod.status.nominated = no_name();
                pod.set_condition(Condition::new(POD_SCHEDULED, true, now));
            }
            (Edit::NodeConditions(conditions), Object::Node(node)) => {
                let told = Rc::clone(node);
                let node = Rc::make_mut(node);
                node.set_conditions(conditions);
                if matches!(by, Actor::Kubelet(_)) && *node != *told {
                    node.heartbeat = now;
                }
            }
            (Edit::NodeTaints(add, remove), Object::Node(node)) => swap_taints(&mut Rc::make_mut(node).taints, add, remove),
            (Edit::NodeVolume { handle, attached }, Object::Node(node)) => {
                let all = &mut Rc::make_mut(node).volumes_attached;
                all.retain(|known| known != handle);
                all.extend(attached.then(|| Rc::clone(handle)));
            }
            (Edit::VolumesInUse(volumes), Object::Node(node)) => Rc::make_mut(node).volumes_in_use.clone_from(volumes),
            (Edit::Attached, Object::Plain(plain)) => Rc::make_mut(plain).raw.set(&["status", "attached"], true),
            (Edit::NamespaceConditions(conditions), Object::Plain(plain)) => {
                Rc::make_mut(plain).raw.set(&["status", "conditions"], Value::list(conditions.iter().cloned()));
            }
            (Edit::FinalizeNamespace, Object::Plain(plain)) => {
                Rc::make_mut(plain).raw.set(&["spec", "finalizers"], Value::list(Vec::<Value>::new()));
            }
            (Edit::RevisionNumber(number), Object::ControllerRevision(revision)) => Rc::make_mut(revision).number = *number,
            _ => {}
        }
        self.update_from(old, object, by)
    }
}

impl Edit {
    /// The uid that the object must still have.
    fn insists_on(&self) -> Option<Uid> {
        match self {
            Edit::AddOwner(uid, _)
            | Edit::RemoveOwner(uid, _)
            | Edit::ClaimCondition(uid, _)
            | Edit::PodStatus(uid, _)
            | Edit::PodCondition(uid, _)
            | Edit::PodFails(uid, _)
            | Edit::Nominate(uid, ..)
            | Edit::Bind(uid, _) => Some(*uid),
            _ => None,
        }
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
    status.nominated = Rc::clone(&pod.status.nominated);
    status.started = pod.status.started.or(status.started);
    pod.status = status;
}
