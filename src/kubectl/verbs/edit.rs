//! `edit`, where no editor opens: what it finds comes back as it is.
//!
//! Models k8s.io/kubectl/pkg/cmd/util/editor/editoptions.go.

use crate::base::note::Note;
use crate::kubectl::commands::Call;
use crate::kubectl::failure::Failure;
use crate::kubectl::job::Step;
use crate::kubectl::resources::Asked;
use crate::kubectl::session::Session;
use crate::kubectl::targets::{self, Lookup};
use crate::kubectl::verbs::patch::has_part;

/// Runs the command.
pub fn edit(call: &Call, session: &mut Session) -> Result<Step, Failure> {
    if call.flags.given("output") {
        return Err(Failure::not_simulated_with("edit", "--output"));
    }
    if let Some(part) = call.flags.text("subresource").filter(|part| !part.is_empty()) {
        let asked = Asked::read(&call.args)?;
        if asked.kinds.iter().chain(asked.pairs.iter().map(|(kind, _)| kind)).any(|kind| !has_part(*kind, part)) {
            return Err(Failure::no_such_resource());
        }
    }
    let mut targets = targets::find(call, &call.args, session, Lookup { type_means_all: true, ..Lookup::default() })?;
    if targets.len() > 1 {
        return Err(Failure::NotSimulated(Note::Several("edit".to_owned())));
    }
    if targets.pop().transpose()?.is_none() {
        return Err(Failure::client("edit cancelled, no objects found"));
    }
    if session.around.terminal {
        session.output.note(Note::NoEditor);
    }
    session.output.err("Edit cancelled, no changes made.");
    Ok(Step::Done)
}
