//! Why a patch cannot be made or applied, and how the server refuses it.

use std::fmt;

use crate::status::{Status, StatusReason};

/// How the library calls what is not there.
pub(super) const MISSING: &str = "missing value";

/// Why a patch cannot be made or applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PatchError {
    /// The patch is malformed: answered with 400.
    Malformed(String),
    /// The patch cannot be applied to this object: answered with 422 and, as upstream, no reason.
    Inapplicable(String),
    /// The same, since a list has no item at this path.
    MissingKey(String),
    /// Any other error, answered with this message and no reason.
    Other(String),
}

impl fmt::Display for PatchError {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            PatchError::Malformed(words) | PatchError::Inapplicable(words) | PatchError::Other(words) => f.write_str(words),
            PatchError::MissingKey(path) => write!(f, "replace operation does not apply: doc is missing key: {path}: {MISSING}"),
        }
    }
}

impl PatchError {
    pub(super) fn other<T>(words: impl Into<String>) -> Result<T, Self> {
        Err(PatchError::Other(words.into()))
    }
}

impl From<PatchError> for Status {
    fn from(error: PatchError) -> Self {
        match error {
            PatchError::Malformed(words) => Status::bad_request(words),
            PatchError::Inapplicable(_) | PatchError::MissingKey(_) => {
                let message = "the server rejected our request due to an error in our request".to_owned();
                Status { reason: StatusReason::Invalid, ..Status::bad_request(message) }
            }
            PatchError::Other(words) => Status { reason: StatusReason::Unknown, ..Status::bad_request(words) },
        }
    }
}
