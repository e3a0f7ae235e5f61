//! What the server accepts but warns of.
//!
//! Not modelled: deprecated node labels and annotations, overlapping paths in volumes.
//!
//! Models pkg/api/pod/warnings.go and the strategies' `WarningsOnCreate`.

use crate::api::kind::Kind;
use crate::api::release::Release;
use crate::api::status::{FieldPath, go_quoted};
use crate::api::validate::report::Members;
use crate::api::validate::{names, resources};
use crate::base::value::Value;

/// Volumes that no longer work, and since when.
const GONE_VOLUMES: [(&str, &str, &str); 9] = [
    ("photonPersistentDisk", "photonPersistentDisk", "deprecated in v1.11, non-functional in v1.16+"),
    ("gitRepo", "gitRepo", "deprecated in v1.11, and disabled by default in v1.33+"),
    ("scaleIO", "scaleIO", "deprecated in v1.16, non-functional in v1.22+"),
    ("flocker", "flocker", "deprecated in v1.22, non-functional in v1.25+"),
    ("storageos", "storageOS", "deprecated in v1.22, non-functional in v1.25+"),
    ("quobyte", "quobyte", "deprecated in v1.22, non-functional in v1.25+"),
    ("glusterfs", "glusterfs", "deprecated in v1.25, non-functional in v1.26+"),
    ("cephfs", "cephfs", "deprecated in v1.28, non-functional in v1.31+"),
    ("rbd", "rbd", "deprecated in v1.28, non-functional in v1.31+"),
];

/// What to warn of in an accepted object, in the server's order.
pub fn of(kind: Kind, object: &Value, release: &Release) -> Vec<String> {
    let mut warnings = Vec::new();
    let spec = object.part("spec");
    match kind {
        Kind::Pod => {
            pod_name(object.part("metadata").text("name"), &mut warnings);
            pod(spec, &FieldPath::root(), false, &mut warnings);
        }
        Kind::Deployment | Kind::ReplicaSet | Kind::StatefulSet | Kind::DaemonSet | Kind::Job | Kind::ReplicationController => {
            pod(spec.part("template").part("spec"), &FieldPath::of("spec.template"), true, &mut warnings);
            let limit = spec.number("revisionHistoryLimit");
            if kind == Kind::StatefulSet && release.warns_of_negative_history_limit && limit.is_some_and(|limit| limit < 0) {
                let text = "a negative value retains all historical revisions; a value >= 0 is recommended";
                warnings.push(format!("spec.revisionHistoryLimit: {text}"));
            }
        }
        Kind::CronJob => {
            let template = spec.part("jobTemplate").part("spec").part("template");
            pod(template.part("spec"), &FieldPath::of("spec.jobTemplate.spec.template"), true, &mut warnings);
        }
        Kind::PersistentVolumeClaim => claim(spec, &FieldPath::of("spec"), &mut warnings),
        _ => {}
    }
    warnings
}

fn pod_name(name: &str, warnings: &mut Vec<String>) {
    let wrong = names::dns_label(name);
    if !name.is_empty() && !wrong.is_empty() {
        let text = "this is used in the Pod's hostname, which can result in surprising behavior; a DNS label is recommended";
        warnings.push(format!("metadata.name: {text}: [{}]", wrong.join(" ")));
    }
}

/// Models `warningsForPodSpecAndMeta`.
fn pod(spec: &Value, path: &FieldPath, _in_template: bool, warnings: &mut Vec<String>) {
    let path = path.field("spec");
    for (i, constraint) in spec.items("topologySpreadConstraints").iter().enumerate() {
        null_selector(constraint, &path.field("topologySpreadConstraints").index(i), warnings);
    }
    for (i, volume) in spec.items("volumes").iter().enumerate() {
        for (field, shown, since) in GONE_VOLUMES {
            if volume.given(field).is_some() {
                warnings.push(format!("{}: {since}", path.field("volumes").index(i).field(shown)));
            }
        }
    }
    repeated(spec.items("hostAliases"), "ip", &path.field("hostAliases"), warnings);
    repeated(spec.items("imagePullSecrets"), "name", &path.field("imagePullSecrets"), warnings);
    let containers: Vec<(FieldPath, &Value)> = ["initContainers", "containers"]
        .into_iter()
        .flat_map(|field| spec.items(field).iter().enumerate().map(move |(i, c)| (field, i, c)))
        .map(|(field, i, container)| (path.field(field).index(i), container))
        .collect();
    for (path, container) in &containers {
        fractional_bytes(container.part("resources"), &path.field("resources"), warnings);
        hidden_variables(container.items("env"), &path.field("env"), warnings);
    }
    repeated_ports(&containers, warnings);
    if spec.number("terminationGracePeriodSeconds").is_some_and(|seconds| seconds < 0) {
        let text = "must be >= 0; negative values are invalid and will be treated as 1";
        warnings.push(format!("{}: {text}", path.field("terminationGracePeriodSeconds")));
    }
    for field in ["podAffinity", "podAntiAffinity"] {
        let (affinity, path) = (spec.part("affinity").part(field), path.field("affinity").field(field));
        let required = "requiredDuringSchedulingIgnoredDuringExecution";
        for (i, term) in affinity.items(required).iter().enumerate() {
            null_selector(term, &path.field(required).index(i), warnings);
        }
        let preferred = "preferredDuringSchedulingIgnoredDuringExecution";
        for (i, term) in affinity.items(preferred).iter().enumerate() {
            null_selector(term.part("podAffinityTerm"), &path.field(preferred).index(i).field("podAffinityTerm"), warnings);
        }
    }
}

