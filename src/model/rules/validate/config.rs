//! `ConfigMap`s, Secrets, Namespaces, Nodes, and kinds of which only the metadata is validated.
//!
//! Not modelled: the contents of image pull secrets beyond the first character.
//!
//! Models pkg/apis/core/validation/validation.go.

use crate::validate::report::{Members, Report};
use crate::validate::rules::Here;
use crate::validate::{meta, resources, scheduling};
use api::kind::Kind;
use api::names;
use api::status::Fixed;
use base::base64;
use base::field_path::FieldPath;
use base::value::Value;

/// The maximum total size of the data in a `ConfigMap` or Secret, in bytes.
const DATA_MAX: usize = 1024 * 1024;
const SEALED: Fixed<&str> = Fixed("field is immutable when `immutable` is set");

/// Validates a new `ConfigMap`. Models `ValidateConfigMap`.
pub(super) fn config_map(here: &Here, report: &mut Report) {
    let map = here.of;
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

/// Validates a new Secret. Models `ValidateSecret`.
pub(super) fn secret(here: &Here, report: &mut Report) {
    let Here { of: secret, path, .. } = here;
    let data = secret.entries("data");
    for (key, _) in &data {
        report.each(&path.key(key), *key, names::config_key(key));
    }
    if decoded(&data) > DATA_MAX {
        report.too_long(path, DATA_MAX);
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
    for key in needs {
        if !has(key) {
            report.required(&path.key(key), "");
        } else if key.starts_with(".docker") {
            let text = base64::decode(secret.part("data").text(key)).unwrap_or_default();
            if let Some(wrong) = no_json_object(&String::from_utf8_lossy(&text)) {
                report.invalid(&path.key(key), "<secret contents redacted>", wrong);
            }
        }
    }
}

/// Go's error for a text that is not a JSON object, judging from its first character.
fn no_json_object(text: &str) -> Option<String> {
    let of = match text.trim_start().chars().next() {
        None => return Some("unexpected end of JSON input".to_owned()),
        Some('[') => "array",
        Some('"') => "string",
        Some('t' | 'f') => "bool",
        Some('-' | '0'..='9') => "number",
        Some('{' | 'n') => return None,
        Some(other) => return Some(format!("invalid character '{other}' looking for beginning of value")),
    };
    Some(format!("json: cannot unmarshal {of} into Go value of type map[string]interface {{}}"))
}

/// An immutable object stays immutable and unchanged.
pub(super) fn sealed(here: &Here, report: &mut Report) {
    let (new, Some(old)) = (here.of, here.old.filter(|old| old.flag("immutable"))) else { return };
    if !new.flag("immutable") {
        report.forbidden(&FieldPath::of("immutable"), SEALED);
    }
    for field in ["data", "binaryData"] {
        if new.entries(field) != old.entries(field) {
            report.forbidden(&FieldPath::of(field), SEALED);
        }
    }
}

/// The decoded size of base64 values, in bytes.
fn decoded(entries: &[(&str, &Value)]) -> usize {
    entries.iter().map(|(_, value)| value.as_text().map_or(0, |text| text.trim_end_matches('=').len() * 3 / 4)).sum()
}

/// Validates a new Namespace. Models `ValidateNamespace`.
pub(super) fn namespace(here: &Here, report: &mut Report) {
    let namespace = here.of;
    for name in namespace.part("spec").items("finalizers").iter().filter_map(Value::as_text) {
        let path = FieldPath::of("spec.finalizers");
        report.each(&path, name, names::label_key(name));
        meta::standard_finalizer(name, &path, report);
    }
    if report.len() == 0 {
        pod_security(namespace.part("metadata").part("labels"), report);
    }
}

/// Validates the updated status of a namespace. Models `ValidateNamespaceStatusUpdate`.
pub fn namespace_status(new: &Value, old: &Value, report: &mut Report) {
    meta::update(new.part("metadata"), old.part("metadata"), report);
    let phase = new.part("status").text("phase");
    let (wanted, is_or_not) = if new.at(&["metadata", "deletionTimestamp"]).is_some() { ("Terminating", "not ") } else { ("Active", "") };
    if phase != wanted {
        let why = format!("may only be '{wanted}' if `deletionTimestamp` is {is_or_not}empty");
        report.invalid(&FieldPath::of("status").field("Phase"), phase, why);
    }
}

/// The Pod Security labels. Models k8s.io/pod-security-admission `PolicyToEvaluate`.
fn pod_security(labels: &Value, report: &mut Report) {
    let is_version = |text: &str| {
        let minor = text.strip_prefix("v1.").unwrap_or_default();
        text == "latest" || minor == "0" || minor.bytes().all(|c| c.is_ascii_digit()) && !minor.is_empty() && !minor.starts_with('0')
    };
    for mode in ["enforce", "audit", "warn"] {
        let key = format!("pod-security.kubernetes.io/{mode}");
        let path = |key: &str| FieldPath::of("metadata.labels").key(key);
        if let Some(level) = labels.given(&key).and_then(Value::as_text)
            && !["privileged", "baseline", "restricted"].contains(&level)
        {
            report.invalid(&path(&key), level, "must be one of privileged, baseline, restricted");
        }
        let key = format!("{key}-version");
        if let Some(version) = labels.given(&key).and_then(Value::as_text).filter(|version| !is_version(version)) {
            report.invalid(&path(&key), version, "must be \"latest\" or \"v1.x\"");
        }
    }
}

/// Validates a new Node. Models `ValidateNode`, which reports taints below `metadata`.
pub fn create_node(node: &Value, report: &mut Report) {
    meta::create(Kind::Node, node.part("metadata"), report);
    scheduling::taints(node.part("spec").items("taints"), &FieldPath::of("metadata.taints"), report);
    node_resources(node, report);
    pod_ranges(node.part("spec").items("podCIDRs"), &FieldPath::of("spec.podCIDRs"), report);
}

/// The pod CIDRs of a node: at most one per address family.
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

/// Validates an updated Node. Models `ValidateNodeUpdate`.
pub fn update_node(new: &Value, old: &Value, report: &mut Report) {
    create_node(new, report);
    meta::update(new.part("metadata"), old.part("metadata"), report);
    node_resources(new, report);
    let (spec, before) = (new.part("spec"), old.part("spec"));
    let cidrs = before.items("podCIDRs");
    if !cidrs.is_empty() && spec.items("podCIDRs") != cidrs {
        report.forbidden(&FieldPath::of("spec.podCIDRs"), Fixed("node updates may not change podCIDR except from \"\" to valid"));
    }
    let last = report.release.declared_rules_decide;
    if !last {
        provider(spec, before, report);
    }
    scheduling::taints(spec.items("taints"), &FieldPath::of("metadata.taints"), report);
    if last {
        provider(spec, before, report);
    }
}

/// The provider ID cannot change once it is set.
fn provider(spec: &Value, before: &Value, report: &mut Report) {
    let (path, is, was) = (FieldPath::of("spec.providerID"), spec.text("providerID"), before.text("providerID"));
    if was.is_empty() || is == was {
        return;
    }
    if report.release.declared_rules_decide {
        let what = if is.is_empty() { "cleared" } else { "modified" };
        report.invalid(&path, Value::Null, format!("field cannot be {what} once set"));
    } else {
        report.forbidden(&path, Fixed("node updates may not change providerID except from \"\" to valid"));
    }
}

fn node_resources(node: &Value, report: &mut Report) {
    for field in ["capacity", "allocatable"] {
        for (name, amount) in node.part("status").entries(field) {
            resources::value(name, amount, &FieldPath::of("status").field(field).field(name), report);
        }
    }
}
