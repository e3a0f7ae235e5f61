//! The form in which an object is compared and stored.
//!
//! What was sent keeps its empty lists and maps until it is validated, because error messages show them; after that they are nothing.

use api::decode::decode_strict;
use api::kind::Kind;
use api::release::Release;
use api::rules::{Verdict, rules};
use api::typed::with_empty_members;
use base::value::Value;

/// The object without empty lists and maps, in the form used for comparison.
pub fn stripped(kind: Kind, value: &Value, release: &Release) -> Value {
    decode_strict(kind, value, release).unwrap_or_else(|_| value.clone())
}

/// A valid object in its stored form: without empty lists and maps, but with the members that Go serialises even when empty.
pub fn settled(kind: Kind, value: &Value, release: &Release) -> Value {
    with_empty_members(kind, &stripped(kind, value, release))
}

/// The errors in and warnings about an update, which is `value` as it was sent and `stripped` without empty lists and maps: these do not
/// count as changes, but error messages show them. Models `equality.Semantic`.
pub fn validate_update(kind: Kind, (value, stripped): (&Value, &Value), old: &Value, release: &'static Release) -> Verdict {
    let (wrong, warnings) = (rules().judge_update)(kind, stripped, old, release);
    if wrong.is_empty() {
        return (wrong, warnings);
    }
    let (mut shown, _) = (rules().judge_update)(kind, value, old, release);
    shown.retain(|error| wrong.iter().any(|other| other.path == error.path && other.reason() == error.reason()));
    (shown, warnings)
}
