//! Warnings about accepted pods and pod templates.
//!
//! Not modelled: the `AppArmor` annotation of bare pods.
//!
//! Models pkg/api/pod/warnings.go `warningsForPodSpecAndMeta`.

use crate::validate::report::Members;
use crate::validate::warnings;
use api::names;
use base::field_path::FieldPath;
use base::quoted::go_quoted;
use base::value::Value;

/// Volume sources that no longer work, how they are shown, and since when, in the order in which a pod's are warned of.
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
/// Annotations without effect.
const GONE_ANNOTATIONS: [(&str, &str); 3] = [
    ("scheduler.alpha.kubernetes.io/critical-pod", "non-functional in v1.16+; use the \"priorityClassName\" field instead"),
    ("security.alpha.kubernetes.io/sysctls", "non-functional in v1.11+; use the \"sysctls\" field instead"),
    ("security.alpha.kubernetes.io/unsafe-sysctls", "non-functional in v1.11+; use the \"sysctls\" field instead"),
];
/// Deprecated node labels.
const OLD_NODE_LABELS: [(&str, &str); 8] = [
    ("beta.kubernetes.io/arch", "deprecated since v1.14; use \"kubernetes.io/arch\" instead"),
    ("beta.kubernetes.io/os", "deprecated since v1.14; use \"kubernetes.io/os\" instead"),
    ("failure-domain.beta.kubernetes.io/region", "deprecated since v1.17; use \"topology.kubernetes.io/region\" instead"),
    ("failure-domain.beta.kubernetes.io/zone", "deprecated since v1.17; use \"topology.kubernetes.io/zone\" instead"),
    ("beta.kubernetes.io/instance-type", "deprecated since v1.17; use \"node.kubernetes.io/instance-type\" instead"),
    ("app.kubernetes.io/created-by", "deprecated since v1.9"),
    ("scheduler.alpha.kubernetes.io/preferAvoidPods", "deprecated since v1.22; use Taints and Tolerations instead"),
    ("node-role.kubernetes.io/master", "use \"node-role.kubernetes.io/control-plane\" instead"),
];
/// The annotation that became a pod's `seccompProfile`.
pub const SECCOMP_OF_POD: &str = "seccomp.security.alpha.kubernetes.io/pod";
/// The same of the container whose name follows.
pub const SECCOMP_OF_CONTAINER: &str = "container.seccomp.security.alpha.kubernetes.io/";
/// The annotation that became the `appArmorProfile` of the container whose name follows.
pub const APP_ARMOR_OF_CONTAINER: &str = "container.apparmor.security.beta.kubernetes.io/";
const REQUIRED: &str = "requiredDuringSchedulingIgnoredDuringExecution";
const PREFERRED: &str = "preferredDuringSchedulingIgnoredDuringExecution";

