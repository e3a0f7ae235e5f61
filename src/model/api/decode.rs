//! Decodes values into objects as the API server does: the first value of a wrong type is an error, unknown fields are listed, and
//! the result is what Go's structs retain.
//!
//! Models the server's strict JSON decoding (sigs.k8s.io/json UnmarshalStrict over k8s.io/api types) and its messages.
//! Promises: every error has a path; the result contains only known fields of the right types, quantities in canonical form, and no
//! member that Go would omit when encoding the object.
//! Must not know: which values are valid, defaulting, the cluster.
//! Not modelled: timestamps in another time zone or with fractions of a second are kept as written.

use crate::kind::Kind;
use crate::release::{Fields, Release, are_in};
use crate::schema::{Element, Field, Shape, StructType, schema};
use crate::status::{MisfitReason, Status};
use crate::time_text;
use base::base64;
use base::field_path::{FieldPath, Step};
use base::given::is_nothing;
use base::quantity;
use base::quoted::go_quoted;
use base::value::{Value, rewrite};

/// The maximum number of unknown fields that the server lists.
const MAX_UNKNOWN_FIELDS: usize = 100;
/// The maximum nesting depth of a value; the YAML reader's limit is lower.
const MAX_DEPTH: usize = 250;

/// A decoded object, and the unknown fields found in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decoded {
    /// What Go's structs retain of it.
    pub object: Value,
    /// The unknown fields, in the order of the sorted keys.
    pub unknown: Vec<FieldPath>,
}

/// A value of the wrong type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypeError {
    /// The message, in Go's words.
    pub message: String,
    /// Where it occurred.
    pub path: FieldPath,
    /// What belongs there, where that is a single value.
    pub wants: Option<Element>,
}

/// Decodes an object of a kind.
pub fn decode(kind: Kind, object: &Value) -> Result<Decoded, TypeError> {
    decode_as(schema().kind(kind), object)
}

/// Decodes a value of any struct type in the schema.
fn decode_as(ty: &StructType, value: &Value) -> Result<Decoded, TypeError> {
    Decoder::default().whole(ty, value)
}

/// Decodes an object of a type, keeping empty lists and maps.
pub fn decode_with_empty(ty: &StructType, object: &Value, release: &Release) -> Result<Decoded, TypeError> {
    Decoder { keeps_empty: true, ..Decoder::of(release) }.whole(ty, object)
}

/// Decodes a single value of a field: an item of its list or map, or its only value.
pub fn decode_element(field: &Field, value: &Value) -> Result<Value, TypeError> {
    let mut decoder = Decoder::default();
    let value = decoder.element(field, value)?;
    decoder.first.map_or(Ok(value), Err)
}

/// Decodes the body of a request with strict field validation, as kubectl sends it: unknown fields are errors, too.
pub fn decode_strict(kind: Kind, object: &Value, release: &Release) -> Result<Value, Status> {
    strict(kind, Decoder::of(release).whole(schema().kind(kind), object))
}

/// Like [`decode_strict`], for an object yet to be validated: keeps empty lists and maps, because validation errors show them.
pub fn decode_unchecked(kind: Kind, object: &Value, release: &Release) -> Result<Value, Status> {
    strict(kind, decode_with_empty(schema().kind(kind), object, release))
}

/// Refuses an object of the older version of a kind as the server does.
pub fn check_older(kind: Kind, object: &Value) -> Result<(), Status> {
    let Some(ty) = schema().named(&format!("{kind}V1")) else { return Ok(()) };
    match strict(kind, Decoder::default().whole(ty, object)) {
        Err(refused) => Err(Status { message: refused.message.replacen("\"v2\"", "\"v1\"", 1), ..refused }),
        Ok(_) => Ok(()),
    }
}

fn strict(kind: Kind, decoded: Result<Decoded, TypeError>) -> Result<Value, Status> {
    match decoded {
        Ok(Decoded { object, unknown }) if unknown.is_empty() => Ok(object),
        Ok(Decoded { unknown, .. }) => Err(unknown_fields(kind, &unknown)),
        Err(error) => Err(cannot_be_handled(kind, &error.message).because_of(MisfitReason::WrongType(error.wants), [&error.path])),
    }
}

/// The refusal of an object with fields that nobody knows.
fn unknown_fields(kind: Kind, unknown: &[FieldPath]) -> Status {
    cannot_be_handled(kind, &strict_words(unknown)).because_of(MisfitReason::Unknown, unknown)
}

/// `unknown field "spec.replica"`.
pub fn unknown_field_words(path: &FieldPath) -> String {
    format!("unknown field {}", go_quoted(&path.to_string()))
}

