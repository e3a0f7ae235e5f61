//! Whom a change concerns: which controllers and machines are woken when the components see it.
//!
//! Models the event handlers that each controller of pkg/controller adds to its informers. Those of Services, nodes, disruption budgets
//! and the owners of pods stand with what they wake.

use std::rc::Rc;

use super::Sim;
use api::controller::Controller;
use api::kind::Kind;
use api::object::storage::{CLAIM_PROTECTION, ClaimPhase, ClaimRef, VOLUME_PROTECTION};
use api::object::{Meta, Name, Object, ObjectKey, Pod, Uid, Volume};
use control::volume_binder::RESYNC;
use control::{garbage_collector, resource_quota, token};
use server::log::{Actor, Change};
use server::namespaces::has_everywhere;
use server::{FOREGROUND_DELETION, waits_for_dependents};

impl Sim {
    /// Wakes the components concerned by a change.
    pub(super) fn route(&mut self, change: &Change) {
        self.route_owners(change);
        self.route_quotas(change);
        self.route_autoscalers(change);
        if let Some(object) = change.object() {
            self.route_by_type(object, change);
        }
        self.route_namespace_objects(change);
        self.route_attachments(change);
        self.placement_sees(change);
    }

    /// Wakes the components that watch objects of this type.
    fn route_by_type(&mut self, object: &Object, change: &Change) {
        let key = &change.key;
        match object {
            Object::Pod(_) => self.route_pod(change),
            Object::StatefulSet(_) => self.enqueue(Controller::StatefulSet, key),
            Object::Deployment(_) => self.enqueue(Controller::Deployment, key),
            Object::ReplicaSet(_) => self.route_replica_set(change),
            Object::Claim(_) => self.route_claim(change),
            Object::Volume(volume) => self.route_volume(volume, change),
            Object::Service(_) => {
                self.miss_own_service(change);
                self.route_service(change);
            }
            Object::EndpointSlice(_) => self.route_service(change),
            Object::Endpoints(_) => self.route_endpoints(change),
            Object::Node(_) => {
                self.route_node(change);
                self.route_service(change);
                self.route_daemon_sets(change);
            }
            Object::Budget(_) => self.enqueue(Controller::Disruption, key),
            Object::Plain(plain) => self.route_plain(plain.kind, change),
            Object::ControllerRevision(_) => self.route_revision(change),
            // Read when they are needed; nothing waits for them.
            Object::StorageClass(_) | Object::Event(_) => {}
        }
    }

    /// Wakes the controller of an object whose kind has no type of its own.
    fn route_plain(&mut self, kind: Kind, change: &Change) {
        let key = &change.key;
        match kind {
            Kind::DaemonSet => self.enqueue(Controller::DaemonSet, key),
            Kind::Job => self.route_job(change),
            Kind::CronJob => self.enqueue(Controller::CronJob, key),
            Kind::Namespace => self.enqueue(Controller::Namespace, key),
            Kind::CustomResourceDefinition => self.enqueue(Controller::Definition, key),
            Kind::Secret => self.enqueue(Controller::Tokens, key),
            Kind::ServiceAccount if change.after.is_none() => self.route_tokens(change),
            // What watches the first five looks at every change by itself; the others are read when they are needed, or only kept.
            Kind::ConfigMap
            | Kind::ServiceAccount
            | Kind::ResourceQuota
            | Kind::HorizontalPodAutoscaler
            | Kind::VolumeAttachment
            | Kind::Event
            | Kind::PodTemplate
            | Kind::ReplicationController
            | Kind::LimitRange
            | Kind::Lease
            | Kind::IngressClass
            | Kind::Ingress
            | Kind::NetworkPolicy
            | Kind::RuntimeClass
            | Kind::ClusterRoleBinding
            | Kind::ClusterRole
            | Kind::RoleBinding
            | Kind::Role
            | Kind::PriorityClass
            | Kind::CSINode => {}
            // They have a type of their own.
            Kind::Pod
            | Kind::Service
            | Kind::PersistentVolumeClaim
            | Kind::PersistentVolume
            | Kind::Node
            | Kind::Deployment
            | Kind::ReplicaSet
            | Kind::StatefulSet
            | Kind::ControllerRevision
            | Kind::EndpointSlice
            | Kind::Endpoints
            | Kind::PodDisruptionBudget
            | Kind::StorageClass => debug_assert!(false, "a {kind} has a type of its own"),
            // They are only kept.
            _ => {}
        }
    }

    /// Wakes the controller of tokens for those of a ServiceAccount that is gone.
    fn route_tokens(&mut self, change: &Change) {
        let account = Some(&*change.key.name);
        let holds = |secret: &&Object| secret.as_plain().is_some_and(|secret| token::account_of(secret).as_deref() == account);
        let keys: Vec<ObjectKey> = self.cache.tables.within(Kind::Secret, &change.key.namespace).filter(holds).map(Object::key).collect();
        for key in keys {
            self.enqueue(Controller::Tokens, &key);
        }
    }

