//! The API server's refusals: `Status` with reason, code, message and causes.
//!
//! Models k8s.io/apimachinery/pkg/api/errors and pkg/util/validation/field. Messages in Kubernetes' own words are built here or next
//! to the rule they belong to; none is in the playground's voice.

use std::fmt::{self, Write};
use std::rc::Rc;

use crate::obstacle::Obstacle;
use crate::schema::Element;
use base::field_path::FieldPath;
use base::quoted::{go_quoted, in_one_line};
use base::value::Value;

/// For numbers that may be zero.
pub const NOT_NEGATIVE: &str = "must be greater than or equal to 0";

/// What is wrong with one field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Missing. `Required value`.
    Required,
    /// Given twice. `Duplicate value`.
    Duplicate(Value),
    /// Refers to nothing. `Not found`.
    NotFound(Value),
    /// `Invalid value`.
    Invalid(Value),
    /// `Invalid value` that is neither of two.
    Neither(Value, [&'static str; 2]),
    /// `Invalid value`: labels of a template that the selector does not match.
    NotSelected(Value),
    /// Not among the values listed.
    NotSupported(Value, Vec<Rc<str>>),
    /// `Forbidden`.
    Forbidden,
    /// `Too long`.
    TooLong,
    /// `Too many`: the actual and the maximum number.
    TooMany(usize, usize),
    /// The fault of a value that the message shows so: a struct as JSON, with members in declaration order.
    OfStruct(Box<Fault>, Rc<str>),
}

impl Fault {
    /// The machine-readable reason of the cause.
    fn reason(&self) -> &'static str {
        match self {
            Fault::Required => "FieldValueRequired",
            Fault::Duplicate(_) => "FieldValueDuplicate",
            Fault::NotFound(_) => "FieldValueNotFound",
            Fault::Invalid(_) | Fault::Neither(..) | Fault::NotSelected(_) => "FieldValueInvalid",
            Fault::NotSupported(..) => "FieldValueNotSupported",
            Fault::Forbidden => "FieldValueForbidden",
            Fault::TooLong => "FieldValueTooLong",
            Fault::TooMany(..) => "FieldValueTooMany",
            Fault::OfStruct(fault, _) => fault.reason(),
        }
    }

    /// The fault itself, however it is shown.
    pub fn itself(&self) -> &Fault {
        if let Fault::OfStruct(fault, _) = self { fault.itself() } else { self }
    }

    /// The words for this kind of fault in messages.
    fn words(&self) -> &'static str {
        match self {
            Fault::Required => "Required value",
            Fault::Duplicate(_) => "Duplicate value",
            Fault::NotFound(_) => "Not found",
            Fault::Invalid(_) | Fault::Neither(..) | Fault::NotSelected(_) => "Invalid value",
            Fault::NotSupported(..) => "Unsupported value",
            Fault::Forbidden => "Forbidden",
            Fault::TooLong => "Too long",
            Fault::TooMany(..) => "Too many",
            Fault::OfStruct(fault, _) => fault.words(),
        }
    }

    /// The offending value as messages show it.
    fn shown(&self) -> Option<String> {
        match self {
            Fault::Duplicate(v)
            | Fault::NotFound(v)
            | Fault::Invalid(v)
            | Fault::NotSelected(v)
            | Fault::Neither(v, _)
            | Fault::NotSupported(v, _) => Some(shown(v)),
            Fault::TooMany(actual, _) => Some(actual.to_string()),
            Fault::OfStruct(_, json) => Some(json.to_string()),
            Fault::Required | Fault::Forbidden | Fault::TooLong => None,
        }
    }

    /// The detail that the fault itself implies.
    fn own_detail(&self) -> Option<String> {
        match self {
            Fault::NotSupported(_, supported) if !supported.is_empty() => {
                let list: Vec<String> = supported.iter().map(|s| go_quoted(s)).collect();
                Some(format!("supported values: {}", list.join(", ")))
            }
            Fault::Neither(_, [one, other]) => Some(format!("must be '{one}' or '{other}'")),
            Fault::NotSelected(_) => Some("`selector` does not match template `labels`".to_owned()),
            Fault::TooMany(_, most) => Some(format!("must have at most {most} item{}", if *most == 1 { "" } else { "s" })),
            Fault::OfStruct(fault, _) => fault.own_detail(),
            _ => None,
        }
    }
}