/// `strict decoding error: unknown field "a", unknown field "b"`.
pub fn strict_words(unknown: &[FieldPath]) -> String {
    let list: Vec<String> = unknown.iter().map(unknown_field_words).collect();
    format!("strict decoding error: {}", list.join(", "))
}

fn cannot_be_handled(kind: Kind, words: &str) -> Status {
    let info = kind.info();
    Status::bad_request(format!("{} in version \"{}\" cannot be handled as a {}: {words}", info.name, info.version, info.name))
}

/// Whether anything in the model acts on what objects of a kind say.
pub fn acts_on(kind: Kind) -> bool {
    let says = |name: &str| !matches!(name, "apiVersion" | "kind" | "metadata" | "status");
    schema().kind(kind).fields.iter().any(|field| field.simulated && says(field.name))
}

/// The fields of an object that are stored but have no effect in the simulation, outermost first. Empty and zero fields are
/// skipped, as are those that say `None`, and the status.
pub fn not_simulated(kind: Kind, object: &Value) -> Vec<FieldPath> {
    let mut out = Vec::new();
    for (key, value) in object.members() {
        if !matches!(key.as_ref(), "kind" | "apiVersion" | "status") {
            list_not_simulated(schema().kind(kind).field(key), value, &FieldPath::root().field(key), &mut out);
        }
    }
    out
}

fn list_not_simulated(field: Option<&Field>, value: &Value, path: &FieldPath, out: &mut Vec<FieldPath>) {
    let Some(field) = field else { return };
    // A volume with this policy stays as it was released.
    let recycles = field.name == "persistentVolumeReclaimPolicy" && value.as_text() == Some("Recycle");
    // A Secret for a token of a ServiceAccount stays as it is written.
    let holds_token = field.name == "type" && value.as_text() == Some("kubernetes.io/service-account-token");
    if !field.simulated || recycles || holds_token || restarts_by_itself(path, value) {
        if !is_nothing(value) && value.as_text() != Some("None") {
            out.push(path.clone());
        }
        return;
    }
    let Some(ty) = schema().inside(field) else { return };
    let mut inside = |value: &Value, path: &FieldPath| {
        for (key, member) in value.members() {
            list_not_simulated(ty.field(key), member, &path.field(key), out);
        }
    };
    match field.shape {
        Shape::One => inside(value, path),
        Shape::List => value.as_list().unwrap_or(&[]).iter().enumerate().for_each(|(i, item)| inside(item, &path.index(i))),
        Shape::Map => value.members().for_each(|(key, item)| inside(item, &path.key(key))),
    }
}

/// Whether a field is a container's own restart policy and does more than to make it a sidecar, which alone counts.
fn restarts_by_itself(path: &FieldPath, value: &Value) -> bool {
    let [.., Step::Field(list), Step::Index(_), Step::Field(name)] = &path.0[..] else { return false };
    let is_sidecar = **list == *"initContainers" && value.as_text() == Some("Always");
    **name == *"restartPolicy" && list.to_ascii_lowercase().ends_with("containers") && !is_sidecar
}

#[derive(Default)]
struct Decoder {
    /// Whether empty lists and maps are kept, as in Go's memory.
    keeps_empty: bool,
    /// The release, if it is not any.
    release: Option<u8>,
    /// Fields that the release drops.
    disabled_fields: &'static [Fields],
    /// The first type error. Like Go, decoding continues after one, because a type with its own unmarshaller may still abort it.
    first: Option<TypeError>,
    unknown: Vec<FieldPath>,
    /// The struct that contains the innermost field.
    holder: Option<&'static str>,
    path: Vec<Step>,
    /// Field names as they appear in messages: with embedded structs, without list indexes and map keys.
    names: Vec<&'static str>,
}

type Decoding<T> = Result<T, TypeError>;

impl Decoder {
    /// A decoder of what a release's server takes.
    fn of(release: &Release) -> Decoder {
        Decoder { release: Some(release.minor), disabled_fields: release.disabled_fields, ..Decoder::default() }
    }

    fn whole(mut self, ty: &StructType, value: &Value) -> Decoding<Decoded> {
        let object = self.structure(ty, value)?;
        match self.first {
            Some(error) => Err(error),
            None => Ok(Decoded { object, unknown: self.unknown }),
        }
    }

