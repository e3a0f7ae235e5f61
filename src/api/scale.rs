//! The `/scale` subresource of workloads, written by autoscalers and `kubectl scale`.
//!
//! Models pkg/registry/apps/*/storage `ScaleREST`. Not modelled: preconditions on the scale's resource version.

use crate::api::client::PatchType;
use crate::api::kind::Kind;
use crate::base::label::LabelSelector;
use crate::base::value::Value;

/// Whether a kind has the scale subresource.
pub fn is_scalable(kind: Kind) -> bool {
    matches!(kind, Kind::StatefulSet | Kind::Deployment | Kind::ReplicaSet | Kind::ReplicationController)
}

/// An object's scale, as the server returns it.
pub fn scale_of(object: &Value) -> Value {
    let mut scale = Value::of([("apiVersion", "autoscaling/v1"), ("kind", "Scale")]);
    for field in ["creationTimestamp", "name", "namespace", "resourceVersion", "uid"] {
        scale.set(&["metadata", field], object.text_at(&["metadata", field]).unwrap_or_default());
    }
    let count = |part: &str| object.int_at(&[part, "replicas"]).unwrap_or(0);
    scale.set(&["spec", "replicas"], count("spec"));
    scale.set(&["status", "replicas"], count("status"));
    let selector = object.at(&["spec", "selector"]).and_then(LabelSelector::of_value).unwrap_or_default();
    scale.set(&["status", "selector"], selector.to_string());
    scale
}

/// The replicas set by a patch to a scale; `None` if it does not set them.
pub fn replicas_in_patch(how: PatchType, patch: &Value) -> Option<i64> {
    match how {
        PatchType::Strategic | PatchType::Merge => patch.int_at(&["spec", "replicas"]),
        PatchType::Json => {
            let steps = patch.as_list()?.iter().rev();
            let mut writes = steps.filter(|s| s.text_at(&["path"]) == Some("/spec/replicas") && s.text_at(&["op"]) != Some("test"));
            writes.next()?.int_at(&["value"])
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scale_shows_what_there_is_and_what_is_wanted() {
        let mut set = Value::map();
        set.set(&["metadata", "name"], "web");
        set.set(&["spec", "replicas"], 3);
        set.set(&["status", "replicas"], 2);
        set.set(&["spec", "selector", "matchLabels", "app"], "nginx");
        let scale = scale_of(&set);
        assert_eq!((scale.int_at(&["spec", "replicas"]), scale.int_at(&["status", "replicas"])), (Some(3), Some(2)));
        assert_eq!(scale.text_at(&["status", "selector"]), Some("app=nginx"));
    }

    #[test]
    fn every_kind_of_patch_can_ask_for_replicas() {
        let merge = Value::of([("spec", Value::of([("replicas", 5)]))]);
        let mut step = Value::of([("op", "replace"), ("path", "/spec/replicas")]);
        step.set(&["value"], 5);
        assert_eq!(replicas_in_patch(PatchType::Merge, &merge), Some(5));
        assert_eq!(replicas_in_patch(PatchType::Json, &Value::list([step])), Some(5));
        assert_eq!(replicas_in_patch(PatchType::Strategic, &Value::map()), None);
    }
}
