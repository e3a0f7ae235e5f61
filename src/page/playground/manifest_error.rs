//! What kubectl could not do with a manifest, one complaint for each thing that is amiss.
//!
//! Promises: which field is wrong, and why, comes from the failure and never from its words, in which the user's own may stand.

use crate::spelling::plainly;
use api::decode::unknown_field_words;
use api::kind::Kind;
use api::status::{Fault, FieldError, Misfit, MisfitReason, Status, StatusReason};
use base::field_path::{FieldPath, Step};
use base::value::{Map, Value};
use kubectl::failure::{Failure, causes_told, head_of_invalid};
use kubectl::output::{Output, Stream};
use std::rc::Rc;
use yaml::Document;

/// What is the matter with a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cause {
    /// Its value is not valid.
    Invalid(FieldError),
    /// It does not fit.
    Misfit(Misfit),
    /// kubectl cannot decode it.
    Undecodable(FieldPath),
    /// It is the name, which is missing.
    Unnamed,
}

/// One thing that kubectl could not do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ManifestError {
    /// What it prints of this.
    pub words: String,
    /// All that it prints of the object.
    pub whole: Rc<str>,
    /// Which of the objects of the text it is about.
    pub at: usize,
    /// The server's answer; nothing where kubectl refuses by itself.
    pub status: Option<Status>,
    /// What is said of a field.
    pub cause: Option<Cause>,
    /// Whether kubectl reads the file no further.
    pub ends_the_file: bool,
}

impl ManifestError {
    /// Everything that a failure complains about.
    pub fn all(failure: &Failure) -> Vec<ManifestError> {
        match failure {
            Failure::Many(all) => all.iter().flat_map(|one| ManifestError::of(one, one.words(), &one.words())).collect(),
            one => {
                let mut output = Output::default();
                one.print(&mut output);
                let words = output.text(Stream::Err).trim_end().to_owned();
                let first = match one.itself() {
                    Failure::Server(status) if status.reason == StatusReason::Invalid => first_of_invalid(status),
                    _ => None,
                };
                ManifestError::of(one, first.unwrap_or_else(|| words.clone()), &words)
            }
        }
    }

    /// What a failure complains about, beginning with these words; `whole`: all that is printed of it.
    fn of(failure: &Failure, first: String, whole: &str) -> Vec<ManifestError> {
        let failure_at = if let Failure::Of(at, _) = failure { *at } else { 0 };
        let misfit = |misfit: &Misfit| Some(Cause::Misfit(misfit.clone()));
        let mut told: Vec<(usize, String, Option<Cause>)> = match failure.itself() {
            Failure::NotSimulated(_) | Failure::Exit(_) => return Vec::new(),
            Failure::Server(status) if !status.misfits.is_empty() => {
                status.misfits.iter().map(|one| (failure_at, unknown_field_words(&one.path), misfit(one))).collect()
            }
            Failure::Server(status) => {
                let invalid = |error: &FieldError| (failure_at, format!("* {error}"), Some(Cause::Invalid(error.clone())));
                causes_told(status).into_iter().map(invalid).collect()
            }
            Failure::WrongShape(_, item, wrong) => {
                wrong.iter().take(1).map(|error| (*item, error.words.clone(), misfit(&error.misfit))).collect()
            }
            Failure::Undecodable(_, field, _) => vec![(failure_at, String::new(), Some(Cause::Undecodable(field.clone())))],
            Failure::Unnamed(_) => vec![(failure_at, String::new(), Some(Cause::Unnamed))],
            _ => Vec::new(),
        };
        if told.is_empty() {
            told.push((failure_at, String::new(), None));
        }
        told[0].1 = first;
        let ends_the_file = matches!(failure.itself(), Failure::Unreadable(..) | Failure::WrongShape(..));
        let status = if let Failure::Server(status) = failure.itself() { Some(status) } else { None };
        let whole: Rc<str> = whole.into();
        let made = |(at, words, cause)| {
            let whole = Rc::clone(&whole);
            ManifestError { words, whole, at, status: status.cloned(), cause, ends_the_file }
        };
        told.into_iter().map(made).collect()
    }

