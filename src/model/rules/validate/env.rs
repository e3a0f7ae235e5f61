//! Environment variables and where their values come from.
//!
//! Models pkg/apis/core/validation/validation.go `ValidateEnv` and `ValidateEnvFrom`.

use crate::validate::report::{Members, Report};
use crate::validate::{file_path, meta, resources};
use api::names;
use base::field_path::FieldPath;
use base::value::Value;

/// The pod fields that a variable may refer to.
const ENV_FIELDS: [&str; 9] = [
    "metadata.name",
    "metadata.namespace",
    "metadata.uid",
    "spec.nodeName",
    "spec.serviceAccountName",
    "status.hostIP",
    "status.hostIPs",
    "status.podIP",
    "status.podIPs",
];
/// The pod fields that a downward API file may refer to.
pub const VOLUME_FIELDS: [&str; 5] = ["metadata.annotations", "metadata.labels", "metadata.name", "metadata.namespace", "metadata.uid"];
/// All fields that the downward API knows, apart from single labels and annotations.
const KNOWN_FIELDS: [&str; 13] = [
    "metadata.annotations",
    "metadata.labels",
    "metadata.name",
    "metadata.namespace",
    "metadata.uid",
    "spec.nodeName",
    "spec.restartPolicy",
    "spec.serviceAccountName",
    "spec.schedulerName",
    "status.phase",
    "status.hostIP",
    "status.podIP",
    "status.podIPs",
];
const ONE_SOURCE: &str = "may not have more than one field specified at a time";

/// The variables of a container. Models `ValidateEnv`.
pub fn variables(variables: &[Value], path: &FieldPath, report: &mut Report) {
    for (path, variable) in path.each(variables.iter()) {
        report.name(&path, variable, "name", names::environment_name);
        if let Some(from) = variable.given("valueFrom") {
            value_from(from, variable.text("value"), &path.field("valueFrom"), report);
        }
    }
}

/// Variables from whole `ConfigMap`s and Secrets. Models `ValidateEnvFrom`.
pub fn sources(sources: &[Value], path: &FieldPath, report: &mut Report) {
    for (at, source) in path.each(sources.iter()) {
        report.may_be_named(&at, source, "prefix", names::environment_name);
        let mut found = 0;
        for kind in ["configMapRef", "secretRef"] {
            let Some(reference) = source.given(kind) else { continue };
            found += 1;
            let path = at.field(kind).field("name");
            match reference.text("name") {
                "" => report.required(&path, ""),
                // As upstream, by the rule for the beginning of a name.
                name => report.each(&path, name, names::dns_subdomain(&meta::as_beginning(name))),
            }
        }
        match found {
            0 => report.invalid(path, "", "must specify one of: `configMapRef` or `secretRef`"),
            1 => {}
            _ => report.invalid(path, "", ONE_SOURCE),
        }
    }
}

/// Models `validateEnvVarValueFrom`.
fn value_from(from: &Value, value: &str, path: &FieldPath, report: &mut Report) {
    let mut found = 0;
    for kind in ["fieldRef", "resourceFieldRef", "configMapKeyRef", "secretKeyRef", "fileKeyRef"] {
        let Some(source) = from.given(kind) else { continue };
        found += 1;
        let path = path.field(kind);
        match kind {
            "fieldRef" => field_reference(source, &ENV_FIELDS, &path, report),
            "resourceFieldRef" => resources::field_reference(source, false, &path, report),
            "fileKeyRef" => file_reference(source, &path, report),
            _ => key_reference(source, &path, report),
        }
    }
    if found == 0 {
        let ends = if report.release.disables("EnvVarSource", "fileKeyRef") {
            "`configMapKeyRef` or `secretKeyRef`"
        } else {
            "`configMapKeyRef`, `secretKeyRef` or `fileKeyRef`"
        };
        report.invalid(path, "", format!("must specify one of: `fieldRef`, `resourceFieldRef`, {ends}"));
    } else if !value.is_empty() {
        report.invalid(path, "", "may not be specified when `value` is not empty");
    } else if found > 1 {
        report.invalid(path, "", ONE_SOURCE);
    }
}

/// A reference to a key of a `ConfigMap` or Secret. Models `validateConfigMapKeySelector`.
fn key_reference(source: &Value, path: &FieldPath, report: &mut Report) {
    let name = source.text("name");
    report.each(&path.field("name"), name, names::dns_subdomain(name));
    report.name(path, source, "key", names::config_key);
}

/// A reference to a key in a file. Models `validateFileKeySelector`.
fn file_reference(source: &Value, path: &FieldPath, report: &mut Report) {
    report.name(path, source, "key", names::environment_name);
    report.name(path, source, "volumeName", names::dns_label);
    match source.text("path") {
        "" => report.required(&path.field("path"), ""),
        file => file_path::no_backsteps(file, &path.field("path"), report),
    }
}

/// Files with variables must be on `emptyDir` volumes. Models `validateFileKeyRefVolumes`.
pub fn files(spec: &Value, path: &FieldPath, report: &mut Report) {
    for field in ["initContainers", "containers", "ephemeralContainers"] {
        for (i, container) in spec.items(field).iter().enumerate() {
            for (j, variable) in container.items("env").iter().enumerate() {
                let Some(source) = variable.part("valueFrom").given("fileKeyRef") else { continue };
                let path = path.field(field).index(i).field("env").index(j).field("valueFrom").field("fileKeyRef").field("volumeName");
                let name = source.text("volumeName");
                match spec.items("volumes").iter().rfind(|volume| volume.text("name") == name) {
                    None => report.not_found(&path, name),
                    Some(volume) if volume.given("emptyDir").is_none() => {
                        report.invalid(&path, name, "referenced volume must be of type emptyDir");
                    }
                    Some(_) => {}
                }
            }
        }
    }
}

/// A reference to a field of the pod. Models `validateObjectFieldSelector`.
pub fn field_reference(source: &Value, supported: &[&str], path: &FieldPath, report: &mut Report) {
    if source.text("apiVersion").is_empty() {
        return report.required(&path.field("apiVersion"), "");
    }
    let field = source.text("fieldPath");
    if field.is_empty() {
        return report.required(&path.field("fieldPath"), "");
    }
    let version = source.text("apiVersion");
    if version != "v1" {
        let detail = format!("error converting fieldPath: unsupported pod version: {version}");
        return report.invalid(&path.field("fieldPath"), field, detail);
    }
    if let Some((of, key)) = field.strip_suffix("']").and_then(|f| f.split_once("['")) {
        match of {
            "metadata.annotations" => report.each(path, key.to_ascii_lowercase(), names::label_key(&key.to_ascii_lowercase())),
            "metadata.labels" => report.each(path, key, names::label_key(key)),
            _ => not_converted(field, "does not support subscript", path, report),
        }
        return;
    }
    if !KNOWN_FIELDS.contains(&field) && !ENV_FIELDS.contains(&field) {
        not_converted(field, "not supported", path, report);
    } else if !supported.contains(&field) {
        report.not_supported(&path.field("fieldPath"), field, supported);
    }
}

fn not_converted(field: &str, why: &str, path: &FieldPath, report: &mut Report) {
    report.invalid(&path.field("fieldPath"), field, format!("error converting fieldPath: field label {why}: {field}"));
}
