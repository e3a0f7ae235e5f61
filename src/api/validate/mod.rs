//! What the API server refuses: whether an object may be as it is, and may become what it is to be.
//!
//! Promises: each function is pure; the complaints come in the server's order and in its exact words; nothing panics, whatever
//! an object holds. Objects are strictly decoded and defaulted before.
//! Must not know: the store, admission, allocation of addresses and ports, how a client prints a refusal.
//! Not modelled: kinds that the playground does not know; what each module says it leaves out.

pub mod allocation;
mod autoscaler;
mod claim;
mod config;
mod container;
mod diff;
mod disk;
mod endpoint_slice;
mod env;
mod event;
mod internal;
mod job;
mod job_policy;
mod limit_range;
mod meta;
mod mount;
pub mod names;
mod os;
mod pod;
mod pod_update;
mod pod_warnings;
mod policy;
mod probe;
mod report;
pub(crate) mod resources;
mod scheduling;
mod security;
mod selector;
mod service;
mod statefulset;
mod storage;
mod volume;
mod warnings;
mod workload;

use crate::base::sorted::SortedMap;
use std::rc::Rc;

use crate::api::kind::Kind;
use crate::api::release::Release;
use crate::api::status::{FieldError, FieldPath};
use crate::api::validate::report::{Members, Report};
use crate::base::value::Value;

/// What is wrong with a new object, and what the server warns of. The name is generated, the namespace filled in.
pub fn create(kind: Kind, object: &Value, release: &Release) -> (Vec<FieldError>, Vec<String>) {
    let mut report = Report::default();
    match rules(kind) {
        Some((rules, _)) => rules(object, &mut report),
        None => meta::create(kind, object.part("metadata"), &mut report),
    }
    if report.errors.is_empty() {
        meta::of_any(kind, object.part("metadata"), &mut report);
    }
    let warnings = if report.errors.is_empty() { warnings::of(kind, object, None, release) } else { Vec::new() };
    (report.errors, warnings)
}

/// What is wrong with a change of an object, and what the server warns of. A complaint may come more than once, as the server
/// asks some things twice; messages say it once.
pub fn update(kind: Kind, new: &Value, old: &Value, release: &Release) -> (Vec<FieldError>, Vec<String>) {
    let mut report = Report::default();
    meta::before_update(kind, new.part("metadata"), old.part("metadata"), &mut report);
    match rules(kind) {
        Some((_, rules)) => rules(new, old, release, &mut report),
        None => meta::update(new.part("metadata"), old.part("metadata"), &mut report),
    }
    let warnings = if report.errors.is_empty() { warnings::of(kind, new, Some(old), release) } else { Vec::new() };
    (report.errors, warnings)
}

/// Judges a new object.
type OfNew = fn(&Value, &mut Report);
/// Judges a change: the object as it is to be, as it was, and in which release.
type OfChange = fn(&Value, &Value, &Release, &mut Report);

