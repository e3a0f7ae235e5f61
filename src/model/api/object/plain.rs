//! Objects without a type of their own: metadata, and everything else as a value.

use super::frame::{body, with_header};
use super::meta::Meta;
use crate::kind::Kind;
use base::value::Value;

/// An object whose content is kept as a value: what nothing acts on, and what one controller reads by its fields' names.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Plain {
    pub kind: Kind,
    pub meta: Meta,
    /// Everything else.
    pub raw: Value,
}

impl Plain {
    /// Decodes an object of any kind.
    pub fn decode(kind: Kind, object: &Value) -> Self {
        Plain { kind, meta: Meta::decode(object), raw: body(object) }
    }

    /// As the API server shows it.
    pub fn encode(&self) -> Value {
        let mut shown = with_header(self.kind, &self.meta, &self.raw);
        if self.kind == Kind::Namespace {
            // A namespace has no grace period, not even 0.
            shown.remove(&["metadata", "deletionGracePeriodSeconds"]);
        }
        shown
    }
}
