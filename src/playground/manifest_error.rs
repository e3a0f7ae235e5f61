//! What kubectl could not do with a manifest, one complaint for each thing that is amiss.
//!
//! Promises: which field a server complains about, and why, comes from its answer and never from its words, in which the user's own
//! may stand. Only of what kubectl refuses by itself there are just words.

use api::decode::unknown_field_words;
use api::kind::Kind;
use api::status::{Fault, FieldError, Misfit, MisfitReason, Status, StatusReason};
use api::validate::SELECTOR_MISMATCH;
use base::field_path::{FieldPath, Step};
use base::value::{Map, Value};
use kubectl::failure::{Failure, causes_told, head_of_invalid};
use kubectl::output::{Output, Stream};
use yaml::Document;

/// What is the matter with a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cause {
    /// Its value is not valid.
    Invalid(FieldError),
    /// It does not fit.
    Misfit(Misfit),
}

/// One thing that kubectl could not do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ManifestError {
    /// What it prints of this.
    pub words: String,
    /// What it prints of everything that is the matter with the same object.
    pub all_words: String,
    /// The server's answer; nothing where kubectl refuses by itself.
    pub status: Option<Status>,
    /// What the answer says of a field.
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
                let first = match one {
                    Failure::Server(status) if status.reason == StatusReason::Invalid => first_of_invalid(status),
                    _ => None,
                };
                ManifestError::of(one, first.unwrap_or_else(|| words.clone()), &words)
            }
        }
    }

    /// What a failure complains about, beginning with these words.
    fn of(failure: &Failure, first: String, all_words: &str) -> Vec<ManifestError> {
        let ends_the_file = matches!(failure, Failure::Unreadable(_));
        let made = |words, status: Option<&Status>, cause| ManifestError {
            words,
            all_words: all_words.to_owned(),
            status: status.cloned(),
            cause,
            ends_the_file,
        };
        let Failure::Server(status) = failure else {
            let told = if matches!(failure, Failure::NotSimulated(_) | Failure::Exit(_)) { Vec::new() } else { one_by_one(&first) };
            return told.into_iter().map(|words| made(words, None, None)).collect();
        };
        let misfits = status.misfits.iter().map(|misfit| (unknown_field_words(&misfit.path), Cause::Misfit(misfit.clone())));
        let invalid = causes_told(status).into_iter().map(|error| (format!("* {error}"), Cause::Invalid(error.clone())));
        let causes: Vec<_> = if status.misfits.is_empty() { invalid.collect() } else { misfits.collect() };
        if causes.is_empty() {
            return vec![made(first, Some(status), None)];
        }
        let mut first = Some(first);
        causes.into_iter().map(|(words, cause)| made(first.take().unwrap_or(words), Some(status), Some(cause))).collect()
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
                is_there && error.path.to_string().contains("volumeMounts")
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

    /// Whether it is about a field that does not exist.
    pub fn is_of_unknown_field(&self) -> bool {
        self.misfit() == Some(MisfitReason::Unknown) || self.status.is_none() && self.words.contains("unknown field \"")
    }

    /// Whether it is about a field that is missing.
    pub fn is_of_missing_field(&self) -> bool {
        self.error().is_some_and(|error| error.fault == Fault::Required)
            || self.status.is_none() && self.words.contains("missing required field")
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
        let named = match &self.cause {
            Some(Cause::Misfit(misfit)) => Some(misfit.path.clone()),
            Some(Cause::Invalid(error)) if begins_in(document, &error.path) => Some(error.path.clone()),
            _ => None,
        };
        named.map(|path| as_written(document, path)).or_else(|| fields_named(document, &self.words).into_iter().next())
    }

    /// Which of several objects it is about: the one that is named by most of its kind, its name and its fields.
    pub fn blamed(&self, objects: &[Document]) -> usize {
        let (mut best, mut blamed) = (0, 0);
        for (at, object) in objects.iter().enumerate() {
            let [name, kind, field] = match &self.status {
                Some(status) if !status.about.0.is_empty() => is_about(status, object),
                Some(_) => names(&self.all_words, object),
                None => names(&self.words, object),
            };
            let likely = 2 * usize::from(name) + 2 * usize::from(kind) + usize::from(field);
            if likely > best {
                (best, blamed) = (likely, at);
            }
        }
        blamed
    }
}

