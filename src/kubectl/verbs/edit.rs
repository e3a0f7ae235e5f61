//! `edit`: an object as text, and applying the edited text.
//!
//! Models k8s.io/kubectl/pkg/cmd/util/editor/editoptions.go. The editor is elsewhere: the job offers a text and waits until the edited
//! one is handed back ([`crate::kubectl::Job::wants_edit`], [`crate::kubectl::Job::edited`]).

use std::fmt::Write;

use crate::api::client::{PatchType, Subresource};
use crate::api::patch::two_way;
use crate::api::status::StatusReason;
use crate::base::value::Value;
use crate::kubectl::commands::Call;
use crate::kubectl::failure::Failure;
use crate::kubectl::job::Step;
use crate::kubectl::session::Session;
use crate::kubectl::targets::{self, Lookup, Target};
use crate::kubectl::verbs::Work;
use crate::yaml;

const HEADER: &str = "# Please edit the object below. Lines beginning with a '#' will be ignored,\n# and an empty file will abort the \
                      edit. If an error occurs while saving this file will be\n# reopened with the relevant failures.\n#\n";

/// The path at which a real kubectl would leave a text that could not be saved.
const COPY: &str = "/tmp/kubectl-edit.yaml";

/// Runs the command.
pub fn edit(call: &Call, session: &mut Session) -> Result<Step, Failure> {
    if call.flags.given("output") || call.flags.given("subresource") {
        return Err(Failure::NotSimulated("`kubectl edit` with --output or --subresource".to_owned()));
    }
    let mut targets = targets::find(call, &call.args, session, Lookup { type_means_all: true, names_only: false })?;
    if targets.len() > 1 {
        return Err(Failure::NotSimulated("`kubectl edit` of several objects at once".to_owned()));
    }
    let Some(target) = targets.pop().transpose()? else {
        return Err(Failure::client("edit cancelled, no objects found"));
    };
    let text = format!("{HEADER}{}", yaml::print(&target.object));
    Ok(Step::Wait(Work::Edit(Box::new(Edit { target, text, saved: None, refused: None })), None))
}

/// An edit in progress.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    target: Target,
    /// The text in the editor.
    text: String,
    /// The text handed back from it.
    saved: Option<String>,
    /// The last refused text, without comments.
    refused: Option<String>,
}

impl Edit {
    /// The text for the editor, unless an edited one has been handed back.
    pub fn text(&self) -> Option<&str> {
        self.saved.is_none().then_some(&self.text)
    }

    /// Takes the edited text.
    pub fn save(&mut self, text: &str) {
        self.saved = Some(text.to_owned());
    }

    /// Applies the edited text.
    pub fn go_on(mut self: Box<Self>, session: &mut Session) -> Result<Step, Failure> {
        let Some(saved) = self.saved.take() else { return Ok(Step::Wait(Work::Edit(self), None)) };
        let plain: String = saved.split_inclusive('\n').filter(|l| !l.trim_start().starts_with('#')).collect();
        if plain.trim().is_empty() {
            return Err(Failure::client("Edit cancelled, saved file was empty."));
        }
        if self.refused.as_ref() == Some(&plain) {
            session.output.err(format!("A copy of your changes has been stored to {COPY:?}"));
            return Err(Failure::client("Edit cancelled, no valid changes were saved."));
        }
        let document = yaml::parse(&plain).into_iter().find(|d| !d.is_empty()).unwrap_or_default();
        let changed = match (document.error(), &document.value) {
            (None, Some(value)) if value.as_map().is_some() => value.clone(),
            (problem, _) => {
                let why = problem.map(|p| p.problem.to_string()).unwrap_or_default();
                return Ok(self.again(&plain, &format!("The edited file had a syntax error: {why}\n")));
            }
        };
        if changed == self.target.object {
            session.output.err("Edit cancelled, no changes made.");
            return Ok(Step::Done);
        }
        match self.send(session, &changed) {
            Ok(()) => Ok(Step::Done),
            Err(Failure::Server(status)) if status.reason == StatusReason::Invalid => {
                let mut words = format!("{} {:?} was not valid:\n", self.target.kind.resource(), self.target.name);
                for cause in &status.causes {
                    let _ = writeln!(words, "* {cause}");
                }
                Ok(self.again(&plain, &words))
            }
            Err(failure) => Err(failure),
        }
    }

    fn send(&self, session: &mut Session, changed: &Value) -> Result<(), Failure> {
        let Target { kind, namespace, name, object, .. } = &self.target;
        let patch = two_way(*kind, object, changed).map_err(|error| Failure::client(error.message().to_owned()))?;
        let written = session.client.patch(*kind, namespace, name, PatchType::Strategic, &patch, Subresource::None, false)?;
        session.warn_all(&written);
        session.output.line(format!("{} edited", self.target.resource_name()));
        Ok(())
    }

    /// Reopens the editor with the errors above the text.
    fn again(mut self: Box<Self>, plain: &str, words: &str) -> Step {
        let remarks = words.trim_end().replace('\n', "\n# ");
        self.text = format!("{HEADER}# {remarks}\n#\n{plain}");
        self.refused = Some(plain.to_owned());
        Step::Wait(Work::Edit(self), None)
    }
}
