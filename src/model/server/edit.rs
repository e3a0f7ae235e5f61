//! Changes of parts of objects, and what each does to an object.

use std::rc::Rc;

use super::admission;
use super::log::Actor;
use super::tables::Tables;
use api::kind::Kind;
use api::object::node::Taint;
use api::object::pod::{Condition, POD_SCHEDULED, Pod, PodPhase, PodStatus};
use api::object::stateful_set::StatefulSetStatus;
use api::object::workload::ReplicaSetStatus;
use api::object::{Meta, Name, Object, OwnerRef, Uid, no_name};
use api::rules::rules;
use api::status::Status;
use base::list::List;
use base::time::Time;
use base::value::Value;

/// A change of part of an object: a patch, or a read-modify-write that retries on conflict.
#[derive(Clone, Debug, PartialEq)]
pub enum Edit {
    /// Adds an owner reference, if the object still has this uid.
    AddOwner(Uid, OwnerRef),
    /// Removes an owner reference.
    RemoveOwner {
        /// The uid that the object must still have.
        of: Uid,
        /// The owner's.
        owner: Uid,
    },
    /// Replaces all owner references.
    SetOwners(List<OwnerRef>),
    AddFinalizer(Name),
    RemoveFinalizer(Name),
    /// Writes the status of a StatefulSet.
    StatefulSetStatus(Box<StatefulSetStatus>),
    /// Writes the status of a ReplicaSet.
    ReplicaSetStatus(Box<ReplicaSetStatus>),
    /// Sets `spec.replicas` of a StatefulSet, Deployment or ReplicaSet.
    Replicas(i64),
    SetLabels(Vec<(Name, Name)>),
    /// Sets one condition of a claim, if the claim still has this uid.
    ClaimCondition(Uid, Box<Condition>),
    /// Changes the number of a ControllerRevision.
    RevisionNumber(i64),
    /// Writes a pod status from its kubelet, if the pod still has this uid. Conditions owned by others are kept.
    PodStatus(Uid, Box<PodStatus>),
    /// Sets one condition of a pod, if the pod still has this uid.
    PodCondition(Uid, Box<Condition>),
    /// Moves a pod to phase Failed, if it still has this uid and is not terminal, and optionally sets a condition.
    PodFails(Uid, Option<Box<Condition>>),
    /// Sets conditions of a node. From a kubelet they also count as a heartbeat, unless nothing changed.
    NodeConditions(Vec<Condition>),
    /// Adds the given taints to a node and removes those with the given keys and effects.
    /// Models pkg/controller/util/node SwapNodeControllerTaint.
    NodeTaints(Vec<Taint>, Vec<(Name, Name)>),
    /// Adds a network volume to, or removes it from, a node's `status.volumesAttached`.
    NodeVolume {
        /// The volume, as nodes name it.
        handle: Name,
        attached: bool,
    },
    /// Sets a node's `status.volumesInUse`.
    VolumesInUse(Vec<Name>),
    /// Marks a VolumeAttachment as attached.
    Attached,
    /// Writes the conditions of a namespace.
    NamespaceConditions(Vec<Value>),
    /// Removes the namespace's own finalizer. Models pkg/registry/core/namespace/storage FinalizeREST.
    FinalizeNamespace,
    /// Tells which node is meant for a pod, and why it has none yet, if it still has this uid.
    /// Models pkg/scheduler/schedule_one.go updatePod.
    Nominate {
        /// The uid that the pod must have.
        pod: Uid,
        /// What becomes of its nominated node.
        nomination: Nomination,
        /// Its scheduling condition, where that changes.
        condition: Option<Box<Condition>>,
    },
    /// Changes several parts in one write.
    All(Vec<Edit>),
    /// Binds a pod to a node, if the pod still has this uid. Models pkg/registry/core/pod/storage assignPod.
    Bind(Uid, Name),
}

/// What becomes of the node that is meant for a pod. Models pkg/scheduler/framework NominatingInfo.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Nomination {
    /// It stays as it is.
    Keep,
    /// None is meant for it any more.
    Clear,
    To(Name),
}

impl Nomination {
    /// What of it a pod does not have yet.
    #[must_use]
    pub fn for_pod(self, pod: &Pod) -> Self {
        let known = match &self {
            Nomination::Keep => true,
            Nomination::Clear => pod.status.nominated.is_empty(),
            Nomination::To(node) => *node == pod.status.nominated,
        };
        if known { Nomination::Keep } else { self }
    }
}

/// What an edit can depend on beside its object.
pub(super) struct EditContext<'a> {
    pub tables: &'a Tables,
    pub now: Time,
    /// Who sends it.
    pub by: &'a Actor,
}

