//! `edit`: live objects go into an editor, and what is changed of them there is sent as a patch.
//!
//! Models k8s.io/kubectl/pkg/cmd/util/editor/editoptions.go and editor.go. The editor is brought by whoever runs the command: it
//! shows [`Editing::text`] or runs [`Editing::program`], and tells [`Editing::closed`] what the file holds then. Where nobody can
//! type, an editor that somebody would type into leaves the file as it is.
//! Not modelled: `--output`, and with it a file in JSON.

pub(crate) mod opened;

use crate::applied::remembering;
use crate::manifest::Manifest;
use crate::manifests::{self, Lenience};
use crate::patch::has_part;
use crate::print::format::list_of;
use crate::record::record;
use crate::targets::{self, Lookup};
use crate::work::{Step, Work};
use crate::write::Report;
use api::client::{Patch, Subresource, WriteOptions};
use api::patch::two_way;
use api::status::StatusReason;
use api::view;
use base::dice::mix;
use base::hash::random_suffix;
use base::quoted::in_one_line;
use base::value::{Map, Value};
use kubectl::call::Call;
use kubectl::editing::Editing;
use kubectl::failure::Failure;
use kubectl::resources::Asked;
use kubectl::session::Session;
use kubectl::target::Target;
use opened::Opened;

/// What stands above the objects.
const HEADER: &str = "# Please edit the object below. Lines beginning with a '#' will be ignored,\n# and an empty file will abort the edit. \
                      If an error occurs while saving this file will be\n# reopened with the relevant failures.\n#\n";
/// The words of the one part that can be edited.
const STATUS: &str = "status";
/// Editors that somebody types into, by the names of their programs; that of a machine which names none is the first.
const TYPED_INTO: &str = "vi vim nvim nano pico emacs code codium subl gedit kate micro hx helix joe mcedit notepad";

/// Runs the command.
pub fn edit(call: &Call, session: &mut Session) -> Result<Step, Failure> {
    if call.flags.given("output") {
        return Err(Failure::not_simulated_with("edit", "--output"));
    }
    if let Some(part) = call.flags.text("subresource").filter(|part| !part.is_empty()) {
        let asked = Asked::read(&call.args, session.client)?;
        if asked.kinds.iter().chain(asked.pairs.iter().map(|(kind, _)| kind)).any(|kind| !has_part(*kind, part)) {
            return Err(Failure::no_such_resource());
        }
        Failure::client_if(part != STATUS, format!("invalid subresource value: {part:?}. Must be one of [{STATUS}]"))?;
    }
    let targets = targets::find_all(call, &call.args, session, Lookup { type_means_all: true, ..Lookup::default() })?;
    Failure::client_if(targets.is_empty(), "edit cancelled, no objects found")?;
    let objects: Vec<Value> = targets.iter().map(|target| target.object.clone()).collect();
    let original = match objects.as_slice() {
        [one] => yaml::print(one),
        many => {
            let mut list = list_of(many);
            list.set(&["metadata"], Value::map());
            yaml::print(&list)
        }
    };
    let named = |target: &Target| format!("{} {}", target.kind.info().singular, target.name);
    let title = targets.iter().map(named).collect::<Vec<_>>().join(", ");
    let editing = Editing { title, text: HEADER.to_owned() + &original, ..Editing::default() };
    let mut opened = Opened { editing, targets, original, is_again: false };
    opened.name_file(session);
    let program = session.around.editor.split(' ').next().unwrap_or_default().rsplit('/').next().unwrap_or_default();
    let is_typed_into = program.is_empty() || TYPED_INTO.split(' ').any(|known| known == program);
    opened.editing.program = Some(session.around.editor.clone()).filter(|_| !is_typed_into);
    if is_typed_into && !session.around.terminal {
        opened.editing.closed = Some(Ok(opened.editing.text.clone()));
    }
    opened.go_on(call, session)
}

/// Why what was saved has to be edited again: a sentence, and what there is to list under it.
type Reason = (String, Vec<String>);

