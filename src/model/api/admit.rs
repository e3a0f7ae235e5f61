//! What admission adds to a pod's spec.
//!
//! Models plugin/pkg/admission/{defaulttolerationseconds,serviceaccount,priority}.

use std::rc::Rc;

use crate::object::meta::Uid;
use base::dice::mix;
use base::fill::Fill;
use base::hash::random_suffix;
use base::value::{Map, Value};

/// How long pods tolerate a node that is not ready or unreachable. Admission plugin DefaultTolerationSeconds.
const DEFAULT_TOLERATION_SECONDS: i64 = 300;

/// The taints that every pod tolerates for that long.
pub const TOLERATED: [&str; 2] = ["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"];

/// The mount path of the service account token.
pub const TOKEN_PATH: &str = "/var/run/secrets/kubernetes.io/serviceaccount";

/// How the names of token volumes begin.
const TOKEN_VOLUME: &str = "kube-api-access-";

/// The name prefix reserved for system priority classes. Models pkg/apis/scheduling SystemPriorityClassPrefix.
pub const SYSTEM_PRIORITY_PREFIX: &str = "system-";
/// The priority classes that every cluster has: names, values and descriptions.
/// Models pkg/apis/scheduling/v1/helpers.go systemPriorityClasses.
pub const SYSTEM_PRIORITIES: [(&str, i64, &str); 2] = [
    ("system-node-critical", 2_000_001_000, "Used for system critical pods that must not be moved from their current node."),
    (
        "system-cluster-critical",
        2_000_000_000,
        "Used for system critical pods that must run in the cluster, but can be moved to another node if necessary.",
    ),
];
/// The default preemption policy.
pub const PREEMPT_LOWER: &str = "PreemptLowerPriority";

/// The annotation of the IngressClass that Ingresses get which name none.
pub const DEFAULT_INGRESS_CLASS: &str = "ingressclass.kubernetes.io/is-default-class";

/// The label of a namespace that says which level of Pod Security it enforces.
pub const ENFORCE: &str = "pod-security.kubernetes.io/enforce";

/// The annotation that named an Ingress's class before there was a field.
pub const INGRESS_CLASS: &str = "kubernetes.io/ingress.class";