/// Whether an owner, which has just been added to an object, may adopt it: it is still there, is not going, and is the only controller.
///
/// Models pkg/controller/controller_ref_manager.go AdoptPod and RecheckDeletionTimestamp, which read the owner anew, and the server's
/// ValidateOwnerReferences.
fn may_adopt(owner: &OwnerRef, object: &Object, tables: &Tables) -> Result<(), Status> {
    let meta = object.meta();
    if meta.owners.iter().filter(|owner| owner.controller).count() > 1 {
        return Err(Status::invalid(&object.kind().group_kind(), &meta.name, (rules().owner_references)(meta)));
    }
    let live = owner.kind.and_then(|kind| tables.find(kind, &meta.namespace, &owner.name)).map(Object::meta);
    let why = match live {
        Some(live) if live.uid == owner.uid && !live.terminating() => return Ok(()),
        Some(live) if live.uid == owner.uid => "has just been deleted",
        _ => "is gone",
    };
    let (kind, name) = (object.kind().info().name, &meta.name);
    Err(Status::bad_request(format!("can't adopt {kind} {0}/{name}: {0}/{1} {why}", meta.namespace, owner.name)))
}

impl Edit {
    /// The uid that the object must still have, if any.
    pub(super) fn required_uid(&self) -> Option<Uid> {
        match self {
            Edit::AddOwner(uid, _)
            | Edit::RemoveOwner { of: uid, .. }
            | Edit::ClaimCondition(uid, _)
            | Edit::PodStatus(uid, _)
            | Edit::PodCondition(uid, _)
            | Edit::PodFails(uid, _)
            | Edit::Nominate { pod: uid, .. }
            | Edit::Bind(uid, _) => Some(*uid),
            Edit::All(edits) => edits.iter().find_map(Edit::required_uid),
            Edit::SetOwners(_)
            | Edit::AddFinalizer(_)
            | Edit::RemoveFinalizer(_)
            | Edit::StatefulSetStatus(_)
            | Edit::ReplicaSetStatus(_)
            | Edit::Replicas(_)
            | Edit::SetLabels(_)
            | Edit::RevisionNumber(_)
            | Edit::NodeConditions(_)
            | Edit::NodeTaints(..)
            | Edit::NodeVolume { .. }
            | Edit::VolumesInUse(_)
            | Edit::Attached
            | Edit::NamespaceConditions(_)
            | Edit::FinalizeNamespace => None,
        }
    }

    /// Changes an object. An edit of another kind than the object is our bug: the sender gets an internal error.
    pub(super) fn apply(self, object: &mut Object, around: &EditContext) -> Result<(), Status> {
        match (self, object) {
            (
                edit @ (Edit::AddOwner(..)
                | Edit::RemoveOwner { .. }
                | Edit::SetOwners(_)
                | Edit::AddFinalizer(_)
                | Edit::RemoveFinalizer(_)
                | Edit::SetLabels(_)),
                object,
            ) => {
                edit.apply_to_meta(object.meta_mut());
                if let Edit::AddOwner(_, owner) = &edit {
                    may_adopt(owner, object, around.tables)?;
                }
            }
            (Edit::All(edits), object) => edits.into_iter().try_for_each(|edit| edit.apply(object, around))?,
            (Edit::ClaimCondition(_, condition), Object::Claim(claim)) => {
                let conditions = &mut Rc::make_mut(claim).status.conditions;
                conditions.retain(|c| c.kind != condition.kind);
                conditions.push(*condition);
            }
            (Edit::StatefulSetStatus(status), Object::StatefulSet(set)) => {
                let wrong = (rules().stateful_set_counts)(&status);
                if !wrong.is_empty() {
                    return Err(Status::invalid(&Kind::StatefulSet.group_kind(), &set.meta.name, wrong));
                }
                Rc::make_mut(set).status = *status;
            }
            (Edit::ReplicaSetStatus(status), Object::ReplicaSet(set)) => Rc::make_mut(set).status = *status,
            (Edit::Replicas(replicas), Object::StatefulSet(set)) => Rc::make_mut(set).spec.set(&["replicas"], replicas),
            (Edit::Replicas(replicas), Object::Deployment(deployment)) => Rc::make_mut(deployment).spec.set(&["replicas"], replicas),
            (Edit::Replicas(replicas), Object::ReplicaSet(set)) => Rc::make_mut(set).spec.set(&["replicas"], replicas),
            (edit, Object::Pod(pod)) => return edit.apply_to_pod(pod, around),
            (Edit::NodeConditions(conditions), Object::Node(node)) => {
                let told = Rc::clone(node);
                let node = Rc::make_mut(node);
                node.set_conditions(&conditions);
                if matches!(around.by, Actor::Kubelet(_)) && *node != *told {
                    node.status.heartbeat = around.now;
                }
            }
            (Edit::NodeTaints(add, remove), Object::Node(node)) => swap_taints(&mut Rc::make_mut(node).taints, &add, &remove),
            (Edit::NodeVolume { handle, attached }, Object::Node(node)) => {
                let all = &mut Rc::make_mut(node).status.volumes_attached;
                all.retain(|known| *known != handle);
                all.extend(attached.then_some(handle));
            }
            (Edit::VolumesInUse(volumes), Object::Node(node)) => Rc::make_mut(node).status.volumes_in_use = volumes,
            (Edit::Attached, Object::Plain(plain)) => Rc::make_mut(plain).raw.set(&["status", "attached"], true),
            (Edit::NamespaceConditions(conditions), Object::Plain(plain)) => {
                Rc::make_mut(plain).raw.set(&["status", "conditions"], Value::list(conditions));
            }
            (Edit::FinalizeNamespace, Object::Plain(plain)) => {
                Rc::make_mut(plain).raw.set(&["spec", "finalizers"], Value::list(Vec::<Value>::new()));
            }
            (Edit::RevisionNumber(number), Object::ControllerRevision(revision)) => Rc::make_mut(revision).number = number,
            (edit, object) => return Err(edit.does_not_fit(object.kind())),
        }
        Ok(())
    }

