//! Defaults of pods, pod templates and what they contain.
//!
//! Models pkg/apis/core/v1/defaults.go `SetDefaults_Pod`, `SetDefaults_PodSpec`, `SetDefaults_Container`, `SetDefaults_Volume`.

use api::admit::of_pods_alone;
use api::release::Release;
use base::fill::Fill;
use base::image_name::{fault, name_and_tag};
use base::value::Value;

/// What is a pod's alone. Models the beginning of `SetDefaults_Pod`.
pub(super) fn of_pod(pod: &mut Value, _: &Release) {
    if pod.int_at(&["spec", "terminationGracePeriodSeconds"]).is_some_and(|seconds| seconds < 0) {
        pod.set(&["spec", "terminationGracePeriodSeconds"], 1);
    }
    pod.within(&["spec"], of_pods_alone);
}

/// Keeps `serviceAccount` and `serviceAccountName` in sync. Models `Convert_core_PodSpec_To_v1_PodSpec`.
pub(super) fn service_account(spec: &mut Value, _: &Release) {
    let text = |spec: &Value, field: &str| spec.text_at(&[field]).filter(|t| !t.is_empty()).map(str::to_owned);
    if let Some(name) = text(spec, "serviceAccountName").or_else(|| text(spec, "serviceAccount")) {
        spec.set(&["serviceAccountName"], name.as_str());
        spec.set(&["serviceAccount"], name);
    }
}

/// When the image of a container is pulled.
pub(super) fn pull_policy(container: &mut Value, _: &Release) {
    let policy = policy_of(container.text_at(&["image"]).unwrap_or(""));
    container.zero(&["imagePullPolicy"], policy);
}

/// The default pull policy: `Always` for a well-formed image name without a tag and a digest, or with the tag `latest`. Models
/// `ParseImageName`.
fn policy_of(image: &str) -> &'static str {
    let (_, tag) = name_and_tag(image);
    let is_latest = tag == "latest" || tag.is_empty() && !image.contains('@');
    if is_latest && fault(image).is_none() { "Always" } else { "IfNotPresent" }
}

/// Models `SetDefaults_Volume` and its neighbours.
pub(super) fn volume(volume: &mut Value, _: &Release) {
    let has_source = volume.as_map().is_some_and(|map| map.iter().any(|(key, value)| key.as_ref() != "name" && !value.is_null()));
    if !has_source {
        volume.set(&["emptyDir"], Value::map());
    }
    volume.within(&["image"], |source| {
        let policy = policy_of(source.text_at(&["reference"]).unwrap_or(""));
        source.zero(&["pullPolicy"], policy);
    });
}