    fn structure(&mut self, ty: &StructType, value: &Value) -> Decoding<Value> {
        let Value::Map(map) = value else {
            self.wrong(value, &ty.go_type(), None);
            return Ok(Value::map());
        };
        rewrite::map(map, |key, member| {
            self.path.push(Step::Field(key.clone()));
            let mut read = None;
            match ty.field(key).filter(|f| self.release.is_none_or(|release| f.releases.contains(&release))) {
                None if self.unknown.len() < MAX_UNKNOWN_FIELDS => self.unknown.push(FieldPath(self.path.clone())),
                None => {}
                Some(field) if are_in(self.disabled_fields, ty.name, field.name) => {}
                Some(field) => {
                    let holder = self.holder.replace(ty.name);
                    let depth = self.names.len();
                    self.names.extend(field.embedded_in);
                    self.names.push(field.name);
                    read = self.member(field, member)?;
                    self.names.truncate(depth);
                    self.holder = holder;
                }
            }
            self.path.pop();
            Ok(read)
        })
    }

    /// The value of a field; `None` if Go would omit it.
    fn member(&mut self, field: &Field, value: &Value) -> Decoding<Option<Value>> {
        if value.is_null() {
            return Ok(None);
        }
        if self.path.len() > MAX_DEPTH {
            return Err(self.error("exceeded max depth".to_owned()));
        }
        let value = match (field.shape, value) {
            (Shape::One, value) => self.element(field, value)?,
            (Shape::List, Value::List(items)) => rewrite::list(items, |i, item| {
                self.path.push(Step::Index(i));
                let item = self.element(field, item)?;
                self.path.pop();
                Ok(item)
            })?,
            (Shape::Map, Value::Map(map)) => rewrite::map(map, |key, item| {
                let is_struct = matches!(field.element, Element::Struct(_));
                self.path.push(if is_struct { Step::Field(key.clone()) } else { Step::Key(key.clone()) });
                let item = self.element(field, item)?;
                self.path.pop();
                Ok(Some(item))
            })?,
            (Shape::List | Shape::Map, other) => {
                self.wrong(other, &field.go_type(), None);
                return Ok(None);
            }
        };
        let is_kept = self.keeps_empty && field.shape != Shape::One;
        let left_out = !is_kept && !field.is_pointer() && !field.is_written_empty() && field_is_zero(field, &value);
        Ok((!left_out).then_some(value))
    }

    /// A single value: the field itself, or an item of its list or map. Here `null` is the type's zero value.
    fn element(&mut self, field: &Field, value: &Value) -> Decoding<Value> {
        if value.is_null() {
            return Ok(zero(field.element));
        }
        if let (Some(alternative), Element::Struct(id)) = (field.alternative(), field.element) {
            return self.schema_or(alternative, schema().of(id), value);
        }
        match (field.element, value) {
            (Element::Text, Value::Text(_))
            | (Element::Bool, Value::Bool(_))
            | (Element::Int64, Value::Int(_))
            | (Element::Raw, _)
            | (Element::Real, Value::Int(_) | Value::Real(_)) => {
                return Ok(value.clone());
            }
            (Element::Int32, Value::Int(n)) if i32::try_from(*n).is_ok() => return Ok(value.clone()),
            (Element::Int32 | Element::Int64, _) => self.wrong(value, &field.go_element(), Some(field.element)),
            (Element::Struct(id), _) => return self.structure(schema().of(id), value),
            (Element::Time | Element::MicroTime, _) => return self.time(field.element, value),
            (Element::Quantity, _) => return self.quantity(value),
            (Element::IntOrString, _) => return self.int_or_string(value),
            (Element::Bytes, Value::Text(text)) => match base64::decode(text) {
                Ok(bytes) => return Ok(Value::from(base64::encode(&bytes))),
                Err(at) => self.save(self.error(format!("illegal base64 data at input byte {at}"))),
            },
            (Element::Bytes, Value::List(items)) => return Ok(self.bytes(items)),
            (Element::Text | Element::Bool | Element::Real | Element::Bytes, _) => {
                self.wrong(value, &field.go_element(), field.plain_element());
            }
        }
        Ok(zero(field.element))
    }

    /// A schema, or what may stand in its place. Its own unmarshaller is not strict, and aborts decoding at the first wrong type.
    fn schema_or(&mut self, alternative: char, ty: &StructType, value: &Value) -> Decoding<Value> {
        let (unknown, first) = (std::mem::take(&mut self.unknown), self.first.take());
        let read = match (alternative, value) {
            ('B', Value::Bool(_)) => value.clone(),
            ('S', Value::List(items)) if items.iter().all(|item| item.as_text().is_some()) => value.clone(),
            ('A', Value::List(items)) => items.iter().map(|item| self.structure(ty, item)).collect::<Decoding<Vec<_>>>()?.into(),
            (_, Value::Map(_)) => self.structure(ty, value)?,
            ('B', _) => return Err(self.error("boolean or JSON schema expected".to_owned())),
            _ => Value::Null,
        };
        self.unknown = unknown;
        std::mem::replace(&mut self.first, first).map_or(Ok(read), Err)
    }

