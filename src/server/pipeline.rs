//! The steps that an incoming object goes through, one function each.

use crate::api::decode::{decode_strict, decode_unchecked};
use crate::api::kind::Kind;
use crate::api::release::Release;
use crate::api::status::{FieldError, Status};
use crate::api::typed::with_empty_members;
use crate::base::value::Value;

/// Strictly decodes what was sent. Empty lists and maps are kept, because error messages show them.
pub fn decode(kind: Kind, sent: &Value, release: &Release) -> Result<Value, Status> {
    decode_unchecked(kind, sent, release)
}

/// The object without empty lists and maps, in the form used for comparison.
pub fn stripped(kind: Kind, value: &Value, release: &Release) -> Value {
    decode_strict(kind, value, release).unwrap_or_else(|_| value.clone())
}

/// A valid object in its stored form: without empty lists and maps, but with the members that Go serialises even when empty.
pub fn settled(kind: Kind, value: &Value, release: &Release) -> Value {
    with_empty_members(kind, &stripped(kind, value, release))
}

/// Applies the scheme's defaults.
pub fn default(kind: Kind, value: &mut Value, release: &Release) {
    crate::api::default::apply(kind, value, release);
}

/// Applies the kind's create strategy, after admission.
pub fn prepare_create(kind: Kind, value: &mut Value, release: &Release) {
    crate::api::default::create(kind, value, release);
}

/// Applies the kind's update strategy.
pub fn prepare_update(kind: Kind, value: &mut Value, old: &Value, release: &Release) {
    crate::api::default::update(kind, value, old, release);
}

/// The errors in and warnings about a new object.
pub fn validate_create(kind: Kind, value: &Value, release: &'static Release) -> (Vec<FieldError>, Vec<String>) {
    crate::api::validate::create(kind, value, release)
}

/// The errors in and warnings about an update. Empty lists and maps do not count as changes, but error messages show them.
/// Models `equality.Semantic`.
pub fn validate_update(kind: Kind, value: &Value, old: &Value, release: &'static Release) -> (Vec<FieldError>, Vec<String>) {
    let (wrong, warnings) = crate::api::validate::update(kind, &stripped(kind, value, release), old, release);
    if wrong.is_empty() {
        return (wrong, warnings);
    }
    let (mut shown, _) = crate::api::validate::update(kind, value, old, release);
    shown.retain(|error| wrong.iter().any(|other| other.path == error.path && other.reason() == error.reason()));
    (shown, warnings)
}

/// The errors in a status update.
pub fn validate_status(kind: Kind, value: &Value, old: &Value) -> Vec<FieldError> {
    crate::api::validate::status(kind, value, old)
}
