//! What a `get` asks for.

use crate::manifests;
use kubectl::call::Call;
use kubectl::failure::Failure;
use kubectl::resources::Asked;
use kubectl::session::Session;

/// What is asked for.
pub(super) struct Request<'a> {
    pub(super) call: &'a Call,
    /// Types and names; nothing beside files, which refuse both where they are read.
    pub(super) asked: Asked,
    /// The subresource.
    pub(super) part: Option<&'a str>,
}

impl<'a> Request<'a> {
    pub(super) fn of(call: &'a Call, session: &mut Session) -> Result<Self, Failure> {
        let asked = if manifests::are_given(call) {
            Asked::default()
        } else {
            session.warn_of_short_names(&call.args);
            Asked::read(&call.args, session.client)?
        };
        let part = call.flags.text("subresource").filter(|part| !part.is_empty());
        Ok(Request { call, asked, part })
    }

    /// Whether it is for exactly one object.
    pub(super) fn is_single(&self, session: &Session) -> bool {
        if manifests::are_given(self.call) { manifests::is_one(self.call, session) } else { self.asked.named().len() == 1 }
    }
}
