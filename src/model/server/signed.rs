//! What a client says with a write about who manages which field.

use std::rc::Rc;

use api::managed::{Entry, Writer};
use base::value::Value;

/// What a client's write says about managers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Signed {
    /// Who wrote, and what was sent, after defaulting.
    Sent(Writer, Value),
    /// The managers from here on, and whether they differ from those before, even if the object stays the same.
    Managers(Rc<Vec<Entry>>, bool),
}
