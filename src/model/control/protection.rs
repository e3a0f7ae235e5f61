//! The storage protection controllers: keep claims that a pod uses, and volumes that a claim is bound to, from being removed; also
//! maintain the claims' `Unused` condition.
//!
//! Models pkg/controller/volume/pvcprotection and pvprotection.

use std::rc::Rc;

use super::cache::Cache;
use super::plan::{OnError, Plan, Step};
use super::registration::{Registration, Watch, own_key};
use super::seen::View;
use super::volume_binder::volume_of;
use api::kind::Kind;
use api::object::pod::{Condition, Truth};
use api::object::storage::{CLAIM_PROTECTION, ClaimPhase, VOLUME_PROTECTION, VolumePhase};
use api::object::{Claim, Name, Object, ObjectKey, Pod};
use base::time::Time;
use server::request::{Edit, Request};
use server::tables::Tables;
use why::{Component, Decision, Maintenance, Reason, Verdict};

/// The controller of claims.
pub static CLAIMS: Registration =
    Registration::new(&[(Kind::Pod, watch_user), (Kind::PersistentVolumeClaim, watch_claim)], |view, key, _| plan_claim(view, key));
/// The controller of volumes.
pub static VOLUMES: Registration =
    Registration::new(&[(Kind::PersistentVolumeClaim, watch_bound), (Kind::PersistentVolume, watch_volume)], |view, key, _| {
        plan_volume(view, key)
    });
/// The condition that says whether any pod refers to a claim.
const UNUSED: &str = "Unused";

/// Queues the claims of a pod that comes, ends or goes.
fn watch_user(watch: &mut Watch) {
    let [before, after] = watch.change.sides(Object::as_pod);
    let ended = |pod: Option<&Rc<Pod>>| pod.is_none_or(|p| p.status.phase.terminal());
    if ended(before) != ended(after) || after.is_none() {
        let claims = after.or(before).into_iter().flat_map(|pod| pod.claim_volumes());
        watch.enqueue_all(claims.map(|v| ObjectKey::new(Kind::PersistentVolumeClaim, &watch.change.key.namespace, &v.claim)));
    }
}

fn watch_claim(watch: &mut Watch) {
    let concerns = |claim: &Rc<Claim>| {
        let is_bare = !claim.meta.has_finalizer(CLAIM_PROTECTION);
        claim.meta.terminating() || watch.change.before.is_none() || claim.status.phase == ClaimPhase::Bound || is_bare
    };
    if watch.change.object().and_then(Object::as_claim).is_some_and(concerns) {
        own_key(watch);
    }
}

/// Queues the volume of a claim that is gone.
fn watch_bound(watch: &mut Watch) {
    if watch.change.after.is_none() {
        volume_of(watch);
    }
}

fn watch_volume(watch: &mut Watch) {
    let meta = watch.change.object().map(Object::meta);
    if meta.is_some_and(|meta| meta.terminating() || !meta.has_finalizer(VOLUME_PROTECTION)) {
        own_key(watch);
    }
}

/// Plans one sync of a claim.
///
/// Before the finalizer is removed, the claim's users are also looked up in the API server (`live`), because the cache may not show
/// yet that one of them has been scheduled. Models pvc_protection_controller.go askInformer and askAPIServer.
fn plan_claim(view: View, key: &ObjectKey) -> Plan {
    let View { cache, live, now, release, .. } = view;
    let (namespace, name) = (&key.namespace, &key.name);
    let Some(claim) = cache.tables.claim(namespace, name) else { return Plan::default() };
    if !claim.meta.terminating() || !claim.meta.has_finalizer(CLAIM_PROTECTION) {
        let mut plan = if release.claim_unused_condition { tell_use(cache, claim, now) } else { Plan::default() };
        protect(&Rc::clone(claim).into(), CLAIM_PROTECTION, &mut plan);
        return plan;
    }
    let uses = |pod: &Pod| {
        let mut volumes = pod.claim_volumes().filter(|volume| volume.claim == *name);
        pod.node.is_some() && volumes.any(|volume| !volume.ephemeral || claim.meta.is_controlled_by(pod.meta.uid))
    };
    let bound = |tables: &Tables, pod: &str| tables.pod(namespace, pod).is_some_and(|pod| uses(pod));
    let user = cache.users_of(&key.namespaced_name()).find(|pod| bound(&cache.tables, pod) || bound(live, pod));
    match user {
        Some(pod) => {
            let blocker = ObjectKey::new(Kind::Pod, namespace, pod);
            let because = Reason::ClaimInUse { pod: Rc::clone(pod) };
            Plan::nothing(Decision::new(Component::ClaimProtection, key.clone(), Verdict::Waits, because).blocked_by(blocker))
        }
        None => let_go(Rc::clone(claim).into(), CLAIM_PROTECTION),
    }
}

