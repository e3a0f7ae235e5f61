//! What the API server refuses: whether an object may be as it is, and may become what it is to be.
//!
//! Promises: each function is pure; the complaints come in the server's order and in its exact words; nothing panics, whatever
//! an object holds. Objects are strictly decoded and defaulted before.
//! Must not know: the store, admission, allocation of addresses and ports, how a client prints a refusal.
//! Not modelled: kinds that the playground does not know; what each module says it leaves out.

pub mod allocation;
mod claim;
mod config;
mod container;
mod diff;
mod disk;
mod env;
mod internal;
mod job;
mod meta;
mod mount;
pub mod names;
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
    let r = &mut report;
    match kind {
        Kind::Pod => pod::create(object, r),
        Kind::Service => service::create(object, r),
        Kind::PersistentVolumeClaim => claim::create(object, r),
        Kind::PersistentVolume => storage::create_volume(object, r),
        Kind::ConfigMap => config::create_config_map(object, r),
        Kind::Secret => config::create_secret(object, r),
        Kind::Namespace => config::create_namespace(object, r),
        Kind::Node => config::create_node(object, r),
        Kind::PodTemplate => {
            meta::create(kind, object.part("metadata"), r);
            pod::template(object.part("template"), &FieldPath::of("template"), r);
        }
        Kind::ReplicationController => workload::replication_controller(object, None, r),
        Kind::DaemonSet => workload::create_daemon_set(object, r),
        Kind::Deployment => workload::create_deployment(object, r),
        Kind::ReplicaSet => workload::create_replica_set(object, r),
        Kind::StatefulSet => statefulset::create(object, r),
        Kind::ControllerRevision => statefulset::create_revision(object, r),
        Kind::HorizontalPodAutoscaler => policy::autoscaler(object, None, r),
        Kind::CronJob => job::create_cron(object, r),
        Kind::Job => job::create(object, r),
        Kind::EndpointSlice => config::create_endpoint_slice(object, r),
        Kind::PodDisruptionBudget => policy::budget(object, r),
        Kind::StorageClass => storage::create_class(object, r),
        Kind::Event
        | Kind::ServiceAccount
        | Kind::Endpoints
        | Kind::ResourceQuota
        | Kind::LimitRange
        | Kind::Lease
        | Kind::ClusterRoleBinding
        | Kind::ClusterRole
        | Kind::RoleBinding
        | Kind::Role => {
            meta::create(kind, object.part("metadata"), r);
        }
    }
    if report.errors.is_empty() {
        meta::of_any(kind, object.part("metadata"), &mut report);
    }
    let warnings = if report.errors.is_empty() { warnings::of(kind, object, None, release) } else { Vec::new() };
    (report.errors, warnings)
}

/// What is wrong with the addresses that a Service asks for, whatever else is; asked before any are given out.
pub fn addresses(service: &Value) -> Vec<FieldError> {
    let mut report = Report::default();
    service::addresses(service.part("spec"), &mut report);
    report.errors
}

/// What is wrong with a change of an object, and what the server warns of. A complaint may come more than once, as the server
/// asks some things twice; messages say it once.
pub fn update(kind: Kind, new: &Value, old: &Value, release: &Release) -> (Vec<FieldError>, Vec<String>) {
    let mut report = Report::default();
    let r = &mut report;
    meta::before_update(kind, new.part("metadata"), old.part("metadata"), r);
    match kind {
        Kind::Pod => pod_update::update(new, old, r),
        Kind::Service => service::update(new, old, r),
        Kind::PersistentVolumeClaim => claim::update(new, old, r),
        Kind::PersistentVolume => storage::update_volume(new, old, r),
        Kind::ConfigMap => config::update_config_map(new, old, r),
        Kind::Secret => config::update_secret(new, old, r),
        Kind::Node => config::update_node(new, old, r),
        Kind::ReplicationController => workload::replication_controller(new, Some(old), r),
        Kind::DaemonSet => workload::update_daemon_set(new, old, r),
        Kind::Deployment => workload::update_deployment(new, old, r),
        Kind::ReplicaSet => workload::update_replica_set(new, old, r),
        Kind::StatefulSet => statefulset::update(new, old, release, r),
        Kind::ControllerRevision => statefulset::update_revision(new, old, r),
        Kind::HorizontalPodAutoscaler => policy::autoscaler(new, Some(old), r),
        Kind::CronJob => job::update_cron(new, old, r),
        Kind::Job => job::update(new, old, r),
        Kind::EndpointSlice => config::update_endpoint_slice(new, old, r),
        Kind::PodDisruptionBudget => policy::budget(new, r),
        Kind::StorageClass => storage::update_class(new, old, release, r),
        Kind::PodTemplate => {
            meta::update(new.part("metadata"), old.part("metadata"), r);
            pod::template(new.part("template"), &FieldPath::of("template"), r);
        }
        Kind::Namespace => {
            config::create_namespace(new, r);
            meta::update(new.part("metadata"), old.part("metadata"), r);
        }
        Kind::Event
        | Kind::ServiceAccount
        | Kind::Endpoints
        | Kind::ResourceQuota
        | Kind::LimitRange
        | Kind::Lease
        | Kind::ClusterRoleBinding
        | Kind::ClusterRole
        | Kind::RoleBinding
        | Kind::Role => {
            meta::update(new.part("metadata"), old.part("metadata"), r);
        }
    }
    let warnings = if report.errors.is_empty() { warnings::of(kind, new, Some(old), release) } else { Vec::new() };
    (report.errors, warnings)
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
