//! Patches: made by kubectl, applied by the API server.
//!
//! Promises: everything is a function of values; nothing panics; refusals are in the server's words.
//! Must not know: the store, defaults, validity.
//! Not modelled: what goes wrong only through a broken patch body, such as lists with nulls in them, is refused with words of
//! the same family, not always the same.

mod diff;
mod directive;
mod json_patch;
mod lists;
mod lookup;
mod merge;
mod strategic;
mod text;
mod typed;
mod unstructured;

use std::rc::Rc;

use crate::api::client::PatchType;
use crate::api::decode::{Decoded, TypeError, decode_with_empty, strict_words};
use crate::api::kind::Kind;
use crate::api::release::Release;
use crate::api::status::{Fault, FieldError, FieldPath, Status, StatusReason};
use crate::base::value::Value;

pub use diff::{three_way, two_way};
pub use merge::merge;
pub use text::go_text;
pub use typed::check as check_applied;

/// How deeply patches and what they are applied to may be nested.
const MOST_DEPTH: usize = 200;

/// Why a patch cannot be made or applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PatchError {
    /// The patch is malformed: 400.
    Malformed(String),
    /// The patch cannot be applied to this object: 422 without the reason, as the server answers it.
    Inapplicable(String),
    /// Anything else; the server answers with these words and no reason.
    Other(String),
}

impl PatchError {
    /// Its words.
    pub fn message(&self) -> &str {
        match self {
            PatchError::Malformed(words) | PatchError::Inapplicable(words) | PatchError::Other(words) => words,
        }
    }

    fn other<T>(words: impl Into<String>) -> Result<T, Self> {
        Err(PatchError::Other(words.into()))
    }
}

impl From<PatchError> for Status {
    fn from(error: PatchError) -> Self {
        match error {
            PatchError::Malformed(words) => Status::bad_request(words),
            PatchError::Inapplicable(_) => {
                let message = "the server rejected our request due to an error in our request".to_owned();
                Status { reason: StatusReason::Invalid, ..Status::bad_request(message) }
            }
            PatchError::Other(words) => Status { reason: StatusReason::Unknown, ..Status::bad_request(words) },
        }
    }
}

/// An object with a patch applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Patched {
    /// What the structs keep of it.
    pub object: Value,
    /// Fields in it that do not exist: remarks for `kubectl patch`, a refusal for `kubectl apply`.
    pub unknown: Vec<FieldPath>,
    shown: String,
}

impl Patched {
    /// The object, or the refusal of a request that asks for strictness.
    pub fn strict(self) -> Result<Value, Status> {
        match self.unknown.as_slice() {
            [] => Ok(self.object),
            unknown => Err(invalid_patch(&self.shown, &strict_words(unknown))),
        }
    }
}

/// Applies a patch to an object as the server does: patches, then decodes. Models apiserver pkg/endpoints/handlers/patch.go.
pub fn apply(kind: Kind, how: PatchType, object: &Value, patch: &Value, release: &Release) -> Result<Patched, Status> {
    check_depth(object)?;
    check_depth(patch)?;
    let (decoded, shown) = match how {
        PatchType::Strategic => {
            let (patched, rest) = strategic::apply(kind, object, patch)?;
            // What is shown is what the merge has left of the patch.
            (unstructured::decode_patched(kind, &patched, release), go_text(&rest))
        }
        PatchType::Merge => decoded_from_json(kind, &merge(object, patch)?, release),
        PatchType::Json => decoded_from_json(kind, &json_patch::apply(object, patch)?, release),
    };
    let Decoded { object, unknown } = decoded.map_err(|error| {
        let status = invalid_patch(&shown, &error.message);
        let place = FieldError::new(error.path, Fault::Internal, error.message);
        Status { causes: status.causes.into_iter().chain([place]).take(1).collect(), ..status }
    })?;
    Ok(Patched { object, unknown, shown })
}

fn decoded_from_json(kind: Kind, patched: &Value, release: &Release) -> (Result<Decoded, TypeError>, String) {
    (decode_with_empty(kind, patched, release), patched.to_json())
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
    if fits(value, MOST_DEPTH) { Ok(()) } else { Err(PatchError::Malformed("exceeded max depth".to_owned())) }
}

#[cfg(test)]
mod tests;