    /// Wakes the controllers that create a namespace's default objects. The namespaces a cluster starts with already have theirs.
    fn route_namespace_objects(&mut self, change: &Change) {
        let key = &change.key;
        if key.kind == Kind::Namespace && change.by != Actor::Setup {
            self.enqueue(Controller::ServiceAccounts, key);
            self.enqueue(Controller::RootCertificates, key);
        } else if has_everywhere(key.kind, &key.name) && change.before.is_some() {
            let namespace = ObjectKey::global(Kind::Namespace, &key.namespace);
            let account = key.kind == Kind::ServiceAccount;
            self.enqueue(if account { Controller::ServiceAccounts } else { Controller::RootCertificates }, &namespace);
        }
    }

    /// Wakes the quota controller for the quotas a change affects.
    fn route_quotas(&mut self, change: &Change) {
        let namespace = &change.key.namespace;
        if change.key.kind == Kind::ResourceQuota && change.after.is_some() {
            let hard = |o: &Option<Object>| o.as_ref().and_then(|o| o.encode().at(&["spec", "hard"]).cloned());
            if hard(&change.before) != hard(&change.after) {
                self.enqueue(Controller::ResourceQuota, &change.key);
            }
        } else if self.cache.tables.within(Kind::ResourceQuota, namespace).next().is_some() && resource_quota::frees(change, self.now) {
            let quotas: Vec<ObjectKey> = self.cache.tables.within(Kind::ResourceQuota, namespace).map(Object::key).collect();
            for key in quotas {
                self.enqueue(Controller::ResourceQuota, &key);
            }
        }
    }

    /// Wakes an autoscaler that is new or changed. Nobody tells it of its target: it comes back to that in time.
    fn route_autoscalers(&mut self, change: &Change) {
        let Change { key, before, after, .. } = change;
        let generation = |side: &Option<Object>| side.as_ref().map(|o| o.meta().generation);
        if key.kind == Kind::HorizontalPodAutoscaler && (before.is_none() || generation(before) != generation(after)) {
            self.enqueue_after(Controller::Autoscaler, key, self.timing.sync + self.server.release.autoscaler_first_look);
        }
    }

    fn route_pod(&mut self, change: &Change) {
        let pods = change.sides(Object::as_pod);
        let namespace = &change.key.namespace;
        self.route_managers(change);
        if pods[0].is_none() && pods[1].is_some_and(|pod| !pod.spec.ephemeral.is_empty()) {
            self.enqueue(Controller::EphemeralVolume, &change.key);
        }
        let ended = |pod: Option<&Rc<Pod>>| pod.is_none_or(|p| p.status.phase.terminal());
        if ended(pods[0]) != ended(pods[1]) || change.after.is_none() {
            let used: Vec<Name> = pods[1].or(pods[0]).into_iter().flat_map(|p| p.claim_volumes()).map(|v| Rc::clone(&v.claim)).collect();
            for claim in used {
                self.enqueue(Controller::ClaimProtection, &ObjectKey::new(Kind::PersistentVolumeClaim, namespace, &claim));
            }
        }
        self.route_service(change);
        self.route_pod_of_node(change);
        self.route_pod_to_budget(change);
        self.kubelet_sees(change);
    }

    fn route_claim(&mut self, change: &Change) {
        let Some(claim) = change.object().and_then(Object::as_claim) else { return };
        self.enqueue(Controller::Claims, &change.key);
        if change.after.is_none() {
            let (users, namespace) = (self.cache.users_of(&change.key.namespaced_name()), &change.key.namespace);
            let users: Vec<ObjectKey> = users.map(|pod| ObjectKey::new(Kind::Pod, namespace, pod)).collect();
            for user in users {
                self.enqueue(Controller::EphemeralVolume, &user);
            }
        }
        let is_bare = !claim.meta.has_finalizer(CLAIM_PROTECTION);
        if claim.meta.terminating() || change.before.is_none() || claim.status.phase == ClaimPhase::Bound || is_bare {
            self.enqueue(Controller::ClaimProtection, &change.key);
        }
        if !claim.spec.volume.is_empty() {
            let volume = ObjectKey::global(Kind::PersistentVolume, &claim.spec.volume);
            self.enqueue(Controller::Volumes, &volume);
            if change.after.is_none() {
                self.enqueue(Controller::VolumeProtection, &volume);
            }
        }
        self.provisioner_sees(change);
        self.expander_sees(change);
    }

    /// Whether the claim that a volume is bound to does not name a volume yet. One that a user reserved a volume for, and did not name
    /// by its uid, finds out at the next resync. Models pv_controller.go syncVolume.
    fn is_to_bind(&self, of: &ClaimRef) -> bool {
        let claim = self.cache.tables.claim(&of.namespace, &of.name);
        claim.is_some_and(|claim| of.uid == Some(claim.meta.uid) && claim.spec.volume.is_empty())
    }

