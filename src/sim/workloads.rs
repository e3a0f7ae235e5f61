//! Which workload controllers a change wakes.
//!
//! Models the event handlers of pkg/controller/{statefulset,replicaset,deployment,daemon,job}.

use std::rc::Rc;

use super::Sim;
use api::controller::Controller;
use api::kind::Kind;
use api::object::selector::Selector;
use api::object::workload::DeploymentStrategy;
use api::object::{Name, Object, ObjectKey, OwnerRef, Pod};
use control::{daemon_set, job};
use server::log::Change;

impl Sim {
    /// Wakes the controllers that manage a pod, managed it before, or could adopt it.
    pub(super) fn route_managers(&mut self, change: &Change) {
        let [before, after] = change.sides(Object::as_pod);
        let namespace = &change.key.namespace;
        for owner in [before, after].into_iter().flatten().filter_map(|p| p.meta.controller()) {
            self.enqueue_owner(namespace, owner);
        }
        for (controller, kind) in [
            (Controller::StatefulSet, Kind::StatefulSet),
            (Controller::ReplicaSet, Kind::ReplicaSet),
            (Controller::DaemonSet, Kind::DaemonSet),
            (Controller::Job, Kind::Job),
        ] {
            self.route_orphan(change, controller, kind);
        }
        if let Some(gone) = before.filter(|_| after.is_none()) {
            self.route_last_pod(gone);
        }
    }

    /// Wakes a controller of sets for those that could adopt an object which has no controller, and is new or has other labels or
    /// owners than before.
    fn route_orphan(&mut self, change: &Change, controller: Controller, kind: Kind) {
        let Some(orphan) = change.after.as_ref().map(Object::meta).filter(|meta| meta.controller().is_none()) else { return };
        if change.before.as_ref().is_some_and(|old| old.meta().labels == orphan.labels && old.meta().owners == orphan.owners) {
            return;
        }
        let picks = |set: &&Object| match set {
            Object::StatefulSet(set) => set.spec.selector.matches(&orphan.labels),
            Object::ReplicaSet(set) => set.spec.selector.matches(&orphan.labels),
            Object::Deployment(set) => set.spec.selector.matches(&orphan.labels),
            Object::Plain(set) => set.raw.at(&["spec", "selector"]).is_some_and(|s| Selector::decode(s).matches(&orphan.labels)),
            _ => false,
        };
        let fitting: Vec<ObjectKey> = self.cache.tables.within(kind, &orphan.namespace).filter(picks).map(Object::key).collect();
        for key in fitting {
            match controller {
                Controller::Job => self.enqueue_after(controller, &key, job::BATCH),
                _ => self.enqueue(controller, &key),
            }
        }
    }

    /// Wakes a Deployment that waits for its last pod to go. Models deployment_controller.go deletePod.
    fn route_last_pod(&mut self, gone: &Pod) {
        let namespace = &gone.meta.namespace;
        let tables = &self.cache.tables;
        let owner = |o: Option<&OwnerRef>, kind: Kind| o.filter(|o| o.kind == Some(kind)).map(|o| Rc::clone(&o.name));
        let Some(set) = owner(gone.meta.controller(), Kind::ReplicaSet).and_then(|name| tables.replica_set(namespace, &name)) else {
            return;
        };
        let deployment = owner(set.meta.controller(), Kind::Deployment).and_then(|name| tables.deployment(namespace, &name));
        let Some(deployment) = deployment.filter(|d| d.spec.strategy == DeploymentStrategy::Recreate) else { return };
        let key = deployment.key();
        let sets = self.cache.dependents(deployment.meta.uid).filter_map(|key| self.cache.tables.get(key));
        if sets.map(|s| s.meta().uid).all(|uid| self.cache.replicas_of(uid).is_none()) {
            self.enqueue(Controller::Deployment, &key);
        }
    }

    /// Wakes the controllers concerned by a change of a ReplicaSet.
    pub(super) fn route_replica_set(&mut self, change: &Change) {
        self.enqueue(Controller::ReplicaSet, &change.key);
        let [before, after] = change.sides(Object::as_replica_set);
        let namespace = &change.key.namespace;
        for owner in [before, after].into_iter().flatten().filter_map(|s| s.meta.controller()) {
            self.enqueue_owner(namespace, owner);
        }
        self.route_orphan(change, Controller::Deployment, Kind::Deployment);
    }

