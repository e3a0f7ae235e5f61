//! Defaults of pods, pod templates and what they contain.
//!
//! Models pkg/apis/core/v1/defaults.go `SetDefaults_Pod`, `SetDefaults_PodSpec`, `SetDefaults_Container`, `SetDefaults_Volume`.

use crate::api::default::fill::Fill;
use crate::api::default::storage::disk;
use crate::base::value::Value;

/// The default termination grace period, in seconds.
const GRACE_PERIOD_SECONDS: i64 = 30;
/// The default mode of files in volumes: 0644.
const FILE_MODE: i64 = 0o644;
/// The length of an image ID, which is not a valid image name.
const ID_LENGTH: usize = 64;
/// The default lifetime of a projected token, in seconds.
const TOKEN_SECONDS: i64 = 3600;

/// Models `SetDefaults_Pod`.
pub fn pod(pod: &mut Value) {
    if pod.int_at(&["spec", "terminationGracePeriodSeconds"]).is_some_and(|seconds| seconds < 0) {
        pod.set(&["spec", "terminationGracePeriodSeconds"], 1);
    }
    pod.within(&["spec"], of_pods_alone);
    template(pod, &[]);
    pod.absent(&["spec", "enableServiceLinks"], true);
}

/// What defaulting gives a pod's spec, and not a template's.
pub fn of_pods_alone(spec: &mut Value) {
    let on_the_host = spec.get("hostNetwork").and_then(Value::as_bool) == Some(true);
    for field in ["containers", "initContainers"] {
        spec.each(&[field], |container| {
            requests_from_limits(container);
            if on_the_host {
                container.each(&["ports"], |port| {
                    let own = port.int_at(&["containerPort"]).unwrap_or(0);
                    port.zero(&["hostPort"], own);
                });
            }
        });
    }
}

/// Defaults missing requests to the limits.
fn requests_from_limits(holder: &mut Value) {
    let limits = holder.at(&["resources", "limits"]).and_then(Value::as_map).cloned().unwrap_or_default();
    for (name, limit) in limits.iter() {
        holder.absent(&["resources", "requests", name], limit.clone());
    }
}

/// Defaults the template at a path, creating its spec if missing. Models `SetDefaults_PodSpec` and what it calls.
pub fn template(object: &mut Value, path: &[&str]) {
    let path: Vec<&str> = path.iter().copied().chain(["spec"]).collect();
    object.absent(&path, Value::map());
    object.within(&path, spec);
}

fn spec(spec: &mut Value) {
    spec.zero(&["dnsPolicy"], "ClusterFirst");
    spec.zero(&["restartPolicy"], "Always");
    spec.absent(&["securityContext"], Value::map());
    spec.absent(&["terminationGracePeriodSeconds"], GRACE_PERIOD_SECONDS);
    spec.zero(&["schedulerName"], "default-scheduler");
    service_account(spec);
    spec.amounts(&["overhead"]);
    resources(spec);
    spec.each(&["volumes"], volume);
    for field in ["initContainers", "containers", "ephemeralContainers"] {
        spec.each(&[field], container);
    }
}

/// Keeps `serviceAccount` and `serviceAccountName` in sync. Models `Convert_core_PodSpec_To_v1_PodSpec`.
fn service_account(spec: &mut Value) {
    let text = |spec: &Value, field: &str| spec.text_at(&[field]).filter(|t| !t.is_empty()).map(str::to_owned);
    if let Some(name) = text(spec, "serviceAccountName").or_else(|| text(spec, "serviceAccount")) {
        spec.set(&["serviceAccountName"], name.as_str());
        spec.set(&["serviceAccount"], name);
    }
}

fn resources(holder: &mut Value) {
    for list in ["limits", "requests"] {
        holder.amounts(&["resources", list]);
    }
}

/// Models `SetDefaults_Container`.
fn container(container: &mut Value) {
    let policy = pull_policy(container.text_at(&["image"]).unwrap_or(""));
    container.zero(&["imagePullPolicy"], policy);
    container.zero(&["terminationMessagePath"], "/dev/termination-log");
    container.zero(&["terminationMessagePolicy"], "File");
    container.absent(&["resources"], Value::map());
    resources(container);
    container.each(&["ports"], |port| port.zero(&["protocol"], "TCP"));
    container.each(&["env"], |variable| {
        variable.within(&["valueFrom", "fieldRef"], field_reference);
        variable.within(&["valueFrom", "resourceFieldRef"], resource_reference);
        variable.within(&["valueFrom", "fileKeyRef"], |file| file.absent(&["optional"], false));
    });
    for probe in ["livenessProbe", "readinessProbe", "startupProbe"] {
        container.within(&[probe], |probe| {
            probe.zero(&["timeoutSeconds"], 1);
            probe.zero(&["periodSeconds"], 10);
            probe.zero(&["successThreshold"], 1);
            probe.zero(&["failureThreshold"], 3);
            probe.within(&["httpGet"], http_get);
            probe.within(&["grpc"], |grpc| grpc.absent(&["service"], ""));
        });
    }
    for hook in ["postStart", "preStop"] {
        container.within(&["lifecycle", hook, "httpGet"], http_get);
    }
}