    /// Wakes the components concerned by a change of a volume.
    fn route_volume(&mut self, volume: &Volume, change: &Change) {
        self.enqueue(Controller::Volumes, &change.key);
        if volume.meta.terminating() || !volume.meta.has_finalizer(VOLUME_PROTECTION) {
            self.enqueue(Controller::VolumeProtection, &change.key);
        }
        if let Some(claim) = volume.spec.claim.as_ref().filter(|claim| change.after.is_none() || self.is_to_bind(claim)) {
            self.enqueue(Controller::Claims, &claim.key());
        }
        // A claim that its volume no longer names finds out at the next resync.
        let [before, after] = change.sides(Object::as_volume);
        let named = before.zip(after).and_then(|(before, _)| before.spec.claim.as_ref()).map(ClaimRef::key);
        if let Some(claim) = named.filter(|claim| volume.spec.claim.as_ref().map(ClaimRef::key).as_ref() != Some(claim)) {
            self.enqueue_after(Controller::Claims, &claim, self.now.until_stroke(RESYNC));
        }
        if after.is_none() {
            self.provisioner_misses(volume);
        }
    }

    /// Wakes the garbage collector for an object's removal.
    fn route_owners(&mut self, change: &Change) {
        let Some(object) = change.object() else { return };
        let meta = object.meta();
        if let Some(old) = change.before.as_ref().filter(|old| change.after.is_some() && old.meta().owners != meta.owners) {
            self.route_unblocked(old.meta(), meta);
        }
        if change.after.is_none() {
            let dependents: Vec<ObjectKey> = self.cache.dependents(meta.uid).cloned().collect();
            for key in dependents {
                self.enqueue(Controller::GarbageCollector, &key);
            }
            for owner in &meta.owners {
                if let Some(kind) = owner.kind {
                    self.enqueue_waiting_owner(&ObjectKey::new(kind, &meta.namespace, &owner.name));
                }
            }
        } else if meta.terminating() && !meta.finalizers.is_empty() {
            if change.before.as_ref().is_none_or(|old| !old.meta().terminating() || old.meta().finalizers != meta.finalizers) {
                self.enqueue_in(Controller::GarbageCollector, &change.key, self.timing.sync);
            }
            self.route_foreground(change, meta);
        } else if change.before.as_ref().is_none_or(|old| old.meta().owners != meta.owners) && self.lacks_an_owner(object) {
            self.enqueue(Controller::GarbageCollector, &change.key);
            if let Some(pending_event) = garbage_collector::misplaced_owner(&self.cache, object) {
                self.say(pending_event);
            }
        }
    }

    /// Wakes the garbage collector for all dependents of an object that begins to wait for them, blocking or not.
    /// Models graph_builder.go processTransitions.
    fn route_foreground(&mut self, change: &Change, meta: &Meta) {
        if !waits_for_dependents(meta) || change.before.as_ref().is_some_and(|old| waits_for_dependents(old.meta())) {
            return;
        }
        let dependents: Vec<ObjectKey> = self.cache.dependents(meta.uid).cloned().collect();
        for key in dependents {
            self.enqueue_in(Controller::GarbageCollector, &key, self.timing.sync);
        }
    }

    /// Wakes the garbage collector for owners whose foreground deletion a surviving dependent no longer blocks.
    /// Models graph_builder.go addUnblockedOwnersToDeleteQueue.
    fn route_unblocked(&mut self, old: &Meta, new: &Meta) {
        let blocks = |uid: Uid| new.owners.iter().any(|o| o.uid == uid && o.is_blocking());
        for owner in old.owners.iter().filter(|o| o.is_blocking() && !blocks(o.uid)) {
            let Some(key) = owner.kind.map(|kind| ObjectKey::new(kind, &new.namespace, &owner.name)) else { continue };
            if self.cache.tables.get(&key).is_some_and(|o| o.meta().has_finalizer(FOREGROUND_DELETION)) {
                self.enqueue_waiting_owner(&key);
            }
        }
    }

    /// Whether any owner of an object is missing. Models pkg/controller/garbagecollector/graph_builder.go, which adds such an owner as a
    /// virtual node and processes it.
    fn lacks_an_owner(&self, object: &Object) -> bool {
        let namespace = &object.meta().namespace;
        let there = |kind: Kind, name: &Name| self.cache.tables.get(&ObjectKey::new(kind, namespace, name)).map(|o| o.meta().uid);
        object.meta().owners.iter().any(|o| o.kind.and_then(|kind| there(kind, &o.name)) != Some(o.uid))
    }

    /// Wakes the garbage collector for a terminating owner, whose dependents it has in its graph.
    fn enqueue_waiting_owner(&mut self, owner: &ObjectKey) {
        if self.cache.tables.get(owner).is_some_and(|o| o.meta().terminating()) {
            self.enqueue_in(Controller::GarbageCollector, owner, self.timing.sync);
        }
    }
}
