//! The create and update strategies of each kind, applied before validation.
//!
//! Models pkg/registry/*/*/strategy.go `PrepareForCreate` and `PrepareForUpdate`.

use base::sorted::SortedSet;

use crate::default::{batch, gates, service};
use api::admit::merge_label_keys;
use api::kind::{Kind, Trait};
use api::object::resources::{is_of_pods, may_overcommit, qos_class, sum_of_containers};
use api::release::Release;
use api::typed;
use api::well_known::{JOB_UID, OF_JOB, TEMPLATE_GENERATION};
use base::fill::Fill;
use base::quantity::Quantity;
use base::value::{Value, members};

/// Prepares a new object: resets the status to its initial value and the generation to 1.
pub fn create(kind: Kind, object: &mut Value, release: &Release) {
    if let Some(status) = first_status(kind) {
        object.set(&["status"], status);
    }
    if release.counts_generations(kind) {
        object.set(&["metadata", "generation"], 1);
    }
    gates::drop_disabled(kind, object, release);
    match kind {
        Kind::Pod => new_pod(object, release),
        Kind::Service => service::create(object),
        Kind::StatefulSet => drop_max_unavailable(object, None, release),
        Kind::DaemonSet => object.set(&["metadata", "annotations", TEMPLATE_GENERATION], "1"),
        Kind::Job => {
            let shares = object.at(&["spec", "template", "metadata", "labels"]).and_then(Value::as_map).is_some_and(|l| !l.is_empty());
            generate_selector(object);
            if shares {
                batch::labels_from_template(object);
            }
        }
        Kind::PersistentVolumeClaim => same_sources(object, None),
        Kind::ServiceAccount => names_of_secrets(object),
        Kind::Namespace => {
            let finalizers = object.list_at(&["spec", "finalizers"]);
            if !finalizers.iter().any(|f| f.as_text() == Some("kubernetes")) {
                let all: Vec<Value> = finalizers.iter().cloned().chain([Value::from("kubernetes")]).collect();
                object.set(&["spec", "finalizers"], all);
            }
        }
        _ => {}
    }
}

/// Of a service account's secrets, only names are kept. Models pkg/registry/core/serviceaccount/strategy.go `cleanSecretReferences`.
fn names_of_secrets(account: &mut Value) {
    account.each(&["secrets"], |secret| *secret = secret.get("name").map_or_else(Value::map, |name| Value::of([("name", name.clone())])));
}

/// Prepares an update: keeps the old status, and increments the generation if the spec as it was sent differs, which validation's
/// warnings go by. The generation that is stored is counted from settled values (`server::ingest`).
pub fn update(kind: Kind, new: &mut Value, old: &Value, release: &Release) {
    if kind.has(Trait::Status) {
        new.copy(&["status"], old);
    }
    gates::drop_disabled(kind, new, release);
    match kind {
        Kind::Service => service::update(new, old),
        Kind::StatefulSet => drop_max_unavailable(new, Some(old), release),
        Kind::DaemonSet => count_template_changes(new, old),
        Kind::PersistentVolumeClaim => same_sources(new, Some(old)),
        Kind::ServiceAccount => names_of_secrets(new),
        Kind::Namespace => new.copy(&["spec", "finalizers"], old),
        _ => {}
    }
    if !release.counts_generations(kind) {
        return;
    }
    let wants = |object: &Value| object.get("spec").cloned();
    let noted = |object: &Value| object.at(&["metadata", "annotations"]).cloned();
    let changed = wants(new) != wants(old) || kind == Kind::Deployment && noted(new) != noted(old);
    let generation = old.int_at(&["metadata", "generation"]).unwrap_or(0);
    new.set(&["metadata", "generation"], generation + i64::from(changed));
}

/// The initial status.
fn first_status(kind: Kind) -> Option<Value> {
    let mut status = typed::first_status(kind)?;
    match kind {
        Kind::Pod | Kind::PersistentVolumeClaim | Kind::PersistentVolume => status.set(&["phase"], "Pending"),
        Kind::Namespace => status.set(&["phase"], "Active"),
        _ => {}
    }
    Some(status)
}

fn new_pod(pod: &mut Value, release: &Release) {
    let labels = pod.at(&["metadata", "labels"]).cloned().unwrap_or_default();
    pod.within(&["spec"], |spec| merge_label_keys(spec, &|key| labels.get(key).cloned()));
    resources_of_pod(pod, release);
    let class = pod.get("spec").map_or("", qos_class);
    pod.set(&["status", "qosClass"], class);
}