fn http_get(action: &mut Value) {
    action.zero(&["path"], "/");
    action.zero(&["scheme"], "HTTP");
}

fn field_reference(reference: &mut Value) {
    reference.zero(&["apiVersion"], "v1");
}

fn resource_reference(reference: &mut Value) {
    reference.absent(&["divisor"], "0");
}

/// The default pull policy: `Always` for an image without a tag or with the tag `latest`.
fn pull_policy(image: &str) -> &'static str {
    if tag(image) == Some("latest") { "Always" } else { "IfNotPresent" }
}

/// The tag of a well-formed image name: `latest` if it has neither tag nor digest. Models `ParseImageName`.
fn tag(image: &str) -> Option<&str> {
    let (name, digest) = image.split_once('@').map_or((image, None), |(name, digest)| (name, Some(digest)));
    let (name, tag) = match name.rsplit_once(':') {
        Some((name, tag)) if !tag.contains('/') => (name, Some(tag)),
        _ => (name, None),
    };
    let mut parts: Vec<&str> = name.split('/').collect();
    let has_domain = parts.len() > 1 && (parts[0].contains(['.', ':']) || parts[0] == "localhost" || parts[0] != parts[0].to_lowercase());
    if has_domain {
        let domain = parts.remove(0);
        if !is_domain(domain) {
            return None;
        }
    }
    let is_word = |c: u8| c.is_ascii_alphanumeric() || c == b'_';
    let is_tag = |tag: &str| {
        (1..=128).contains(&tag.len()) && is_word(tag.as_bytes()[0]) && tag.bytes().all(|c| is_word(c) || matches!(c, b'.' | b'-'))
    };
    let is_digest =
        |digest: &str| digest.split_once(':').is_some_and(|(_, hex)| hex.len() >= 32 && hex.bytes().all(|c| c.is_ascii_hexdigit()));
    let is_id = name.len() == ID_LENGTH && name.bytes().all(|c| c.is_ascii_digit() || (b'a'..=b'f').contains(&c));
    if is_id || !parts.iter().all(|part| is_path_part(part)) || !tag.is_none_or(is_tag) || !digest.is_none_or(is_digest) {
        return None;
    }
    tag.or(digest.is_none().then_some("latest"))
}

/// A host, optionally with a port.
fn is_domain(domain: &str) -> bool {
    let (host, port) = match domain.rsplit_once(':') {
        Some((host, port)) if !port.contains(']') => (host, Some(port)),
        _ => (domain, None),
    };
    let is_plain = |c: char| c.is_ascii_alphanumeric();
    let is_part = |part: &str| part.starts_with(is_plain) && part.ends_with(is_plain) && part.chars().all(|c| is_plain(c) || c == '-');
    let is_address = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).is_some_and(|ip| !ip.is_empty());
    (is_address || host.split('.').all(is_part)) && port.is_none_or(|port| !port.is_empty() && port.bytes().all(|c| c.is_ascii_digit()))
}

/// Lower-case letters and digits, separated by single dots, one or two underscores, or dashes.
fn is_path_part(part: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let framed = part.starts_with(is_plain) && part.ends_with(is_plain);
    let separators = part.split(is_plain).filter(|s| !s.is_empty());
    framed && separators.into_iter().all(|s| matches!(s, "." | "_" | "__") || s.bytes().all(|c| c == b'-'))
}

/// Models `SetDefaults_Volume` and its neighbours.
fn volume(volume: &mut Value) {
    let has_source = volume.as_map().is_some_and(|map| map.iter().any(|(key, value)| key.as_ref() != "name" && !value.is_null()));
    if !has_source {
        volume.set(&["emptyDir"], Value::map());
    }
    for source in ["secret", "configMap", "downwardAPI", "projected"] {
        volume.within(&[source], |source| source.absent(&["defaultMode"], FILE_MODE));
    }
    disk(volume);
    volume.within(&["image"], |source| {
        let policy = pull_policy(source.text_at(&["reference"]).unwrap_or(""));
        source.zero(&["pullPolicy"], policy);
    });
    volume.each(&["downwardAPI", "items"], downward_file);
    volume.each(&["projected", "sources"], |source| {
        source.within(&["serviceAccountToken"], |token| token.absent(&["expirationSeconds"], TOKEN_SECONDS));
        source.each(&["downwardAPI", "items"], downward_file);
    });
    volume.within(&["ephemeral", "volumeClaimTemplate"], |template| template.absent(&["spec", "volumeMode"], "Filesystem"));
}

fn downward_file(file: &mut Value) {
    file.within(&["fieldRef"], field_reference);
    file.within(&["resourceFieldRef"], resource_reference);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_image_without_a_fixed_tag_is_always_fetched() {
        let always = ["nginx", "nginx:latest", "registry:5000/a/nginx", "localhost/x", "registry.k8s.io/nginx-slim"];
        let once = ["nginx:1.25", " nginx", "Nginx", "a b:latest", "nginx@sha256:0123456789abcdef0123456789abcdef", "", "a/../b", "x:"];
        for image in always {
            assert_eq!(pull_policy(image), "Always", "{image}");
        }
        for image in once {
            assert_eq!(pull_policy(image), "IfNotPresent", "{image}");
        }
    }
}