    /// Go also decodes a list of numbers into bytes.
    fn bytes(&mut self, items: &[Value]) -> Value {
        let mut bytes = Vec::with_capacity(items.len());
        for item in items {
            match item.as_int().and_then(|n| u8::try_from(n).ok()) {
                Some(byte) => bytes.push(byte),
                None if item.is_null() => bytes.push(0),
                None => self.wrong(item, "uint8", Some(Element::Int32)),
            }
        }
        Value::from(base64::encode(&bytes))
    }

    /// Types with their own unmarshaller abort decoding at once.
    fn time(&mut self, element: Element, value: &Value) -> Decoding<Value> {
        let Value::Text(text) = value else {
            return Err(TypeError { wants: Some(Element::Text), ..self.error(self.mismatch(value, "string", false)) });
        };
        let micro = element == Element::MicroTime;
        time_text::check(text, micro).map_err(|words| self.error(words))?;
        Ok(value.clone())
    }

    fn quantity(&mut self, value: &Value) -> Decoding<Value> {
        let text = match value {
            Value::Text(text) => text.trim().to_owned(),
            other => other.to_json(),
        };
        let wants = |error: TypeError| TypeError { wants: Some(Element::Quantity), ..error };
        let canonical = quantity::canonical(&text).map_err(|error| wants(self.error(error.to_string())))?;
        // What is canonical stays the same text in memory, so that whatever holds it is not copied.
        Ok(if value.as_text() == Some(&*canonical) { value.clone() } else { Value::from(canonical) })
    }

    fn int_or_string(&mut self, value: &Value) -> Decoding<Value> {
        match value {
            Value::Text(_) => Ok(value.clone()),
            Value::Int(n) if i32::try_from(*n).is_ok() => Ok(value.clone()),
            other => Err(TypeError { wants: Some(Element::Int32), ..self.error(self.mismatch(other, "int32", true)) }),
        }
    }

    fn error(&self, message: String) -> TypeError {
        TypeError { message, path: FieldPath(self.path.clone()), wants: None }
    }

    fn save(&mut self, error: TypeError) {
        self.first.get_or_insert(error);
    }

    fn wrong(&mut self, value: &Value, go_type: &str, wants: Option<Element>) {
        let numeric = matches!(wants, Some(Element::Int32 | Element::Int64));
        self.save(TypeError { wants, ..self.error(self.mismatch(value, go_type, numeric)) });
    }

    /// `json: cannot unmarshal string into Go struct field StatefulSetSpec.spec.replicas of type int32`. A number that does not fit
    /// the numeric type is quoted.
    fn mismatch(&self, value: &Value, go_type: &str, numeric: bool) -> String {
        let what = match value {
            Value::Null => "null".to_owned(),
            Value::Bool(_) => "bool".to_owned(),
            Value::Int(_) | Value::Real(_) if numeric => format!("number {}", value.to_json()),
            Value::Int(_) | Value::Real(_) => "number".to_owned(),
            Value::Text(_) => "string".to_owned(),
            Value::List(_) => "array".to_owned(),
            Value::Map(_) => "object".to_owned(),
        };
        match self.holder {
            Some(holder) => {
                format!("json: cannot unmarshal {what} into Go struct field {holder}.{} of type {go_type}", self.names.join("."))
            }
            None => format!("json: cannot unmarshal {what} into Go value of type {go_type}"),
        }
    }
}

fn zero(element: Element) -> Value {
    match element {
        Element::Text | Element::Bytes => Value::from(""),
        Element::Bool => Value::Bool(false),
        Element::Int32 | Element::Int64 | Element::Real | Element::IntOrString => Value::Int(0),
        Element::Quantity => Value::from("0"),
        Element::Struct(_) => Value::map(),
        Element::Time | Element::MicroTime | Element::Raw => Value::Null,
    }
}

/// Whether Go considers a field's value empty. Structs never are.
fn field_is_zero(field: &Field, value: &Value) -> bool {
    match (field.shape, field.element) {
        (Shape::One, Element::Struct(_) | Element::Raw | Element::Quantity | Element::IntOrString) => false,
        _ => is_nothing(value),
    }
}
