//! Patches, as made by kubectl and applied by the API server.
//!
//! Promises: all functions are pure; nothing panics; refusals are in the server's words.
//! Must not know: the store, defaulting, validation.
//! Not modelled: the exact wording for malformed patch bodies, such as lists containing nulls: the refusal is similar, not always
//! identical.

mod diff;
mod directive;
mod error;
mod json_patch;
mod lists;
mod lookup;
mod merge;
mod strategic;
mod text;
mod type_meta;
mod typed;
mod unstructured;

use std::rc::Rc;

use crate::client::PatchType;
use crate::decode::{Decoded, TypeError, decode_with_empty, strict_words, unknown_field_words};
use crate::kind::Kind;
use crate::release::Release;
use crate::schema::{StructType, schema};
use crate::status::{Fault, FieldError, MisfitReason, Status};
use base::field_path::FieldPath;
use base::value::Value;

use json_patch::Reader;
use type_meta::Misread;

pub use diff::{three_way, two_way};
pub use error::PatchError;
pub use merge::merge;
pub use text::go_text;
pub use typed::check as check_applied;

/// The maximum nesting depth of patches and of the objects they apply to.
const MAX_DEPTH: usize = 200;

/// An object with a patch applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Patched {
    /// The object as decoded into the kind's type.
    pub object: Value,
    /// Unknown fields found in it: warnings for `kubectl patch`, an error for `kubectl apply`.
    pub unknown: Vec<FieldPath>,
    shown: String,
}

impl Patched {
    /// The warnings about unknown fields.
    pub fn warnings(&self) -> Vec<String> {
        self.unknown.iter().map(unknown_field_words).collect()
    }

    /// The same, or the refusal if it has unknown fields and the request demanded strict field validation.
    pub fn strict(self) -> Result<Self, Status> {
        match self.unknown.as_slice() {
            [] => Ok(self),
            unknown => Err(invalid_patch(&self.shown, &strict_words(unknown)).because_of(MisfitReason::Unknown, unknown)),
        }
    }
}

/// Applies a patch as the server does: patch first, then decode. Models apiserver pkg/endpoints/handlers/patch.go.
pub fn apply(kind: Kind, how: PatchType, object: &Value, patch: &Value, release: &Release) -> Result<Patched, Status> {
    apply_to(schema().kind(kind), how, object, patch, release)
}

/// Like [`apply`], for an object of any type.
pub fn apply_to(ty: &'static StructType, how: PatchType, object: &Value, patch: &Value, release: &Release) -> Result<Patched, Status> {
    check_depth(object)?;
    check_depth(patch)?;
    let nothing = Value::map();
    // Go decodes `null` to a map without members, or to an object without fields.
    let patch = if how == PatchType::Strategic && patch.is_null() { &nothing } else { patch };
    let (decoded, shown) = match how {
        PatchType::Strategic => {
            let (patched, rest) = strategic::apply(ty, object, patch)?;
            // The message shows what the merge left of the patch.
            (unstructured::decode_patched(ty, &patched, release), go_text(&rest))
        }
        PatchType::Merge => decoded_from_json(ty, object, &merge(object, patch)?, release)?,
        PatchType::Json => decoded_from_json(ty, object, &json_patch::apply(object, patch, Reader::Server)?, release)?,
    };
    let refused = |error: TypeError| invalid_patch(&shown, &error.message).because_of(MisfitReason::WrongType(error.wants), [&error.path]);
    let Decoded { object, unknown } = decoded.map_err(refused)?;
    Ok(Patched { object, unknown, shown })
}

/// Applies a patch as kubectl does by itself: nothing is decoded or defaulted, and nothing is refused for what it means.
/// Models k8s.io/kubectl/pkg/cmd/patch getPatchedJSON.
pub fn apply_locally(ty: &'static StructType, how: PatchType, object: &Value, patch: &Value) -> Result<Value, PatchError> {
    match (how, patch) {
        (PatchType::Strategic, Value::Map(_)) => Ok(strategic::apply(ty, object, patch)?.0),
        (PatchType::Strategic, Value::Null) => Ok(object.clone()),
        (PatchType::Strategic, _) => PatchError::other("invalid JSON document"),
        (PatchType::Merge, Value::Map(_)) => merge(object, patch),
        // A list takes the object's place.
        (PatchType::Merge, Value::List(_)) => Ok(patch.clone()),
        (PatchType::Merge, _) => PatchError::other("Invalid JSON Patch"),
        (PatchType::Json, _) => json_patch::apply(object, patch, Reader::Kubectl),
    }
}

fn decoded_from_json(
    ty: &StructType,
    before: &Value,
    patched: &Value,
    release: &Release,
) -> Result<(Result<Decoded, TypeError>, String), Status> {
    let shown = patched.to_json();
    match type_meta::check(before, patched) {
        Ok(()) => Ok((decode_with_empty(ty, patched, release), shown)),
        Err(Misread::Foreign(words)) => Err(invalid_patch(&shown, &words)),
        Err(Misread::Nameless(status, unknown)) => {
            let warnings: Vec<String> = unknown.iter().map(unknown_field_words).collect();
            Err(Status { warnings: warnings.into(), ..*status })
        }
    }
}

/// `The request is invalid: patch: Invalid value: "…": WORDS`.
fn invalid_patch(shown: &str, words: &str) -> Status {
    let cause = FieldError::new(FieldPath::of("patch"), Fault::Invalid(Value::from(shown)), words);
    Status { about: (Rc::from(""), Rc::from("")), ..Status::invalid("", "", vec![cause]) }
}

fn check_depth(value: &Value) -> Result<(), PatchError> {
    fn fits(value: &Value, depth: usize) -> bool {
        match value {
            _ if depth == 0 => false,
            Value::List(items) => items.iter().all(|item| fits(item, depth - 1)),
            Value::Map(map) => map.iter().all(|(_, item)| fits(item, depth - 1)),
            _ => true,
        }
    }
    if fits(value, MAX_DEPTH) { Ok(()) } else { Err(PatchError::Malformed("exceeded max depth".to_owned())) }
}
