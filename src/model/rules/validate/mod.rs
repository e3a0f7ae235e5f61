//! Validation: the errors in and warnings about new and updated objects.
//!
//! Promises: all functions are pure; errors come in the server's order and exact words; nothing panics, whatever an object contains.
//! Objects have been strictly decoded and defaulted.
//! Must not know: the store, admission, allocation of addresses and ports, how a client prints a refusal.
//! Not modelled: kinds that the playground does not know; whatever each module lists.

mod autoscaler;
mod claim;
mod config;
mod container;
mod counters;
mod definition;
mod diff;
mod disk;
mod endpoint_slice;
mod env;
mod event;
mod file_path;
mod int_or_percent;
pub(crate) mod internal;
mod job;
mod limit_range;
mod meta;
mod mount;
mod network;
mod pod;
mod pod_update;
mod pod_warnings;
mod policy;
mod probe;
mod rbac;
mod report;
pub mod resources;
pub(crate) mod row;
mod rules;
mod scheduling;
mod scope;
mod security;
mod selector;
mod service;
mod statefulset;
mod storage;
mod volume;
mod warnings;
mod workload;

use crate::validate::report::{Members, Report};
use api::kind::Kind;
use api::names;
use api::object::Meta;
use api::object::stateful_set::StatefulSetStatus;
use api::release::Release;
use api::rules::{Derived, Verdict};
use api::status::FieldError;
use base::field_path::FieldPath;
use base::value::Value;

/// The errors in and warnings about a new object, whose name and namespace have been filled in.
pub fn create(kind: Kind, object: &Value, release: &'static Release) -> Verdict {
    let mut report = Report::of(release);
    match rules(kind) {
        Some((rules, _)) => rules(object, &mut report),
        None if rules::judge(kind, object, None, &mut report) => {}
        None => meta::create(kind, object.part("metadata"), &mut report),
    }
    meta::declared(object.part("metadata"), None, &mut report);
    if report.errors.is_empty() {
        meta::of_any(kind, object.part("metadata"), &mut report);
    }
    let warnings = if report.errors.is_empty() { warnings::of(kind, object, None) } else { Vec::new() };
    (report.errors, warnings)
}

/// The errors in and warnings about an update. An error may occur more than once, because the server checks some things twice;
/// messages drop the duplicates.
pub fn update(kind: Kind, new: &Value, old: &Value, release: &'static Release) -> Verdict {
    let mut report = Report::of(release);
    meta::before_update(kind, new.part("metadata"), old.part("metadata"), &mut report);
    match rules(kind) {
        Some((_, rules)) => rules(new, old, &mut report),
        None if rules::judge(kind, new, Some(old), &mut report) => {}
        None => meta::update(new.part("metadata"), old.part("metadata"), &mut report),
    }
    meta::declared(new.part("metadata"), Some(old.part("metadata")), &mut report);
    let warnings = if report.errors.is_empty() { warnings::of(kind, new, Some(old)) } else { Vec::new() };
    (report.errors, warnings)
}

/// The errors in a pod whose ephemeral containers were updated.
pub fn ephemeral_containers(new: &Value, old: &Value, release: &'static Release) -> Vec<FieldError> {
    let mut report = Report::of(release);
    pod_update::ephemeral_containers(new, old, &mut report);
    report.errors
}

/// Validates a new object.
type OfNew = fn(&Value, &mut Report);
/// Validates an update, given the new and the old object.
type OfChange = fn(&Value, &Value, &mut Report);

/// The validation functions of a kind; `None` if a table has its rules, or only metadata is validated.
fn rules(kind: Kind) -> Option<(OfNew, OfChange)> {
    let rules: (OfNew, OfChange) = match kind {
        Kind::Pod => (pod::create, pod_update::update),
        Kind::Service => (service::create, service::update),
        Kind::PersistentVolumeClaim => (claim::create, claim::update),
        Kind::Node => (config::create_node, config::update_node),
        Kind::PodTemplate => (pod::create_template, pod::update_template),
        Kind::CustomResourceDefinition => (definition::create, definition::update),
        _ => return None,
    };
    Some(rules)
}

