//! The `/scale` subresource of workloads, written by autoscalers and `kubectl scale`.
//!
//! Models pkg/registry/apps/*/storage `ScaleREST`.

use crate::client::PatchType;
use crate::patch::{self, Patched};
use crate::release::Release;
use crate::schema::{StructType, schema};
use crate::status::{Fault, FieldError, NOT_NEGATIVE, Status};
use base::field_path::FieldPath;
use base::label::LabelSelector;
use base::value::Value;

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

/// The type of a scale.
pub fn scale_type() -> &'static StructType {
    schema().named("Scale").unwrap_or_else(|| unreachable!("the schema has a Scale"))
}

/// A workload's scale with a patch applied, as the server does it to any object.
pub fn patched(object: &Value, how: PatchType, patch: &Value, release: &Release) -> Result<Patched, Status> {
    patch::apply_to(scale_type(), how, &scale_of(object), patch, release)
}

/// The replicas that a scale asks for. Models pkg/apis/autoscaling/validation `ValidateScale`.
pub fn replicas(scale: &Value, name: &str) -> Result<i64, Status> {
    let replicas = scale.int_at(&["spec", "replicas"]).unwrap_or(0);
    if replicas < 0 {
        let wrong = FieldError::new(FieldPath::of("spec.replicas"), Fault::Invalid(replicas.into()), NOT_NEGATIVE);
        return Err(Status::invalid("Scale.autoscaling", name, vec![wrong]));
    }
    Ok(replicas)
}
