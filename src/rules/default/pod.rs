//! Defaults of pods, pod templates and what they contain.
//!
//! Models pkg/apis/core/v1/defaults.go `SetDefaults_Pod`, `SetDefaults_PodSpec`, `SetDefaults_Container`, `SetDefaults_Volume`.

use crate::default::storage::disk;
use api::admit::of_pods_alone;
use api::object::pod::GRACE_PERIOD_SECONDS;
use base::fill::Fill;
use base::image_name::{fault, name_and_tag};
use base::value::Value;

/// The default mode of files in volumes: 0644.
const FILE_MODE: i64 = 0o644;
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

/// The default pull policy: `Always` for a well-formed image name without a tag and a digest, or with the tag `latest`. Models
/// `ParseImageName`.
fn pull_policy(image: &str) -> &'static str {
    let (_, tag) = name_and_tag(image);
    let is_latest = tag == "latest" || tag.is_empty() && !image.contains('@');
    if is_latest && fault(image).is_none() { "Always" } else { "IfNotPresent" }
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
