//! Keeps claims that a pod uses, and volumes that a claim is bound to, from going under them.
//!
//! Models pkg/controller/volume/pvcprotection and pvprotection.

use std::rc::Rc;

use super::cache::Cache;
use super::plan::{OnError, Plan, Step};
use crate::api::kind::Kind;
use crate::api::object::storage::{CLAIM_PROTECTION, VOLUME_PROTECTION, VolumePhase};
use crate::api::object::{Name, ObjectKey};
use crate::server::request::{Edit, Request};
use crate::why::{Component, Decision, Reason, Verdict};

/// One look at a claim that is being deleted.
pub fn plan_claim(cache: &Cache, namespace: &Name, name: &Name) -> Plan {
    let Some(claim) = cache.tables.claim(namespace, name) else { return Plan::default() };
    if !claim.meta.terminating() || !claim.meta.has_finalizer(CLAIM_PROTECTION) {
        return Plan::default();
    }
    let key = ObjectKey::new(Kind::PersistentVolumeClaim, namespace, name);
    let place = (Rc::clone(namespace), Rc::clone(name));
    let user = cache.users_of(&place).find(|pod| cache.tables.pod(namespace, pod).is_some_and(|p| p.node.is_some()));
    match user {
        Some(pod) => {
            let blocker = ObjectKey::new(Kind::Pod, namespace, pod);
            let because = Reason::ClaimInUse { pod: Rc::clone(pod) };
            Plan::nothing(Decision::new(Component::StorageProtection, key, Verdict::Waits, because).blocked_by(blocker))
        }
        None => release(key, CLAIM_PROTECTION),
    }
}

/// One look at a volume that is being deleted.
pub fn plan_volume(cache: &Cache, name: &Name) -> Plan {
    let Some(volume) = cache.tables.volume("", name) else { return Plan::default() };
    if !volume.meta.terminating() || !volume.meta.has_finalizer(VOLUME_PROTECTION) {
        return Plan::default();
    }
    let key = ObjectKey::new(Kind::PersistentVolume, &Name::default(), name);
    match volume.claim.as_ref().filter(|_| volume.phase == VolumePhase::Bound) {
        Some(claim) => {
            let blocker = ObjectKey::new(Kind::PersistentVolumeClaim, &claim.namespace, &claim.name);
            let because = Reason::VolumeInUse { claim: Rc::clone(&claim.name) };
            Plan::nothing(Decision::new(Component::StorageProtection, key, Verdict::Waits, because).blocked_by(blocker))
        }
        None => release(key, VOLUME_PROTECTION),
    }
}

fn release(key: ObjectKey, finalizer: &'static str) -> Plan {
    let mut plan = Plan::default();
    plan.then(Step::new(Request::Edit(key, Edit::RemoveFinalizer(finalizer.into()))).on_error(OnError::GoneIsFine));
    plan
}