/// Completes pod-level resources from those of the containers. Models `DefaultPodLevelResources`.
fn resources_of_pod(pod: &mut Value, release: &Release) {
    let Some(spec) = pod.get("spec").cloned() else { return };
    let names = |spec: &Value, list: &str| -> Vec<String> {
        let map = spec.at(&["resources", list]).and_then(Value::as_map);
        members(map).map(|(name, _)| name.to_string()).collect()
    };
    if names(&spec, "requests").is_empty() && names(&spec, "limits").is_empty() {
        return;
    }
    let sum = |list: &str, name: &str| sum_of_containers(&spec, list, name).map(|sum| sum.to_string());
    let containers = || ["containers", "initContainers"].into_iter().flat_map(|field| spec.list_at(&[field]));
    let limited: SortedSet<String> = containers().flat_map(|c| names(c, "limits")).collect();
    for name in limited.iter().filter(|name| is_of_pods(name) && !may_overcommit(name)) {
        if spec.at(&["resources", "requests", name]).is_none()
            && let Some(sum) = sum("limits", name)
        {
            pod.absent(&["spec", "resources", "limits", name], sum);
        }
    }
    for name in ["cpu", "memory"] {
        if let Some(sum) = sum("requests", name) {
            pod.absent(&["spec", "resources", "requests", name], sum);
        }
    }
    for (name, limit) in pod.at(&["spec", "resources", "limits"]).and_then(Value::as_map).cloned().unwrap_or_default().iter() {
        if is_of_pods(name) {
            pod.absent(&["spec", "resources", "requests", name], limit.clone());
        }
    }
    if !release.fills_in_limits_of_pods {
        return;
    }
    for (name, request) in pod.at(&["spec", "resources", "requests"]).and_then(Value::as_map).cloned().unwrap_or_default().iter() {
        let all_limited = containers().all(|c| c.at(&["resources", "limits", name]).is_some());
        if let Some(limit) = sum_of_containers(&spec, "limits", name).filter(|_| all_limited && is_of_pods(name)) {
            let limit = Quantity::read(request).map_or(limit, |request| if request > limit { request } else { limit });
            pod.absent(&["spec", "resources", "limits", name], limit.to_string());
        }
    }
}

/// Drops `maxUnavailable` if its gate is off, unless it is in use. Models `dropStatefulSetDisabledFields`.
fn drop_max_unavailable(set: &mut Value, old: Option<&Value>, release: &Release) {
    let field = &["spec", "updateStrategy", "rollingUpdate", "maxUnavailable"];
    if !release.max_unavailable_stateful_set && old.is_none_or(|old| old.at(field).is_none()) {
        set.remove(field);
    }
}

fn count_template_changes(new: &mut Value, old: &Value) {
    let path = &["metadata", "annotations", TEMPLATE_GENERATION];
    let before: i64 = old.text_at(path).and_then(|text| text.parse().ok()).unwrap_or(0);
    let changed = new.at(&["spec", "template"]) != old.at(&["spec", "template"]);
    new.set(path, (before + i64::from(changed)).to_string());
}

/// Generates a job's selector from its uid. Models pkg/registry/batch/job `generateSelector`.
fn generate_selector(job: &mut Value) {
    if job.at(&["spec", "manualSelector"]).and_then(Value::as_bool) == Some(true) {
        return;
    }
    let text = |path: &[&str]| job.text_at(path).unwrap_or("").to_owned();
    let (uid, name) = (text(&["metadata", "uid"]), text(&["metadata", "name"]));
    for labels in OF_JOB {
        for (label, value) in labels.into_iter().zip([&uid, &name]) {
            job.absent(&["spec", "template", "metadata", "labels", label], value);
        }
    }
    job.absent(&["spec", "selector", "matchLabels", JOB_UID], uid);
}

/// Keeps `dataSource` and `dataSourceRef` in sync; the former supports only claims and snapshots, and neither may name a namespace.
/// Models `EnforceDataSourceBackwardsCompatibility` and `NormalizeDataSources`.
fn same_sources(claim: &mut Value, before: Option<&Value>) {
    let (old, new) = (&["spec", "dataSource"][..], &["spec", "dataSourceRef"][..]);
    let in_use = |path| before.is_some_and(|before| before.at(path).is_some());
    let text = |claim: &Value, path: &[&str]| claim.text_at(path).unwrap_or("").to_owned();
    if !text(claim, &["spec", "dataSourceRef", "namespace"]).is_empty() && !in_use(new) {
        claim.remove(new);
    }
    let (group, kind) = (text(claim, &["spec", "dataSource", "apiGroup"]), text(claim, &["spec", "dataSource", "kind"]));
    let known = [("", "PersistentVolumeClaim"), ("snapshot.storage.k8s.io", "VolumeSnapshot")];
    if !known.contains(&(group.as_str(), kind.as_str())) && claim.at(new).is_none() && !in_use(old) {
        claim.remove(old);
    }
    match (claim.at(old).cloned(), claim.at(new).cloned()) {
        (Some(source), None) => claim.set(new, source),
        (None, Some(source)) if source.text_at(&["namespace"]).unwrap_or("").is_empty() => claim.set(old, source),
        _ => {}
    }
}