/// How objects of a kind are judged; `None` where only their metadata are.
fn rules(kind: Kind) -> Option<(OfNew, OfChange)> {
    let rules: (OfNew, OfChange) = match kind {
        Kind::Pod => (pod::create, pod_update::update),
        Kind::Service => (service::create, |new, old, _, r| service::update(new, old, r)),
        Kind::PersistentVolumeClaim => (claim::create, |new, old, _, r| claim::update(new, old, r)),
        Kind::PersistentVolume => (storage::create_volume, |new, old, _, r| storage::update_volume(new, old, r)),
        Kind::StorageClass => (storage::create_class, storage::update_class),
        Kind::PriorityClass => (policy::create_priority, |new, old, _, r| policy::update_priority(new, old, r)),
        Kind::ConfigMap => (config::create_config_map, |new, old, _, r| config::update_config_map(new, old, r)),
        Kind::Secret => (config::create_secret, |new, old, _, r| config::update_secret(new, old, r)),
        Kind::Namespace => (config::create_namespace, |new, old, _, r| config::update_namespace(new, old, r)),
        Kind::Node => (config::create_node, |new, old, _, r| config::update_node(new, old, r)),
        Kind::PodTemplate => (pod::create_template, |new, old, _, r| pod::update_template(new, old, r)),
        Kind::ReplicationController => {
            (|new, r| workload::replication_controller(new, None, r), |new, old, _, r| workload::replication_controller(new, Some(old), r))
        }
        Kind::DaemonSet => (workload::create_daemon_set, |new, old, _, r| workload::update_daemon_set(new, old, r)),
        Kind::Deployment => (workload::create_deployment, |new, old, _, r| workload::update_deployment(new, old, r)),
        Kind::ReplicaSet => (workload::create_replica_set, |new, old, _, r| workload::update_replica_set(new, old, r)),
        Kind::StatefulSet => (statefulset::create, statefulset::update),
        Kind::ControllerRevision => (statefulset::create_revision, |new, old, _, r| statefulset::update_revision(new, old, r)),
        Kind::HorizontalPodAutoscaler => (|new, r| autoscaler::judge(new, None, r), |new, old, _, r| autoscaler::judge(new, Some(old), r)),
        Kind::CronJob => (job::create_cron, |new, old, _, r| job::update_cron(new, old, r)),
        Kind::Job => (job::create, job::update),
        Kind::EndpointSlice => (endpoint_slice::create, |new, old, _, r| endpoint_slice::update(new, old, r)),
        Kind::PodDisruptionBudget => (policy::budget, |new, _, _, r| policy::budget(new, r)),
        Kind::ResourceQuota => (policy::create_quota, |new, old, _, r| policy::update_quota(new, old, r)),
        Kind::LimitRange => (limit_range::create, |new, _, _, r| limit_range::create(new, r)),
        Kind::Event => (event::judge, |new, _, _, r| event::judge(new, r)),
        Kind::ServiceAccount
        | Kind::Endpoints
        | Kind::Lease
        | Kind::VolumeAttachment
        | Kind::ClusterRoleBinding
        | Kind::ClusterRole
        | Kind::RoleBinding
        | Kind::Role => return None,
    };
    Some(rules)
}

/// What is wrong with the addresses that a Service asks for, whatever else is; asked before any are given out.
pub fn addresses(service: &Value) -> Vec<FieldError> {
    let mut report = Report::default();
    service::addresses(service.part("spec"), &mut report);
    report.errors
}

/// What is wrong with a change of an object's status alone.
pub fn status(kind: Kind, new: &Value, old: &Value) -> Vec<FieldError> {
    let mut report = Report::default();
    let r = &mut report;
    meta::before_update(kind, new.part("metadata"), old.part("metadata"), r);
    match kind {
        Kind::StatefulSet => statefulset::status(new, old, r),
        Kind::Deployment => workload::deployment_status(new, old, r),
        Kind::ReplicaSet => workload::replica_set_status(new, old, r),
        Kind::Pod => pod_update::status(new, old, r),
        Kind::PodDisruptionBudget => policy::budget_status(new, r),
        Kind::Node => config::update_node(new, old, r),
        _ => meta::update(new.part("metadata"), old.part("metadata"), r),
    }
    report.errors
}

/// What a controller names itself in an object that it makes of an already valid template.
#[derive(Clone, Copy, Debug)]
pub struct Derived<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its labels.
    pub labels: &'a SortedMap<Rc<str>, Rc<str>>,
    /// A pod's host name; may be empty.
    pub hostname: &'a str,
    /// A pod's subdomain; may be empty.
    pub subdomain: &'a str,
}

/// What can be wrong with an object that a controller made of an already valid template: the same complaints, in the same
/// order, as [`create`] would find in it, without reading the template again.
pub fn derived(kind: Kind, made: &Derived) -> Vec<FieldError> {
    let mut report = Report::default();
    let path = FieldPath::of("metadata");
    report.each(&path.field("name"), made.name, meta::name_rule(kind)(made.name));
    for (key, value) in made.labels {
        report.each(&path.field("labels"), key, names::label_key(key));
        report.each(&path.field("labels"), value, names::label_value(value));
    }
    for (field, name) in [("hostname", made.hostname), ("subdomain", made.subdomain)] {
        if !name.is_empty() {
            report.each(&FieldPath::of("spec").field(field), name, names::dns_label(name));
        }
    }
    report.errors
}