/// The errors in the IP families and addresses that a Service requests; checked before allocation.
pub fn addresses(service: &Value) -> Vec<FieldError> {
    let mut report = Report::default();
    service::addresses(service.part("spec"), &mut report);
    report.errors
}

/// The errors in a status update.
pub fn status(kind: Kind, new: &Value, old: &Value) -> Vec<FieldError> {
    let mut report = Report::default();
    let r = &mut report;
    meta::before_update(kind, new.part("metadata"), old.part("metadata"), r);
    match kind {
        Kind::StatefulSet => statefulset::status(new, old, r),
        Kind::Deployment => workload::deployment_status(new, old, r),
        Kind::ReplicaSet => workload::replica_set_status(new, old, r),
        Kind::Pod => pod_update::status(new, old, r),
        Kind::Service => service::status(new, old, r),
        Kind::PodDisruptionBudget => policy::budget_status(new, r),
        Kind::Ingress => network::ingress_status(new, old, r),
        Kind::Node => config::update_node(new, old, r),
        Kind::Namespace => config::namespace_status(new, old, r),
        _ => meta::update(new.part("metadata"), old.part("metadata"), r),
    }
    report.errors
}

/// The warnings about an accepted status. Models the status strategies' `WarningsOnUpdate`.
pub fn status_warnings(object: &Value) -> Vec<String> {
    let mut out = Vec::new();
    for (i, one) in object.part("status").part("loadBalancer").items("ingress").iter().enumerate() {
        warnings::address(one.text("ip"), &FieldPath::of("status.loadBalancer.ingress").index(i), &mut out);
    }
    out
}

/// The errors in the numbers of a StatefulSet's status, as [`status`] finds them, without validating the rest of the set again.
pub fn stateful_set_counts(status: &StatefulSetStatus) -> Vec<FieldError> {
    let mut report = Report::default();
    statefulset::counts(status, &FieldPath::of("status"), &mut report);
    report.errors
}

/// Whether a CSI driver can have a name. Models ValidateCSIDriverName.
pub fn can_be_driver(name: &str) -> bool {
    let mut report = Report::default();
    volume::csi_driver(name, &FieldPath::root(), &mut report);
    report.errors.is_empty()
}

/// What is wrong with an object's owner references. Models pkg/api/validation/objectmeta.go ValidateOwnerReferences.
pub fn owner_references(of: &Meta) -> Vec<FieldError> {
    let mut report = Report::default();
    let encoded = of.encode();
    meta::owners(encoded.list_at(&["ownerReferences"]), &FieldPath::of("metadata.ownerReferences"), &mut report);
    report.errors
}

/// The errors in an object that a controller created from an already valid template: the same, in the same order, as
/// [`create`] would find, without validating the template again.
pub fn derived(kind: Kind, made: &Derived, release: &'static Release) -> Vec<FieldError> {
    let mut report = Report::of(release);
    of_derived(["metadata", "name"], made.name, meta::name_rule(kind, release)(made.name), &mut report);
    for (key, value) in made.labels {
        of_derived(["metadata", "labels"], key, names::label_key(key), &mut report);
        of_derived(["metadata", "labels"], value, names::label_value(value), &mut report);
    }
    for (field, name) in [("hostname", made.hostname), ("subdomain", made.subdomain)] {
        if !name.is_empty() {
            of_derived(["spec", field], name, names::dns_label(name), &mut report);
        }
    }
    report.errors
}

/// Nearly always nothing is wrong, and then no path is made.
fn of_derived([part, field]: [&'static str; 2], value: &str, wrong: Vec<String>, report: &mut Report) {
    if !wrong.is_empty() {
        report.each(&FieldPath::of(part).field(field), value, wrong);
    }
}
