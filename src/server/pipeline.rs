//! The steps an object goes through on its way in, one by one.

use crate::api::decode::{decode_strict, decode_unchecked};
use crate::api::kind::Kind;
use crate::api::release::Release;
use crate::api::status::{FieldError, Status};
use crate::api::typed::with_empty_members;
use crate::base::value::Value;

/// Strictly decodes what was sent. Lists and maps of nothing stay, for complaints show them.
pub fn decode(kind: Kind, sent: &Value, release: &Release) -> Result<Value, Status> {
    decode_unchecked(kind, sent, release)
}

/// An object without lists and maps of nothing, as it is compared.
pub fn stripped(kind: Kind, value: &Value, release: &Release) -> Value {
    decode_strict(kind, value, release).unwrap_or_else(|_| value.clone())
}

/// A sound object as it is stored: without lists and maps of nothing, and with what Go writes even when it is empty.
pub fn settled(kind: Kind, value: &Value, release: &Release) -> Value {
    with_empty_members(kind, &stripped(kind, value, release))
}

/// Fills in what was left open.
pub fn default(kind: Kind, value: &mut Value, release: &Release) {
    crate::api::default::apply(kind, value, release);
}

/// Does what the kind's strategy does to a new object, after admission.
pub fn prepare_create(kind: Kind, value: &mut Value, release: &Release) {
    crate::api::default::create(kind, value, release);
}

/// Does what the kind's strategy does to a changed object.
pub fn prepare_update(kind: Kind, value: &mut Value, old: &Value, release: &Release) {
    crate::api::default::update(kind, value, old, release);
}

/// What is wrong with a new object, and what to warn of.
pub fn validate_create(kind: Kind, value: &Value, release: &'static Release) -> (Vec<FieldError>, Vec<String>) {
    crate::api::validate::create(kind, value, release)
}

/// What is wrong with a changed object, and what to warn of. Lists and maps of nothing are no change, but complaints show them.
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

/// What is wrong with a changed status.
pub fn validate_status(kind: Kind, value: &Value, old: &Value) -> Vec<FieldError> {
    crate::api::validate::status(kind, value, old)
}