/// Whether a refusal is about the name of an object, its kind, and a field that it has.
fn is_about(status: &Status, object: &Document) -> [bool; 3] {
    let said = status.about.0.split('.').next().unwrap_or_default();
    let is_kind = Kind::named(text(object, &["kind"])).is_some_and(|kind| [kind.info().name, kind.info().plural].contains(&said));
    let mut paths = status.causes.iter().map(|cause| &cause.path).chain(status.misfits.iter().map(|misfit| &misfit.path));
    [*status.about.1 == *text(object, &["metadata", "name"]), is_kind, paths.any(|path| object.find(path).exact)]
}

/// Whether a text names an object, its kind, and a field that it has.
fn names(said: &str, object: &Document) -> [bool; 3] {
    let (kind, name) = (text(object, &["kind"]), text(object, &["metadata", "name"]));
    let field = fields_named(object, said).iter().any(|path| object.find(path).exact);
    [said.contains(&format!("{name:?}")), said.to_ascii_lowercase().contains(&kind.to_ascii_lowercase()), field]
}

fn text<'a>(object: &'a Document, path: &[&str]) -> &'a str {
    object.value.as_ref().and_then(|value| value.text_at(path)).unwrap_or_default()
}

/// What is printed of the first of several errors in an object.
fn first_of_invalid(status: &Status) -> Option<String> {
    match causes_told(status).as_slice() {
        [first, _, ..] => Some(format!("{}: \n* {first}", head_of_invalid(status))),
        _ => None,
    }
}

/// kubectl names all that it finds in the items of a list in one line. Each gets a complaint of its own.
fn one_by_one(said: &str) -> Vec<String> {
    let mut items = said.split(", ValidationError(");
    let first = items.next().map(str::to_owned);
    first.into_iter().chain(items.map(|item| format!("ValidationError({item}"))).collect()
}

/// The field that the server filled a list in from: `spec.clusterIP`, where it complains about `spec.clusterIPs[0]`.
fn as_written(document: &Document, path: FieldPath) -> FieldPath {
    let [above @ .., Step::Field(list), Step::Index(0)] = &*path.0 else { return path };
    let Some(one) = list.strip_suffix('s').filter(|_| !document.find(&path).exact) else { return path };
    let single = FieldPath(above.to_vec()).field(one);
    if document.find(&single).exact { single } else { path }
}

/// Whether a path begins with a key of a document.
fn begins_in(document: &Document, path: &FieldPath) -> bool {
    let mut keys = document.value.iter().filter_map(Value::as_map).flat_map(Map::iter).map(|(key, _)| &**key);
    matches!(path.0.first(), Some(Step::Field(first)) if keys.any(|key| *key == **first))
}

/// The fields that a text names, in order: paths that begin with a key of the document.
fn fields_named(document: &Document, said: &str) -> Vec<FieldPath> {
    if let Some(field) = field_of_item(said) {
        return vec![field];
    }
    let words = said.split(|c: char| c.is_whitespace() || "\"'`,".contains(c)).map(|word| word.trim_end_matches(':'));
    words.filter_map(FieldPath::read).filter(|path| begins_in(document, path)).collect()
}

/// The field that kubectl names where it validates the items of a list itself: `ValidationError(Pod.spec): unknown field "x" in …`.
fn field_of_item(said: &str) -> Option<FieldPath> {
    let (place, why) = said.split_once("ValidationError(")?.1.split_once("): ")?;
    let unknown = why.strip_prefix("unknown field \"").and_then(|rest| rest.split('"').next());
    let inside = place.split_once('.').map_or("", |(_, path)| path);
    FieldPath::read(format!("{inside}.{}", unknown.unwrap_or_default()).trim_matches('.'))
}