/// The warnings about a pod, or about a template at a path.
pub fn of(pod: &Value, path: &FieldPath, out: &mut Vec<String>) {
    let spec = pod.part("spec");
    let at = path.field("spec");
    let is_template = *path != FieldPath::root();
    placement(spec, &at, out);
    for (key, text) in GONE_ANNOTATIONS {
        if pod.part("metadata").part("annotations").given(key).is_some() {
            out.push(format!("{}: {text}", path.field("metadata").field("annotations").key(key)));
        }
    }
    volumes(spec.items("volumes"), &at.field("volumes"), out);
    repeated(spec.items("hostAliases"), "ip", &at.field("hostAliases"), out);
    repeated(spec.items("imagePullSecrets"), "name", &at.field("imagePullSecrets"), out);
    for (i, secret) in spec.items("imagePullSecrets").iter().enumerate() {
        if secret.text("name").is_empty() {
            out.push(format!("{}: invalid empty name \"\"", at.field("imagePullSecrets").index(i).field("name")));
        }
    }
    for name in ["memory", "ephemeral-storage"] {
        warnings::fractional_bytes(spec.part("overhead").get(name), &at.field("overhead").key(name), out);
    }
    let annotated = |key: &str, of: &Value, field: &str, text: &str, out: &mut Vec<String>| {
        let is_there = pod.part("metadata").part("annotations").given(key).is_some();
        if is_there && of.part("securityContext").given(field).is_none() {
            let at = path.field("metadata").field("annotations").key(key);
            out.push(format!("{at}: {text}; use the {} field instead", go_quoted(field)));
        }
    };
    let seccomp = "non-functional in v1.27+";
    annotated(SECCOMP_OF_POD, spec, "seccompProfile", seccomp, out);
    let containers: Vec<(FieldPath, &Value)> = ["initContainers", "containers", "ephemeralContainers"]
        .into_iter()
        .flat_map(|field| spec.items(field).iter().enumerate().map(move |(i, c)| (field, i, c)))
        .map(|(field, i, container)| (at.field(field).index(i), container))
        .collect();
    for (path, container) in &containers {
        let of_container = |prefix: &str| format!("{prefix}{}", container.text("name"));
        annotated(&of_container(SECCOMP_OF_CONTAINER), container, "seccompProfile", seccomp, out);
        if is_template && spec.part("securityContext").given("appArmorProfile").is_none() {
            annotated(&of_container(APP_ARMOR_OF_CONTAINER), container, "appArmorProfile", "deprecated since v1.30", out);
        }
        for name in ["memory", "ephemeral-storage"] {
            for list in ["limits", "requests"] {
                let amount = container.part("resources").part(list).get(name);
                warnings::fractional_bytes(amount, &path.field("resources").field(list).key(name), out);
            }
        }
        hidden_variables(container.items("env"), &path.field("env"), out);
    }
    repeated_ports(&containers, out);
    if spec.number("terminationGracePeriodSeconds").is_some_and(|seconds| seconds < 0) {
        let text = "must be >= 0; negative values are invalid and will be treated as 1";
        out.push(format!("{}: {text}", at.field("terminationGracePeriodSeconds")));
    }
    lone_affinities(spec.part("affinity"), &at.field("affinity"), out);
    for (i, server) in spec.part("dnsConfig").items("nameservers").iter().enumerate() {
        warnings::address(server.as_text().unwrap_or(""), &at.field("dnsConfig").field("nameservers").index(i), out);
    }
    for (i, alias) in spec.items("hostAliases").iter().enumerate() {
        warnings::address(alias.text("ip"), &at.field("hostAliases").index(i).field("ip"), out);
    }
}

/// Warns about deprecated node labels in scheduling constraints.
fn placement(spec: &Value, at: &FieldPath, out: &mut Vec<String>) {
    for (key, _) in spec.entries("nodeSelector") {
        if let Some(text) = old_node_label(key) {
            out.push(format!("{}: {text}", at.field("nodeSelector").key(key)));
        }
    }
    let nodes = spec.part("affinity").part("nodeAffinity");
    let path = at.field("affinity").field("nodeAffinity");
    for (i, term) in nodes.part(REQUIRED).items("nodeSelectorTerms").iter().enumerate() {
        node_term(term, false, &path.field(REQUIRED).field("nodeSelectorTerms").index(i), out);
    }
    for (i, term) in nodes.items(PREFERRED).iter().enumerate() {
        node_term(term.part("preference"), true, &path.field(PREFERRED).index(i).field("preference"), out);
    }
    for (path, constraint) in at.field("topologySpreadConstraints").each(spec.items("topologySpreadConstraints").iter()) {
        let key = constraint.text("topologyKey");
        if let Some(text) = old_node_label(key) {
            out.push(format!("{}: {key} is {text}", path.field("topologyKey")));
        }
        null_selector(constraint, &path, out);
    }
}

/// The warning about a deprecated node label.
pub fn old_node_label(key: &str) -> Option<&'static str> {
    OLD_NODE_LABELS.iter().find(|(old, _)| *old == key).map(|(_, text)| *text)
}

/// Warns about a node selector term. Models pkg/api/node `GetWarningsForNodeSelectorTerm`.
pub fn node_term(term: &Value, with_values: bool, path: &FieldPath, out: &mut Vec<String>) {
    for (path, expression) in path.field("matchExpressions").each(term.items("matchExpressions").iter()) {
        let key = expression.text("key");
        if let Some(text) = old_node_label(key) {
            out.push(format!("{}: {key} is {text}", path.field("key")));
        }
        for (j, value) in expression.items("values").iter().enumerate().filter(|_| with_values) {
            let value = value.as_text().unwrap_or("");
            for wrong in names::label_value(value) {
                out.push(format!("{}: {value} is invalid, {wrong}", path.field("values").index(j)));
            }
        }
    }
}