impl Opened {
    /// Goes on once the editor is closed. Models EditOptions Run.
    pub fn go_on(mut self, call: &Call, session: &mut Session) -> Result<Step, Failure> {
        let Some(closed) = self.editing.closed.take() else { return Ok(Step::Wait(Work::Edit(Box::new(self)), None)) };
        let text = match closed {
            Ok(text) => text,
            Err(why) => return Err(if self.is_again { self.kept(&self.editing.text, why, session) } else { Failure::client(why) }),
        };
        if self.is_again && content(&text) == content(&self.editing.text) {
            return Err(self.kept(&text, "Edit cancelled, no valid changes were saved.".to_owned(), session));
        }
        let (resource, name) = (self.targets[0].kind.resource(), self.targets[0].name.clone());
        let lenience = Lenience::of(call)?;
        let wrong = if lenience == Lenience::Ignore { None } else { wrong_shape(&text) };
        let reasons = if let Some(why) = wrong {
            session.output.err(format!("error: {resource} {name:?} is invalid"));
            let why = format!("<nil>: Invalid value: \"The edited file failed validation\": {why}");
            vec![(was_not_valid(&resource, &name), vec![why])]
        } else if content(&text) == content(&self.original) {
            session.output.err("Edit cancelled, no changes made.");
            return Ok(Step::Done);
        } else if bare(&text).trim().is_empty() {
            session.output.err("Edit cancelled, saved file was empty.");
            return Ok(Step::Done);
        } else {
            let read: Result<Vec<Manifest>, Failure> = manifests::read_edited(&text, call, session).into_iter().collect();
            match read {
                Err(failure) => vec![(format!("The edited file had a syntax error: {}", failure.words()), Vec::new())],
                Ok(manifests) => self.send_all(manifests, &text, call, session)?,
            }
        };
        if reasons.is_empty() {
            return Ok(Step::Done);
        }
        self.editing.text = HEADER.to_owned() + &reasons.iter().map(commented).collect::<String>() + &bare(&text);
        self.is_again = true;
        self.name_file(session);
        self.go_on(call, session)
    }

    /// Names the file as each one that an editor opens.
    fn name_file(&mut self, session: &Session) {
        let roll = mix(session.now().0 ^ self.editing.text.len() as u64);
        self.editing.path = format!("/tmp/kubectl-edit-{}.yaml", random_suffix(roll));
    }

    /// Keeps the file of an edit that ends in vain. Models preservedFile.
    fn kept(&self, text: &str, why: String, session: &mut Session) -> Failure {
        session.around.write(&self.editing.path, text);
        session.output.err(format!("A copy of your changes has been stored to {:?}", self.editing.path));
        Failure::client(why)
    }

