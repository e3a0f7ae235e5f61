//! What kubectl could not do with a manifest, one complaint for each thing that is amiss.
//!
//! Promises: which field is wrong, and why, comes from the failure and never from its words, in which the user's own may stand.

use api::decode::unknown_field_words;
use api::status::{Fault, FieldError, Misfit, MisfitReason, Status, StatusReason};
use api::validate::SELECTOR_MISMATCH;
use base::field_path::{FieldPath, Step};
use base::value::{Map, Value};
use kubectl::failure::{Failure, causes_told, head_of_invalid};
use kubectl::list_schema::{ShapeError, ShapeFault};
use kubectl::output::{Output, Stream};
use yaml::Document;

/// What is the matter with a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cause {
    /// Its value is not valid.
    Invalid(FieldError),
    /// It does not fit.
    Misfit(Misfit),
    /// kubectl does not take it for what an object has.
    Shape(ShapeError),
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
            Failure::Many(all) => all.iter().flat_map(|one| ManifestError::of(one, one.words())).collect(),
            one => {
                let mut output = Output::default();
                one.print(&mut output);
                let words = output.text(Stream::Err).trim_end().to_owned();
                let first = match one.itself() {
                    Failure::Server(status) if status.reason == StatusReason::Invalid => first_of_invalid(status),
                    _ => None,
                };
                ManifestError::of(one, first.unwrap_or(words))
            }
        }
    }

    /// What a failure complains about, beginning with these words.
    fn of(failure: &Failure, first: String) -> Vec<ManifestError> {
        let (mut status, mut ends_the_file) = (None, false);
        let told = match failure.itself() {
            Failure::NotSimulated(_) | Failure::Exit(_) => Vec::new(),
            Failure::Server(refusal) => {
                status = Some(refusal);
                let misfits = refusal.misfits.iter().map(|misfit| (unknown_field_words(&misfit.path), Cause::Misfit(misfit.clone())));
                let invalid = causes_told(refusal).into_iter().map(|error| (format!("* {error}"), Cause::Invalid(error.clone())));
                let causes: Vec<_> = if refusal.misfits.is_empty() { invalid.collect() } else { misfits.collect() };
                let mut told: Vec<_> = causes.into_iter().map(|(words, cause)| (words, Some(cause))).collect();
                match told.first_mut() {
                    Some((words, _)) => *words = first,
                    None => told.push((first, None)),
                }
                told
            }
            Failure::WrongShape { wrong, .. } => {
                ends_the_file = true;
                shares(&first, wrong)
            }
            Failure::Undecodable { field, .. } => vec![(first, Some(Cause::Undecodable(field.clone())))],
            Failure::Unnamed(_) => vec![(first, Some(Cause::Unnamed))],
            other => {
                ends_the_file = matches!(other, Failure::Unreadable { .. });
                vec![(first, None)]
            }
        };
        let made = |(words, cause): (String, Option<Cause>)| {
            let item = if let Some(Cause::Shape(error)) = &cause { error.item } else { None };
            ManifestError { words, at: item.unwrap_or(failure.at()), status: status.cloned(), cause, ends_the_file }
        };
        told.into_iter().map(made).collect()
    }

    /// Whether it only follows from others about the same object: whoever mends them mends it.
    pub fn follows<'a>(&self, object: &Document, beside: impl Iterator<Item = &'a ManifestError>) -> bool {
        let Some(error) = self.error() else { return false };
        let lacks = |other: &FieldError, field: &FieldPath| other.fault == Fault::Required && other.path == *field;
        let beside = &mut beside.filter_map(|other| Some((other, other.error()?)));
        match &error.fault {
            // Without a selector, none matches.
            _ if error.detail == SELECTOR_MISMATCH => beside.any(|(_, other)| lacks(other, &FieldPath::of("spec.selector"))),
            Fault::Required => beside.take_while(|(other, _)| !std::ptr::eq(*other, self)).any(|(_, other)| lacks(other, &error.path)),
            // What is mounted is there, and was refused itself.
            Fault::NotFound(Value::Text(name)) => {
                let volumes = object.value.as_ref().and_then(|object| object.at(&["spec", "template", "spec", "volumes"])?.as_list());
                let is_there = volumes.is_some_and(|all| all.iter().any(|volume| volume.text_at(&["name"]) == Some(&**name)));
                is_there && is_mount(&error.path)
            }
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

    /// What kubectl finds wrong with the shape of an object, if that is what it is about.
    fn shape(&self) -> Option<&ShapeFault> {
        if let Some(Cause::Shape(error)) = &self.cause { Some(&error.fault) } else { None }
    }

    /// Whether it is that the whole is no object.
    pub fn is_of_no_object(&self) -> bool {
        self.shape() == Some(&ShapeFault::NoObject)
    }

    /// Whether it is about a field that does not exist.
    pub fn is_of_unknown_field(&self) -> bool {
        self.misfit() == Some(MisfitReason::Unknown) || matches!(self.shape(), Some(ShapeFault::UnknownField(_)))
    }

    /// Whether it is about a field that is missing.
    pub fn is_of_missing_field(&self) -> bool {
        self.error().is_some_and(|error| error.fault == Fault::Required) || matches!(self.shape(), Some(ShapeFault::MissingField(_)))
    }

    /// Whether it is about a field that keeps its value for as long as the object is there.
    pub fn is_of_fixed_field(&self) -> bool {
        self.error().is_some_and(|error| error.fixed)
    }

    /// Whether it is about a value that a field cannot have.
    pub fn is_of_unfit_value(&self) -> bool {
        fn is_unfit(fault: &Fault) -> bool {
            match fault {
                Fault::Invalid(_) | Fault::Unshown | Fault::TypeInvalid(_) | Fault::NotSupported(..) => true,
                Fault::OfStruct(fault, _) => is_unfit(fault),
                _ => false,
            }
        }
        self.error().is_some_and(|error| is_unfit(&error.fault))
    }

    /// The field of a document that it is about.
    pub fn field(&self, document: &Document) -> Option<FieldPath> {
        let path = match self.cause.as_ref()? {
            Cause::Misfit(misfit) => misfit.path.clone(),
            Cause::Invalid(error) => Some(&error.path).filter(|path| begins_in(document, path))?.clone(),
            Cause::Shape(ShapeError { path, fault: ShapeFault::UnknownField(name), .. }) => path.field(name),
            Cause::Shape(error) => Some(&error.path).filter(|path| !path.0.is_empty())?.clone(),
            Cause::Undecodable(_) | Cause::Unnamed => return None,
        };
        Some(as_written(document, path))
    }
}

/// What is printed of the first of several errors in an object.
fn first_of_invalid(status: &Status) -> Option<String> {
    match causes_told(status).as_slice() {
        [first, _, ..] => Some(format!("{}: \n* {first}", head_of_invalid(status))),
        _ => None,
    }
}

/// kubectl names all that is wrong with a text in one line. Each error whose place it names gets a share of its own.
fn shares(said: &str, wrong: &[ShapeError]) -> Vec<(String, Option<Cause>)> {
    let (mut rest, mut told): (&str, Vec<(String, Option<Cause>)>) = (said, Vec::new());
    for error in wrong {
        let cause = Some(Cause::Shape(error.clone()));
        match told.last_mut() {
            Some(_) if !error.fault.names_place() => {}
            Some((share, _)) => {
                let (own, after) = rest.split_at(rest.find(&error.words).unwrap_or(rest.len()));
                *share = own.trim_end_matches(", ").to_owned();
                rest = after;
                told.push((after.to_owned(), cause));
            }
            None => told.push((said.to_owned(), cause)),
        }
    }
    told
}

/// The field that the server filled a list in from: `spec.clusterIP`, where it complains about `spec.clusterIPs[0]`.
fn as_written(document: &Document, path: FieldPath) -> FieldPath {
    let [above @ .., Step::Field(list), Step::Index(0)] = &*path.0 else { return path };
    let Some(one) = list.strip_suffix('s').filter(|_| !document.find(&path).exact) else { return path };
    let single = FieldPath(above.to_vec()).field(one);
    if document.find(&single).exact { single } else { path }
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