/// A pod spec with everything that a pod's own defaults and admission add to a template's, except the token volume, which is
/// specific to the pod, and the priority of a named class, because only the server knows the classes.
pub fn admit_pod_spec(spec: &Value) -> Value {
    let mut spec = spec.clone();
    of_pods_alone(&mut spec);
    let classless = spec.text_at(&["priorityClassName"]).unwrap_or("").is_empty();
    let map = spec.make_map();
    map.entry("enableServiceLinks", || true.into());
    if classless {
        map.entry("preemptionPolicy", || PREEMPT_LOWER.into());
        map.entry("priority", || 0.into());
    }
    let account = map.entry("serviceAccountName", || "default".into()).clone();
    map.entry("serviceAccount", || account);
    add_tolerations(&mut spec);
    spec
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

/// Merges a pod's values of `matchLabelKeys` into the selectors of its spec, given its labels.
/// Models `mutatePodAffinity` and `mutateTopologySpreadConstraints`.
pub fn merge_label_keys(spec: &mut Value, label: &dyn Fn(&str) -> Option<Value>) {
    let merge = |term: &mut Value| {
        for (field, operator) in [("matchLabelKeys", "In"), ("mismatchLabelKeys", "NotIn")] {
            for key in term.list_at(&[field]).to_vec() {
                let value = key.as_text().and_then(label);
                if let (Some(value), Some(_)) = (value, term.get("labelSelector")) {
                    let mut all = term.list_at(&["labelSelector", "matchExpressions"]).to_vec();
                    all.push(Value::of([("key", key), ("operator", operator.into()), ("values", Value::list([value]))]));
                    term.set(&["labelSelector", "matchExpressions"], all);
                }
            }
        }
    };
    spec.each(&["topologySpreadConstraints"], merge);
    for field in ["podAffinity", "podAntiAffinity"] {
        spec.each(&["affinity", field, "requiredDuringSchedulingIgnoredDuringExecution"], merge);
        spec.each(&["affinity", field, "preferredDuringSchedulingIgnoredDuringExecution"], |term| {
            term.within(&["podAffinityTerm"], merge);
        });
    }
}

/// Adds the default tolerations, to new and updated pods alike. Models plugin/pkg/admission/defaulttolerationseconds.
pub fn add_tolerations(spec: &mut Value) {
    let tolerations = spec.make_map().entry("tolerations", || Value::List(Rc::default())).make_list();
    for key in TOLERATED {
        if !tolerations.iter().any(|t| tolerates_eviction(t, key)) {
            tolerations.push(Value::of([
                ("effect", Value::from("NoExecute")),
                ("key", key.into()),
                ("operator", "Exists".into()),
                ("tolerationSeconds", DEFAULT_TOLERATION_SECONDS.into()),
            ]));
        }
    }
}

/// Whether a toleration is one of those that admission adds.
pub fn is_default_toleration(toleration: &Value) -> bool {
    toleration.int_at(&["tolerationSeconds"]) == Some(DEFAULT_TOLERATION_SECONDS)
        && toleration.text_at(&["key"]).is_some_and(|key| TOLERATED.contains(&key))
}

/// Whether a toleration already covers a taint's `NoExecute` effect.
fn tolerates_eviction(toleration: &Value, key: &str) -> bool {
    let text = |k: &str| toleration.text_at(&[k]).unwrap_or("");
    (text("key") == key || text("key").is_empty()) && matches!(text("effect"), "NoExecute" | "")
}

/// Adds the projected volume with the service account token, whose name is derived from the pod's uid.
pub fn add_token_volume(spec: &mut Value, uid: Uid) {
    if spec.get("automountServiceAccountToken").and_then(Value::as_bool) == Some(false) {
        return;
    }
    let name = token_volume_name(uid);
    if spec.list_at(&["volumes"]).iter().any(|v| v.text_at(&["name"]) == Some(&name)) {
        return;
    }
    let map = spec.make_map();
    for containers in ["initContainers", "containers"] {
        let Some(list) = map.get_mut(containers) else { continue };
        for container in list.make_list() {
            let mounts = container.make_map().entry("volumeMounts", || Value::List(Rc::default())).make_list();
            if !mounts.iter().any(|m| m.text_at(&["mountPath"]) == Some(TOKEN_PATH)) {
                let mount = [("mountPath", Value::from(TOKEN_PATH)), ("name", name.as_str().into()), ("readOnly", true.into())];
                mounts.push(Value::of(mount));
            }
        }
    }
    map.entry("volumes", || Value::List(Rc::default())).make_list().push(token_volume(&name));
}

/// Whether a volume is the one with the service account token, or a mount is that volume's.
pub fn is_token(volume_or_mount: &Value) -> bool {
    let text = |key: &str| volume_or_mount.text_at(&[key]).unwrap_or_default();
    text("mountPath") == TOKEN_PATH || text("name").starts_with(TOKEN_VOLUME)
}

fn token_volume_name(uid: Uid) -> String {
    format!("{TOKEN_VOLUME}{}", random_suffix(mix(uid.bits())))
}

fn token_volume(name: &str) -> Value {
    let token = Value::of([("expirationSeconds", Value::from(3607)), ("path", "token".into())]);
    let certificate = Value::of([
        ("items", Value::list([Value::of([("key", "ca.crt"), ("path", "ca.crt")])])),
        ("name", Value::from("kube-root-ca.crt")),
    ]);
    let namespace = Value::of([("apiVersion", "v1"), ("fieldPath", "metadata.namespace")]);
    let item = Value::of([("fieldRef", namespace), ("path", "namespace".into())]);
    let sources = Value::list([
        Value::of([("serviceAccountToken", token)]),
        Value::of([("configMap", certificate)]),
        Value::of([("downwardAPI", Value::of([("items", Value::list([item]))]))]),
    ]);
    let mut projected = Map::new();
    projected.insert("defaultMode", 420);
    projected.insert("sources", sources);
    Value::of([("name", Value::from(name)), ("projected", projected.into())])
}