/// What an error says besides its fault.
pub struct Detail {
    words: String,
    fixed: bool,
}

impl From<String> for Detail {
    fn from(words: String) -> Self {
        Detail { words, fixed: false }
    }
}

impl From<&str> for Detail {
    fn from(words: &str) -> Self {
        words.to_owned().into()
    }
}

/// What an error says about a field that keeps its value for as long as the object is there.
#[derive(Clone, Copy, Debug)]
pub struct Fixed<T>(pub T);

impl<T: Into<String>> From<Fixed<T>> for Detail {
    fn from(Fixed(words): Fixed<T>) -> Self {
        Detail { words: words.into(), fixed: true }
    }
}

/// An error about one field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    pub path: FieldPath,
    /// The kind of fault.
    pub fault: Fault,
    /// The rest of the message; may be empty.
    pub detail: String,
    /// Whether it is that the field keeps its value for as long as the object is there.
    pub fixed: bool,
}

impl FieldError {
    /// An error about a field.
    pub fn new(path: FieldPath, fault: Fault, detail: impl Into<Detail>) -> Self {
        let Detail { words, fixed } = detail.into();
        FieldError { path, fault, detail: words, fixed }
    }

    /// The machine-readable reason of the cause.
    pub fn reason(&self) -> &'static str {
        self.fault.reason()
    }

    /// The message without the path. Models field.Error.ErrorBody.
    pub fn body(&self) -> String {
        let mut out = self.fault.words().to_owned();
        let detail = self.fault.own_detail();
        let detail = detail.as_deref().unwrap_or(&self.detail);
        for part in self.fault.shown().as_deref().into_iter().chain((!detail.is_empty()).then_some(detail)) {
            let _ = write!(out, ": {part}");
        }
        out
    }
}

/// A value as field errors show it: strings in quotes, the rest as JSON.
fn shown(value: &Value) -> String {
    match value {
        Value::Text(t) => go_quoted(t),
        other => other.to_json(),
    }
}

impl fmt::Display for FieldError {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{}: {}", self.path, self.body())
    }
}

/// The machine-readable reason of a refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StatusReason {
    /// 400.
    BadRequest,
    /// 403.
    Forbidden,
    /// 404.
    NotFound,
    /// 409 on create.
    AlreadyExists,
    /// 409 on write.
    Conflict,
    /// 422.
    Invalid,
    /// 429.
    TooManyRequests,
    /// 500.
    InternalError,
    /// 500 without a reason: kubectl prints `Error from server: …`.
    Unknown,
}

/// A refusal. Models metav1.Status.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status {
    /// The machine-readable reason.
    pub reason: StatusReason,
    /// The whole message, in the server's words.
    pub message: String,
    /// The object concerned: resource or kind as the message spells it (`statefulsets.apps` or `StatefulSet.apps`), and name.
    pub about: (Rc<str>, Rc<str>),
    pub causes: Box<[FieldError]>,
    /// The fields of what was sent that do not fit. A real server names them in its message alone.
    pub misfits: Box<[Misfit]>,
    /// What stood in the way, where that is an object. A real server names it in its message alone.
    pub obstacle: Option<Box<Obstacle>>,
    /// Warnings that come with it.
    pub warnings: Box<[String]>,
}

/// Why a field of what was sent does not fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MisfitReason {
    /// There is no such field.
    Unknown,
    /// Its value is of another type than this; of a list or an object, there is none to name.
    WrongType(Option<Element>),
    /// It tells of an earlier object, or of an earlier state of this one.
    Outdated,
    /// The whole is no object, or does not say of which kind.
    NoObject,
}

