//! What the API server does to objects on their way in, whoever sends them.
//!
//! Models plugin/pkg/admission/{storage/storageclass/setdefault,storage/persistentvolume/resize,nodetaint,serviceaccount,priority} and the protection finalizers.
//! Not modelled: the account `default` as an object, which every namespace is taken to have; classes of priority of one's own.

use std::rc::Rc;

use crate::api::admit::priority_of;
use crate::api::kind::Kind;
use crate::api::object::node::{NO_SCHEDULE, NOT_READY_TAINT, Taint};
use crate::api::object::pod::Truth;
use crate::api::object::storage::{CLAIM_PROTECTION, VOLUME_PROTECTION};
use crate::api::object::{Meta, Name, Object, Plain};
use crate::api::status::Status;
use crate::base::quantity::Quantity;
use crate::base::value::Value;
use crate::server::namespaces::check_open;
use crate::server::tables::Tables;

/// The account of pods that name none.
const DEFAULT_ACCOUNT: &str = "default";

/// Refuses what cannot be made in its namespace, and a pod whose account is missing or whose priority is not that of its class.
/// A client's objects are looked at before they are validated.
pub fn check(tables: &Tables, object: &Object) -> Result<(), Status> {
    check_open(tables, object)?;
    let Some(pod) = object.as_pod() else { return Ok(()) };
    let refuse = |why: &str| Err(Status::forbidden(&object.kind().resource(), asked_name(&pod.meta), why));
    let raw = &pod.spec.template.raw;
    let account = raw.text_at(&["serviceAccountName"]).unwrap_or(DEFAULT_ACCOUNT);
    let namespace = &pod.meta.namespace;
    if account != DEFAULT_ACCOUNT && tables.find(Kind::ServiceAccount, namespace, account).is_none() {
        return refuse(&format!("error looking up service account {namespace}/{account}: serviceaccount \"{account}\" not found"));
    }
    let class = raw.text_at(&["priorityClassName"]).unwrap_or("");
    let Some(priority) = priority_of(class) else { return refuse(&format!("no PriorityClass with name {class} was found")) };
    match raw.at(&["priority"]).and_then(Value::as_int).filter(|given| *given != priority) {
        None => Ok(()),
        Some(given) => refuse(&format!(
            "the integer value of priority ({given}) must not be provided in pod spec; priority admission controller computed {priority} \
             from the given PriorityClass name"
        )),
    }
}

/// Refuses a claim that asks for more where its class does not say that its volumes can grow.
/// Models plugin/pkg/admission/storage/persistentvolume/resize.
pub fn check_growth(tables: &Tables, before: &Value, claim: &Value) -> Result<(), Status> {
    let size =
        |of: &Value| of.text_at(&["spec", "resources", "requests", "storage"]).and_then(|t| Quantity::parse(t).ok()).unwrap_or_default();
    if claim.text_at(&["kind"]) != Some(Kind::PersistentVolumeClaim.info().name) || size(claim) <= size(before) {
        return Ok(());
    }
    let class = |of: &Value| of.text_at(&["spec", "storageClassName"]).and_then(|class| tables.class("", class)).map(|c| c.meta.uid);
    let grows = |name| tables.class("", name).is_some_and(|c| c.raw.get("allowVolumeExpansion").and_then(Value::as_bool) == Some(true));
    if class(claim) == class(before) && claim.text_at(&["spec", "storageClassName"]).is_some_and(grows) {
        return Ok(());
    }
    let why = "only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize";
    let name = claim.text_at(&["metadata", "name"]).unwrap_or_default();
    Err(Status::forbidden(&Kind::PersistentVolumeClaim.resource(), name, why))
}

/// By what name admission speaks of a new object: one that is to be generated is not known yet.
/// Models k8s.io/apiserver/pkg/admission/errors.go extractResourceName.
pub fn asked_name(meta: &Meta) -> &str {
    if meta.name.is_empty() { meta.generate_name.as_deref().unwrap_or_default() } else { &meta.name }
}

/// Completes an object that is to be created.
pub fn admit(tables: &Tables, object: &mut Object) {
    match object {
        Object::Claim(claim) => {
            let claim = Rc::make_mut(claim);
            if claim.class.is_none() {
                claim.class = tables.default_class().map(|c| Rc::clone(&c.meta.name));
            }
            if !claim.meta.has_finalizer(CLAIM_PROTECTION) {
                claim.meta.finalizers.push(CLAIM_PROTECTION.into());
            }
        }
        Object::Plain(job) if job.kind == Kind::Job => name_uid(Rc::make_mut(job)),
        Object::Volume(volume) => {
            let volume = Rc::make_mut(volume);
            if !volume.meta.has_finalizer(VOLUME_PROTECTION) {
                volume.meta.finalizers.push(VOLUME_PROTECTION.into());
            }
        }
        Object::Node(node) if node.ready() != Truth::True => {
            let node = Rc::make_mut(node);
            if node.taint(NOT_READY_TAINT, NO_SCHEDULE).is_none() {
                node.taints.push(Taint { key: NOT_READY_TAINT.into(), value: Name::default(), effect: NO_SCHEDULE.into(), since: None });
            }
        }
        _ => {}
    }
}

/// The labels by which a Job finds its pods: the present spelling and the old one.
const JOB_UID_LABELS: [&str; 2] = ["batch.kubernetes.io/controller-uid", "controller-uid"];

/// Puts a Job's uid where its selector and its template have to name it: it is known only once the Job is stored.
/// Models pkg/registry/batch/job/strategy.go generateSelector.
fn name_uid(job: &mut Plain) {
    let uid = job.meta.uid.to_string();
    for label in JOB_UID_LABELS {
        if job.meta.labels.get(label).is_some_and(|value| value.is_empty()) {
            Rc::make_mut(&mut job.meta.labels).insert(label.into(), uid.as_str().into());
        }
    }
    for path in [&["spec", "selector", "matchLabels"][..], &["spec", "template", "metadata", "labels"]] {
        for label in JOB_UID_LABELS {
            let path = [path, &[label]].concat();
            if job.raw.text_at(&path) == Some("") {
                job.raw.set(&path, uid.as_str());
            }
        }
    }
}