/// Warns of a source of a pod's volume or a PersistentVolume if it is one of [`GONE_VOLUMES`].
pub(super) fn gone_volume(volume: &Value, field: &str, path: &FieldPath, out: &mut Vec<String>) {
    let gone = GONE_VOLUMES.iter().find(|gone| gone.0 == field);
    if let Some((_, shown, since)) = gone.filter(|_| volume.given(field).is_some()) {
        out.push(format!("{}: {since}", path.field(shown)));
    }
}

fn volumes(volumes: &[Value], path: &FieldPath, out: &mut Vec<String>) {
    for (i, volume) in volumes.iter().enumerate() {
        for (field, ..) in GONE_VOLUMES {
            gone_volume(volume, field, &path.index(i), out);
            if field == "glusterfs"
                && let Some(template) = volume.part("ephemeral").given("volumeClaimTemplate")
            {
                let path = path.index(i).field("ephemeral").field("volumeClaimTemplate").field("spec");
                warnings::claim_spec(template.part("spec"), &path, out);
            }
        }
    }
    for volume in volumes {
        overlapping_files(volume, out);
    }
}

/// Warns about files of one volume whose paths overlap. Models `warningsForOverlappingVirtualPaths`.
fn overlapping_files(volume: &Value, out: &mut Vec<String>) {
    let name = go_quoted(volume.text("name"));
    let mut warn = |what: &str, paths: Vec<(String, String)>| {
        let trimmed = paths.into_iter().map(|(path, of)| (path.trim_end_matches('/').to_owned(), of)).collect::<Vec<_>>();
        let shown = |(path, of): &(String, String)| {
            if of.is_empty() { go_quoted(path) } else { format!("{} ({of})", go_quoted(path)) }
        };
        for (i, file) in trimmed.iter().enumerate() {
            for other in trimmed[..i].iter().filter(|other| overlap(&file.0, &other.0)) {
                out.push(format!("volume {name} ({what}): overlapping paths: {} with {}", shown(file), shown(other)));
            }
        }
    };
    for (field, word, named_by) in
        [("configMap", "ConfigMap", "name"), ("secret", "Secret", "secretName"), ("downwardAPI", "DownwardAPI", "")]
    {
        let Some(source) = volume.given(field) else { continue };
        warn(&described(word, source, named_by), files(source, ""));
    }
    let mut all = Vec::new();
    let mut empty = 0;
    for source in volume.part("projected").items("sources") {
        let (token, map, secret) = (source.given("serviceAccountToken"), source.given("configMap"), source.given("secret"));
        if source.as_map().is_none_or(base::value::Map::is_empty) {
            empty += 1;
        } else if let Some(map) = map.filter(|map| map.given("items").is_some()) {
            all.extend(files(map, &described("ConfigMap", map, "name")));
        } else if let Some(secret) = secret.filter(|secret| secret.given("items").is_some()) {
            all.extend(files(secret, &described("Secret", secret, "name")));
        } else if let Some(fields) = source.given("downwardAPI").filter(|fields| fields.given("items").is_some()) {
            all.extend(files(fields, "DownwardAPI"));
        } else if let Some(token) = token {
            all.push((token.text("path").to_owned(), "ServiceAccountToken".to_owned()));
        }
    }
    warn("Projected", all);
    for _ in 0..empty {
        out.push(format!("volume {name} (Projected) has no sources provided"));
    }
}

fn described(word: &str, source: &Value, named_by: &str) -> String {
    if named_by.is_empty() { word.to_owned() } else { format!("{word} {}", go_quoted(source.text(named_by))) }
}

/// The paths of a source's files, with the source.
fn files(source: &Value, of: &str) -> Vec<(String, String)> {
    source.items("items").iter().map(|item| (item.text("path").to_owned(), of.to_owned())).collect()
}