/// A field of what was sent that does not fit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misfit {
    pub path: FieldPath,
    /// Why it does not fit.
    pub reason: MisfitReason,
}

impl Status {
    fn new(reason: StatusReason, resource: &str, name: &str, message: String) -> Self {
        let about = (resource.into(), name.into());
        Status { reason, message, about, causes: Box::default(), misfits: Box::default(), obstacle: None, warnings: Box::default() }
    }

    /// This refusal, for what stands in the way.
    #[must_use]
    pub fn blocked_by(self, obstacle: Obstacle) -> Self {
        Status { obstacle: Some(Box::new(obstacle)), ..self }
    }

    /// This refusal, for fields that do not fit.
    #[must_use]
    pub fn because_of<'a>(self, reason: MisfitReason, paths: impl IntoIterator<Item = &'a FieldPath>) -> Self {
        let misfits = paths.into_iter().map(|path| Misfit { path: path.clone(), reason }).collect();
        Status { misfits, ..self }
    }

    /// 404: `pods "web-0" not found`. `resource` is e.g. `statefulsets.apps`.
    pub fn not_found(resource: &str, name: &str) -> Self {
        Self::new(StatusReason::NotFound, resource, name, format!("{resource} \"{name}\" not found"))
    }

    /// 409: `pods "web-0" already exists`.
    pub fn already_exists(resource: &str, name: &str) -> Self {
        Self::new(StatusReason::AlreadyExists, resource, name, format!("{resource} \"{name}\" already exists"))
    }

    /// 409 for a create while the old object of that name is still terminating.
    pub fn being_deleted(resource: &str, name: &str) -> Self {
        let message = format!("object is being deleted: {resource} \"{name}\" already exists");
        Self::new(StatusReason::AlreadyExists, resource, name, message)
    }

    /// The same refusal of a create that brings a prefix for a generated name, too.
    /// Models k8s.io/apiserver/pkg/registry/rest/create.go CheckGeneratedNameError.
    #[must_use]
    pub fn beside_generate_name(self) -> Self {
        Status { message: self.message + ", the server was not able to generate a unique name for the object", ..self }
    }

    /// 409 for a write based on an outdated version.
    pub fn conflict(resource: &str, name: &str, why: &str) -> Self {
        let message = format!("Operation cannot be fulfilled on {resource} \"{name}\": {why}");
        Self::new(StatusReason::Conflict, resource, name, message)
    }

    /// 403: `pods "web-0" is forbidden: …`.
    pub fn forbidden(resource: &str, name: &str, why: &str) -> Self {
        let message =
            if name.is_empty() { format!("{resource} is forbidden: {why}") } else { format!("{resource} \"{name}\" is forbidden: {why}") };
        Self::new(StatusReason::Forbidden, resource, name, message)
    }

    /// 400 with this message.
    pub fn bad_request(message: impl Into<String>) -> Self {
        Self::new(StatusReason::BadRequest, "", "", message.into())
    }

    /// 429 with this message.
    pub fn too_many_requests(message: impl Into<String>) -> Self {
        Self::new(StatusReason::TooManyRequests, "", "", message.into())
    }

    /// 500 with this message.
    pub fn internal_error(message: impl Into<String>) -> Self {
        Self::new(StatusReason::InternalError, "", "", message.into())
    }

    /// 422 with field errors; `kind` is e.g. `StatefulSet.apps`. The message drops duplicates, the causes keep them.
    /// Models errors.NewInvalid.
    pub fn invalid(kind: &str, name: &str, causes: Vec<FieldError>) -> Self {
        let words = in_one_line(causes.iter().map(ToString::to_string));
        let message = format!("{kind} {} is invalid: {words}", go_quoted(name));
        Status { causes: causes.into(), ..Self::new(StatusReason::Invalid, kind, name, message) }
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(&self.message)
    }
}