    /// Sends what was changed of each object; why some are to be edited again. Models visitToPatch.
    fn send_all(&self, manifests: Vec<Manifest>, text: &str, call: &Call, session: &mut Session) -> Result<Vec<Reason>, Failure> {
        let report = Report::of(call)?;
        let namespace = session.namespace(call);
        let strayed = |manifest: &&Manifest| manifest.kind.is_namespaced() && manifest.namespace != namespace;
        if let Some(Manifest { namespace: own, .. }) = manifests.iter().find(strayed) {
            return Err(self.kept(text, manifests::other_namespace(own, &namespace), session));
        }
        let (mut reasons, mut again, mut gone) = (Vec::new(), false, false);
        for mut manifest in manifests {
            if call.flags.on("save-config") {
                manifest.object = remembering(&manifest.object);
            }
            record(call, &mut manifest.object);
            let Manifest { kind, name, .. } = &manifest;
            let (resource, resource_name) = (kind.resource(), format!("{}/{name}", kind.qualified_singular()));
            let patch = match self.patch_of(&manifest) {
                Ok(patch) => patch,
                Err(why) => return Err(self.kept(text, why, session)),
            };
            if patch.as_map().is_some_and(Map::is_empty) {
                report.say_done(session, &resource_name, "skipped", &manifest.object)?;
                continue;
            }
            let part = if call.flags.text("subresource") == Some(STATUS) { Subresource::Status } else { Subresource::None };
            let options = WriteOptions { strict: Lenience::of(call)? == Lenience::Strict, ..report.options.clone() };
            match session.client.patch(*kind, &manifest.namespace, name, Patch::strategic(&patch), part, &options) {
                Ok(written) => {
                    session.warn_all(&written);
                    report.say_done(session, &resource_name, "edited", &written.object)?;
                }
                Err(status) => {
                    status.warnings.iter().for_each(|warning| session.output.warn(warning));
                    let outcome = match status.reason {
                        StatusReason::Invalid => {
                            let causes = status.causes.iter().map(ToString::to_string).collect();
                            reasons.push((was_not_valid(&resource, name), causes));
                            "is invalid".to_owned()
                        }
                        StatusReason::NotFound => {
                            gone = true;
                            "could not be found on the server".to_owned()
                        }
                        _ => {
                            again = true;
                            format!("could not be patched: {status}")
                        }
                    };
                    session.output.err(format!("error: {resource} {name:?} {outcome}"));
                }
            }
        }
        if !again && !gone {
            return Ok(reasons);
        }
        session.around.write(&self.editing.path, text);
        session.output.err(if again {
            format!("You can run `kubectl replace -f {}` to try this update again.", self.editing.path)
        } else {
            format!("The edits you made on deleted resources have been saved to {:?}", self.editing.path)
        });
        Err(Failure::Exit(1))
    }

    /// The patch that makes an object as it was edited.
    fn patch_of(&self, edited: &Manifest) -> Result<Value, String> {
        let Some(original) = self.targets.iter().find(|target| view::uid(&target.object) == view::uid(&edited.object)) else {
            return Err(format!("no original object found for {}", edited.object.to_json()));
        };
        if (original.kind, original.name.as_str()) != (edited.kind, edited.name.as_str()) {
            return Err("At least one of apiVersion, kind and name was changed".to_owned());
        }
        two_way(edited.kind, &original.object, &edited.object).map_err(|error| error.to_string())
    }
}

fn was_not_valid(resource: &str, name: &str) -> String {
    format!("{resource} {name:?} was not valid")
}

/// A reason as it stands above the objects. Models editHeader writeTo.
fn commented((head, listed): &Reason) -> String {
    let on_each = |text: &str| text.replace('\n', "\n# ");
    let colon = if listed.is_empty() { "" } else { ":" };
    let lines = listed.iter().map(|one| format!("* {}", on_each(one)));
    let lines: Vec<String> = [on_each(head) + colon].into_iter().chain(lines).collect();
    format!("# {}\n#\n", lines.join("\n# "))
}

/// A text without the lines that are comments. Models cmdutil ManualStrip.
fn bare(text: &str) -> String {
    let is_comment = |line: &&str| line.trim().starts_with('#') && !line.trim().starts_with("#!");
    text.split_inclusive('\n').filter(|line| !is_comment(line)).collect()
}

/// What a text says, or the text itself where it is no YAML. Models cmdutil StripComments.
fn content(text: &str) -> Result<Value, String> {
    let document = yaml::parse(text).into_iter().next().unwrap_or_default();
    if document.error().is_some() { Err(bare(text)) } else { Ok(document.value.unwrap_or_default()) }
}

/// Why kubectl does not take a text for an object. Models validation/schema.go paramVerifyingSchema, which reads it without comments.
fn wrong_shape(text: &str) -> Option<String> {
    match content(text) {
        Ok(value) => {
            let wrong = manifests::wrong_shape(&value);
            (!wrong.is_empty()).then(|| in_one_line(wrong.into_iter().map(|error| error.words)))
        }
        Err(bare) => {
            let document = yaml::parse(&bare).into_iter().next().unwrap_or_default();
            document.error().map(|found| found.problem.words())
        }
    }
}