fn overlap(a: &str, b: &str) -> bool {
    let inside = |inner: &str, outer: &str| format!("{inner}/").starts_with(&format!("{outer}/"));
    !a.is_empty() && !b.is_empty() && (inside(a, b) || inside(b, a))
}

/// Warns about affinity terms without a label selector.
fn lone_affinities(affinity: &Value, path: &FieldPath, out: &mut Vec<String>) {
    for field in ["podAffinity", "podAntiAffinity"] {
        let (terms, path) = (affinity.part(field), path.field(field));
        for (i, term) in terms.items(REQUIRED).iter().enumerate() {
            null_selector(term, &path.field(REQUIRED).index(i), out);
        }
        for (i, term) in terms.items(PREFERRED).iter().enumerate() {
            null_selector(term.part("podAffinityTerm"), &path.field(PREFERRED).index(i).field("podAffinityTerm"), out);
        }
    }
}

fn null_selector(term: &Value, path: &FieldPath, out: &mut Vec<String>) {
    if term.given("labelSelector").is_none() {
        out.push(format!("{}: a null labelSelector results in matching no pod", path.field("labelSelector")));
    }
}

fn repeated(items: &[Value], field: &str, path: &FieldPath, out: &mut Vec<String>) {
    for (i, item) in items.iter().enumerate() {
        if items[..i].iter().any(|other| other.text(field) == item.text(field)) {
            out.push(format!("{}: duplicate {field} {}", path.index(i).field(field), go_quoted(item.text(field))));
        }
    }
}

/// Warns about duplicate variables, unless the second refers to the first.
fn hidden_variables(variables: &[Value], path: &FieldPath, out: &mut Vec<String>) {
    for (i, variable) in variables.iter().enumerate() {
        let name = variable.text("name");
        let reference = format!("$({name})");
        let value = variable.text("value");
        let builds = variable.given("valueFrom").is_none() && value != reference && value.contains(&reference);
        if !builds && variables[..i].iter().any(|other| other.text("name") == name) {
            let text = format!("hides previous definition of {}, which may be dropped when using apply", go_quoted(name));
            out.push(format!("{}: {text}", path.index(i)));
        }
    }
}

/// Warns about ports that are declared twice, by number or by name, and host IPs without a port.
fn repeated_ports(containers: &[(FieldPath, &Value)], out: &mut Vec<String>) {
    let ports: Vec<(FieldPath, &Value)> = containers
        .iter()
        .flat_map(|(path, container)| {
            container.items("ports").iter().enumerate().map(move |(i, port)| (path.field("ports").index(i), port))
        })
        .collect();
    for (i, (path, port)) in ports.iter().enumerate() {
        let (host, ip) = (port.number("hostPort").unwrap_or(0), port.text("hostIP"));
        if !ip.is_empty() && host == 0 {
            let (name, number, protocol) = (port.text("name"), port.number("containerPort").unwrap_or(0), port.text("protocol"));
            let shown = format!("{{Name:{name} HostPort:0 ContainerPort:{number} Protocol:{protocol} HostIP:{ip}}}");
            out.push(format!("{path}: hostIP set without hostPort: {shown}"));
        }
        for (other_path, other) in &ports[..i] {
            if ["containerPort", "protocol"].iter().any(|field| port.get(field) != other.get(field)) {
                continue;
            }
            let other_host = other.number("hostPort").unwrap_or(0);
            let what = if ip == other.text("hostIP") && host == other_host {
                "duplicate"
            } else if host == 0 || other_host == 0 {
                "overlapping"
            } else if host == other_host && (ip.is_empty() || other.text("hostIP").is_empty()) {
                "dangerously ambiguous"
            } else {
                continue;
            };
            out.push(format!("{path}: {what} port definition with {other_path}"));
        }
    }
    for (i, (path, port)) in ports.iter().enumerate() {
        let name = port.text("name");
        let first = ports[..i].iter().find(|(_, other)| !name.is_empty() && other.text("name") == name);
        if let Some((other_path, _)) = first {
            let text = "services and probes that select ports by name will use";
            out.push(format!("{path}: duplicate port name {} with {other_path}, {text} {other_path}", go_quoted(name)));
        }
    }
}