fn null_selector(term: &Value, path: &FieldPath, warnings: &mut Vec<String>) {
    if term.given("labelSelector").is_none() {
        warnings.push(format!("{}: a null labelSelector results in matching no pod", path.field("labelSelector")));
    }
}

fn repeated(items: &[Value], field: &str, path: &FieldPath, warnings: &mut Vec<String>) {
    for (i, item) in items.iter().enumerate() {
        if items[..i].iter().any(|other| other.text(field) == item.text(field)) {
            warnings.push(format!("{}: duplicate {field} {}", path.index(i).field(field), go_quoted(item.text(field))));
        }
    }
}

fn fractional_bytes(resources: &Value, path: &FieldPath, warnings: &mut Vec<String>) {
    for name in ["memory", "ephemeral-storage"] {
        for list in ["limits", "requests"] {
            if let Some(amount) = resources.part(list).get(name).and_then(resources::amount).filter(|amount| !amount.is_whole()) {
                let text = format!("fractional byte value {} is invalid, must be an integer", go_quoted(&amount.to_string()));
                warnings.push(format!("{}: {text}", path.field(list).key(name)));
            }
        }
    }
}

/// A variable set twice, unless the second builds on the first.
fn hidden_variables(variables: &[Value], path: &FieldPath, warnings: &mut Vec<String>) {
    for (i, variable) in variables.iter().enumerate() {
        let name = variable.text("name");
        let reference = format!("$({name})");
        let value = variable.text("value");
        let builds = variable.given("valueFrom").is_none() && value != reference && value.contains(&reference);
        if !builds && variables[..i].iter().any(|other| other.text("name") == name) {
            let text = format!("hides previous definition of {}, which may be dropped when using apply", go_quoted(name));
            warnings.push(format!("{}: {text}", path.index(i)));
        }
    }
}

/// Ports that are declared twice, by number or by name.
fn repeated_ports(containers: &[(FieldPath, &Value)], warnings: &mut Vec<String>) {
    let ports: Vec<(FieldPath, &Value)> = containers
        .iter()
        .flat_map(|(path, container)| {
            container.items("ports").iter().enumerate().map(move |(i, port)| (path.field("ports").index(i), port))
        })
        .collect();
    for (i, (path, port)) in ports.iter().enumerate() {
        for (other_path, other) in &ports[..i] {
            if ["containerPort", "protocol"].iter().any(|field| port.get(field) != other.get(field)) {
                continue;
            }
            let (host, other_host) = (port.number("hostPort").unwrap_or(0), other.number("hostPort").unwrap_or(0));
            let same_ip = port.text("hostIP") == other.text("hostIP");
            let what = if same_ip && host == other_host {
                "duplicate"
            } else if host == 0 || other_host == 0 {
                "overlapping"
            } else if host == other_host && (port.text("hostIP").is_empty() || other.text("hostIP").is_empty()) {
                "dangerously ambiguous"
            } else {
                continue;
            };
            warnings.push(format!("{path}: {what} port definition with {other_path}"));
        }
    }
    for (i, (path, port)) in ports.iter().enumerate() {
        let name = port.text("name");
        let first = ports[..i].iter().find(|(_, other)| !name.is_empty() && other.text("name") == name);
        if let Some((other_path, _)) = first {
            let text = "services and probes that select ports by name will use";
            warnings.push(format!("{path}: duplicate port name {} with {other_path}, {text} {other_path}", go_quoted(name)));
        }
    }
}

/// Models pkg/api/persistentvolumeclaim `GetWarningsForPersistentVolumeClaimSpec`.
fn claim(spec: &Value, path: &FieldPath, warnings: &mut Vec<String>) {
    let storage = spec.part("resources").part("requests").get("storage").and_then(resources::amount);
    if let Some(amount) = storage.filter(|amount| !amount.is_whole()) {
        let text = format!("fractional byte value {} is invalid, must be an integer", go_quoted(&amount.to_string()));
        warnings.push(format!("{}: {text}", path.field("resources").field("requests").key("storage")));
    }
}