    /// Changes what every object has.
    fn apply_to_meta(&self, meta: &mut Meta) {
        match self {
            Edit::AddOwner(_, owner) => {
                let owners = meta.owners.make_mut();
                owners.retain(|o| o.uid != owner.uid);
                owners.push(owner.clone());
            }
            Edit::RemoveOwner { owner, .. } => meta.owners.make_mut().retain(|o| o.uid != *owner),
            Edit::SetOwners(owners) => meta.owners = owners.clone(),
            Edit::RemoveFinalizer(name) => meta.finalizers.make_mut().retain(|f| f != name),
            Edit::AddFinalizer(name) => {
                let finalizers = meta.finalizers.make_mut();
                finalizers.retain(|f| f != name);
                finalizers.push(name.clone());
            }
            Edit::SetLabels(labels) => Rc::make_mut(&mut meta.labels).extend(labels.iter().cloned()),
            other => debug_assert!(false, "{other:?} is not about metadata"),
        }
    }

    /// Changes what only pods have.
    fn apply_to_pod(self, pod: &mut Rc<Pod>, around: &EditContext) -> Result<(), Status> {
        match self {
            Edit::PodStatus(_, said) => {
                let (meta, spec, node) = (pod.meta.clone(), Rc::clone(&pod.spec), pod.node.clone());
                *pod = Rc::new(Pod { meta, spec, node, status: merged_status(&pod.status, *said) });
            }
            Edit::PodCondition(_, condition) => Rc::make_mut(pod).set_condition(*condition),
            Edit::PodFails(..) if pod.status.phase.terminal() => {}
            Edit::PodFails(_, condition) => {
                let pod = Rc::make_mut(pod);
                pod.status.phase = PodPhase::Failed;
                if let Some(condition) = condition {
                    pod.set_condition(*condition);
                }
            }
            Edit::Nominate { nomination, condition, .. } => {
                let pod = Rc::make_mut(pod);
                match nomination {
                    Nomination::Keep => {}
                    Nomination::Clear => pod.status.nominated = no_name(),
                    Nomination::To(node) => pod.status.nominated = node,
                }
                if let Some(condition) = condition {
                    pod.set_condition(*condition);
                }
            }
            Edit::Bind(..) if pod.meta.terminating() || pod.node.is_some() => {
                let name = &pod.meta.name;
                let why = format!("pod {name} is already assigned to a node or being deleted");
                return Err(Status::conflict(&Kind::Pod.resource(), name, &why));
            }
            Edit::Bind(_, node) => {
                admission::place(around.tables, pod, &node);
                let pod = Rc::make_mut(pod);
                pod.node = Some(node);
                pod.status.nominated = no_name();
                pod.set_condition(Condition::new(POD_SCHEDULED, true, around.now));
            }
            edit => return Err(edit.does_not_fit(Kind::Pod)),
        }
        Ok(())
    }

    fn does_not_fit(&self, kind: Kind) -> Status {
        debug_assert!(false, "a {kind} has nothing for {self:?}");
        Status::internal_error(format!("an edit for another kind was sent to a {kind}"))
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

/// Merges a kubelet's status into a pod: conditions owned by others first, then the kubelet's; a terminal phase and its reason stay.
/// Models pkg/kubelet/kubelet_pods.go generateAPIPodStatus and status_manager.go mergePodStatus.
fn merged_status(old: &PodStatus, mut said: PodStatus) -> PodStatus {
    for condition in &mut said.conditions {
        if let Some(known) = old.conditions.iter().find(|c| c.kind == condition.kind && c.status == condition.status) {
            condition.since = known.since;
        }
    }
    let foreign = old.conditions.iter().filter(|c| !said.conditions.iter().any(|n| n.kind == c.kind));
    // Every version of a pod keeps its conditions: there is no room to spare.
    let mut conditions = Vec::with_capacity(foreign.clone().count() + said.conditions.len());
    conditions.extend(foreign.cloned());
    conditions.append(&mut said.conditions);
    let told = if old.phase == said.phase && said.reason.is_empty() { old } else { &said };
    PodStatus {
        reason: told.reason.clone(),
        message: told.message.clone(),
        nominated: Rc::clone(&old.nominated),
        conditions,
        started: old.started.or(said.started),
        ..said
    }
}