    /// Whether it only follows from others about the same object: whoever mends them mends it.
    pub fn follows<'a>(&self, object: &Document, beside: impl Iterator<Item = &'a ManifestError>) -> bool {
        let Some(error) = self.error() else { return false };
        let lacks = |other: &FieldError, field: &FieldPath| other.fault == Fault::Required && other.path == *field;
        let beside = &mut beside.filter_map(|other| Some((other, other.error()?)));
        match error.fault.itself() {
            // Without a selector, none matches.
            Fault::NotSelected(_) => beside.any(|(_, other)| lacks(other, &FieldPath::of("spec.selector"))),
            Fault::Required => beside.take_while(|(other, _)| !std::ptr::eq(*other, self)).any(|(_, other)| lacks(other, &error.path)),
            // What is mounted is there, and was refused itself.
            Fault::NotFound(Value::Text(name)) => is_mount(&error.path) && is_nearly_there(object, name),
            _ => false,
        }
    }

    /// The namespace that does not exist, if that is what it is about.
    pub fn missing_namespace(&self) -> Option<&str> {
        let status = self.status.as_ref()?;
        (status.reason == StatusReason::NotFound && *status.about.0 == *"namespaces").then_some(&*status.about.1)
    }

    /// Why a field does not fit, if that is what it is about.
    pub fn misfit(&self) -> Option<MisfitReason> {
        if let Some(Cause::Misfit(misfit)) = &self.cause { Some(misfit.reason) } else { None }
    }

    /// The error in a field, if that is what it is about.
    pub fn error(&self) -> Option<&FieldError> {
        if let Some(Cause::Invalid(error)) = &self.cause { Some(error) } else { None }
    }

    /// Whether it is about a field that is missing.
    pub fn is_of_missing_field(&self) -> bool {
        self.error().is_some_and(|error| error.fault == Fault::Required)
    }

    /// Whether it is about a field that keeps its value for as long as the object is there.
    pub fn is_of_fixed_field(&self) -> bool {
        self.error().is_some_and(|error| error.fixed)
    }

    /// Whether it is about a value that a field cannot have.
    pub fn is_of_unfit_value(&self) -> bool {
        use Fault::{Invalid, Neither, NotSupported};
        let is_unfit = |fault: &Fault| matches!(fault, Invalid(_) | NotSupported(..) | Neither(..));
        self.error().is_some_and(|error| is_unfit(error.fault.itself()))
    }

    /// The field of a document that it is about.
    pub fn field(&self, document: &Document) -> Option<FieldPath> {
        let path = match self.cause.as_ref()? {
            Cause::Misfit(misfit) if !misfit.path.0.is_empty() => &misfit.path,
            Cause::Invalid(error) if begins_in(document, &error.path) => return Some(as_chosen(document, error)),
            _ => return None,
        };
        Some(as_written(document, path.clone()))
    }
}

/// What is printed of the first of several errors in an object.
fn first_of_invalid(status: &Status) -> Option<String> {
    match causes_told(status).as_slice() {
        [first, _, ..] => Some(format!("{}: \n* {first}", head_of_invalid(status))),
        _ => None,
    }
}

/// The field that the server filled a list in from: `spec.clusterIP`, where it complains about `spec.clusterIPs[0]`.
fn as_written(document: &Document, path: FieldPath) -> FieldPath {
    let [above @ .., Step::Field(list), Step::Index(0)] = &*path.0 else { return path };
    let Some(one) = list.strip_suffix('s').filter(|_| !document.find(&path).exact) else { return path };
    let single = FieldPath(above.to_vec()).field(one);
    if document.find(&single).exact { single } else { path }
}

/// The field that an error is about, as the document has it. Of a struct that is of none of its kinds, it is the kind.
fn as_chosen(document: &Document, error: &FieldError) -> FieldPath {
    let path = as_written(document, of_claim(document, &error.path).unwrap_or_else(|| error.path.clone()));
    let kind = path.clone().field("type");
    let is_choice = matches!(error.fault.itself(), Fault::NotSupported(..) | Fault::Neither(..));
    if is_choice && document.find(&kind).exact { kind } else { path }
}

/// The field of a claim or a volume that the server complains about as that of a set's volume. It puts the claims before the volumes.
fn of_claim(document: &Document, path: &FieldPath) -> Option<FieldPath> {
    let set = document.value.as_ref().filter(|object| Kind::claimed(object) == Some(Kind::StatefulSet))?;
    let claims = set.list_at(&["spec", "volumeClaimTemplates"]).len();
    let volumes = FieldPath::of("spec.template.spec.volumes");
    let [Step::Index(at), rest @ ..] = path.0.strip_prefix(&*volumes.0)? else { return None };
    Some(match at.checked_sub(claims) {
        None => FieldPath::of("spec.volumeClaimTemplates").index(*at).field("metadata").field("name"),
        Some(own) => FieldPath([&volumes.index(own).0, rest].concat()),
    })
}

/// Whether an object has a volume by a name, or one whose own name only lacks small letters and hyphens to be that.
fn is_nearly_there(object: &Document, name: &str) -> bool {
    let Some(object) = &object.value else { return false };
    let volumes = object.list_at(&["spec", "template", "spec", "volumes"]).iter().filter_map(|volume| volume.text_at(&["name"]));
    let claims = object.list_at(&["spec", "volumeClaimTemplates"]).iter().filter_map(|claim| claim.text_at(&["metadata", "name"]));
    let is_meant = |own: &str| own != name && plainly(own) == name;
    volumes.clone().any(|own| own == name) || volumes.chain(claims).any(is_meant)
}

/// Whether a path is that of the name of a volume that is mounted.
pub(super) fn is_mount(path: &FieldPath) -> bool {
    path.0.iter().any(|step| matches!(step, Step::Field(name) if **name == *"volumeMounts"))
}

/// Whether a path begins with a key of a document.
fn begins_in(document: &Document, path: &FieldPath) -> bool {
    let mut keys = document.value.iter().filter_map(Value::as_map).flat_map(Map::iter).map(|(key, _)| &**key);
    matches!(path.0.first(), Some(Step::Field(first)) if keys.any(|key| *key == **first))
}
