//! Objects that only hold something: `ConfigMap`s, Secrets, Namespaces, Nodes, and those of which only the metadata matters.
//!
//! Not modelled: the contents of image pull secrets.
//!
//! Models pkg/apis/core/validation/validation.go.

use crate::api::kind::Kind;
use crate::api::status::FieldPath;
use crate::api::validate::report::{Members, Report};
use crate::api::validate::{meta, names, resources, scheduling};
use crate::base::value::Value;

/// All data of a `ConfigMap` or Secret together, in bytes.
const DATA_MAX: usize = 1024 * 1024;
const SEALED: &str = "field is immutable when `immutable` is set";

/// A new `ConfigMap`. Models `ValidateConfigMap`.
pub fn create_config_map(map: &Value, report: &mut Report) {
    meta::create(Kind::ConfigMap, map.part("metadata"), report);
    let (data, binary) = (map.entries("data"), map.entries("binaryData"));
    for (key, _) in &data {
        let path = FieldPath::of("data").key(key);
        report.each(&path, *key, names::config_key(key));
        if binary.iter().any(|(other, _)| other == key) {
            report.invalid(&path, *key, "duplicate of key present in binaryData");
        }
    }
    for (key, _) in &binary {
        report.each(&FieldPath::of("binaryData").key(key), *key, names::config_key(key));
    }
    let bytes = data.iter().map(|(_, value)| value.as_text().map_or(0, str::len)).sum::<usize>() + decoded(&binary);
    if bytes > DATA_MAX {
        report.too_long(&FieldPath::root().key(""), DATA_MAX);
    }
}

/// A changed `ConfigMap`. Models `ValidateConfigMapUpdate`.
pub fn update_config_map(new: &Value, old: &Value, report: &mut Report) {
    meta::update(new.part("metadata"), old.part("metadata"), report);
    sealed(new, old, &["data", "binaryData"], report);
    create_config_map(new, report);
}

/// A new Secret. Models `ValidateSecret`.
pub fn create_secret(secret: &Value, report: &mut Report) {
    meta::create(Kind::Secret, secret.part("metadata"), report);
    let path = FieldPath::of("data");
    let data = secret.entries("data");
    for (key, _) in &data {
        report.each(&path.key(key), *key, names::config_key(key));
    }
    if decoded(&data) > DATA_MAX {
        report.too_long(&path, DATA_MAX);
    }
    let has = |key: &str| data.iter().any(|(k, _)| *k == key);
    let needs: &[&str] = match secret.text("type") {
        "kubernetes.io/service-account-token" => {
            let account = "kubernetes.io/service-account.name";
            if secret.part("metadata").part("annotations").text(account).is_empty() {
                report.required(&FieldPath::of("metadata.annotations").key(account), "");
            }
            &[]
        }
        "kubernetes.io/dockercfg" => &[".dockercfg"],
        "kubernetes.io/dockerconfigjson" => &[".dockerconfigjson"],
        "kubernetes.io/basic-auth" if !has("username") && !has("password") => &["username", "password"],
        "kubernetes.io/ssh-auth" => &["ssh-privatekey"],
        "kubernetes.io/tls" => &["tls.crt", "tls.key"],
        _ => &[],
    };
    for key in needs.iter().filter(|key| !has(key)) {
        report.required(&path.key(key), "");
    }
}

/// A changed Secret. Models `ValidateSecretUpdate`.
pub fn update_secret(new: &Value, old: &Value, report: &mut Report) {
    meta::update(new.part("metadata"), old.part("metadata"), report);
    report.immutable_text(&FieldPath::of("type"), new.text("type"), old.text("type"));
    sealed(new, old, &["data"], report);
    create_secret(new, report);
}

/// What was declared to be immutable stays so, and as it is.
fn sealed(new: &Value, old: &Value, fields: &[&str], report: &mut Report) {
    if !old.flag("immutable") {
        return;
    }
    if !new.flag("immutable") {
        report.forbidden(&FieldPath::of("immutable"), SEALED);
    }
    for field in fields {
        if new.entries(field) != old.entries(field) {
            report.forbidden(&FieldPath::of(field), SEALED);
        }
    }
}

/// How many bytes values in base64 stand for.
fn decoded(entries: &[(&str, &Value)]) -> usize {
    entries.iter().map(|(_, value)| value.as_text().map_or(0, |text| text.trim_end_matches('=').len() * 3 / 4)).sum()
}

/// A new Namespace. Models `ValidateNamespace`.
pub fn create_namespace(namespace: &Value, report: &mut Report) {
    meta::create(Kind::Namespace, namespace.part("metadata"), report);
    for name in namespace.part("spec").items("finalizers").iter().filter_map(Value::as_text) {
        let path = FieldPath::of("spec.finalizers");
        report.each(&path, name, names::label_key(name));
        meta::standard_finalizer(name, &path, report);
    }
}

/// A changed Namespace. Models `ValidateNamespaceUpdate`.
pub fn update_namespace(new: &Value, old: &Value, report: &mut Report) {
    create_namespace(new, report);
    meta::update(new.part("metadata"), old.part("metadata"), report);
}

/// A new Node. Models `ValidateNode`, which names taints as if they were metadata.
pub fn create_node(node: &Value, report: &mut Report) {
    meta::create(Kind::Node, node.part("metadata"), report);
    scheduling::taints(node.part("spec").items("taints"), &FieldPath::of("metadata.taints"), report);
    node_resources(node, report);
    pod_ranges(node.part("spec").items("podCIDRs"), &FieldPath::of("spec.podCIDRs"), report);
}

/// The addresses of a node's pods: a range of each family.
fn pod_ranges(ranges: &[Value], path: &FieldPath, report: &mut Report) {
    let mut families = Vec::new();
    for (i, range) in ranges.iter().enumerate() {
        let range = range.as_text().unwrap_or("");
        families.push(range.contains(':'));
        report.each(&path.index(i), range, names::address_range(range));
    }
    if ranges.len() > 1 && families != [true, false] && families != [false, true] {
        report.invalid(path, Value::list(ranges.to_vec()), "may specify no more than one CIDR for each IP family");
    }
}

/// A changed Node. Models `ValidateNodeUpdate`.
pub fn update_node(new: &Value, old: &Value, report: &mut Report) {
    create_node(new, report);
    meta::update(new.part("metadata"), old.part("metadata"), report);
    node_resources(new, report);
    let (spec, before) = (new.part("spec"), old.part("spec"));
    let cidrs = before.items("podCIDRs");
    if !cidrs.is_empty() && spec.items("podCIDRs") != cidrs {
        report.forbidden(&FieldPath::of("spec.podCIDRs"), "node updates may not change podCIDR except from \"\" to valid");
    }
    let provider = before.text("providerID");
    if !provider.is_empty() && spec.text("providerID") != provider {
        report.forbidden(&FieldPath::of("spec.providerID"), "node updates may not change providerID except from \"\" to valid");
    }
    scheduling::taints(spec.items("taints"), &FieldPath::of("metadata.taints"), report);
}

fn node_resources(node: &Value, report: &mut Report) {
    for field in ["capacity", "allocatable"] {
        for (name, amount) in node.part("status").entries(field) {
            resources::value(name, amount, &FieldPath::of("status").field(field).field(name), report);
        }
    }
}