/// Updates the `Unused` condition of a claim while it is bound, and not being deleted. Models processPVC and updateUnusedCondition.
fn tell_use(cache: &Cache, claim: &Claim, now: Time) -> Plan {
    let is_at_work = |pod: &Name| cache.tables.pod(&claim.meta.namespace, pod).is_some_and(|p| !p.status.phase.terminal());
    let used = cache.users_of(&claim.meta.namespaced_name()).any(is_at_work);
    let told = claim.status.conditions.iter().find(|c| c.kind == UNUSED);
    let is_told = told.is_some_and(|c| if used { c.status != Truth::True } else { c.status == Truth::True });
    if is_told || claim.status.phase != ClaimPhase::Bound || claim.meta.terminating() {
        return Plan::default();
    }
    let condition = Condition::new(UNUSED, !used, now);
    let condition = if used {
        condition.because("PodUsingPVC", "A pod is currently referencing this PVC")
    } else {
        condition.because("NoPodsUsingPVC", "No pods are currently referencing this PVC")
    };
    let mut plan = Plan::nothing(acts(claim.key(), Reason::Maintenance(Maintenance::StatusFollows)));
    plan.then(
        Step::new(Request::Edit(claim.key(), Edit::ClaimCondition(claim.meta.uid, Box::new(condition)))).on_error(OnError::IgnoreNotFound),
    );
    plan
}

/// Plans one sync of a volume.
fn plan_volume(view: View, key: &ObjectKey) -> Plan {
    let Some(volume) = view.cache.tables.volume("", &key.name) else { return Plan::default() };
    if !volume.meta.terminating() || !volume.meta.has_finalizer(VOLUME_PROTECTION) {
        let mut plan = Plan::default();
        protect(&Rc::clone(volume).into(), VOLUME_PROTECTION, &mut plan);
        return plan;
    }
    match volume.spec.claim.as_ref().filter(|_| volume.status.phase == VolumePhase::Bound) {
        Some(claim) => {
            let because = Reason::VolumeInUse { claim: claim.key() };
            Plan::nothing(Decision::new(Component::VolumeProtection, key.clone(), Verdict::Waits, because).blocked_by(claim.key()))
        }
        None => let_go(Rc::clone(volume).into(), VOLUME_PROTECTION),
    }
}

/// Gives an object that is not being deleted the finalizer back that somebody took from it. Models addFinalizer of both controllers.
fn protect(object: &Object, finalizer: &'static str, plan: &mut Plan) {
    if !object.meta().terminating() && !object.meta().has_finalizer(finalizer) {
        plan.decide(acts(object.key(), Reason::Maintenance(Maintenance::FinalizerBack { finalizer })));
        let mut object = object.clone();
        object.meta_mut().finalizers.make_mut().push(finalizer.into());
        plan.then(Step::new(Request::Update(object)).on_error(OnError::IgnoreNotFound));
    }
}

/// Removes the finalizer from the object as it was seen: if it was written since, as when a volume gets bound, the sync is retried.
/// Models pvc_protection_controller.go and pv_protection_controller.go removeFinalizer.
fn let_go(mut object: Object, finalizer: &'static str) -> Plan {
    object.meta_mut().finalizers.make_mut().retain(|f| **f != *finalizer);
    let mut plan = Plan::nothing(acts(object.key(), Reason::Maintenance(Maintenance::FinalizerDone { finalizer })));
    plan.then(Step::new(Request::Update(object)).on_error(OnError::IgnoreNotFound));
    plan
}

fn acts(about: ObjectKey, because: Reason) -> Decision {
    let is_claim = about.kind == Kind::PersistentVolumeClaim;
    let who = if is_claim { Component::ClaimProtection } else { Component::VolumeProtection };
    Decision::new(who, about, Verdict::Acts, because)
}