    /// Wakes the DaemonSets concerned by a new node or a change of one. Nobody tells them of one that is deleted.
    /// Models daemon_controller.go addNode, updateNode and syncNodeUpdate.
    pub(super) fn route_daemon_sets(&mut self, change: &Change) {
        let node = |object: &Option<Object>| object.as_ref().and_then(Object::as_node).cloned();
        let Some(new) = node(&change.after) else { return };
        if node(&change.before).is_some_and(|old| old.meta.labels == new.meta.labels && old.taints == new.taints) {
            return;
        }
        let cache = &self.cache;
        let concerned = |set: &Object| daemon_set::is_concerned(cache, set, &new);
        let sets: Vec<ObjectKey> = cache.tables.all(Kind::DaemonSet).filter(|set| concerned(set)).map(Object::key).collect();
        for key in sets {
            self.enqueue(Controller::DaemonSet, &key);
        }
    }

    /// Wakes the DaemonSets whose revisions were changed or deleted, and those that may adopt one. StatefulSets only read theirs.
    /// Models daemon_controller.go addHistory, updateHistory and deleteHistory.
    pub(super) fn route_revision(&mut self, change: &Change) {
        let namespace = &change.key.namespace;
        let owner = |object: &Option<Object>| object.as_ref().and_then(|o| o.meta().controller()).cloned();
        let (old, new) = (owner(&change.before), owner(&change.after));
        let left = old.filter(|old| new.as_ref() != Some(old));
        let kept = new.filter(|_| change.before.is_some());
        for owner in left.iter().chain(&kept).filter(|owner| owner.kind == Some(Kind::DaemonSet)) {
            self.enqueue_owner(namespace, owner);
        }
        self.route_orphan(change, Controller::DaemonSet, Kind::DaemonSet);
    }

    /// Wakes the controller of an object's owner, unless the owner was recreated under the same name with another uid.
    /// Models resolveControllerRef of those controllers.
    fn enqueue_owner(&mut self, namespace: &Name, owner: &OwnerRef) {
        let (controller, kind) = match owner.kind {
            Some(kind @ Kind::StatefulSet) => (Controller::StatefulSet, kind),
            Some(kind @ Kind::ReplicaSet) => (Controller::ReplicaSet, kind),
            Some(kind @ Kind::Deployment) => (Controller::Deployment, kind),
            Some(kind @ Kind::DaemonSet) => (Controller::DaemonSet, kind),
            Some(kind @ Kind::Job) => (Controller::Job, kind),
            _ => return,
        };
        let key = ObjectKey::new(kind, namespace, &owner.name);
        let is_there = self.cache.tables.get(&key).is_some_and(|o| o.meta().uid == owner.uid);
        if kind == Kind::Job && is_there {
            self.enqueue_after(controller, &key, job::BATCH);
        } else if kind == Kind::Job || is_there {
            // A pod orphaned by its Job is released by the Job controller.
            self.enqueue(controller, &key);
        }
    }

    /// Wakes the controller of a Job: at once for another spec, and for another status together with what else comes to happen.
    pub(super) fn route_job(&mut self, change: &Change) {
        for owner in [&change.before, &change.after].into_iter().flatten().filter_map(|job| job.meta().controller()) {
            if owner.kind == Some(Kind::CronJob) {
                self.enqueue(Controller::CronJob, &ObjectKey::new(Kind::CronJob, &change.key.namespace, &owner.name));
            }
        }
        if change.after.as_ref().is_some_and(job::time_to_live::concerns) {
            self.enqueue(Controller::TimeToLive, &change.key);
        }
        let generation = |object: &Option<Object>| object.as_ref().map(|job| job.meta().generation);
        if generation(&change.before) == generation(&change.after) {
            self.enqueue_after(Controller::Job, &change.key, job::BATCH);
        } else {
            self.enqueue(Controller::Job, &change.key);
        }
    }
}
